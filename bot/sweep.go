package bot

import (
	"context"
	"errors"
	"time"

	"firstline/handoff"
)

// sweepEvery is how often Sweeper looks; sweepBatch is how many threads it
// takes at a time.
const (
	sweepEvery = time.Second
	sweepBatch = 100
)

// Sweeper turns questions that nobody answered in time into tickets, until ctx
// ends. When a question is due stands in the database, so restarts change
// nothing and several instances may sweep.
func (b *Bot) Sweeper(ctx context.Context) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		if err := b.Sweep(ctx); err != nil && ctx.Err() == nil {
			b.log.Error("sweeping unanswered questions", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Sweep gives every thread whose question is due a ticket. A thread that fails
// does not stop the others.
func (b *Bot) Sweep(ctx context.Context) error {
	var due []handoff.ThreadID
	err := b.store.View(ctx, func(tx handoff.Tx) (err error) {
		due, err = tx.ThreadsDue(b.now(), sweepBatch)
		return err
	})
	for _, id := range due {
		err = errors.Join(err, b.store.Update(ctx, func(tx handoff.Tx) error { return b.overdue(tx, id) }))
	}
	return err
}

func (b *Bot) overdue(tx handoff.Tx, id handoff.ThreadID) error {
	th, err := tx.Thread(id)
	if err != nil {
		return err
	}
	if th.Due.IsZero() || th.Due.After(b.now()) {
		return nil // answered since
	}
	t := &turn{b: b, Words: b.words(), tx: tx, th: th, key: string(id) + "/due/" + th.Unanswered.UTC().Format(time.RFC3339Nano)}
	if err := t.load(); err != nil {
		return err
	}
	if t.ticket != nil { // a ticket looks after the thread already
		t.answered()
	} else if err := t.handOver(handoff.ReasonUnanswered, ""); err != nil {
		return err
	}
	th.UpdatedAt = b.now()
	return tx.SaveThread(th)
}
