package store

import (
	"context"
	"time"

	"firstline/bot/chat"
	"firstline/handoff"
)

// Stats is how much waits and what went wrong, for metrics.
type Stats struct {
	InboxPending  map[chat.Network]int
	InboxOldest   time.Duration // age of the oldest pending message; 0: none
	OutboxPending map[chat.Network]int
	OutboxOldest  time.Duration // age of the oldest pending delivery; 0: none
	// OutboxFailed counts the deliveries that failed for good since the
	// database was made.
	OutboxFailed map[chat.Network]int
	// Tickets by state, ended claims counted as open. All states are there.
	Tickets map[handoff.TicketState]int
}

// Stats counts, at the store's time. It reads indexes only, but all of the
// pending rows and all tickets: ask at most every few seconds.
func (s *Store) Stats(ctx context.Context) (Stats, error) {
	var st Stats
	now := s.now()
	err := s.view(ctx, func(t *tx) (err error) {
		if st.InboxPending, err = t.countByNetwork("inbox", "state = 'pending'"); err != nil {
			return err
		}
		if st.OutboxPending, err = t.countByNetwork("outbox", "state = 'pending'"); err != nil {
			return err
		}
		if st.OutboxFailed, err = t.countByNetwork("outbox", "state = 'failed'"); err != nil {
			return err
		}
		if st.InboxOldest, err = t.oldest("SELECT COALESCE(MIN(received_at), 0) FROM inbox WHERE head = 1", now); err != nil {
			return err
		}
		if st.OutboxOldest, err = t.oldest("SELECT COALESCE(MIN(created_at), 0) FROM outbox WHERE head = 1", now); err != nil {
			return err
		}
		st.Tickets = map[handoff.TicketState]int{}
		for _, state := range []handoff.TicketState{handoff.Open, handoff.Claimed, handoff.Solved} {
			n, err := t.CountTickets(handoff.Filter{States: []handoff.TicketState{state}, Now: now})
			if err != nil {
				return err
			}
			st.Tickets[state] = n
		}
		return nil
	})
	return st, err
}

func (t *tx) countByNetwork(table, where string) (map[chat.Network]int, error) {
	counts := map[chat.Network]int{}
	err := t.each("SELECT network, COUNT(*) FROM "+table+" WHERE "+where+" GROUP BY network", nil, func(scan scan) error {
		var network chat.Network
		var n int
		err := scan(&network, &n)
		counts[network] = n
		return err
	})
	return counts, err
}

func (t *tx) oldest(text string, now time.Time) (time.Duration, error) {
	var at time.Time
	if err := t.one(text, nil, timeAt{&at}); err != nil || at.IsZero() {
		return 0, err
	}
	return max(now.Sub(at), 0), nil
}
