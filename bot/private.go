package bot

import (
	"context"
	"errors"
	"slices"

	"firstline/bot/chat"
	"firstline/bot/inbox"
	"firstline/bot/outbox"
	"firstline/bot/phrases"
	"firstline/handoff"
	"firstline/knowledge"
)

// forPrivate reports that a message is not to be talked about where others read
// along: a secret was in it, or only people may answer it.
func forPrivate(m *chat.Message, v knowledge.Verdict) bool {
	public := !m.Private && !m.Edited && (m.Addressed || m.Help)
	return public && (len(m.Redacted) > 0 || v.Kind == knowledge.HandOff && v.Reason == knowledge.Always)
}

// openPrivate finds, outside of any transaction, where the talk about a message goes
// on in private. The zero value: nowhere, it stays where it is. An error is one that
// passes.
func (b *Bot) openPrivate(ctx context.Context, item inbox.Item, v knowledge.Verdict) (chat.ConversationID, error) {
	if !forPrivate(item.Message, v) || item.Attempt > patience {
		return chat.ConversationID{}, nil
	}
	in, err := b.private(ctx, item.Message.Conversation.Network, item.Message.From)
	if err != nil && chat.AsSendError(err).Kind.Permanent() {
		return chat.ConversationID{}, nil
	}
	return in, err
}

// movesPrivate reports that the message goes on in private: unless people look
// after what its author asks here already.
func (t *turn) movesPrivate(v knowledge.Verdict) bool {
	return t.private.ID != "" && t.ticket == nil && forPrivate(t.m, v)
}

// movePrivately hands the message over in its author's private conversation, and
// says here no more than that. The private thread has the message and the ticket,
// and what its author writes there is added to it.
func (t *turn) movePrivately(v knowledge.Verdict, out *Outcome) error {
	reason, said := handoff.ReasonAlways, phrases.HandedOverPublic
	if len(t.m.Redacted) > 0 {
		reason, said = handoff.ReasonSecret, phrases.SecretPublic
		if err := t.deletePublic(); err != nil {
			return err
		}
	}
	out.Verdict, out.Reason = string(knowledge.HandOff), string(reason)
	t.answered()
	if err := t.say(outbox.ClassNotice, chat.Join(" ", t.text(said), t.text(phrases.MovedPrivate))); err != nil {
		return err
	}
	pt, err := t.inPrivate()
	if err != nil {
		return err
	}
	if err := pt.record(); err != nil {
		return err
	}
	if pt.ticket != nil {
		if err := t.b.desk.Touch(t.tx, pt.ticket, pt.th); err != nil {
			return err
		}
		if pt.ticket.HeldAt(t.b.now()) { // the one who holds it sees it
			return t.tx.SaveThread(pt.th)
		}
	}
	if reason == handoff.ReasonSecret {
		err = errors.Join(pt.say(outbox.ClassNotice, pt.secretWarning(phrases.SecretDeleteIt)), pt.handOver(reason, ""))
	} else {
		err = pt.always(v.Passage)
	}
	if err != nil {
		return err
	}
	return t.tx.SaveThread(pt.th)
}

// inPrivate is the turn in the private thread of the message's author.
func (t *turn) inPrivate() (*turn, error) {
	id := handoff.ThreadOf(&chat.Message{Conversation: t.private, Private: true})
	th, err := t.tx.Thread(id)
	if errors.Is(err, handoff.ErrNotFound) {
		th, err = &handoff.Thread{ID: id, Conversation: t.private, Private: true}, nil
	}
	if err != nil {
		return nil, err
	}
	th.Person, th.Language, th.UpdatedAt = t.m.From, t.th.Language, t.b.now()
	pt := &turn{b: t.b, Words: t.Words, tx: t.tx, th: th, m: t.m, key: t.key + "/private"}
	return pt, pt.load()
}

// deletePublic has a message with a secret in it deleted where others could read
// it, as far as the bot may.
func (t *turn) deletePublic() error {
	_, err := t.b.desk.Put(t.tx, outbox.Delivery{
		Key: "delete/" + t.key, Class: outbox.ClassNotice, Op: outbox.OpDelete, Target: t.m.ID,
		// Not where the thread is: that can have moved to private, where the same id
		// is another message.
		To: t.m.Conversation, Thread: string(t.th.ID), Ticket: int64(t.th.Ticket),
	})
	return err
}

// secretWarning says what was taken out of the message and what to do now; last is
// what became of the message itself.
func (t *turn) secretWarning(last phrases.ID) chat.Rich {
	kinds := t.textWith(phrases.SecretRemoved, phrases.Data{
		Kinds: t.Book.Kinds(t.th.Language, slices.Compact(slices.Sorted(slices.Values(t.m.Redacted)))),
	})
	return chat.Join("\n\n", kinds, t.text(last), t.text(phrases.SecretAct))
}

// Private opens private conversations on the networks that can.
type Private struct {
	openers map[chat.Network]chat.PrivateOpener
}

// NewPrivate returns a Private for those channels that implement
// chat.PrivateOpener.
func NewPrivate(channels ...chat.Channel) *Private {
	p := &Private{openers: map[chat.Network]chat.PrivateOpener{}}
	for _, ch := range channels {
		if o, ok := ch.(chat.PrivateOpener); ok {
			p.openers[ch.Network()] = o
		}
	}
	return p
}

// Open is what Options.Private needs.
func (p *Private) Open(ctx context.Context, n chat.Network, with chat.Person) (chat.ConversationID, error) {
	o := p.openers[n]
	if o == nil {
		return chat.ConversationID{}, &chat.SendError{Kind: chat.Rejected, Reason: "this network has no private conversations"}
	}
	return o.OpenPrivate(ctx, with)
}
