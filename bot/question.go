package bot

import (
	"strings"
	"time"

	"firstline/bot/chat"
	"firstline/bot/guard"
	"firstline/bot/outbox"
	"firstline/bot/phrases"
	"firstline/handoff"
	"firstline/knowledge"
	"firstline/knowledge/article"
)

// question acts on the verdict on a question.
func (t *turn) question(v knowledge.Verdict) error {
	switch v.Kind {
	case knowledge.SmallTalk:
		return t.say(outbox.ClassBot, t.text(talk(v.Talk)))
	case knowledge.Answer:
		return t.answer(v.Passage)
	case failed:
		return t.handOver(handoff.ReasonFailed, "")
	}
	if v.Kind == knowledge.HandOff {
		switch v.Reason {
		case knowledge.Asked:
			return t.handOver(handoff.ReasonAsked, "")
		case knowledge.Always:
			return t.always(v.Passage)
		}
	}
	// From here on the bot has no answer.
	t.th.Question = t.m.ID
	switch {
	case t.nothingLeft():
		return nil
	case t.ticket != nil:
		return t.acknowledge()
	case t.recentlySolved():
		return t.handOver(handoff.ReasonUnknown, "")
	case v.Kind == knowledge.Choices:
		return t.say(outbox.ClassBot, t.text(phrases.Choices), t.offer(v.Choices)...)
	case v.Reason == knowledge.OffTopic:
		return t.say(outbox.ClassBot, t.text(phrases.OffTopic), t.teamOrReword()...)
	case v.Reason == knowledge.Unhelped:
		return t.unknown(phrases.Unhelped)
	case v.Reason == knowledge.Complaint:
		return t.unknown(phrases.Complaint)
	case v.Reason == knowledge.Empty && len(t.m.Attachments) == 0:
		return t.say(outbox.ClassBot, t.text(phrases.Help), t.person())
	case v.Reason == knowledge.Empty:
		return t.unknown(phrases.NoText)
	}
	return t.unknown(phrases.Unknown)
}

// nothingLeft reports that a message held a secret and nothing else: the
// warning was the answer.
func (t *turn) nothingLeft() bool {
	return len(t.m.Redacted) > 0 && strings.TrimSpace(guard.Strip(t.m.Text)) == ""
}

func talk(k knowledge.Talk) phrases.ID {
	switch k {
	case knowledge.Thanks:
		return phrases.Thanks
	case knowledge.Goodbye:
		return phrases.Goodbye
	}
	return phrases.Greeting
}

// answer sends a passage with its buttons.
func (t *turn) answer(p *knowledge.Passage) error {
	t.th.Article = p.Article
	t.answered()
	choices := []chat.Choice{
		t.choice(phrases.ButtonHelped, codeHelped, p.Article),
		t.choice(phrases.ButtonWrong, codeWrong, p.Article),
	}
	if t.b.hasMore(p) {
		choices = append(choices, t.choice(phrases.ButtonMore, codeMore, p.Article))
	}
	return t.say(outbox.ClassBot, t.passage(p), append(choices, t.person())...)
}

// always sends what the article says to do right now and gives the matter to a
// person in the same breath; where others read along, only the latter.
func (t *turn) always(p *knowledge.Passage) error {
	if !t.th.Private { // what to do may give away what has happened
		return t.handOver(handoff.ReasonAlways, p.Article)
	}
	t.th.Article = p.Article
	if a, ok := t.b.base.Article(p.Language, p.Article); ok {
		p = t.b.lead(a)
	}
	var choices []chat.Choice
	if t.b.hasMore(p) {
		choices = append(choices, t.choice(phrases.ButtonMore, codeMore, p.Article))
	}
	if err := t.say(outbox.ClassNotice, t.passage(p), choices...); err != nil {
		return err
	}
	return t.handOver(handoff.ReasonAlways, p.Article)
}

// unknown says that the bot has no answer. The first time it offers ways on
// and starts the timer; when the person writes again without having been
// answered, a person takes over.
func (t *turn) unknown(id phrases.ID) error {
	if !t.th.Unanswered.IsZero() {
		return t.handOver(handoff.ReasonUnknown, "")
	}
	wait := t.startTimer()
	body := chat.Join("\n\n", t.text(id), t.textWith(phrases.UnknownTimer,
		phrases.Data{Wait: t.Book.Duration(t.th.Language, wait)}))
	return t.say(outbox.ClassBot, body, t.teamOrReword()...)
}

// startTimer begins to wait for somebody's answer and returns for how long.
func (t *turn) startTimer() time.Duration {
	wait := t.Site.UnansweredAfter.Private
	if !t.th.Private {
		wait = t.Site.UnansweredAfter.Community
	}
	t.th.Unanswered = t.b.now()
	t.th.Due = t.th.Unanswered.Add(wait)
	return wait
}

// recentlySolved reports that the thread's ticket was solved so lately that
// what the bot can't answer belongs to it.
func (t *turn) recentlySolved() bool {
	if t.th.Ticket == 0 || t.ticket != nil {
		return false
	}
	ticket, err := t.tx.Ticket(t.th.Ticket)
	return err == nil && ticket.State == handoff.Solved && t.b.desk.Reopens(ticket)
}

// command acts on a slash command other than /ask.
func (t *turn) command(c chat.Command) error {
	switch c {
	case chat.CommandStart:
		return t.start(t.m.Text)
	case chat.CommandSolved:
		return t.solved()
	case chat.CommandHuman:
		return t.handOver(handoff.ReasonAsked, "")
	}
	return t.say(outbox.ClassBot, t.text(phrases.Help), t.person())
}

// acknowledgeEvery keeps the bot from answering every line of somebody who
// writes many short ones to their ticket.
const acknowledgeEvery = 2 * time.Minute

// acknowledge tells that a message went to the waiting ticket.
func (t *turn) acknowledge() error {
	now := t.b.now()
	if now.Sub(t.th.Acknowledged) < acknowledgeEvery {
		return nil
	}
	t.th.Acknowledged = now
	place, err := t.place()
	if err != nil {
		return err
	}
	return t.say(outbox.ClassBot, chat.Join(" ", t.text(phrases.Added), place))
}

// offer returns the buttons of an ask-back: one for each article and a way out.
func (t *turn) offer(cs []knowledge.Choice) []chat.Choice {
	choices := make([]chat.Choice, 0, len(cs)+1)
	for _, c := range cs {
		choices = append(choices, chat.Choice{Label: c.Title, Data: codeArticle + c.Article})
	}
	return append(choices, t.choice(phrases.ButtonNone, codeNone, ""))
}

// related returns an article's related ones as choices, at most three.
func (t *turn) related(a *article.Article) []knowledge.Choice {
	var cs []knowledge.Choice
	for _, id := range a.Related {
		if r, ok := t.b.base.Article(t.th.Language, id); ok && len(cs) < 3 {
			cs = append(cs, knowledge.Choice{Article: r.ID, Title: r.Title})
		}
	}
	return cs
}
