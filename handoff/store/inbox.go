package store

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"firstline/bot/chat"
	"firstline/bot/inbox"
	"firstline/bot/outbox"
	"firstline/handoff"
)

// AddMessages implements inbox.Store. A message without a network, a
// conversation or an event is an error, and nothing of the batch is kept:
// without them it could be neither told from others nor answered.
func (s *Store) AddMessages(ctx context.Context, batch []*chat.Message, now time.Time) (added int, err error) {
	for _, m := range batch {
		if m == nil || m.Event == "" || m.Conversation.Network == "" || m.Conversation.ID == "" {
			return 0, errors.New("a received message lacks its event or conversation")
		}
	}
	if len(batch) == 0 {
		return 0, nil
	}
	err = s.writer.do(ctx, func(t *tx) error {
		added = 0
		for _, m := range batch {
			n, err := t.addMessage(m, now)
			if err != nil {
				return err
			}
			added += n
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return added, nil
}

// TakeMessages implements inbox.Store.
func (s *Store) TakeMessages(ctx context.Context, networks []chat.Network, limit int, now time.Time, lease time.Duration) ([]inbox.Item, error) {
	var items []inbox.Item
	err := s.writer.do(ctx, func(t *tx) error {
		items = nil
		heads, err := inboxQueue.ready(t, networks, limit, readyMessages, now)
		if err != nil {
			return err
		}
		for _, id := range earliest(heads, limit) {
			item, err := t.takeMessage(id, now.Add(lease))
			if err != nil {
				return err
			}
			if item.Message != nil {
				items = append(items, item)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return items, nil
}

// takeMessage leases one message. One that can't be read any more is left
// leased and comes without Message: its conversation waits, the others don't.
func (t *tx) takeMessage(id string, until time.Time) (inbox.Item, error) {
	item := inbox.Item{ID: id}
	var body string
	err := t.one(`UPDATE inbox SET attempt = attempt + 1, ready_at = $2 WHERE id = $1
RETURNING message, received_at, attempt`, []any{id, until}, &body, timeAt{&item.ReceivedAt}, &item.Attempt)
	if err != nil {
		return inbox.Item{}, err
	}
	if err := json.Unmarshal([]byte(body), &item.Message); err != nil {
		t.store.log.Error("a stored message can't be read", "id", id) // the error may quote it
		item.Message = nil
	}
	return item, nil
}

// DelayMessage implements inbox.Store.
func (s *Store) DelayMessage(ctx context.Context, item inbox.Item, due time.Time) error {
	return s.writer.do(ctx, func(t *tx) error {
		n, err := t.exec("UPDATE inbox SET ready_at = $3 WHERE id = $1 AND attempt = $2 AND state = 'pending'",
			item.ID, item.Attempt, due)
		if err == nil && n == 0 {
			return outbox.ErrLost
		}
		t.touch(Inbox)
		return err
	})
}

// FinishMessage implements handoff.Tx. The message itself is blanked: what the
// person wrote is kept in entries, and the row only to know the event again.
// ErrLost ends the transaction even when the caller hides it.
func (t *tx) FinishMessage(id string, attempt int) error {
	if err := t.writable(); err != nil {
		return err
	}
	now := max(millis(t.store.now()), 1) // 0 would say that it is not handled
	var network, conversation string
	err := t.one(`UPDATE inbox SET state = 'handled', head = 0, message = '', handled_at = $3
WHERE id = $1 AND attempt = $2 AND state = 'pending' RETURNING network, conversation`,
		[]any{id, attempt, now}, &network, &conversation)
	if errors.Is(err, handoff.ErrNotFound) {
		return t.fail(outbox.ErrLost)
	}
	if err != nil {
		return err
	}
	t.touch(Inbox)
	return inboxQueue.advance(t, network, conversation)
}

// purgeStep is how many rows one transaction of PurgeInbox deletes, so that
// messages don't wait for it.
const purgeStep = 500

// PurgeInbox deletes what was handled before that time and returns how many
// rows that were. An event that a network delivers again after its row is
// gone would be taken for a new one: keep rows for far longer than networks
// redeliver (Telegram: 24 hours); 30 days is good.
func (s *Store) PurgeInbox(ctx context.Context, before time.Time) (deleted int, err error) {
	for {
		var n int64
		err := s.writer.do(ctx, func(t *tx) (err error) {
			n, err = t.exec(`DELETE FROM inbox WHERE id IN (
SELECT id FROM inbox WHERE handled_at > 0 AND handled_at < $1 LIMIT $2)`, before, purgeStep)
			return err
		})
		if err != nil {
			return deleted, err
		}
		deleted += int(n)
		if n < purgeStep {
			return deleted, nil
		}
	}
}
