package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"firstline/bot/chat"
	"firstline/bot/outbox"
	"firstline/handoff"
)

var insertDelivery = `INSERT INTO outbox (network, conversation, id, key, thread, ticket, class, op, outbound, target, of_key, priority, created_at, due, ready_at, state, head)
VALUES (` + params(14) + `, $14, 'pending', ` + outboxQueue.isHead() + `)
ON CONFLICT (key) DO NOTHING`

// hurry lends its priority to all that stand before it in its line: an agent's
// reply must not wait as long as the bot's words in front of it would.
const hurry = `UPDATE outbox SET priority = $3
WHERE network = $1 AND conversation = $2 AND state = 'pending' AND priority > $3`

// PutDelivery implements handoff.Tx. A delivery begins as Pending: another
// State is an error, and Attempt, Uncertain, SentID and Error are not taken
// over. A zero CreatedAt becomes the store's time.
func (t *tx) PutDelivery(d outbox.Delivery) (added bool, err error) {
	switch {
	case d.Key == "":
		return false, errors.New("a delivery lacks its key")
	case d.To.Network == "" || d.To.ID == "":
		return false, errors.New("a delivery lacks its conversation")
	case d.Op != outbox.OpSend && d.Op != outbox.OpDelete && d.Op != outbox.OpEdit && d.Op != outbox.OpOpen:
		return false, fmt.Errorf("a delivery has the unknown operation %q", d.Op)
	case (d.Op == outbox.OpDelete || d.Op == outbox.OpEdit) && d.Target == "" && d.Of == "":
		return false, errors.New("a delivery lacks the message that it is about")
	case d.State != "" && d.State != outbox.Pending:
		return false, fmt.Errorf("a delivery can't be put as %q", d.State)
	}
	out, err := jsonOf(d.Out)
	if err != nil {
		return false, fmt.Errorf("a delivery: %w", err)
	}
	id, err := t.newID(d.ID)
	if err != nil {
		return false, err
	}
	if d.CreatedAt.IsZero() {
		d.CreatedAt = t.store.now()
	}
	priority := d.Class.Priority()
	n, err := t.exec(insertDelivery, d.To.Network, d.To.ID, id, d.Key, d.Thread, d.Ticket,
		d.Class, d.Op, out, d.Target, d.Of, priority, d.CreatedAt, d.Due)
	if err != nil || n == 0 {
		return false, err
	}
	if priority < outbox.ClassBot.Priority() {
		if _, err := t.exec(hurry, d.To.Network, d.To.ID, priority); err != nil {
			return false, err
		}
	}
	t.touch(Outbox, Desk)
	return true, nil
}

const deliveryColumns = `id, key, network, conversation, thread, ticket, class, op, outbound, target, of_key,
state, created_at, due, attempt, uncertain, sent_id, error, gone`

func readDelivery(scan scan) (d outbox.Delivery, err error) {
	err = scan(&d.ID, &d.Key, &d.To.Network, &d.To.ID, &d.Thread, &d.Ticket, &d.Class, &d.Op, jsonAt{&d.Out}, &d.Target, &d.Of,
		&d.State, timeAt{&d.CreatedAt}, timeAt{&d.Due}, &d.Attempt, &d.Uncertain, &d.SentID, &d.Error, &d.Gone)
	return d, err
}

// Deliveries implements handoff.Tx.
func (t *tx) Deliveries(thread handoff.ThreadID, since time.Time) ([]outbox.Delivery, error) {
	return list(t, "SELECT "+deliveryColumns+" FROM outbox WHERE thread = $1 AND created_at >= $2 ORDER BY created_at, id",
		[]any{thread, since}, readDelivery)
}

// SentAs implements handoff.Tx.
func (t *tx) SentAs(in chat.ConversationID, id chat.MessageID) (*outbox.Delivery, error) {
	d, err := first(list(t, selectSentAs, []any{in.Network, in.ID, id}, readDelivery))
	if err != nil {
		return nil, err
	}
	return &d, nil
}

