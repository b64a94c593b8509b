package handoff_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"firstline/bot/chat"
	"firstline/bot/outbox"
	"firstline/handoff"
)

// reply sends a reply and returns its entry.
func (o *office) reply(id handoff.TicketID, key, text string) string {
	o.Helper()
	if _, err := o.Reply(o.Context(), id, "alice", key, text); err != nil {
		o.Fatal(err)
	}
	s, err := o.Story(o.Context(), id, "alice")
	if err != nil {
		o.Fatal(err)
	}
	return s.Entries[len(s.Entries)-1].ID
}

// operations lists what the outbox does with a ticket's replies, in order.
func (o *office) operations(id handoff.TicketID) string {
	o.Helper()
	var ops []string
	err := o.store.View(o.Context(), func(tx handoff.Tx) error {
		t, err := tx.Ticket(id)
		if err != nil {
			return err
		}
		all, err := tx.Deliveries(t.Thread, time.Time{})
		for _, d := range all {
			if d.Class == outbox.ClassReply {
				ops = append(ops, strings.TrimSpace(fmt.Sprintf("%s %s", d.Op, d.Of)))
			}
		}
		return err
	})
	if err != nil {
		o.Fatal(err)
	}
	return strings.Join(ops, ", ")
}

func TestEditOfALongReply(t *testing.T) {
	t.Parallel()
	o := newOffice(t) // messages of 50 units
	id := o.open("ann").ID
	long := func(n int) string { return strings.TrimSpace(strings.Repeat("word ", 9*n)) }
	e := o.reply(id, "k", long(3))
	const sends = "send, send, send"
	if got := o.operations(id); got != sends {
		t.Fatalf("sent: %s", got)
	}
	edit := func(key, text string) error {
		_, err := o.EditReply(t.Context(), id, "alice", e, key, text)
		return err
	}
	if err := edit("e0", long(4)); !errors.Is(err, handoff.ErrEditLong) {
		t.Errorf("a longer text: %v", err)
	}
	if err := edit("e0", long(3)); err != nil || o.operations(id) != sends {
		t.Errorf("the same text: %v, %s", err, o.operations(id))
	}
	for range 2 { // a double click
		if err := edit("e1", long(2)); err != nil {
			t.Fatal(err)
		}
	}
	part := "reply/1/alice/k"
	want := sends + ", edit " + part + ", edit " + part + "/2, delete " + part + "/3"
	if got := o.operations(id); got != want {
		t.Errorf("shorter: %s, want %s", got, want)
	}
	// The third message is gone: what needs three can't be shown any more.
	if err := edit("e2", long(3)+" x"); !errors.Is(err, handoff.ErrEditLong) {
		t.Errorf("as long as at first: %v", err)
	}
	if _, err := o.DeleteReply(t.Context(), id, "alice", e); err != nil {
		t.Fatal(err)
	}
	want += ", delete " + part + ", delete " + part + "/2"
	if got := o.operations(id); got != want {
		t.Errorf("deleted: %s, want %s", got, want)
	}
	if err := edit("e3", "x"); !errors.Is(err, handoff.ErrDeleted) {
		t.Errorf("editing what is gone: %v", err)
	}
}

func TestWhoMayChangeWhat(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	id, other := o.open("ann").ID, o.open("bob").ID
	e := o.reply(id, "k", "hello")
	var asker string
	err := o.store.Update(t.Context(), func(tx handoff.Tx) error {
		entry := &handoff.Entry{Thread: "telegram/ann", Ticket: id, Kind: handoff.ByAsker, Text: "words"}
		err := tx.AddEntry(entry)
		asker = entry.ID
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.Note(t.Context(), id, "alice", "n", "internal"); err != nil {
		t.Fatal(err)
	}
	s, err := o.Story(t.Context(), id, "alice")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		ticket handoff.TicketID
		by     handoff.AgentID
		entry  string
		want   error
	}{
		"a colleague":          {id, "lea", e, handoff.ErrForbidden},
		"a stranger":           {id, "mallory", e, handoff.ErrForbidden},
		"another ticket":       {other, "alice", e, handoff.ErrNotFound},
		"what the asker wrote": {id, "alice", asker, handoff.ErrNotFound},
		"an internal note":     {id, "alice", s.Notes[0].ID, handoff.ErrNotFound},
		"nothing":              {id, "alice", "none", handoff.ErrNotFound},
	} {
		if _, err := o.EditReply(t.Context(), c.ticket, c.by, c.entry, "k1", "changed"); !errors.Is(err, c.want) {
			t.Errorf("%s edits: %v, want %v", name, err, c.want)
		}
		if _, err := o.DeleteReply(t.Context(), c.ticket, c.by, c.entry); !errors.Is(err, c.want) {
			t.Errorf("%s deletes: %v, want %v", name, err, c.want)
		}
	}
	if _, err := o.EditReply(t.Context(), id, "alice", e, "k1", "SECRET"); !errors.Is(err, handoff.ErrSecret) {
		t.Errorf("a secret: %v", err)
	}
	o.can = handoff.Abilities{Edit: true}
	if _, err := o.DeleteReply(t.Context(), id, "alice", e); !errors.Is(err, handoff.ErrNoDelete) {
		t.Errorf("a network that can't delete: %v", err)
	}
	o.can = handoff.Abilities{}
	if _, err := o.EditReply(t.Context(), id, "alice", e, "k1", "changed"); !errors.Is(err, handoff.ErrNoEdit) {
		t.Errorf("a network that can't edit: %v", err)
	}
}

// TestManyEdits: the first form and the newest ones are kept.
func TestManyEdits(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	id := o.open("ann").ID
	err := o.store.Update(t.Context(), func(tx handoff.Tx) error {
		k, err := tx.Ticket(id)
		if err != nil {
			return err
		}
		th, err := tx.Thread(k.Thread)
		if err != nil {
			return err
		}
		e := &handoff.Entry{
			Thread: th.ID, Kind: handoff.ByAsker, Text: "v0", Message: "7",
			In: chat.ConversationID{Network: chat.Telegram, ID: "ann"},
		}
		if err := tx.AddEntry(e); err != nil {
			return err
		}
		for i := range 50 {
			if err := o.Edited(tx, th, e, fmt.Sprint("v", i+1), nil); err != nil {
				return err
			}
		}
		if e.Text != "v50" || len(e.Earlier) != 20 || e.Earlier[0].Text != "v0" || e.Earlier[19].Text != "v49" || e.Earlier[1].Text != "v31" {
			t.Errorf("%s, %v", e.Text, e.Earlier)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
