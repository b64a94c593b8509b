package handoff

import (
	"context"
	"slices"
	"strings"
	"time"

	"firstline/bot/outbox"
)

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
	// Colleagues are the active agents that the ticket can be transferred to.
	Colleagues []AgentID
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
	if IgnoreNotFound(err) != nil {
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
	agents, err := tx.Agents()
	if err != nil {
		return nil, err
	}
	for _, a := range agents {
		if !a.Disabled && (s.State != Claimed || a.ID != t.ClaimedBy) {
			s.Colleagues = append(s.Colleagues, a.ID)
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
