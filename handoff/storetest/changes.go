package storetest

import (
	"testing"

	"firstline/bot/chat"
	"firstline/bot/inbox"
	"firstline/bot/outbox"
	"firstline/handoff"
)

// changeTests are about messages that were edited or deleted on their network.
var changeTests = []test{
	{"an edit before its turn keeps the place", testEditWaiting},
	{"an edit takes the message from who is handling it", testEditTaken},
	{"an edit after its turn stands in line", testEditHandled},
	{"what is deleted before its turn leaves the line", testDeleteWaiting},
	{"what comes late is stale", testStale},
	{"a change is told once", testChangeOnce},
	{"a pressed button is not its message", testChoiceIsNoMessage},
	{"an entry is found by its message and revised", testReviseEntry},
}

// changed returns a change of the message that message(n, conv, original) made.
func changed(n chat.Network, conv, original, event, text string) *chat.Message {
	m := message(n, conv, event)
	m.ID, m.Text, m.Edited = chat.MessageID("m"+original), text, true
	return m
}

func removed(n chat.Network, conv, original, event string) *chat.Message {
	m := changed(n, conv, original, event, "")
	m.Edited, m.Deleted, m.From = false, true, chat.Person{}
	return m
}

func testEditWaiting(t *testing.T, s Store) {
	a, b, c := message(tg, "1", "a"), message(tg, "1", "b"), message(tg, "1", "c")
	b.Redacted = []string{"password"}
	receive(t, s, a, b, c)
	e1, e2 := changed(tg, "1", "b", "e1", "b1"), changed(tg, "1", "b", "e2", "b2")
	e2.Redacted, e2.Command = []string{"card"}, chat.CommandAsk
	receive(t, s, e1, e2)
	other := changed(tg, "2", "b", "e3", "another conversation")
	receive(t, s, other)
	first := takeMessages(t, s, 10, at(1))
	same(t, "heads", texts(first), []string{"a", "another conversation"})
	finishMessage(t, s, first[0])
	got := takeMessage(t, s, at(1))
	want := *e2
	want.Event, want.Edited, want.Redacted = "b", false, []string{"card", "password"}
	same(t, "the edited message", got, inbox.Item{ID: got.ID, Message: &want, ReceivedAt: start, Attempt: 1})
	finishMessage(t, s, got)
	same(t, "behind it", takeMessage(t, s, at(1)).Message.Text, "c")
}

func testEditTaken(t *testing.T, s Store) {
	receive(t, s, message(tg, "1", "a"), message(tg, "1", "b"))
	old := takeMessage(t, s, at(0))
	receive(t, s, changed(tg, "1", "a", "e", "a1"))
	err := s.Update(t.Context(), func(tx handoff.Tx) error { return tx.FinishMessage(old.ID, old.Attempt) })
	wantErr(t, "finishing the old form", err, outbox.ErrLost)
	got := takeMessage(t, s, at(0)) // at once: the lease of the old form holds nothing up
	same(t, "text", got.Message.Text, "a1")
	finishMessage(t, s, got)
	same(t, "behind it", takeMessage(t, s, at(0)).Message.Text, "b")
}

func testEditHandled(t *testing.T, s Store) {
	receive(t, s, message(tg, "1", "a"))
	finishMessage(t, s, takeMessage(t, s, at(0)))
	receive(t, s, message(tg, "1", "b"), changed(tg, "1", "a", "e1", "a1"), message(tg, "1", "c"), changed(tg, "1", "a", "e2", "a2"))
	finishMessage(t, s, takeMessage(t, s, at(1)))
	got := takeMessage(t, s, at(1))
	same(t, "the newest form, in the first one's place", []any{got.Message.Text, got.Message.Edited}, []any{"a2", true})
	finishMessage(t, s, got)
	same(t, "behind it", takeMessage(t, s, at(1)).Message.Text, "c")
}

