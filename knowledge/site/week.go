package site

import (
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // the zones' names must work on any machine

	"firstline/knowledge/lint/strict"
)

var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"} // by time.Weekday

// hours reads "always", or a mapping of a time zone and the spans of a week.
func hours(n strict.Node) Hours {
	if !n.Present() {
		return Hours{Always: true}
	}
	if n.IsText() {
		if text, ok := n.Text(); ok && text != "always" {
			n.Errorf(`hours: want "always", or timezone and week, not %q`, text)
		}
		return Hours{Always: true}
	}
	f := n.Fields("timezone", "week")
	for _, key := range []string{"timezone", "week"} {
		if f != nil && !f[key].Present() {
			n.Errorf("hours: %s is missing", key)
		}
	}
	h := Hours{Location: location(f["timezone"])}
	spans := f["week"].List()
	if spans != nil && len(spans) == 0 {
		f["week"].Errorf(`week: want at least one span such as {days: [mon], from: "09:00", to: "18:00"}`)
	}
	for _, item := range spans {
		h.Spans = append(h.Spans, span(item))
	}
	return h
}

func location(n strict.Node) *time.Location {
	text, ok := n.Text()
	if !ok {
		return nil
	}
	l, err := time.LoadLocation(text)
	if err != nil || text == "Local" {
		n.Errorf("unknown timezone %q: want a name such as Europe/Berlin or UTC", text)
	}
	return l
}

func span(n strict.Node) Span {
	f := n.Fields("days", "from", "to")
	for _, key := range []string{"days", "from", "to"} {
		if f != nil && !f[key].Present() {
			n.Errorf("%s is missing", key)
		}
	}
	s := Span{Days: days(f["days"])}
	var from, to bool
	s.From, from = clock(f["from"])
	s.To, to = clock(f["to"])
	if from && s.From == day {
		f["from"].Errorf(`from: "24:00" is the end of a day; write "00:00" of the next`)
	} else if from && to && s.From == s.To {
		f["to"].Errorf(`to is the same as from: for a whole day write from "00:00" to "24:00"`)
	}
	return s
}

func days(n strict.Node) []time.Weekday {
	items := n.List()
	if items != nil && len(items) == 0 {
		n.Errorf("days: want at least one of mon, tue, wed, thu, fri, sat, sun")
	}
	var list []time.Weekday
	for _, item := range items {
		text, ok := item.Text()
		if !ok {
			continue
		}
		switch d := time.Weekday(slices.Index(weekdays, text)); {
		case d < 0:
			item.Errorf("unknown day %q: want mon, tue, wed, thu, fri, sat or sun", text)
		case slices.Contains(list, d):
			item.Errorf("%s is in the list twice", text)
		default:
			list = append(list, d)
		}
	}
	return list
}

// clock reads "HH:MM" up to "24:00".
func clock(n strict.Node) (Clock, bool) {
	text, ok := n.Text()
	if !ok {
		return 0, false
	}
	hour, minute, colon := strings.Cut(text, ":")
	h, err1 := strconv.ParseUint(hour, 10, 8)
	m, err2 := strconv.ParseUint(minute, 10, 8)
	c := Clock(h*60 + m)
	if err1 != nil || err2 != nil || !colon || len(hour) != 2 || len(minute) != 2 || m > 59 || c > day {
		n.Errorf(`%q is not a time from "00:00" to "24:00"`, text)
		return 0, false
	}
	return c, true
}
