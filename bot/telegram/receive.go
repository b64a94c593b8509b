package telegram

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"firstline/bot/chat"
)

// converter returns one for updates that come now.
func (c *Channel) converter() converter {
	return converter{self: *c.self.Load(), now: c.now, isHelp: func(p place, forum bool) bool {
		return isHelp(c.helps, p, forum, c.moved.now)
	}, staff: c.asNamed}
}

// receive takes polled updates into q and gives r what is ready. next is the
// offset that confirms what is stored, 0 when nothing may be confirmed. Telegram
// can start over with lower ids after a quiet week, so next follows from these
// updates alone.
func (c *Channel) receive(ctx context.Context, r chat.Receiver, q *line, raws []json.RawMessage) (next int64, err error) {
	cv := c.converter()
	now := c.now()
	var fresh []update
	var ids []int64
	for _, raw := range raws {
		u := cv.convert(raw)
		next = max(next, u.id+1)
		if u.id != 0 && (q.knows(u.id) || slices.Contains(ids, u.id)) {
			continue
		}
		ids = append(ids, u.id)
		u.seen = now
		c.note(u)
		fresh = append(fresh, u)
	}
	if len(raws) > 0 && next <= 1 {
		return 0, &callError{method: "getUpdates", reason: "the updates have no ids"}
	}
	// Telegram gives them in order. Should it not, their ids say what came first.
	slices.SortStableFunc(fresh, func(a, b update) int { return int(a.id - b.id) })
	ready, stay := q.advance(fresh, now)
	if err := c.store(ctx, r, ready); err != nil {
		return 0, err
	}
	q.commit(ready, stay, now)
	for _, u := range ready {
		c.settle(u)
	}
	for _, u := range stay {
		next = min(next, u.id)
	}
	return next, nil
}

// note takes in what an update tells before it is stored.
func (c *Channel) note(u update) {
	if u.broken {
		c.log.Warn("an update of Telegram could not be read and was skipped", "update", u.id, "kind", u.kind)
	}
	if u.movedTo != 0 {
		c.log.Info("a group has become a supergroup", "from", u.movedFrom, "to", u.movedTo)
		c.moved.learn(u.movedFrom, u.movedTo) // what follows in the same batch is read with it
	}
}

// store makes updates durable, in order.
func (c *Channel) store(ctx context.Context, r chat.Receiver, updates []update) error {
	var batch []*chat.Message
	for _, u := range updates {
		if u.movedTo != 0 {
			if err := c.moved.save(ctx, u.movedFrom, u.movedTo); err != nil {
				return fmt.Errorf("%w: what a group has become: %w", errStore, err)
			}
		}
		m := u.message
		// An album turns out only when it is together to be for nobody here. Its
		// late parts are edits that bring something: none of them is too old.
		if m != nil && wanted(m) && (u.album != "" || !c.edited.overtaken(m)) {
			batch = append(batch, m)
		}
	}
	if len(batch) == 0 {
		return nil
	}
	if err := r.Receive(ctx, batch); err != nil {
		return fmt.Errorf("%w: %w", errStore, err)
	}
	return nil
}

// settle does what follows on an update that is stored, and so will not come
// again. An answered press tells the person that it has arrived.
func (c *Channel) settle(u update) {
	if u.membership != "" {
		c.log.Info("the bot's place in a chat has changed", "conversation", u.conversation, "status", u.membership)
		c.count(u.membership)
	}
	if u.message != nil && u.album == "" {
		c.edited.keep(u.message)
	}
	if u.press.query != "" {
		c.pressed(u.press)
	}
}