func testDeleteWaiting(t *testing.T, s Store) {
	receive(t, s, message(tg, "1", "a"), message(tg, "1", "b"), changed(tg, "1", "a", "e", "a1"))
	old := takeMessage(t, s, at(0))
	receive(t, s, removed(tg, "1", "a", "d"))
	err := s.Update(t.Context(), func(tx handoff.Tx) error { return tx.FinishMessage(old.ID, old.Attempt) })
	wantErr(t, "finishing what was deleted", err, outbox.ErrLost)
	b := takeMessage(t, s, at(0))
	same(t, "behind it", b.Message.Text, "b")
	finishMessage(t, s, b)
	d := takeMessage(t, s, at(0))
	same(t, "the deletion itself", []any{d.Message.Event, d.Message.Deleted}, []any{"d", true})
	finishMessage(t, s, d)
	same(t, "left", texts(takeMessages(t, s, 10, at(900))), []string{})
}

func testStale(t *testing.T, s Store) {
	receive(t, s, changed(tg, "1", "a", "e", "a1"), removed(tg, "1", "b", "d"))
	// The originals, and an edit of what is deleted: the network gave them out of
	// order, or an adapter caught up on what it had missed.
	receive(t, s, message(tg, "1", "a"), message(tg, "1", "b"), changed(tg, "1", "b", "e2", "b1"))
	var got []string
	for items := takeMessages(t, s, 10, at(1)); len(items) > 0; items = takeMessages(t, s, 10, at(1)) {
		got = append(got, items[0].Message.Event)
		finishMessage(t, s, items[0])
	}
	same(t, "handled", got, []string{"e", "d"})
}

func testChangeOnce(t *testing.T, s Store) {
	receive(t, s, message(tg, "1", "a"), changed(tg, "1", "a", "e1", "a1"), changed(tg, "1", "a", "e2", "a2"), removed(tg, "1", "x", "d"))
	n, err := s.AddMessages(t.Context(), []*chat.Message{
		message(tg, "1", "a"), changed(tg, "1", "a", "e1", "a1"), removed(tg, "1", "x", "d"),
	}, at(1))
	if err != nil || n != 0 {
		t.Errorf("AddMessages again: %d, %v, want 0", n, err)
	}
	same(t, "text", takeMessage(t, s, at(1)).Message.Text, "a2")
}

func testChoiceIsNoMessage(t *testing.T, s Store) {
	press := message(tg, "1", "press")
	press.ID, press.Choice = "m7", "ok"
	receive(t, s, press, changed(tg, "1", "7", "e", "edited"), removed(tg, "1", "7", "d"))
	same(t, "the press", takeMessage(t, s, at(0)).Message.Choice, "ok")
}

func testReviseEntry(t *testing.T, s Store) {
	e := entry("k")
	e.In, e.Message = conversation(tg, "1"), "77"
	twin := entry("twin")
	twin.In, twin.Message = conversation(tg, "2"), "77"
	update(t, s, func(tx handoff.Tx) error {
		if err := tx.AddEntry(twin); err != nil {
			return err
		}
		return tx.AddEntry(e)
	})
	find := func() *handoff.Entry {
		return get(t, s, func(tx handoff.Tx) (*handoff.Entry, error) { return tx.EntryOf(e.In, "77") })
	}
	same(t, "found", find(), e)
	e.Earlier = []handoff.Revision{{Text: e.Text, At: at(3)}}
	e.Text, e.EditedAt, e.DeletedAt, e.Revision = "new", at(3), at(4), "edit/1"
	e.Redacted, e.Attachments = []string{"card"}, []chat.Attachment{{Kind: "photo"}}
	update(t, s, func(tx handoff.Tx) error { return tx.ReviseEntry(e) })
	same(t, "revised", find(), e)
	same(t, "by id", get(t, s, func(tx handoff.Tx) (*handoff.Entry, error) { return tx.Entry(e.ID) }), e)
	same(t, "the other", get(t, s, func(tx handoff.Tx) (*handoff.Entry, error) { return tx.Entry(twin.ID) }), twin)
	for what, f := range map[string]func(handoff.Tx) error{
		"an unknown message": func(tx handoff.Tx) error { _, err := tx.EntryOf(e.In, "78"); return err },
		"no message":         func(tx handoff.Tx) error { _, err := tx.EntryOf(chat.ConversationID{}, ""); return err },
		"an unknown id":      func(tx handoff.Tx) error { _, err := tx.Entry("none"); return err },
		"revising nothing":   func(tx handoff.Tx) error { return tx.ReviseEntry(&handoff.Entry{ID: "none"}) },
	} {
		wantErr(t, what, s.Update(t.Context(), f), handoff.ErrNotFound)
	}
}
