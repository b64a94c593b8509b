package discord_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"firstline/bot/discord"
	"firstline/bot/discord/discordtest"
)

func TestParseShards(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]discord.Shards{
		"": {}, " ": {}, "0-3/4": {Last: 3, Count: 4}, "2/4": {First: 2, Last: 2, Count: 4}, " 1 - 2 / 8 ": {First: 1, Last: 2, Count: 8},
	} {
		if got, err := discord.ParseShards(text); err != nil || got != want {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{"4", "4/4", "0-4/4", "3-1/4", "-1/4", "0-/4", "a/b", "0/0", "0/70000", "0/5000", "1.5/4", "0-1-2/4"} {
		if got, err := discord.ParseShards(text); err == nil {
			t.Errorf("%q: %+v", text, got)
		}
	}
}

// TestShards: all recommended shards, each with its own servers, begun one group
// at a time; direct messages come by the first.
func TestShards(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	s.SetShards(4, 2)
	guilds := []string{s.GuildID}
	for len(shardsOf(guilds)) < 4 { // ids of one millisecond are on one shard
		guilds = append(guilds, s.AddGuild())
		time.Sleep(time.Millisecond)
	}
	var channels []string
	for _, g := range guilds {
		channels = append(channels, s.AddChannelIn(g))
	}
	const every = 150 * time.Millisecond
	inb, m := newInbox(), &marks{}
	spaced := setup{options: func(o *discord.Options) { o.IdentifyEvery = every }}
	b := start(t, s, inb, m, spaced)
	s.WaitReady(t, 4)
	s.WaitHandled(t)
	for i, c := range channels {
		s.UserMentions(c, "501", strconv.Itoa(i))
	}
	s.UserDMs("502", "direct")
	inb.wait(t, len(channels)+1)
	begun := s.Begun()
	first := map[int]time.Time{}
	for _, one := range begun {
		if one.Of != 4 {
			t.Errorf("%+v", one)
		}
		first[one.Shard] = one.At
	}
	if len(first) != 4 || len(begun) != 4 {
		t.Fatalf("begun %+v", begun)
	}
	for group := range 2 {
		// The server may be late to hear of the first: half the time tells enough.
		if d := first[group].Sub(first[group+2]).Abs(); d < every/2 {
			t.Errorf("the shards %d and %d began within %s", group, group+2, d)
		}
	}

	// A restart finds what was missed on every shard.
	_ = b.stop()
	for i, c := range channels {
		s.UserMentions(c, "501", "missed "+strconv.Itoa(i))
	}
	s.UserDMs("502", "missed directly")
	start(t, s, inb, m, setup{})
	got := texts(inb.wait(t, 2*(len(channels)+1)))
	for i := range channels {
		if n := count(got, "missed "+strconv.Itoa(i)); n != 1 {
			t.Errorf("channel %d: received %d times", i, n)
		}
	}
	if count(got, "missed directly") != 1 {
		t.Errorf("received %q", got)
	}
}

func shardsOf(guilds []string) map[uint64]bool {
	shards := map[uint64]bool{}
	for _, g := range guilds {
		id, _ := strconv.ParseUint(g, 10, 64)
		shards[id>>22%4] = true
	}
	return shards
}

func count(list []string, text string) (n int) {
	for _, one := range list {
		if one == text {
			n++
		}
	}
	return n
}

// TestSomeShards: one of two processes.
func TestSomeShards(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	s.SetShards(4, 1)
	id, _ := strconv.ParseUint(s.GuildID, 10, 64)
	mine := int(id >> 22 % 4)
	channel := s.AddChannel()
	b := start(t, s, nil, nil, setup{options: func(o *discord.Options) { o.Shards = discord.Shards{First: mine, Last: mine, Count: 4} }})
	s.WaitReady(t, 1)
	s.UserMentions(channel, "501", "hello")
	b.inbox.want(t, "hello")
	if begun := s.Begun(); len(begun) != 1 || begun[0].Shard != mine || begun[0].Of != 4 {
		t.Errorf("begun %+v", begun)
	}
}

func TestOneShardFailsForGood(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	s.SetShards(2, 2)
	b := start(t, s, nil, nil, setup{})
	s.WaitReady(t, 2)
	always(s, 4010)
	s.CloseGateway(4000)
	if err := b.waitEnded(t); err == nil || !strings.Contains(err.Error(), "DISCORD_SHARDS") {
		t.Errorf("Run: %v", err)
	}
}

func TestNoSessionsLeft(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	s.SetSessions(0)
	b := start(t, s, nil, nil, setup{})
	b.waitLog(t, "no sessions are left for today")
	b.meet(t, "501")
}

// TestRefusedSessions: a session that Discord refuses again and again must not
// use up the day's sessions.
func TestRefusedSessions(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	const every = 60 * time.Millisecond
	s.NextHandshake(slices.Repeat([]discordtest.Handshake{discordtest.SendsInvalid}, 5)...)
	b := start(t, s, nil, nil, setup{options: func(o *discord.Options) { o.IdentifyEvery = every }})
	began := time.Now()
	b.meet(t, "501")
	if d := time.Since(began); d < 4*every || s.Identifies() != 6 {
		t.Errorf("%d identifies within %s", s.Identifies(), d)
	}
}

// TestCloseCodes: all others than the final ones are survived, with the session
// where it lives on.
func TestCloseCodes(t *testing.T) {
	t.Parallel()
	for code := 4000; code <= 4009; code++ {
		if code == 4004 || code == 4006 { // final; unused
			continue
		}
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			t.Parallel()
			s := discordtest.New(t)
			b := start(t, s, nil, nil, setup{})
			b.meet(t, "501")
			s.CloseGateway(code)
			s.UserDMs("501", "meanwhile")
			b.inbox.want(t, "meanwhile")
			anew := code == 4003 || code == 4007 || code == 4009
			if (s.Identifies() == 2) != anew || b.inbox.repeated != 0 {
				t.Errorf("%d identifies, %d repeated", s.Identifies(), b.inbox.repeated)
			}
		})
	}
}
