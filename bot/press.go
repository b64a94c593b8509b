package bot

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"firstline/bot/chat"
	"firstline/bot/outbox"
	"firstline/bot/phrases"
	"firstline/handoff"
	"firstline/knowledge/article"
)

// What a pressed button means. A button carries all it needs, so it works after
// a restart and needs no session; what it carries is checked as input from a
// stranger, because that is what it is. Codes are followed by an article id or,
// for codeRate, by "<ticket>:<rating>".
const (
	codeHelped  = "ok:"
	codeWrong   = "no:"
	codeMore    = "mo:"
	codeArticle = "ar:"
	codeRate    = "ra:"
	codePerson  = "hu"
	codeNone    = "none"
	codeTeam    = "team"
	codeReword  = "word"
	codeSolved  = "done"
)

// MaxArticleID is the longest article id, in bytes, that fits in a button.
const MaxArticleID = chat.MaxChoiceData - len(codeArticle)

// press acts on a pressed button.
func (t *turn) press(data string) error {
	switch data {
	case codePerson, codeTeam:
		return t.handOver(handoff.ReasonAsked, "")
	case codeReword:
		return t.say(outbox.ClassBot, t.text(phrases.Reword))
	case codeNone:
		return t.noneFits()
	case codeSolved:
		return t.solved()
	}
	if rest, ok := strings.CutPrefix(data, codeRate); ok {
		return t.rate(rest)
	}
	code, a := t.pressed(data)
	if a == nil {
		return t.say(outbox.ClassBot, t.text(phrases.ButtonExpired), t.person())
	}
	switch code {
	case codeHelped:
		t.answered()
		if err := t.feedback("helped", a); err != nil {
			return err
		}
		return t.say(outbox.ClassBot, t.text(phrases.Helped))
	case codeWrong:
		if err := t.feedback("not helped", a); err != nil {
			return err
		}
		if cs := t.related(a); len(cs) > 0 && t.ticket == nil {
			return t.say(outbox.ClassBot, t.text(phrases.ChoicesOther), t.offer(cs)...)
		}
		return t.noneFits()
	case codeMore:
		return t.say(outbox.ClassBot, t.whole(a), t.choice(phrases.ButtonHelped, codeHelped, a.ID), t.person())
	}
	if a.HandOff == article.Always {
		return t.always(t.b.lead(a))
	}
	return t.answer(t.b.lead(a))
}

// noneFits: the asker says that what the bot has is not it.
func (t *turn) noneFits() error {
	switch {
	case t.ticket != nil:
		return t.acknowledge()
	case t.recentlySolved():
		return t.handOver(handoff.ReasonUnknown, "")
	}
	return t.unknown(phrases.Unknown)
}

// pressHeld acts on what works while a person holds the ticket: the rating of
// an earlier one, and that it is solved. Everything else is in the story for the
// agent to see.
func (t *turn) pressHeld() error {
	if t.m.Choice == codeSolved || t.m.Command == chat.CommandSolved {
		return t.solved()
	}
	if rest, ok := strings.CutPrefix(t.m.Choice, codeRate); ok {
		return t.rate(rest)
	}
	return nil
}

func (t *turn) rate(rest string) error {
	id, rating, ok := parseRating(rest)
	err := handoff.ErrNotFound
	if ok {
		err = t.b.desk.Rate(t.tx, t.th, id, rating)
	}
	switch {
	case errors.Is(err, handoff.ErrNotFound), errors.Is(err, handoff.ErrForbidden):
		return t.say(outbox.ClassBot, t.text(phrases.ButtonExpired), t.person())
	case err != nil:
		return err
	}
	return t.say(outbox.ClassNotice, t.text(phrases.Rated))
}

func parseRating(s string) (id handoff.TicketID, rating int, ok bool) {
	left, right, ok := strings.Cut(s, ":")
	n, err := strconv.ParseInt(left, 10, 64)
	r, err2 := strconv.Atoi(right)
	return handoff.TicketID(n), r, ok && err == nil && err2 == nil && n > 0 && r >= 1 && r <= 5
}

// pressed returns the code and the article of a button, nil when there is no
// such article any more or never was.
func (t *turn) pressed(data string) (code string, a *article.Article) {
	for _, code := range []string{codeHelped, codeWrong, codeMore, codeArticle} {
		if id, ok := strings.CutPrefix(data, code); ok {
			if a, ok := t.b.base.Article(t.th.Language, id); ok {
				return code, a
			}
		}
	}
	return "", nil
}

// label is how a pressed button reads in the story.
func (t *turn) label(data string) string {
	ids := map[string]phrases.ID{
		codePerson: phrases.ButtonPerson, codeTeam: phrases.ButtonTeam,
		codeReword: phrases.ButtonReword, codeNone: phrases.ButtonNone, codeSolved: phrases.ButtonSolved,
		codeHelped: phrases.ButtonHelped, codeWrong: phrases.ButtonWrong, codeMore: phrases.ButtonMore,
	}
	if id, ok := ids[data]; ok {
		return handoff.PressMark + t.Book.Text(t.th.Language, id, phrases.Data{})
	}
	if rest, ok := strings.CutPrefix(data, codeRate); ok {
		if _, rating, ok := parseRating(rest); ok {
			return fmt.Sprintf("%s%d / 5", handoff.PressMark, rating)
		}
	}
	code, a := t.pressed(data)
	if a == nil {
		return handoff.PressMark + "?"
	}
	if id, ok := ids[code]; ok {
		return handoff.PressMark + t.Book.Text(t.th.Language, id, phrases.Data{}) + " (" + a.Title + ")"
	}
	return handoff.PressMark + a.Title
}

// feedback notes what somebody thinks of an article.
func (t *turn) feedback(action string, a *article.Article) error {
	return t.tx.AddEvent(&handoff.Event{At: t.b.now(), Action: action, Detail: a.Language + "/" + a.ID})
}

func (t *turn) choice(label phrases.ID, code, id string) chat.Choice {
	return chat.Choice{Label: t.Book.Text(t.th.Language, label, phrases.Data{}), Data: code + id}
}

func (t *turn) person() chat.Choice { return t.choice(phrases.ButtonPerson, codePerson, "") }

func (t *turn) teamOrReword() []chat.Choice {
	return []chat.Choice{
		t.choice(phrases.ButtonTeam, codeTeam, ""), t.choice(phrases.ButtonReword, codeReword, ""),
	}
}