// Sending implements handoff.Tx.
func (t *tx) Sending(in chat.ConversationID) (bool, error) {
	return t.exists(selectSending, in.Network, in.ID)
}

const selectSending = "SELECT 1 FROM outbox WHERE network = $1 AND conversation = $2 AND state = 'pending' AND leased = 1 LIMIT 1"

const selectSentAs = "SELECT " + deliveryColumns + ` FROM outbox
WHERE network = $1 AND conversation = $2 AND sent_id = $3 AND sent_id <> '' AND op = 'send' ORDER BY id DESC LIMIT 1`

// TakeDeliveries implements outbox.Store. When the attempt before ended with
// its lease instead of FinishDelivery (a crash), nobody knows how far it came:
// it is counted as Uncertain.
func (s *Store) TakeDeliveries(ctx context.Context, networks []chat.Network, limit int, now time.Time, lease time.Duration) ([]outbox.Delivery, error) {
	var taken []outbox.Delivery
	err := s.writer.do(ctx, func(t *tx) error {
		taken = nil
		ids, err := t.urgent(networks, limit, now)
		if err != nil {
			return err
		}
		for _, id := range ids {
			d, err := list(t, `UPDATE outbox SET attempt = attempt + 1, uncertain = uncertain + leased, leased = 1, ready_at = $2
WHERE id = $1 RETURNING `+deliveryColumns, []any{id, now.Add(lease)}, readDelivery)
			if err != nil {
				return err
			}
			for i := range d {
				if err := t.aim(&d[i]); err != nil {
					return err
				}
			}
			taken = append(taken, d...)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return taken, nil
}

// urgent returns the ids of up to limit heads that are ready at now, the most
// urgent first.
func (t *tx) urgent(networks []chat.Network, limit int, now time.Time) ([]string, error) {
	var all []head
	for p := range outbox.Priorities {
		found, err := outboxQueue.ready(t, networks, limit, readyDeliveries, now, p)
		if err != nil {
			return nil, err
		}
		for _, h := range found {
			h.at -= outbox.HeadStart(p).Milliseconds()
			all = append(all, h)
		}
	}
	return earliest(all, limit), nil
}

// aim fills in the message that d is about, now that what sent it has ended.
func (t *tx) aim(d *outbox.Delivery) error {
	if d.Of == "" || d.Target != "" {
		return nil
	}
	err := t.one("SELECT sent_id FROM outbox WHERE key = $1 AND state = 'sent' AND network = $2 AND conversation = $3",
		[]any{d.Of, d.To.Network, d.To.ID}, &d.Target)
	if errors.Is(err, handoff.ErrNotFound) {
		return nil
	}
	return err
}

// FinishDelivery implements outbox.Store. A delivery whose state is final
// can't be finished again: ErrLost.
func (s *Store) FinishDelivery(ctx context.Context, d outbox.Delivery, r outbox.Result) error {
	switch r.State {
	case outbox.Pending, outbox.Sent, outbox.Failed, outbox.Withheld:
	default:
		return fmt.Errorf("a delivery can't end as %q", r.State)
	}
	return s.writer.do(ctx, func(t *tx) error {
		done := r.State != outbox.Pending
		var network, conversation string
		err := t.one(`UPDATE outbox SET state = $3, leased = 0, error = $4, uncertain = uncertain + $5, sent_id = $6, gone = $9,
due = CASE WHEN $7 = 1 THEN due ELSE $8 END, ready_at = $8, head = CASE WHEN $7 = 1 THEN 0 ELSE head END
WHERE id = $1 AND attempt = $2 AND state = 'pending' RETURNING network, conversation`,
			[]any{d.ID, d.Attempt, r.State, r.Error, r.Uncertain, r.SentID, done, r.Due, r.Gone}, &network, &conversation)
		if errors.Is(err, handoff.ErrNotFound) {
			return outbox.ErrLost
		}
		if err != nil {
			return err
		}
		t.touch(Outbox, Desk)
		if !done {
			return nil
		}
		return outboxQueue.advance(t, network, conversation)
	})
}
