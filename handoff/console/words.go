package console

import (
	"encoding/json"
	"fmt"
	"html/template"
	"strings"
	"time"

	"firstline/bot/chat"
	"firstline/bot/outbox"
	"firstline/handoff"
	"firstline/handoff/files"
	"firstline/handoff/words"
)

// functions are what templates call.
var functions = template.FuncMap{
	"t":        say,
	"word":     word,
	"clock":    clock,
	"day":      func(at time.Time) string { return at.UTC().Format("2 Jan 2006") },
	"since":    since,
	"language": words.Language,
	"network":  words.Network,
	"reason":   words.Reason,
	"reasonOf": func(detail string) string { return words.Reason(handoff.Reason(detail)) },
	"role":     func(r handoff.Role) string { return word("role.", string(r)) },
	"action":   func(a string) string { return word("event.", a) },
	"plain":    words.Plain,
	"shown":    words.Shown,
	"bytes":    fileSize,
	"kind":     func(a chat.Attachment) string { return word("attachment.", a.Kind) },
	"scripts":  scriptTexts,
	"inline":   files.Inline,
	"revised":  revised,
}

// word returns the text of a value that code names, or the value itself, made
// readable, when there is none: a newer value than this page knows.
func word(prefix, value string) string {
	if s, ok := texts[prefix+value]; ok {
		return s
	}
	return words.Plain(value)
}

// revised words how an edit of a reply went, or its deletion when it is gone.
func revised(state outbox.State, gone bool) string {
	switch {
	case state == outbox.Sent && gone:
		return say("revision.deleted")
	case state == outbox.Sent:
		return say("revision.edited")
	case state == outbox.Pending:
		return say("revision.pending")
	}
	return say("revision.failed")
}

// clock returns a moment, which the page's script turns into local time.
func clock(at time.Time) template.HTML {
	at = at.UTC()
	return template.HTML(fmt.Sprintf(`<time datetime="%s" data-clock>%s</time>`,
		at.Format(time.RFC3339), at.Format("2 Jan, 15:04 UTC")))
}

// since returns how long ago at was, which the page's script keeps current.
func since(now, at time.Time) template.HTML {
	return template.HTML(fmt.Sprintf(`<time datetime="%s" data-since>%s</time>`,
		at.UTC().Format(time.RFC3339), template.HTMLEscapeString(ago(now.Sub(at)))))
}

// ago words a duration with its two largest units.
func ago(d time.Duration) string {
	m := int(d / time.Minute)
	switch {
	case m < 1:
		return say("time.now")
	case m < 60:
		return say("time.minutes", m)
	case m < 24*60:
		return say("time.hours", m/60, m%60)
	}
	return say("time.days", m/(24*60), m/60%24)
}

// fileSize words a number of bytes; "" when it is not known.
func fileSize(n int64) string {
	switch {
	case n <= 0:
		return ""
	case n < 1000:
		return say("size.bytes", n)
	case n < 1000*1000:
		return say("size.kilo", float64(n)/1000)
	}
	return say("size.mega", float64(n)/1000/1000)
}

// scriptTexts is what the page's script says, as JSON.
func scriptTexts() (string, error) {
	own := make(map[string]string)
	for key, text := range texts {
		if name, ok := strings.CutPrefix(key, "script."); ok {
			own[name] = text
		} else if strings.HasPrefix(key, "time.") {
			own[key] = text
		}
	}
	b, err := json.Marshal(own)
	return string(b), err
}
