package bot

import (
	"firstline/bot/chat"
	"firstline/bot/outbox"
	"firstline/bot/phrases"
	"firstline/handoff"
)

// handOver gives the thread a ticket and tells the asker: that a person will
// answer, the place in the queue, an honest wait, opening hours when outside
// them, and what staff never ask for. Ticket and notice are one transaction.
func (t *turn) handOver(reason handoff.Reason, article string) error {
	ticket, opening, err := t.b.desk.Open(t.tx, t.th, reason, article)
	if err != nil {
		return err
	}
	t.ticket = ticket
	first := phrases.HandedOver
	switch {
	case reason == handoff.ReasonSecret && !t.th.Private:
		first = phrases.SecretPublic
	case opening == handoff.Existing:
		first = phrases.AlreadyQueued
	case opening == handoff.Reopened:
		first = phrases.Reopened
	case reason == handoff.ReasonUnanswered:
		first = phrases.HandedOverTimer
	case reason == handoff.ReasonFailed:
		first = phrases.HandedOverFailed
	case reason == handoff.ReasonAlways && !t.th.Private:
		first = phrases.HandedOverPublic
	}
	if t.brief(reason) {
		return t.say(outbox.ClassNotice, t.text(first))
	}
	place, err := t.place()
	if err != nil {
		return err
	}
	wait, err := t.wait()
	if err != nil {
		return err
	}
	hours := chat.Rich{}
	if !t.Site.Hours.OpenAt(t.b.now()) {
		hours = t.textWith(phrases.ClosedNow, phrases.Data{Hours: t.Book.Hours(t.th.Language)})
	}
	queue := chat.Join(" ", place, wait, hours)
	return t.say(outbox.ClassNotice, chat.Join("\n\n", t.text(first), queue, t.text(phrases.NeverAsk)))
}

// brief reports that no more than a line belongs where others read along: what
// nobody asked the bot to say there, and matters that are private.
func (t *turn) brief(reason handoff.Reason) bool {
	switch reason {
	case handoff.ReasonUnanswered, handoff.ReasonAlways, handoff.ReasonSecret:
		return !t.th.Private
	}
	return false
}

// place words the ticket's place in the queue.
func (t *turn) place() (chat.Rich, error) {
	n, err := t.b.desk.Place(t.tx, t.ticket)
	if err != nil {
		return chat.Rich{}, err
	}
	return chat.Plain(t.Book.Count(t.th.Language, phrases.QueuePlace, n, phrases.Data{})), nil
}

// wait words how long it may take.
func (t *turn) wait() (chat.Rich, error) {
	wait, ok, err := t.b.desk.Wait(t.tx)
	if err != nil || !ok {
		return t.text(phrases.WaitUnknown), err
	}
	return t.textWith(phrases.WaitEstimate, phrases.Data{Wait: t.Book.Duration(t.th.Language, wait)}), nil
}

// warn tells the asker in private that a secret was taken out of their message and has
// the message deleted where the network lets a bot do that. It goes out even
// while a person holds the ticket.
func (t *turn) warn() error {
	last := phrases.SecretDeleteIt
	if t.b.can(t.m.Conversation.Network).Delete {
		del := outbox.Delivery{
			Key: "delete/" + t.key, Class: outbox.ClassNotice, Op: outbox.OpDelete, Target: t.m.ID,
		}
		if _, err := t.b.desk.SendThread(t.tx, t.th, del); err != nil {
			return err
		}
		last = phrases.SecretDeleted
	}
	return t.say(outbox.ClassNotice, t.secretWarning(last), t.person())
}

// text is a phrase in the thread's language.
func (t *turn) text(id phrases.ID) chat.Rich { return t.textWith(id, phrases.Data{}) }

func (t *turn) textWith(id phrases.ID, d phrases.Data) chat.Rich {
	return chat.Plain(t.Book.Text(t.th.Language, id, d))
}
