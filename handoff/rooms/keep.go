package rooms

import (
	"context"
	"errors"
	"fmt"
	"time"

	"firstline/handoff"
)

// How often rooms are looked at when nothing rings, and at most; and how many
// tickets at once.
const (
	keepEvery = time.Second
	keepRest  = 50 * time.Millisecond
	keepBatch = 50
)

// Keep keeps the cards of all rooms in step with their tickets, until ctx ends.
// How far each has come stands in the database, and what is sent has keys: a
// restart changes nothing, and several instances may keep.
func (r *Rooms) Keep(ctx context.Context) {
	if err := r.leaveOthers(ctx); err != nil && ctx.Err() == nil {
		r.log.Error("ending the troubles of rooms that are no more", "err", err)
	}
	if len(r.rooms) == 0 {
		return
	}
	tick := time.NewTicker(keepEvery)
	defer tick.Stop()
	for {
		if err := r.Sync(ctx); err != nil && ctx.Err() == nil {
			r.log.Error("keeping the cards of staff rooms", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(keepRest):
		}
		select {
		case <-ctx.Done():
			return
		case <-r.wake:
		case <-tick.C:
		}
	}
}

// leaveOthers ends the troubles of rooms that the settings name no more: nothing
// would ever end them.
func (r *Rooms) leaveOthers(ctx context.Context) error {
	return r.store.Update(ctx, func(tx handoff.Tx) error {
		all, err := tx.RoomProblems()
		for _, p := range all {
			if room := r.room(p.Room.Network); err == nil && (room == nil || room.At != p.Room) {
				err = tx.EndRoomProblems(p.Room)
			}
		}
		return err
	})
}

// Sync looks once at all cards that are due. A ticket that fails does not stop the
// others.
func (r *Rooms) Sync(ctx context.Context) error {
	var failed error
	for _, room := range r.rooms {
		var due []handoff.TicketID
		err := r.store.View(ctx, func(tx handoff.Tx) (err error) {
			due, err = tx.CardsDue(room.At, r.now(), keepBatch)
			return err
		})
		failed = errors.Join(failed, err)
		for _, id := range due {
			err := r.store.Update(ctx, func(tx handoff.Tx) error { return r.look(tx, room, id) })
			if err != nil {
				failed = errors.Join(failed, fmt.Errorf("ticket %d in %s: %w", id, room.At, err))
			}
		}
	}
	return failed
}

// look brings one card a step further.
func (r *Rooms) look(tx handoff.Tx, room *Room, id handoff.TicketID) error {
	t, err := tx.Ticket(id)
	if err != nil {
		return err
	}
	c, err := tx.Card(room.At, id)
	if errors.Is(err, handoff.ErrNotFound) {
		c, err = &handoff.Card{Room: room.At, Ticket: id}, nil
	}
	if err != nil {
		return err
	}
	s := &show{r: r, tx: tx, room: room, t: t, c: c, now: r.now()}
	if err := s.step(); err != nil {
		return err
	}
	return tx.SaveCard(c)
}
