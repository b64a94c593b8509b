package handoff

import (
	"context"

	"firstline/bot/outbox"
)

// Claim is Acts.Claim in a transaction of its own.
func (d *Desk) Claim(ctx context.Context, id TicketID, by AgentID) (*Ticket, error) {
	return d.do(ctx, by, func(a Acts) (*Ticket, error) { return a.Claim(id) })
}

// Release is Acts.Release in a transaction of its own.
func (d *Desk) Release(ctx context.Context, id TicketID, by AgentID) (*Ticket, error) {
	return d.do(ctx, by, func(a Acts) (*Ticket, error) { return a.Release(id) })
}

// Transfer is Acts.Transfer in a transaction of its own.
func (d *Desk) Transfer(ctx context.Context, id TicketID, by, to AgentID) (*Ticket, error) {
	return d.do(ctx, by, func(a Acts) (*Ticket, error) { return a.Transfer(id, to) })
}

// Reply is Acts.Reply in a transaction of its own; key and text as in Written.
func (d *Desk) Reply(ctx context.Context, id TicketID, by AgentID, key, text string) (*Ticket, error) {
	return d.do(ctx, by, func(a Acts) (*Ticket, error) { return a.Reply(id, Written{Key: key, Text: text}) })
}

// Note is Acts.Note in a transaction of its own; key and text as in Written.
func (d *Desk) Note(ctx context.Context, id TicketID, by AgentID, key, text string) (*Ticket, error) {
	return d.do(ctx, by, func(a Acts) (*Ticket, error) { return a.Note(id, Written{Key: key, Text: text}) })
}

// Solve is Acts.Solve in a transaction of its own.
func (d *Desk) Solve(ctx context.Context, id TicketID, by AgentID) (*Ticket, error) {
	return d.do(ctx, by, func(a Acts) (*Ticket, error) { return a.Solve(id) })
}

// Reopen is Acts.Reopen in a transaction of its own.
func (d *Desk) Reopen(ctx context.Context, id TicketID, by AgentID) (*Ticket, error) {
	return d.do(ctx, by, func(a Acts) (*Ticket, error) { return a.Reopen(id) })
}

// EditReply is Acts.EditReply in a transaction of its own.
func (d *Desk) EditReply(ctx context.Context, id TicketID, by AgentID, entry, key, text string) (*Ticket, error) {
	return d.do(ctx, by, func(a Acts) (*Ticket, error) { return a.EditReply(id, entry, key, text) })
}

// DeleteReply is Acts.DeleteReply in a transaction of its own.
func (d *Desk) DeleteReply(ctx context.Context, id TicketID, by AgentID, entry string) (*Ticket, error) {
	return d.do(ctx, by, func(a Acts) (*Ticket, error) { return a.DeleteReply(id, entry) })
}

func (d *Desk) do(ctx context.Context, by AgentID, f func(Acts) (*Ticket, error)) (*Ticket, error) {
	var t *Ticket
	err := d.store.Update(ctx, func(tx Tx) (err error) {
		t, err = f(d.Within(tx, by))
		return err
	})
	if err != nil {
		return nil, err
	}
	return t, nil
}

// Send puts a delivery to the ticket's asker into the outbox, cut into parts
// that fit the network. The caller gives key, class and content.
func (d *Desk) Send(tx Tx, t *Ticket, del outbox.Delivery) (added bool, err error) {
	del.Op, del.To, del.Thread, del.Ticket = outbox.OpSend, t.Conversation, string(t.Thread), int64(t.ID)
	return d.Put(tx, del)
}

// SendThread is Send for a thread, whether it has a ticket or not.
func (d *Desk) SendThread(tx Tx, th *Thread, del outbox.Delivery) (added bool, err error) {
	del.To, del.Thread, del.Ticket = th.Conversation, string(th.ID), int64(th.Ticket)
	if del.Op == "" {
		del.Op = outbox.OpSend
	}
	return d.Put(tx, del)
}

// Put puts a delivery into the outbox, cut into parts that fit the network.
func (d *Desk) Put(tx Tx, del outbox.Delivery) (added bool, err error) {
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
