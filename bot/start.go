package bot

import (
	"regexp"
	"strings"

	"firstline/bot/outbox"
	"firstline/bot/phrases"
	"firstline/handoff"
	"firstline/knowledge/article"
)

// validSource is what a deep link's payload may hold to be kept: what Telegram
// allows. Anybody can make one up.
var validSource = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// start greets, or shows the article that the deep link names: by its id, or by
// "a_<topic>_<slug>" where a slash is not allowed. Any other payload says where
// the asker came from.
func (t *turn) start(payload string) error {
	payload = strings.TrimSpace(payload)
	if a, ok := t.b.base.Article(t.th.Language, linked(payload)); ok {
		if a.HandOff == article.Always {
			return t.always(t.b.lead(a))
		}
		return t.answer(t.b.lead(a))
	}
	if validSource.MatchString(payload) {
		t.th.Source = payload
		err := t.tx.AddEvent(&handoff.Event{At: t.b.now(), Action: "source", Ticket: t.th.Ticket, Detail: payload})
		if err != nil {
			return err
		}
	}
	return t.say(outbox.ClassBot, t.text(phrases.Welcome), t.person())
}

// linked returns the article id that a payload stands for. Neither topics nor
// slugs have underscores.
func linked(payload string) string {
	rest, ok := strings.CutPrefix(payload, "a_")
	if !ok {
		return payload
	}
	return strings.Replace(rest, "_", "/", 1)
}
