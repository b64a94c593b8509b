package bot

import (
	"context"
	"errors"
	"strconv"
	"time"

	"firstline/bot/chat"
	"firstline/bot/guard"
	"firstline/bot/inbox"
	"firstline/bot/outbox"
	"firstline/handoff"
	"firstline/knowledge"
	"firstline/knowledge/lang"
)

// patience is how many attempts at handling a message may fail before it goes
// to a person without further thought: whatever breaks on it must not hold up
// the conversation for good.
const patience = 3

// Handle implements inbox.Handler.
func (b *Bot) Handle(ctx context.Context, item inbox.Item) error {
	m := item.Message
	var seen *handoff.Thread
	err := b.store.View(ctx, func(tx handoff.Tx) (err error) {
		seen, err = b.thread(tx, m)
		return err
	})
	if err != nil {
		return err
	}
	words := b.words()
	question, verdict := b.ask(ctx, item, seen, words)
	var out Outcome
	err = b.store.Update(ctx, func(tx handoff.Tx) error {
		th, err := b.thread(tx, m)
		if err != nil {
			return err
		}
		t := &turn{b: b, Words: words, tx: tx, th: th, m: m, key: m.Conversation.String() + "/" + m.Event}
		out = Outcome{Network: m.Conversation.Network}
		if err := t.take(question, verdict, &out); err != nil {
			return err
		}
		th.UpdatedAt = b.now()
		if err := tx.SaveThread(th); err != nil {
			return err
		}
		out.Language = th.Language
		return tx.FinishMessage(item.ID, item.Attempt)
	})
	if err == nil {
		b.observe(out)
	}
	return err
}

// ask asks the knowledge base outside of any transaction. question is false
// when the message holds none. That the base has failed, or earlier attempts at
// this message, is a verdict too: a person decides.
func (b *Bot) ask(ctx context.Context, item inbox.Item, th *handoff.Thread, w Words) (question bool, v knowledge.Verdict) {
	m := item.Message
	if item.Attempt > patience {
		b.log.Error("giving a message to a person after failed attempts", "item", item.ID, "attempts", item.Attempt-1)
		return true, knowledge.Verdict{Kind: failed, Language: w.language(th, m)}
	}
	if m.Choice != "" || (m.Command != chat.CommandNone && m.Command != chat.CommandAsk) {
		return false, v
	}
	text := guard.Strip(m.Text)
	v, err := b.base.Ask(ctx, knowledge.Query{
		Text: text, Conversation: th.Language, Hint: m.From.Language, Article: th.Article,
	})
	if err != nil {
		b.log.Error("the knowledge base gave no verdict", "item", item.ID, "err", err)
		return true, knowledge.Verdict{Kind: failed, Language: w.language(th, m)}
	}
	return true, v
}

// failed is the verdict on a message that could not be judged.
const failed knowledge.Kind = "failed"

// thread loads the thread of m, or makes it.
func (b *Bot) thread(tx handoff.Tx, m *chat.Message) (*handoff.Thread, error) {
	id := handoff.ThreadOf(m)
	th, err := tx.Thread(id)
	if errors.Is(err, handoff.ErrNotFound) {
		th, err = &handoff.Thread{ID: id, Conversation: m.Conversation, Private: m.Private}, nil
	}
	return th, err
}

// language is what to speak before a question has decided it.
func (w Words) language(th *handoff.Thread, m *chat.Message) string {
	if l := lang.Decide("", "", th.Language, m.From.Language, w.Site.Languages); l != "" {
		return l
	}
	return w.Site.Fallback
}

// turn is the handling of one message within its transaction.
type turn struct {
	b *Bot
	Words
	tx     handoff.Tx
	th     *handoff.Thread
	m      *chat.Message   // nil when a timer acts, not a person
	ticket *handoff.Ticket // the thread's ticket that is not solved, or nil
	key    string          // prefix of the keys of all that this turn sends
	sent   int
}

// take handles the message.
func (t *turn) take(question bool, v knowledge.Verdict, out *Outcome) error {
	m, th := t.m, t.th
	if !m.Private && !m.Addressed && m.Choice == "" {
		out.Verdict = "ignored"
		return nil
	}
	th.Person, th.LastMessage = m.From, m.ID
	if question && v.Language != "" {
		th.Language = v.Language
	}
	if th.Language == "" {
		th.Language = t.language(th, m)
	}
	if err := t.load(); err != nil {
		return err
	}
	if err := t.record(); err != nil {
		return err
	}
	if len(m.Redacted) > 0 {
		if err := t.warn(); err != nil {
			return err
		}
	}
	if t.ticket != nil {
		if err := t.b.desk.Touch(t.tx, t.ticket, th); err != nil {
			return err
		}
		if t.ticket.HeldAt(t.b.now()) {
			out.Verdict = "held"
			return t.pressHeld()
		}
	}
	switch {
	case m.Choice != "" && v.Kind != failed:
		out.Verdict = "choice"
		return t.press(m.Choice)
	case question:
		out.Verdict, out.Reason = string(v.Kind), string(v.Reason)
		return t.question(v)
	default:
		out.Verdict = "command"
		return t.command(m.Command)
	}
}

// load finds the thread's unsolved ticket.
func (t *turn) load() error {
	if t.th.Ticket == 0 {
		return nil
	}
	ticket, err := t.tx.Ticket(t.th.Ticket)
	if errors.Is(err, handoff.ErrNotFound) || (err == nil && ticket.State == handoff.Solved) {
		return nil
	}
	t.ticket = ticket
	return err
}

// record keeps what the asker wrote or pressed for the story.
func (t *turn) record() error {
	m := t.m
	e := &handoff.Entry{
		Key: "in/" + t.key, Thread: t.th.ID, Kind: handoff.ByAsker, Text: m.Text,
		Attachments: m.Attachments, Redacted: m.Redacted, At: t.b.now(),
	}
	switch {
	case m.Choice != "":
		e.Text = t.label(m.Choice)
	case m.Command != chat.CommandNone:
		e.Text = handoff.PressMark + "/" + string(m.Command)
		if m.Text != "" {
			e.Text += " " + m.Text
		}
	}
	if t.ticket != nil {
		e.Ticket = t.ticket.ID
	}
	return t.tx.AddEntry(e)
}

// say sends one message of the bot to the asker and keeps it for the story.
func (t *turn) say(class outbox.Class, body chat.Rich, choices ...chat.Choice) error {
	t.sent++
	d := outbox.Delivery{
		Key: "bot/" + t.key + "/" + strconv.Itoa(t.sent), Class: class,
		Out: chat.Outbound{Body: body, Choices: choices},
	}
	if !t.th.Private {
		d.Out.ReplyTo = t.th.LastMessage
	}
	added, err := t.b.desk.SendThread(t.tx, t.th, d)
	if err != nil || !added {
		return err
	}
	e := &handoff.Entry{
		Key: d.Key, Thread: t.th.ID, Kind: handoff.ByBot, Text: body.Text, Delivery: d.Key, At: t.b.now(),
	}
	if t.ticket != nil {
		e.Ticket = t.ticket.ID
	}
	return t.tx.AddEntry(e)
}

// answered ends the waiting for an answer.
func (t *turn) answered() { t.th.Unanswered, t.th.Due = time.Time{}, time.Time{} }
