package handoff

import (
	"context"
	"slices"
	"strings"
	"time"

	"firstline/bot/outbox"
)

// Place returns the ticket's place in the queue, counted from 1: one more than
// the open tickets that entered it earlier.
func (d *Desk) Place(tx Tx, t *Ticket) (int, error) {
	n, err := tx.CountTickets(Filter{
		States: []TicketState{Open}, Now: d.now(), Before: t.QueuedAt, BeforeID: t.ID,
	})
	return n + 1, err
}

// How the wait is estimated: from the first replies of a week, when there are
// enough of them to mean something.
const (
	waitWindow  = 7 * 24 * time.Hour
	waitSamples = 50
	waitEnough  = 3
)

// Wait estimates how long a new ticket waits for its first reply. ok is false
// when too few recent tickets were replied to. The estimate is the median of
// the recent ones, but no less than the first in the queue has waited already:
// a queue that stands still must not promise yesterday's speed.
func (d *Desk) Wait(tx Tx) (wait time.Duration, ok bool, err error) {
	now := d.now()
	times, err := tx.FirstReplies(now.Add(-waitWindow), waitSamples)
	if err != nil || len(times) < waitEnough {
		return 0, false, err
	}
	slices.Sort(times)
	wait = times[len(times)/2]
	first, err := tx.Tickets(Filter{States: []TicketState{Open}, Now: now, Max: 1})
	if err != nil {
		return 0, false, err
	}
	if len(first) > 0 {
		wait = max(wait, now.Sub(first[0].QueuedAt))
	}
	return wait, true, nil
}

// Line is a ticket as a row of the queue.
type Line struct {
	*Ticket
	// State is the ticket's at the time of the query: an ended claim is Open.
	State TicketState
	// Question is what the asker wrote last, cut to 200 runes.
	Question string
	// Undelivered reports that the newest reply of an agent did not reach the
	// asker.
	Undelivered bool
}

// Queue is Acts.Queue in a transaction of its own.
func (d *Desk) Queue(ctx context.Context, by AgentID, f Filter) (lines []Line, err error) {
	err = d.store.View(ctx, func(tx Tx) error {
		lines, err = d.Within(tx, by).Queue(f)
		return err
	})
	return lines, err
}

// Queue returns the tickets that f selects. f.Now is set.
func (a Acts) Queue(f Filter) ([]Line, error) {
	f.Now = a.d.now()
	if _, err := authorise(a.tx, a.by, RoleAgent); err != nil {
		return nil, err
	}
	tickets, err := a.tx.Tickets(f)
	if err != nil {
		return nil, err
	}
	var lines []Line
	for _, t := range tickets {
		entries, err := a.tx.Entries(t.Thread, 20)
		if err != nil {
			return nil, err
		}
		l := Line{Ticket: t, State: t.StateAt(f.Now), Question: question(entries)}
		if l.Undelivered, err = undelivered(a.tx, t, entries); err != nil {
			return nil, err
		}
		lines = append(lines, l)
	}
	return lines, nil
}

// undelivered reports whether the newest reply among entries failed. Tickets
// that nobody replied to cost no query.
func undelivered(tx Tx, t *Ticket, entries []*Entry) (bool, error) {
	if t.FirstReplyAt.IsZero() {
		return false, nil
	}
	for _, e := range slices.Backward(entries) {
		if e.Kind != ByAgent {
			continue
		}
		deliveries, err := deliveriesFrom(tx, e)
		return withDelivery(e, deliveries).Delivery == outbox.Failed, err
	}
	return false, nil
}

// question returns what the asker wrote last, two messages of it, because the
// last one alone is often no more than "talk to a person".
func question(entries []*Entry) string {
	var texts []string
	for _, e := range slices.Backward(entries) {
		if e.Kind == ByAsker && e.Text != "" && !strings.HasPrefix(e.Text, PressMark) {
			texts = append(texts, strings.Join(strings.Fields(e.Text), " "))
		}
		if len(texts) == 2 {
			break
		}
	}
	slices.Reverse(texts)
	return Cut(strings.Join(texts, " · "), 200)
}

// Cut returns at most n runes of s, with an ellipsis when it is longer.
func Cut(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n-1]) + "…"
}
