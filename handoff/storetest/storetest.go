// Package storetest is the contract of a Firstline database as a test suite:
// what inbox.Store, outbox.Store, handoff.Store and weblog.Store promise, and no more. Every
// implementation passes it.
//
// It knows no SQL. Time is passed in, nothing sleeps.
package storetest

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"firstline/bot/chat"
	"firstline/bot/inbox"
	"firstline/bot/outbox"
	"firstline/bot/web/weblog"
	"firstline/handoff"
)

// Store is what a database must be.
type Store interface {
	inbox.Store
	outbox.Store
	handoff.FileStore
	weblog.Store
}

// test is a case of the suite, with a store of its own.
type test struct {
	name string
	run  func(t *testing.T, s Store)
}

// Run runs the whole suite. open returns a new, empty store, which it closes
// when its test ends.
func Run(t *testing.T, open func(t *testing.T) Store) {
	groups := map[string][]test{
		"Transactions": transactionTests,
		"Inbox":        inboxTests,
		"Changes":      changeTests,
		"Outbox":       outboxTests,
		"Priority":     priorityTests,
		"Files":        fileTests,
		"Tickets":      ticketTests,
		"Threads":      threadTests,
		"Entries":      entryTests,
		"Staff":        staffTests,
		"Rooms":        roomTests,
		"Text":         textTests,
		"Model":        modelTests,
		"Web":          webTests,
	}
	for group, tests := range groups {
		t.Run(group, func(t *testing.T) {
			t.Parallel()
			for _, c := range tests {
				t.Run(c.name, func(t *testing.T) {
					t.Parallel()
					c.run(t, open(t))
				})
			}
		})
	}
}

const (
	tg    chat.Network = "telegram"
	dc    chat.Network = "discord"
	lease              = time.Minute
)

var (
	start    = time.Date(2026, 3, 1, 9, 30, 15, 250e6, time.UTC)
	networks = []chat.Network{tg, dc}
)

// at returns start plus some seconds.
func at(seconds int) time.Time { return start.Add(time.Duration(seconds) * time.Second) }

func update(t *testing.T, s Store, f func(handoff.Tx) error) {
	t.Helper()
	if err := s.Update(t.Context(), f); err != nil {
		t.Fatalf("Update: %v", err)
	}
}

func view(t *testing.T, s Store, f func(handoff.Tx) error) {
	t.Helper()
	if err := s.View(t.Context(), f); err != nil {
		t.Fatalf("View: %v", err)
	}
}

// get returns what f reads in a View of its own.
func get[T any](t *testing.T, s Store, f func(handoff.Tx) (T, error)) T {
	t.Helper()
	var v T
	view(t, s, func(tx handoff.Tx) (err error) {
		v, err = f(tx)
		return err
	})
	return v
}

// wantErr fails the test unless err is target.
func wantErr(t *testing.T, what string, err, target error) {
	t.Helper()
	if !errors.Is(err, target) {
		t.Errorf("%s: error %v, want %v", what, err, target)
	}
}

// same fails the test when the two differ.
func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func conversation(n chat.Network, id string) chat.ConversationID {
	return chat.ConversationID{Network: n, ID: id}
}

// message returns a message whose event is also its text.
func message(n chat.Network, conv, event string) *chat.Message {
	return &chat.Message{
		Event: event, ID: chat.MessageID("m" + event), Conversation: conversation(n, conv),
		From: chat.Person{ID: "p" + conv, Name: "Ada"}, Private: true, Addressed: true,
		Text: event, SentAt: start,
	}
}

// receive adds messages to the inbox and fails unless all are new.
func receive(t *testing.T, s Store, batch ...*chat.Message) {
	t.Helper()
	if n, err := s.AddMessages(t.Context(), batch, start); err != nil || n != len(batch) {
		t.Fatalf("AddMessages: %d, %v, want %d", n, err, len(batch))
	}
}

func takeMessages(t *testing.T, s Store, limit int, now time.Time) []inbox.Item {
	t.Helper()
	items, err := s.TakeMessages(t.Context(), networks, limit, now, lease)
	if err != nil {
		t.Fatalf("TakeMessages: %v", err)
	}
	return items
}

// takeMessage returns the only message that can be taken.
func takeMessage(t *testing.T, s Store, now time.Time) inbox.Item {
	t.Helper()
	items := takeMessages(t, s, 10, now)
	if len(items) != 1 {
		t.Fatalf("TakeMessages: took %v, want one", texts(items))
	}
	return items[0]
}

func texts(items []inbox.Item) []string {
	out := []string{}
	for _, i := range items {
		out = append(out, i.Message.Text)
	}
	slices.Sort(out)
	return out
}

func finishMessage(t *testing.T, s Store, i inbox.Item) {
	t.Helper()
	update(t, s, func(tx handoff.Tx) error { return tx.FinishMessage(i.ID, i.Attempt) })
}

// delivery returns a delivery whose key is also its text.
func delivery(n chat.Network, conv, key string) outbox.Delivery {
	return outbox.Delivery{
		Key: key, To: conversation(n, conv), Thread: string(n) + "/" + conv, Class: outbox.ClassReply,
		Op: outbox.OpSend, Out: chat.Outbound{Body: chat.Plain(key)}, CreatedAt: start,
	}
}

// put adds deliveries to the outbox and fails unless all are new.
func put(t *testing.T, s Store, all ...outbox.Delivery) {
	t.Helper()
	update(t, s, func(tx handoff.Tx) error {
		for _, d := range all {
			if added, err := tx.PutDelivery(d); err != nil || !added {
				return fmt.Errorf("PutDelivery(%s): added %v: %w", d.Key, added, err)
			}
		}
		return nil
	})
}

func takeDeliveries(t *testing.T, s Store, limit int, now time.Time) []outbox.Delivery {
	t.Helper()
	all, err := s.TakeDeliveries(t.Context(), networks, limit, now, lease)
	if err != nil {
		t.Fatalf("TakeDeliveries: %v", err)
	}
	return all
}

// takeDelivery returns the only delivery that can be taken.
func takeDelivery(t *testing.T, s Store, now time.Time) outbox.Delivery {
	t.Helper()
	all := takeDeliveries(t, s, 10, now)
	if len(all) != 1 {
		t.Fatalf("TakeDeliveries: took %v, want one", keys(all))
	}
	return all[0]
}

func keys(all []outbox.Delivery) []string {
	out := []string{}
	for _, d := range all {
		out = append(out, d.Key)
	}
	slices.Sort(out)
	return out
}

func finishDelivery(t *testing.T, s Store, d outbox.Delivery, r outbox.Result) {
	t.Helper()
	if err := s.FinishDelivery(t.Context(), d, r); err != nil {
		t.Fatalf("FinishDelivery(%s): %v", d.Key, err)
	}
}

// addTicket stores k and returns its number.
func addTicket(t *testing.T, s Store, k handoff.Ticket) handoff.TicketID {
	t.Helper()
	update(t, s, func(tx handoff.Tx) error { return tx.AddTicket(&k) })
	return k.ID
}
