package bot

import (
	"context"
	"errors"
	"strings"

	"firstline/bot/chat"
	"firstline/bot/guard"
	"firstline/bot/inbox"
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
	var seen place
	held := false
	err := b.store.View(ctx, func(tx handoff.Tx) (err error) {
		if seen, err = b.place(tx, m); err != nil {
			return err
		}
		held, err = b.desk.Held(tx, seen.th)
		return err
	})
	if err != nil {
		return err
	}
	words := b.words()
	var question bool
	var verdict knowledge.Verdict
	if !m.Deleted {
		if m.Private && !m.Edited && !held {
			b.typing(m.Conversation)
		}
		question, verdict = b.ask(ctx, item, seen.th, words)
	}
	private, err := b.openPrivate(ctx, item, verdict)
	if err != nil {
		return err
	}
	var out Outcome
	err = b.store.Update(ctx, func(tx handoff.Tx) error {
		at, err := b.place(tx, m)
		if err != nil {
			return err
		}
		t := &turn{b: b, Words: words, tx: tx, th: at.th, m: m, private: private, key: m.Conversation.String() + "/" + m.Event}
		out = Outcome{Network: m.Conversation.Network, Verdict: ignored}
		switch {
		case at.foreign, m.Deleted && at.entry == nil:
		case m.Deleted:
			err = t.deleted(at.entry, &out)
		case at.entry != nil:
			err = t.edited(at.entry, question, verdict, &out)
		default:
			err = t.take(question, verdict, &out)
		}
		if err != nil {
			return err
		}
		if out.Verdict != ignored {
			at.th.UpdatedAt = b.now()
			if err := tx.SaveThread(at.th); err != nil {
				return err
			}
		}
		out.Language = at.th.Language
		return tx.FinishMessage(item.ID, item.Attempt)
	})
	if err == nil {
		b.observe(out)
	}
	return err
}

// ignored is the Outcome.Verdict of a message that is none of the bot's business:
// nothing of it is kept.
const ignored = "ignored"

// place is where a message belongs. An edit or a deletion belongs to the entry of
// the message that it is about, when there is one.
type place struct {
	th    *handoff.Thread
	entry *handoff.Entry
	// foreign reports that somebody else than its author claims to have changed
	// the message.
	foreign bool
}

func (b *Bot) place(tx handoff.Tx, m *chat.Message) (p place, err error) {
	if m.Edited || m.Deleted {
		p.entry, err = tx.EntryOf(m.Conversation, m.ID)
		if err == nil {
			p.th, err = tx.Thread(p.entry.Thread)
		}
		if err == nil {
			unsaid := m.Deleted && m.From.ID == "" // some networks don't say who
			p.foreign = m.From.ID != p.th.Person.ID && !unsaid
			return p, nil
		}
		if !errors.Is(err, handoff.ErrNotFound) {
			return p, err
		}
	}
	p.entry = nil
	p.th, err = b.thread(tx, m)
	return p, err
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
	// private is where the talk can go on without others; zero: nowhere.
	private chat.ConversationID
	// replyTo is what it answers where others write, too; "": the asker's newest
	// message.
	replyTo chat.MessageID
}

// take handles the message.
func (t *turn) take(question bool, v knowledge.Verdict, out *Outcome) error {
	m := t.m
	if strings.HasPrefix(m.Choice, handoff.StaffChoice) { // staff have rooms for that
		out.Verdict = ignored
		t.b.log.Warn("refused: a button for staff was pressed elsewhere", "network", m.Conversation.Network, "account", m.From.ID)
		return t.b.desk.Refused(t.tx, m.Conversation.Network, m.From.ID, 0)
	}
	if !m.Private && !m.Addressed && m.Choice == "" {
		if m.Help && question {
			return t.overhear(v, out)
		}
		out.Verdict = ignored
		return nil
	}
	t.hear(question, v)
	if err := t.load(); err != nil {
		return err
	}
	if t.movesPrivate(v) {
		return t.movePrivately(v, out)
	}
	if err := t.record(); err != nil {
		return err
	}
	if len(m.Redacted) > 0 {
		if !m.Private {
			if err := t.deletePublic(); err != nil {
				return err
			}
			out.Verdict, out.Reason = string(knowledge.HandOff), string(handoff.ReasonSecret)
			return t.handOver(handoff.ReasonSecret, "")
		}
		if err := t.warn(); err != nil {
			return err
		}
	}
	if t.ticket != nil {
		if err := t.b.desk.Touch(t.tx, t.ticket, t.th); err != nil {
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

// hear makes m the asker's newest message.
func (t *turn) hear(question bool, v knowledge.Verdict) {
	t.th.Person, t.th.LastMessage = t.m.From, t.m.ID
	if question && v.Language != "" {
		t.th.Language = v.Language
	}
	if t.th.Language == "" {
		t.th.Language = t.language(t.th, t.m)
	}
}
