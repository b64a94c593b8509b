package discord

import (
	"strconv"
	"time"
)

// snowflake is an id of Discord. Its upper 42 bits are when it was made, so ids
// of all channels can be compared: the greater one is younger.
// https://discord.com/developers/docs/reference#snowflakes
type snowflake uint64

// discordEpoch is the first millisecond of 2015, from which snowflakes count.
const discordEpoch = 1420070400000

// parseSnowflake returns the id that s writes in decimal; ok is false for
// anything else, and for 0.
func parseSnowflake(s string) (id snowflake, ok bool) {
	n, err := strconv.ParseUint(s, 10, 64)
	return snowflake(n), err == nil && n != 0
}

// snowflakeAt returns the least id that can be made at t.
func snowflakeAt(t time.Time) snowflake {
	return snowflake(max(t.UnixMilli()-discordEpoch, 0)) << 22
}

// before returns the least id that could be made d earlier than s.
func (s snowflake) before(d time.Duration) snowflake {
	gap := snowflake(d.Milliseconds()) << 22
	if s <= gap {
		return 1
	}
	return s - gap
}

func (s snowflake) time() time.Time {
	return time.UnixMilli(int64(s>>22) + discordEpoch).UTC()
}

func (s snowflake) String() string { return strconv.FormatUint(uint64(s), 10) }
