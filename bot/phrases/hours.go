package phrases

import (
	"strings"
	"time"

	"firstline/knowledge/site"
)

// Hours says when people answer, "24 hours a day, every day" or
// "Mon–Fri 09:00–18:00 (Europe/Berlin time)", to stand within a sentence.
func (b *Book) Hours(lang string) string { return b.voice(lang).hours }

// openingHours words hours that have at least one span.
func (v *voice) openingHours(h site.Hours) string {
	if h.Always {
		return v.text(hoursAlways, fields{})
	}
	var parts []string
	for _, s := range merge(h.Spans) {
		parts = append(parts, v.text(hoursSpan, fields{
			Days: v.week(s.Days), From: s.From.String(), To: s.To.String(),
		}))
	}
	text := v.list(hoursMore, parts)
	if h.Location == nil {
		return text
	}
	zone := strings.ReplaceAll(h.Location.String(), "_", " ")
	return v.text(hoursZone, fields{Data: Data{Hours: text}, Zone: zone})
}

// merge makes spans with the same times one, at the place of the first.
func merge(spans []site.Span) []site.Span {
	var merged []site.Span
next:
	for _, s := range spans {
		for i, m := range merged {
			if m.From == s.From && m.To == s.To {
				merged[i].Days = append(m.Days[:len(m.Days):len(m.Days)], s.Days...)
				continue next
			}
		}
		merged = append(merged, s)
	}
	return merged
}

// weekdays begin with Monday, as ISO 8601 has it.
var weekdays = [7]ID{dayMon, dayTue, dayWed, dayThu, dayFri, daySat, daySun}

// week names days, three or more in a row as a range. A row may go on from
// Sunday to Monday: many teams work from Sunday to Thursday.
func (v *voice) week(days []time.Weekday) string {
	var in [7]bool
	for _, d := range days {
		in[(d+6)%7] = true
	}
	name := func(i int) string { return v.text(weekdays[i%7], fields{}) }
	span := func(from, to int) string {
		return v.text(dayRange, fields{From: name(from), To: name(to)})
	}
	if in == [7]bool{true, true, true, true, true, true, true} {
		return span(0, 6)
	}
	var parts []string
	for start := range in {
		if !in[start] || in[(start+6)%7] {
			continue // not a day on which a row begins
		}
		end := start
		for in[(end+1)%7] {
			end++
		}
		switch end - start {
		case 0:
			parts = append(parts, name(start))
		case 1:
			parts = append(parts, name(start), name(end))
		default:
			parts = append(parts, span(start, end))
		}
	}
	return v.list(listComma, parts)
}
