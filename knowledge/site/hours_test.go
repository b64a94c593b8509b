package site_test

import (
	"testing"
	"time"

	"firstline/knowledge/site"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	l, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func at(t *testing.T, text string) time.Time {
	t.Helper()
	when, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return when
}

var everyDay = []time.Weekday{0, 1, 2, 3, 4, 5, 6}

func TestHours(t *testing.T) {
	t.Parallel()
	berlin := zone(t, "Europe/Berlin")
	office := site.Hours{Location: berlin, Spans: []site.Span{
		{Days: []time.Weekday{1, 2, 3, 4, 5}, From: 9 * 60, To: 18 * 60},
		{Days: []time.Weekday{6}, From: 10 * 60, To: 24 * 60},
	}}
	night := site.Hours{Location: berlin, Spans: []site.Span{{Days: []time.Weekday{6}, From: 22 * 60, To: 3*60 + 30}}}
	early := site.Hours{Location: berlin, Spans: []site.Span{{Days: []time.Weekday{0}, From: 2*60 + 15, To: 2*60 + 45}}}
	dawn := site.Hours{Location: berlin, Spans: []site.Span{{Days: everyDay, From: 2*60 + 30, To: 5 * 60}}}
	samoa := site.Hours{Location: zone(t, "Pacific/Apia"), Spans: []site.Span{{Days: []time.Weekday{5}, From: 0, To: 24 * 60}}}
	tests := []struct {
		name  string
		hours site.Hours
		time  string
		next  string // "" when never; the same as time when open
	}{
		{"always", site.Hours{Always: true}, "2026-11-22T03:00:00Z", "2026-11-22T03:00:00Z"},
		{"never", site.Hours{Location: berlin}, "2026-11-22T03:00:00Z", ""},
		{"no place", site.Hours{}, "2026-11-22T03:00:00Z", ""},

		{"before work", office, "2026-11-23T08:59:59.5+01:00", "2026-11-23T09:00:00+01:00"},
		{"at work", office, "2026-11-23T09:00:00+01:00", "2026-11-23T09:00:00+01:00"},
		{"at work, asked elsewhere", office, "2026-11-23T16:30:00+08:00", "2026-11-23T16:30:00+08:00"},
		{"last minute", office, "2026-11-23T17:59:59+01:00", "2026-11-23T17:59:59+01:00"},
		{"after work", office, "2026-11-23T18:00:00+01:00", "2026-11-24T09:00:00+01:00"},
		{"end of the day", office, "2026-11-28T23:59:59+01:00", "2026-11-28T23:59:59+01:00"},
		{"after the end of the day", office, "2026-11-29T00:00:00+01:00", "2026-11-30T09:00:00+01:00"},
		{"over a week-end with a change of clocks", office, "2026-10-25T00:30:00+02:00", "2026-10-26T09:00:00+01:00"},

		{"over midnight", night, "2026-11-29T03:29:59+01:00", "2026-11-29T03:29:59+01:00"},
		{"over midnight, at the end", night, "2026-11-29T03:30:00+01:00", "2026-12-05T22:00:00+01:00"},
		{"the night before its day", night, "2026-11-28T02:00:00+01:00", "2026-11-28T22:00:00+01:00"},
		{"the repeated hour, first", night, "2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+02:00"},
		{"the repeated hour, second", night, "2026-10-25T02:30:00+01:00", "2026-10-25T02:30:00+01:00"},

		// On 2026-03-29, Berlin has no time from 02:00 to 03:00.
		{"a span that is skipped", early, "2026-03-29T01:50:00+01:00", "2026-04-05T02:15:00+02:00"},
		{"a span whose beginning is skipped", dawn, "2026-03-29T01:50:00+01:00", "2026-03-29T03:00:00+02:00"},
		// On 2026-10-25 it has it twice.
		{"a span that comes twice, before", early, "2026-10-25T02:00:00+02:00", "2026-10-25T02:15:00+02:00"},
		{"a span that comes twice, between", early, "2026-10-25T02:50:00+02:00", "2026-10-25T02:15:00+01:00"},
		{"a span that comes twice, after", early, "2026-10-25T02:50:00+01:00", "2026-11-01T02:15:00+01:00"},
		// Samoa had no Friday 2011-12-30.
		{"a day that is skipped", samoa, "2011-12-29T23:30:00-10:00", "2012-01-06T00:00:00+14:00"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			now := at(t, test.time)
			if open := test.hours.OpenAt(now); open != (test.time == test.next) {
				t.Errorf("OpenAt(%s) = %v", test.time, open)
			}
			next, ok := test.hours.NextOpen(now)
			if ok != (test.next != "") {
				t.Fatalf("NextOpen(%s) = %v, %v", test.time, next, ok)
			}
			if ok && !next.Equal(at(t, test.next)) {
				t.Errorf("NextOpen(%s) = %s, want %s", test.time, next, test.next)
			}
		})
	}
}

func TestClock(t *testing.T) {
	t.Parallel()
	for clock, want := range map[site.Clock]string{0: "00:00", 9*60 + 5: "09:05", 24 * 60: "24:00"} {
		if got := clock.String(); got != want {
			t.Errorf("%d: %s, want %s", int(clock), got, want)
		}
	}
}
