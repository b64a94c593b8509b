package site

import (
	"fmt"
	"slices"
	"time"
)

// Clock is a time of the day in minutes after midnight, from 0 to 1440 (24:00).
type Clock int

const day Clock = 24 * 60

// String returns "09:00".
func (c Clock) String() string { return fmt.Sprintf("%02d:%02d", c/60, c%60) }

// Span is when people answer on some days of the week, from From up to but not
// at To. Where From is after To, it ends on the following day.
type Span struct {
	Days     []time.Weekday // on which it begins
	From, To Clock
}

// Hours is when people answer: always, or within the spans by the clocks of a
// place.
type Hours struct {
	Always   bool
	Location *time.Location // not nil unless Always
	Spans    []Span
}

// OpenAt reports whether people answer at t. What counts is what a clock on
// the wall shows: an hour that a change of clocks repeats is open twice, and
// one that it skips never comes.
func (h Hours) OpenAt(t time.Time) bool {
	if h.Always {
		return true
	}
	if h.Location == nil {
		return false
	}
	t = t.In(h.Location)
	today, now := t.Weekday(), Clock(t.Hour()*60+t.Minute())
	yesterday := (today + 6) % 7
	for _, s := range h.Spans {
		begins := slices.Contains(s.Days, today) && now >= s.From
		if s.From < s.To {
			if begins && now < s.To {
				return true
			}
		} else if begins || slices.Contains(s.Days, yesterday) && now < s.To {
			return true
		}
	}
	return false
}

// NextOpen returns the first time, not before t, at which people answer: t
// itself when they do now. It returns false when they never do.
func (h Hours) NextOpen(t time.Time) (time.Time, bool) {
	if h.OpenAt(t) {
		return t, true
	}
	// Every span comes within a week, or within two where a change of clocks
	// skips it. Looking at every minute takes about a millisecond and is right
	// whatever the clocks do.
	const farthest = 15 * 24 * time.Hour
	for next := t.Truncate(time.Minute).Add(time.Minute); next.Sub(t) <= farthest; next = next.Add(time.Minute) {
		if h.OpenAt(next) {
			return next, true
		}
	}
	return time.Time{}, false
}
