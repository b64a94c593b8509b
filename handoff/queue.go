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

// Queue returns the tickets that f selects, for an agent to see. f.Now is set.
func (d *Desk) Queue(ctx context.Context, by AgentID, f Filter) ([]Line, error) {
	f.Now = d.now()
	var lines []Line
	err := d.store.View(ctx, func(tx Tx) error {
		lines = nil
		if _, err := authorise(tx, by, RoleAgent); err != nil {
			return err
		}
		tickets, err := tx.Tickets(f)
		if err != nil {
			return err
		}
		for _, t := range tickets {
			entries, err := tx.Entries(t.Thread, 20)
			if err != nil {
				return err
			}
			l := Line{Ticket: t, State: t.StateAt(f.Now), Question: question(entries)}
			if l.Undelivered, err = undelivered(tx, t, entries); err != nil {
				return err
			}
			lines = append(lines, l)
		}
		return nil
	})
	return lines, err
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
	return cut(strings.Join(texts, " · "), 200)
}

// cut returns at most n runes of s, with an ellipsis when it is longer.
func cut(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n-1]) + "…"
}

// Story is all there is to know about a ticket.
type Story struct {
	Ticket *Ticket
	State  TicketState // now: an ended claim is Open
	Place  int         // in the queue; 0 when not in it
	// Entries is the talk of the thread, before and during the ticket.
	Entries []StoryEntry
	Notes   []*Note
	// Source is the deep link that the asker came by; "" when none is known.
	Source string
	// CanEdit and CanDelete report what the network allows with a sent reply.
	CanEdit, CanDelete bool
	Events             []*Event
}

// StoryEntry is an entry and how its delivery went.
type StoryEntry struct {
	*Entry
	// Delivery is the state of what was sent to the asker: Failed when a part
	// failed, Pending when one still waits. "" for the asker's own messages.
	Delivery outbox.State
	Problem  string // why it failed or waits, in plain words
	// Revised and RevisionProblem are the same of the newest edit or deletion of an
	// agent's reply; "" when there was none.
	Revised         outbox.State
	RevisionProblem string
	// Files is how far its attachments have come.
	Files []*File
}

// storyEntries is how many entries of a thread a story shows.
const storyEntries = 500

// Story returns a ticket's story for an agent, whose reading is audited.
func (d *Desk) Story(ctx context.Context, id TicketID, by AgentID) (*Story, error) {
	var s *Story
	read := func(tx Tx) error {
		if _, err := authorise(tx, by, RoleAgent); err != nil {
			return err
		}
		var err error
		s, err = d.story(tx, id)
		return err
	}
	if err := d.store.View(ctx, read); err != nil {
		return nil, err
	}
	// Reading is logged once per agent until somebody else acts: a page that
	// refreshes itself must not flood the log, nor two that are open at once
	// make each other refresh.
	for _, e := range slices.Backward(s.Events) {
		if e.Agent == by {
			return s, nil
		}
		if e.Agent != "" && e.Action != "viewed" {
			break
		}
	}
	return s, d.store.Update(ctx, func(tx Tx) error { return d.log(tx, by, "viewed", id, "") })
}

func (d *Desk) story(tx Tx, id TicketID) (*Story, error) {
	t, err := tx.Ticket(id)
	if err != nil {
		return nil, err
	}
	s := &Story{Ticket: t, State: t.StateAt(d.now())}
	if s.State == Open {
		if s.Place, err = d.Place(tx, t); err != nil {
			return nil, err
		}
	}
	can := d.can(t.Conversation.Network)
	s.CanEdit, s.CanDelete = can.Edit, can.Delete
	th, err := tx.Thread(t.Thread)
	if ignoreNotFound(err) != nil {
		return nil, err
	}
	if th != nil {
		s.Source = th.Source
	}
	entries, err := tx.Entries(t.Thread, storyEntries)
	if err != nil {
		return nil, err
	}
	files, err := filesOf(tx, t.Thread)
	if err != nil {
		return nil, err
	}
	if len(entries) > 0 {
		deliveries, err := deliveriesFrom(tx, entries[0])
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			se := withDelivery(e, deliveries)
			se.Files = files[e.ID]
			s.Entries = append(s.Entries, se)
		}
	}
	if s.Notes, err = tx.Notes(id); err != nil {
		return nil, err
	}
	s.Events, err = tx.Events(id)
	return s, err
}

// deliveriesFrom returns the deliveries of e and those after it. A delivery is
// put a moment before its entry, hence the margin.
func deliveriesFrom(tx Tx, e *Entry) ([]outbox.Delivery, error) {
	return tx.Deliveries(e.Thread, e.At.Add(-time.Minute))
}

// withDelivery sums up the deliveries that carry e, and those that carry its
// newest edit or deletion.
func withDelivery(e *Entry, all []outbox.Delivery) StoryEntry {
	se := StoryEntry{Entry: e}
	se.Delivery, se.Problem = sumUp(e.Delivery, all)
	se.Revised, se.RevisionProblem = sumUp(e.Revision, all)
	return se
}

// sumUp returns how the deliveries of key went: one, or one for each part.
func sumUp(key string, all []outbox.Delivery) (state outbox.State, problem string) {
	if key == "" {
		return "", ""
	}
	rank := map[outbox.State]int{outbox.Sent: 1, outbox.Withheld: 2, outbox.Pending: 3, outbox.Failed: 4}
	for _, d := range all {
		if d.Key != key && !strings.HasPrefix(d.Key, key+"/") {
			continue
		}
		if rank[d.State] > rank[state] {
			state, problem = d.State, d.Error
		}
	}
	return state, problem
}

// filesOf returns the attachments of a thread by entry.
func filesOf(tx Tx, thread ThreadID) (map[string][]*File, error) {
	all, err := tx.Files(thread)
	byEntry := map[string][]*File{}
	for _, f := range all {
		byEntry[f.Entry] = append(byEntry[f.Entry], f)
	}
	return byEntry, err
}
