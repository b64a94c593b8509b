package storetest

import (
	"fmt"
	"testing"

	"firstline/bot/chat"
	"firstline/handoff"
)

var entryTests = []test{
	{"an entry comes back whole", testEntryWhole},
	{"a key is added once", testEntryOnce},
	{"the newest, oldest first", testNewestEntries},
	{"notes", testNotes},
	{"notes are never among entries", testNotesApart},
	{"events", testEvents},
}

func listEntries(t *testing.T, s Store, thread handoff.ThreadID, limit int) []*handoff.Entry {
	t.Helper()
	return get(t, s, func(tx handoff.Tx) ([]*handoff.Entry, error) { return tx.Entries(thread, limit) })
}

func testEntryWhole(t *testing.T, s Store) {
	full := &handoff.Entry{
		Key: "k", Thread: "telegram/1", Ticket: 3, Kind: handoff.ByAgent, Agent: "ann", Text: "Bitte <b>warten</b> 请稍候",
		Attachments: []chat.Attachment{{Kind: "document", Name: "a.pdf", Size: 12, Ref: "f1"}},
		Redacted:    []string{"card", "password"}, Delivery: "reply/3/ann/k", At: at(7),
	}
	bare := &handoff.Entry{Thread: "telegram/1", Kind: handoff.ByAsker}
	update(t, s, func(tx handoff.Tx) error {
		if err := tx.AddEntry(full); err != nil {
			return err
		}
		return tx.AddEntry(bare)
	})
	if full.ID == "" || bare.ID <= full.ID {
		t.Errorf("ids %q, %q: want them set, in order", full.ID, bare.ID)
	}
	same(t, "entries", listEntries(t, s, "telegram/1", 10), []*handoff.Entry{full, bare})
}

func testEntryOnce(t *testing.T, s Store) {
	first, again := entry("k"), entry("k")
	again.Text = "changed"
	update(t, s, func(tx handoff.Tx) error { return tx.AddEntry(first) })
	update(t, s, func(tx handoff.Tx) error { return tx.AddEntry(again) })
	for range 3 { // without a key, all are added
		update(t, s, func(tx handoff.Tx) error { return tx.AddEntry(entry("")) })
	}
	got := listEntries(t, s, "telegram/1", 10)
	same(t, "number", len(got), 4)
	same(t, "the first", got[0], first)
	same(t, "the id of the known one", again.ID, first.ID)
}

func testNewestEntries(t *testing.T, s Store) {
	for i := range 9 {
		e := entry(fmt.Sprint("k", i))
		e.At = at(-i) // the order of adding counts, not the time that the entry bears
		update(t, s, func(tx handoff.Tx) error { return tx.AddEntry(e) })
	}
	other := entry("other")
	other.Thread = "telegram/2"
	update(t, s, func(tx handoff.Tx) error { return tx.AddEntry(other) })
	for limit, want := range map[int]int{0: 0, 1: 1, 4: 4, 100: 9} {
		got := listEntries(t, s, "telegram/1", limit)
		if len(got) != want {
			t.Fatalf("limit %d: %d entries, want %d", limit, len(got), want)
		}
		for i, e := range got {
			same(t, "order", e.Key, fmt.Sprint("k", 9-want+i))
		}
	}
}

func testNotes(t *testing.T, s Store) {
	id := addTicket(t, s, handoff.Ticket{State: handoff.Open})
	a := &handoff.Note{Key: "a", Ticket: id, Agent: "ann", Text: "seems angry", At: at(9)}
	b := &handoff.Note{Ticket: id, Agent: "bob", Text: "called back", At: at(1)}
	for _, n := range []*handoff.Note{a, b, {Key: "a", Ticket: id, Agent: "ann", Text: "twice", At: at(20)}} {
		update(t, s, func(tx handoff.Tx) error { return tx.AddNote(n) })
	}
	got := get(t, s, func(tx handoff.Tx) ([]*handoff.Note, error) { return tx.Notes(id) })
	same(t, "notes", got, []*handoff.Note{a, b})
	err := s.Update(t.Context(), func(tx handoff.Tx) error { return tx.AddNote(&handoff.Note{Ticket: id + 1}) })
	wantErr(t, "a note on no ticket", err, handoff.ErrNotFound)
}

func testNotesApart(t *testing.T, s Store) {
	id := addTicket(t, s, handoff.Ticket{Thread: "telegram/1", State: handoff.Open})
	update(t, s, func(tx handoff.Tx) error {
		if err := tx.AddNote(&handoff.Note{Key: "k", Ticket: id, Agent: "ann", Text: "internal"}); err != nil {
			return err
		}
		e := entry("k") // the same key is another thing here
		e.Ticket = id
		return tx.AddEntry(e)
	})
	got := listEntries(t, s, "telegram/1", 10)
	same(t, "entries", len(got), 1)
	same(t, "text", got[0].Text, "k")
	same(t, "deliveries", keys(takeDeliveries(t, s, 10, at(0))), []string{})
	notes := get(t, s, func(tx handoff.Tx) ([]*handoff.Note, error) { return tx.Notes(id) })
	same(t, "notes", len(notes), 1)
}

func testEvents(t *testing.T, s Store) {
	id := addTicket(t, s, handoff.Ticket{State: handoff.Open})
	a := &handoff.Event{At: at(5), Agent: "ann", Action: "claimed", Ticket: id, Detail: "by hand"}
	b := &handoff.Event{At: at(1), Action: "opened", Ticket: id}
	c := &handoff.Event{At: at(2), Agent: "ann", Action: "signed in"}
	for _, e := range []*handoff.Event{a, b, c} {
		update(t, s, func(tx handoff.Tx) error { return tx.AddEvent(e) })
	}
	events := func(id handoff.TicketID) []*handoff.Event {
		return get(t, s, func(tx handoff.Tx) ([]*handoff.Event, error) { return tx.Events(id) })
	}
	same(t, "of the ticket", events(id), []*handoff.Event{a, b})
	same(t, "of none", events(0), []*handoff.Event{c})
}
