package store_test

import (
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"firstline/bot/chat"
	"firstline/bot/outbox"
	"firstline/handoff"
	"firstline/handoff/store"
	"firstline/handoff/storetest"
)

var start = time.Date(2026, 3, 1, 9, 30, 0, 0, time.UTC)

// sent is a good end of a delivery.
var sent = outbox.Result{State: outbox.Sent, SentID: "1"}

// open returns a new store in the test's own folder.
func open(t testing.TB) *store.Store {
	t.Helper()
	return openFile(t, filepath.Join(t.TempDir(), "firstline.db"))
}

func openFile(t testing.TB, path string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), path, store.Options{Now: func() time.Time { return start }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return s
}

func update(t testing.TB, s *store.Store, f func(handoff.Tx) error) {
	t.Helper()
	if err := s.Update(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

// delivery returns a delivery to a conversation on Telegram.
func delivery(key, conv string) outbox.Delivery {
	return outbox.Delivery{
		Key: key, To: chat.ConversationID{Network: chat.Telegram, ID: conv}, Thread: conv,
		Class: outbox.ClassReply, Op: outbox.OpSend, Out: chat.Outbound{Body: chat.Plain(key)}, CreatedAt: start,
	}
}

func put(t testing.TB, s *store.Store, all ...outbox.Delivery) {
	t.Helper()
	update(t, s, func(tx handoff.Tx) error {
		for _, d := range all {
			if _, err := tx.PutDelivery(d); err != nil {
				return err
			}
		}
		return nil
	})
}

func message(event, conv string) *chat.Message {
	return &chat.Message{Event: event, Conversation: chat.ConversationID{Network: chat.Telegram, ID: conv}, Text: event}
}

func receive(t testing.TB, s *store.Store, batch ...*chat.Message) {
	t.Helper()
	if _, err := s.AddMessages(t.Context(), batch, start); err != nil {
		t.Fatal(err)
	}
}

func TestContract(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) storetest.Store { return open(t) })
}

func TestClose(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "firstline.db")
	s, err := store.Open(t.Context(), path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	// Updates race with Close: each is kept or refused, and says which.
	const n = 100
	var wg sync.WaitGroup
	errs := make([]error, n)
	for i := range n {
		wg.Go(func() {
			errs[i] = s.Update(t.Context(), func(tx handoff.Tx) error {
				return tx.SaveAgent(&handoff.Agent{ID: handoff.AgentID(fmt.Sprint("a", i))})
			})
			if i == n/2 {
				if err := s.Close(); err != nil {
					t.Errorf("Close: %v", err)
				}
			}
		})
	}
	wg.Wait()
	if err := s.Close(); err != nil {
		t.Errorf("Close again: %v", err)
	}
	if err := s.Update(t.Context(), func(handoff.Tx) error { return nil }); !errors.Is(err, store.ErrClosed) {
		t.Errorf("Update after Close: %v", err)
	}
	if err := s.View(t.Context(), func(handoff.Tx) error { return nil }); !errors.Is(err, store.ErrClosed) {
		t.Errorf("View after Close: %v", err)
	}
	s = openFile(t, path)
	for i, err := range errs {
		if err != nil && !errors.Is(err, store.ErrClosed) {
			t.Errorf("update %d: %v", i, err)
		}
		kept := s.View(t.Context(), func(tx handoff.Tx) error {
			_, err := tx.Agent(handoff.AgentID(fmt.Sprint("a", i)))
			return err
		})
		if (err == nil) != (kept == nil) {
			t.Errorf("update %d said %v, but reading it says %v", i, err, kept)
		}
	}
}

