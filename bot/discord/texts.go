package discord

import (
	"cmp"
	"strings"
)

// Texts are what people see that is not an answer, each by language: two
// letters, "" for everybody else. What "" does not have is not offered.
type Texts struct {
	// Private describes the option by which only the asker sees the answer; at
	// most 100 characters.
	Private map[string]string
	// AnswerThis and SendToSupport are the commands in the menu of a message; at
	// most 32 characters.
	AnswerThis, SendToSupport map[string]string
	// FormTitle and FormLabel head the form of /human; at most 45 characters.
	// Without them /human hands over at once.
	FormTitle, FormLabel map[string]string
	// OnlyAuthor tells that only the author of a message, or who may manage
	// messages, can send it to support; OnlyPeople that the message is not a
	// person's.
	OnlyAuthor, OnlyPeople map[string]string
}

// textFor returns the text for one of Discord's locales.
func textFor(texts map[string]string, locale string) string {
	language, _, _ := strings.Cut(locale, "-")
	return cmp.Or(texts[locale], texts[language], texts[""])
}

// cut returns text on one line and at most limit characters long.
func cut(text string, limit int) string {
	text = strings.Join(strings.Fields(clean(text)), " ")
	if runes := []rune(text); len(runes) > limit {
		return string(runes[:limit-1]) + "…"
	}
	return text
}
