package handoff

import (
	"context"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"firstline/bot/chat"
	"firstline/bot/outbox"
)

// MaxText is the most runes of one reply or note.
const MaxText = 20_000

// Claim gives the ticket to an agent for the time of a claim. An agent who
// holds it already renews the claim. ErrTaken when another one holds it.
func (d *Desk) Claim(ctx context.Context, id TicketID, by AgentID) (*Ticket, error) {
	return d.act(ctx, id, by, func(tx Tx, t *Ticket) error {
		fresh := t.ClaimedBy != by
		if err := d.hold(t, by); err != nil {
			return err
		}
		if err := tx.SaveTicket(t); err != nil || !fresh {
			return err
		}
		return d.log(tx, by, "claimed", id, "")
	})
}

// Release puts the ticket back into the queue, where it was before.
func (d *Desk) Release(ctx context.Context, id TicketID, by AgentID) (*Ticket, error) {
	return d.act(ctx, id, by, func(tx Tx, t *Ticket) error {
		if err := d.hold(t, by); err != nil {
			return err
		}
		t.State, t.ClaimedBy, t.ClaimedUntil = Open, "", time.Time{}
		if err := tx.SaveTicket(t); err != nil {
			return err
		}
		return d.log(tx, by, "released", id, "")
	})
}

// Reply sends text to the asker. key names the form that it was written in: a
// second Reply with the same key on the same ticket does nothing, so a double
// click is one message. Replying to an open ticket claims it.
func (d *Desk) Reply(ctx context.Context, id TicketID, by AgentID, key, text string) (*Ticket, error) {
	text, err := d.check(text)
	if err != nil {
		return nil, err
	}
	return d.act(ctx, id, by, func(tx Tx, t *Ticket) error {
		if err := d.hold(t, by); err != nil {
			return err
		}
		del := outbox.Delivery{
			Key: "reply/" + id.String() + "/" + string(by) + "/" + key, Class: outbox.ClassReply,
			Out: chat.Outbound{Body: d.voice.Reply(t, text), ReplyTo: t.ReplyTo},
		}
		added, err := d.Send(tx, t, del)
		if err != nil || !added {
			return err
		}
		err = tx.AddEntry(&Entry{
			Key: del.Key, Thread: t.Thread, Ticket: id, Kind: ByAgent, Agent: by,
			Text: text, Delivery: del.Key, At: d.now(),
		})
		if err != nil {
			return err
		}
		if t.FirstReplyAt.IsZero() {
			t.FirstReplyAt = d.now()
		}
		if err := tx.SaveTicket(t); err != nil {
			return err
		}
		return d.log(tx, by, "replied", id, "")
	})
}

// Note adds an internal remark, which no asker can see. key as in Reply. A
// note needs no claim.
func (d *Desk) Note(ctx context.Context, id TicketID, by AgentID, key, text string) (*Ticket, error) {
	text, err := d.check(text)
	if err != nil {
		return nil, err
	}
	return d.act(ctx, id, by, func(tx Tx, t *Ticket) error {
		n := &Note{
			Key: "note/" + id.String() + "/" + string(by) + "/" + key, Ticket: id, Agent: by,
			Text: text, At: d.now(),
		}
		if err := tx.AddNote(n); err != nil {
			return err
		}
		if err := tx.SaveTicket(t); err != nil {
			return err
		}
		return d.log(tx, by, "noted", id, "")
	})
}

// Solve ends the ticket and asks the asker how it went. ErrSolved when it is
// solved already, ErrTaken when another agent holds it.
func (d *Desk) Solve(ctx context.Context, id TicketID, by AgentID) (*Ticket, error) {
	return d.act(ctx, id, by, func(tx Tx, t *Ticket) error {
		if err := d.hold(t, by); err != nil {
			return err
		}
		t.State, t.ClaimedBy, t.ClaimedUntil = Solved, "", time.Time{}
		t.SolvedAt, t.SolvedBy = d.now(), by
		out := d.voice.Solved(t)
		out.ReplyTo = t.ReplyTo
		key := "solved/" + id.String() + "/" + strconv.Itoa(t.Reopened)
		if _, err := d.Send(tx, t, outbox.Delivery{Key: key, Class: outbox.ClassNotice, Out: out}); err != nil {
			return err
		}
		err := tx.AddEntry(&Entry{
			Key: key, Thread: t.Thread, Ticket: id, Kind: ByBot, Text: out.Body.Text,
			Delivery: key, At: d.now(),
		})
		if err != nil {
			return err
		}
		if err := tx.SaveTicket(t); err != nil {
			return err
		}
		return d.log(tx, by, "solved", id, "")
	})
}

// Reopen puts a solved ticket back into the queue.
func (d *Desk) Reopen(ctx context.Context, id TicketID, by AgentID) (*Ticket, error) {
	return d.act(ctx, id, by, func(tx Tx, t *Ticket) error {
		if t.State != Solved {
			return nil
		}
		return d.reopen(tx, t, nil, by)
	})
}

// Send puts a delivery to the ticket's asker into the outbox, cut into parts
// that fit the network. The caller gives key, class and content.
func (d *Desk) Send(tx Tx, t *Ticket, del outbox.Delivery) (added bool, err error) {
	del.Op, del.To, del.Thread, del.Ticket = outbox.OpSend, t.Conversation, string(t.Thread), int64(t.ID)
	return d.put(tx, del)
}

// SendThread is Send for a thread, whether it has a ticket or not.
func (d *Desk) SendThread(tx Tx, th *Thread, del outbox.Delivery) (added bool, err error) {
	del.To, del.Thread, del.Ticket = th.Conversation, string(th.ID), int64(th.Ticket)
	if del.Op == "" {
		del.Op = outbox.OpSend
	}
	return d.put(tx, del)
}

func (d *Desk) put(tx Tx, del outbox.Delivery) (added bool, err error) {
	now := d.now()
	del.State, del.CreatedAt, del.Due = outbox.Pending, now, now
	for _, p := range outbox.Parts(del, d.limits(del.To.Network)) {
		a, err := tx.PutDelivery(p)
		if err != nil {
			return false, err
		}
		added = added || a
	}
	return added, nil
}

// act runs f on a ticket for an authorised agent.
func (d *Desk) act(ctx context.Context, id TicketID, by AgentID, f func(Tx, *Ticket) error) (*Ticket, error) {
	var t *Ticket
	err := d.store.Update(ctx, func(tx Tx) error {
		if _, err := authorise(tx, by, RoleAgent); err != nil {
			return err
		}
		var err error
		if t, err = tx.Ticket(id); err != nil {
			return err
		}
		t.UpdatedAt = d.now()
		return f(tx, t)
	})
	if err != nil {
		return nil, err
	}
	return t, nil
}

// hold makes by the holder of t from now on, or fails with ErrTaken or
// ErrSolved.
func (d *Desk) hold(t *Ticket, by AgentID) error {
	now := d.now()
	if t.State == Solved {
		return ErrSolved
	}
	if t.HeldAt(now) && t.ClaimedBy != by {
		return ErrTaken
	}
	t.State, t.ClaimedBy, t.ClaimedUntil = Claimed, by, now.Add(d.claimFor)
	return nil
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
