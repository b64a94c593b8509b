// Package words names in plain English what staff see of tickets, wherever they
// see them: on the desk and in rooms.
package words

import (
	"strings"
	"unicode"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"firstline/bot/chat"
	"firstline/handoff"
)

var networks = map[chat.Network]string{
	chat.Telegram: "Telegram",
	chat.Discord:  "Discord",
	chat.Terminal: "Terminal",
	chat.Web:      "Web chat",
}

var reasons = map[handoff.Reason]string{
	handoff.ReasonAsked:      "Asked for a person",
	handoff.ReasonAlways:     "Topic for people only",
	handoff.ReasonUnknown:    "No article answers it",
	handoff.ReasonUnanswered: "Nobody answered in time",
	handoff.ReasonFailed:     "The bot failed on it",
	handoff.ReasonSecret:     "A secret was written in public",
}

// Network names a network.
func Network(n chat.Network) string { return named(networks, n) }

// Reason says why a ticket was opened.
func Reason(r handoff.Reason) string { return named(reasons, r) }

// named returns the name of v, or v itself made readable: a newer value than this
// package knows.
func named[K ~string](names map[K]string, v K) string {
	if s, ok := names[v]; ok {
		return s
	}
	return Plain(string(v))
}

// Plain makes a name of the code readable.
func Plain(s string) string { return strings.NewReplacer("_", " ", "-", " ").Replace(s) }

// Language returns the English name of a BCP 47 code, or the code.
func Language(code string) string {
	tag, err := language.Parse(code)
	if err != nil || code == "" {
		return code
	}
	if name := display.English.Tags().Name(tag); name != "" {
		return name
	}
	return code
}

// Shown returns s when there is something to see in it, "" otherwise: people
// can name themselves with spaces and invisible characters only.
func Shown(s string) string {
	for _, r := range s {
		if unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.Is(unicode.Mn, r) &&
			r != '\u2800' && r != '\u3164' && r != '\u115F' && r != '\u1160' && r != '\uFFA0' {
			return s
		}
	}
	return ""
}