// TestPanicIsLogged checks that a bug can be found by the log, and that the
// log does not tell what people wrote.
func TestPanicIsLogged(t *testing.T) {
	t.Parallel()
	var log strings.Builder
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "firstline.db"),
		store.Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	err = s.Update(t.Context(), func(handoff.Tx) error { panic("my seed phrase") })
	if err == nil || strings.Contains(err.Error(), "seed") {
		t.Errorf("error %v, want one without the value", err)
	}
	var index []int
	if err := s.Update(t.Context(), func(handoff.Tx) error { index[7]++; return nil }); err == nil ||
		!strings.Contains(err.Error(), "index out of range") {
		t.Errorf("error %v, want the runtime's", err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if got := log.String(); !strings.Contains(got, "TestPanicIsLogged") || strings.Contains(got, "seed") {
		t.Errorf("log: %s\nwant a stack and no value", got)
	}
}

// TestGoexit ends the goroutine of a closure, as a failing test does: the
// store must go on.
func TestGoexit(t *testing.T) {
	t.Parallel()
	s := open(t)
	var wg sync.WaitGroup
	wg.Go(func() {
		err := s.Update(t.Context(), func(tx handoff.Tx) error {
			if err := tx.SaveAgent(&handoff.Agent{ID: "lost"}); err != nil {
				return err
			}
			runtime.Goexit()
			return nil
		})
		t.Errorf("Update returned %v", err)
	})
	wg.Wait()
	update(t, s, func(tx handoff.Tx) error {
		if _, err := tx.Agent("lost"); !errors.Is(err, handoff.ErrNotFound) {
			t.Errorf("Agent: %v, want nothing kept", err)
		}
		return nil
	})
}

func TestPurgeInbox(t *testing.T) {
	t.Parallel()
	s := open(t)        // its clock says start
	const handled = 600 // more than one step
	var batch []*chat.Message
	for i := range handled {
		batch = append(batch, message(fmt.Sprint("old", i), fmt.Sprint(i)))
	}
	receive(t, s, batch...)
	items, err := s.TakeMessages(t.Context(), []chat.Network{chat.Telegram}, handled, start, time.Minute)
	if err != nil || len(items) != handled {
		t.Fatalf("TakeMessages: %d, %v", len(items), err)
	}
	update(t, s, func(tx handoff.Tx) error {
		for _, i := range items {
			if err := tx.FinishMessage(i.ID, i.Attempt); err != nil {
				return err
			}
		}
		return nil
	})
	receive(t, s, message("pending", "1"))
	for _, c := range []struct {
		before time.Time
		want   int
	}{{start, 0}, {start.Add(time.Millisecond), handled}, {start.Add(time.Hour), 0}} {
		if n, err := s.PurgeInbox(t.Context(), c.before); err != nil || n != c.want {
			t.Errorf("PurgeInbox(%v): %d, %v, want %d", c.before, n, err, c.want)
		}
	}
	n, err := s.AddMessages(t.Context(), []*chat.Message{message("pending", "1"), message("old1", "1")}, start)
	if err != nil || n != 1 {
		t.Errorf("AddMessages: %d, %v, want the purged one to be new again", n, err)
	}
}

func TestStats(t *testing.T) {
	t.Parallel()
	s := open(t)
	empty, err := s.Stats(t.Context())
	if err != nil || len(empty.InboxPending)+len(empty.OutboxPending) != 0 || empty.InboxOldest != 0 || empty.Tickets[handoff.Open] != 0 {
		t.Errorf("empty: %+v, %v", empty, err)
	}
	old := delivery("k1", "1")
	old.CreatedAt = start.Add(-time.Hour)
	web := delivery("k4", "4")
	web.To.Network = chat.Web
	put(t, s, old, delivery("k2", "1"), delivery("k3", "3"), web)
	if _, err := s.AddMessages(t.Context(), []*chat.Message{message("a", "1"), message("b", "1")}, start.Add(-time.Minute)); err != nil {
		t.Fatal(err)
	}
	taken, err := s.TakeDeliveries(t.Context(), []chat.Network{chat.Telegram}, 9, start, time.Minute)
	if err != nil || len(taken) != 2 {
		t.Fatalf("TakeDeliveries: %d, %v", len(taken), err)
	}
	if err := s.FinishDelivery(t.Context(), taken[1], outbox.Result{State: outbox.Failed}); err != nil {
		t.Fatal(err)
	}
	update(t, s, func(tx handoff.Tx) error {
		return errors.Join(tx.AddTicket(&handoff.Ticket{State: handoff.Open}),
			tx.AddTicket(&handoff.Ticket{State: handoff.Claimed, ClaimedUntil: start}),
			tx.AddTicket(&handoff.Ticket{State: handoff.Claimed, ClaimedUntil: start.Add(time.Second)}),
			tx.AddTicket(&handoff.Ticket{State: handoff.Solved}))
	})
	st, err := s.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what      string
		got, want any
	}{
		{"inbox", st.InboxPending[chat.Telegram], 2},
		{"oldest message", st.InboxOldest, time.Minute},
		{"outbox", st.OutboxPending[chat.Telegram], 2},
		{"outbox of the web", st.OutboxPending[chat.Web], 1},
		{"failed", st.OutboxFailed[chat.Telegram], 1},
		{"oldest delivery", st.OutboxOldest, time.Hour},
		{"open", st.Tickets[handoff.Open], 2},
		{"claimed", st.Tickets[handoff.Claimed], 1},
		{"solved", st.Tickets[handoff.Solved], 1},
	} {
		if c.got != c.want {
			t.Errorf("%s: %v, want %v", c.what, c.got, c.want)
		}
	}
}
