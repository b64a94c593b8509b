package handoff

import (
	"strings"
	"unicode/utf8"

	"firstline/bot/chat"
	"firstline/bot/outbox"
)

// MaxText is the most runes of one reply or note.
const MaxText = 20_000

// Written is a reply or note of an agent.
type Written struct {
	// Key names the form or message that it was written in: of two with the same
	// key on the same ticket the second does nothing, so a double click is one
	// message.
	Key  string
	Text string
	// In and Message are where it stands in a staff room; zero: in none.
	In      chat.ConversationID
	Message chat.MessageID
}

// Reply sends w to the asker. Replying to an open ticket claims it. ErrEmpty,
// ErrTooLong and ErrSecret are about the text, ErrTaken and ErrSolved about the
// ticket.
func (a Acts) Reply(id TicketID, w Written) (*Ticket, error) {
	text, err := a.d.check(w.Text)
	if err != nil {
		return nil, err
	}
	return a.act(id, func(t *Ticket) error {
		if err := a.hold(t); err != nil {
			return err
		}
		d := a.d
		del := outbox.Delivery{
			Key: "reply/" + id.String() + "/" + string(a.by) + "/" + w.Key, Class: outbox.ClassReply,
			Out: chat.Outbound{Body: d.voice.Reply(t, text), ReplyTo: t.ReplyTo},
		}
		added, err := d.Send(a.tx, t, del)
		if err != nil || !added {
			return err
		}
		err = a.tx.AddEntry(&Entry{
			Key: del.Key, Thread: t.Thread, Ticket: id, Kind: ByAgent, Agent: a.by,
			Text: text, Delivery: del.Key, At: d.now(), In: w.In, Message: w.Message,
		})
		if err != nil {
			return err
		}
		if t.FirstReplyAt.IsZero() {
			t.FirstReplyAt = d.now()
		}
		return a.save(t, "replied", "")
	})
}

// Note adds an internal remark, which no asker can see. It needs no claim. Its
// errors are those about the text.
func (a Acts) Note(id TicketID, w Written) (*Ticket, error) {
	text, err := a.d.check(w.Text)
	if err != nil {
		return nil, err
	}
	return a.act(id, func(t *Ticket) error {
		n := &Note{
			Key: "note/" + id.String() + "/" + string(a.by) + "/" + w.Key, Ticket: id, Agent: a.by,
			Text: text, At: a.d.now(), In: w.In, Message: w.Message,
		}
		if err := a.tx.AddNote(n); err != nil {
			return err
		}
		return a.save(t, "noted", "")
	})
}

// check returns an agent's text as it may be stored, or why it may not.
func (d *Desk) check(text string) (string, error) {
	text = strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), "\uFFFD"))
	text = strings.ReplaceAll(text, "\r\n", "\n")
	switch {
	case text == "":
		return "", ErrEmpty
	case utf8.RuneCountInString(text) > MaxText:
		return "", ErrTooLong
	}
	if _, kinds := d.clean(text); len(kinds) > 0 {
		return "", ErrSecret
	}
	return text, nil
}
