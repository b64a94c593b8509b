package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"testing"

	"firstline/bot/outbox"
	"firstline/handoff"
)

var transactionTests = []test{
	{"an error keeps nothing", testRollback},
	{"a panic is an error and keeps nothing", testPanic},
	{"each caller has its own outcome", testOutcomes},
	{"one at a time", testSerial},
	{"numbers have no gaps", testNumbers},
	{"own writes are read", testOwnWrites},
	{"a view sees one state", testOneState},
	{"a view can't write", testReadOnly},
	{"a cancelled update does not begin", testCancelled},
	{"an update that has begun ends", testCancelledInside},
	{"a lost lease can't be hidden", testHiddenLoss},
	{"a transaction ends with its function", testOver},
}

func entry(key string) *handoff.Entry {
	return &handoff.Entry{Key: key, Thread: "telegram/1", Kind: handoff.ByAsker, Text: key, At: start}
}

// entries returns the texts of the thread that entry writes to, sorted.
func entryKeys(t *testing.T, s Store) []string {
	t.Helper()
	all := get(t, s, func(tx handoff.Tx) ([]*handoff.Entry, error) { return tx.Entries("telegram/1", 10_000) })
	out := []string{}
	for _, e := range all {
		out = append(out, e.Key)
	}
	slices.Sort(out)
	return out
}

func testRollback(t *testing.T, s Store) {
	mine := errors.New("mine")
	err := s.Update(t.Context(), func(tx handoff.Tx) error {
		err := errors.Join(
			tx.AddEntry(entry("lost")),
			tx.SaveThread(&handoff.Thread{ID: "telegram/1"}),
			tx.AddTicket(&handoff.Ticket{State: handoff.Open}),
			tx.SaveAgent(&handoff.Agent{ID: "ann"}),
		)
		_, put := tx.PutDelivery(delivery(tg, "1", "d"))
		if err := errors.Join(err, put); err != nil {
			t.Errorf("writing: %v", err)
		}
		return fmt.Errorf("wrapped: %w", mine)
	})
	wantErr(t, "Update", err, mine)
	same(t, "entries", entryKeys(t, s), []string{})
	same(t, "deliveries", keys(takeDeliveries(t, s, 10, at(0))), []string{})
	view(t, s, func(tx handoff.Tx) error {
		_, err := tx.Thread("telegram/1")
		wantErr(t, "Thread", err, handoff.ErrNotFound)
		_, err = tx.Ticket(1)
		wantErr(t, "Ticket", err, handoff.ErrNotFound)
		_, err = tx.Agent("ann")
		wantErr(t, "Agent", err, handoff.ErrNotFound)
		return nil
	})
	put(t, s, delivery(tg, "1", "d")) // its key is free again
}

func testPanic(t *testing.T, s Store) {
	err := s.Update(t.Context(), func(tx handoff.Tx) error {
		if err := tx.AddEntry(entry("lost")); err != nil {
			return err
		}
		panic("a bug")
	})
	if err == nil {
		t.Error("Update returned nil after a panic")
	}
	if err := s.View(t.Context(), func(handoff.Tx) error { panic("a bug") }); err == nil {
		t.Error("View returned nil after a panic")
	}
	update(t, s, func(tx handoff.Tx) error { return tx.AddEntry(entry("kept")) })
	same(t, "entries", entryKeys(t, s), []string{"kept"})
}

// testOutcomes runs many at once, of which some fail and some panic: the
// others must not notice.
func testOutcomes(t *testing.T, s Store) {
	const n = 60
	var wg sync.WaitGroup
	errs := make([]error, n)
	want := []string{}
	for i := range n {
		key := fmt.Sprintf("e%02d", i)
		if i%3 == 0 {
			want = append(want, key)
		}
		wg.Go(func() {
			errs[i] = s.Update(t.Context(), func(tx handoff.Tx) error {
				if err := tx.AddEntry(entry(key)); err != nil {
					return err
				}
				switch i % 3 {
				case 1:
					return errors.New(key)
				case 2:
					panic(key)
				}
				return nil
			})
		})
	}
	wg.Wait()
	for i, err := range errs {
		switch {
		case i%3 == 0 && err != nil:
			t.Errorf("update %d: %v", i, err)
		case i%3 == 1 && (err == nil || err.Error() != fmt.Sprintf("e%02d", i)):
			t.Errorf("update %d: error %v, want its own", i, err)
		case i%3 == 2 && err == nil:
			t.Errorf("update %d: no error after its panic", i)
		}
	}
	same(t, "entries", entryKeys(t, s), want)
}

func testSerial(t *testing.T, s Store) {
	const n = 50
	update(t, s, func(tx handoff.Tx) error {
		return tx.SaveThread(&handoff.Thread{ID: "telegram/1", Article: "0"})
	})
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			err := s.Update(t.Context(), func(tx handoff.Tx) error {
				th, err := tx.Thread("telegram/1")
				if err != nil {
					return err
				}
				count, err := strconv.Atoi(th.Article)
				th.Article = strconv.Itoa(count + 1)
				return errors.Join(err, tx.SaveThread(th))
			})
			if err != nil {
				t.Errorf("Update: %v", err)
			}
		})
	}
	wg.Wait()
	th := get(t, s, func(tx handoff.Tx) (*handoff.Thread, error) { return tx.Thread("telegram/1") })
	same(t, "count", th.Article, strconv.Itoa(n))
}

func testNumbers(t *testing.T, s Store) {
	const n = 30
	var mu sync.Mutex
	got := []handoff.TicketID{}
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			k := &handoff.Ticket{State: handoff.Open}
			err := s.Update(t.Context(), func(tx handoff.Tx) error {
				if err := tx.AddTicket(k); err != nil || i%2 == 0 {
					return err
				}
				return errors.New("not this one")
			})
			if err == nil {
				mu.Lock()
				got = append(got, k.ID)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	slices.Sort(got)
	want := []handoff.TicketID{}
	for i := range n / 2 {
		want = append(want, handoff.TicketID(i+1))
	}
	same(t, "numbers", got, want)
}

func testOwnWrites(t *testing.T, s Store) {
	update(t, s, func(tx handoff.Tx) error {
		k := &handoff.Ticket{Thread: "telegram/1", State: handoff.Open, QueuedAt: start}
		if err := tx.AddTicket(k); err != nil {
			return err
		}
		n, err := tx.CountTickets(handoff.Filter{States: []handoff.TicketState{handoff.Open}, Now: start})
		if err != nil || n != 1 {
			t.Errorf("CountTickets in the same transaction: %d, %v, want 1", n, err)
		}
		if err := tx.AddEntry(entry("e")); err != nil {
			return err
		}
		all, err := tx.Entries("telegram/1", 10)
		if err != nil || len(all) != 1 {
			t.Errorf("Entries in the same transaction: %d, %v, want 1", len(all), err)
		}
		added, err := tx.PutDelivery(delivery(tg, "1", "d"))
		again, err2 := tx.PutDelivery(delivery(tg, "1", "d"))
		if !added || again {
			t.Errorf("PutDelivery twice in one transaction: %v, %v, want true, false", added, again)
		}
		return errors.Join(err, err2)
	})
	same(t, "entries after the commit", entryKeys(t, s), []string{"e"})
}

func testOneState(t *testing.T, s Store) {
	view(t, s, func(tx handoff.Tx) error {
		before, err := tx.Entries("telegram/1", 10)
		if err != nil {
			return err
		}
		done := make(chan error)
		go func() {
			done <- s.Update(t.Context(), func(tx handoff.Tx) error { return tx.AddEntry(entry("later")) })
		}()
		if err := <-done; err != nil { // readers and writers don't wait for each other
			return err
		}
		after, err := tx.Entries("telegram/1", 10)
		same(t, "entries within one view", len(after), len(before))
		return err
	})
	same(t, "entries in the next view", entryKeys(t, s), []string{"later"})
}

func testReadOnly(t *testing.T, s Store) {
	put(t, s, delivery(tg, "1", "d"))
	receive(t, s, message(tg, "1", "a"))
	item := takeMessage(t, s, at(0))
	writes := map[string]func(handoff.Tx) error{
		"SaveThread":    func(tx handoff.Tx) error { return tx.SaveThread(&handoff.Thread{ID: "telegram/1"}) },
		"AddTicket":     func(tx handoff.Tx) error { return tx.AddTicket(&handoff.Ticket{State: handoff.Open}) },
		"AddEntry":      func(tx handoff.Tx) error { return tx.AddEntry(entry("e")) },
		"PutDelivery":   func(tx handoff.Tx) error { _, err := tx.PutDelivery(delivery(tg, "2", "e")); return err },
		"FinishMessage": func(tx handoff.Tx) error { return tx.FinishMessage(item.ID, item.Attempt) },
		"SaveAgent":     func(tx handoff.Tx) error { return tx.SaveAgent(&handoff.Agent{ID: "ann"}) },
	}
	for name, write := range writes {
		if err := s.View(t.Context(), write); err == nil {
			t.Errorf("%s in a View: no error", name)
		}
	}
	finishMessage(t, s, item)
	same(t, "entries", entryKeys(t, s), []string{})
	same(t, "deliveries", keys(takeDeliveries(t, s, 10, at(0))), []string{"d"})
}

func testCancelled(t *testing.T, s Store) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	ran := false
	err := s.Update(ctx, func(handoff.Tx) error {
		ran = true
		return nil
	})
	wantErr(t, "Update", err, context.Canceled)
	if ran {
		t.Error("the function ran after its context had ended")
	}
	wantErr(t, "View", s.View(ctx, func(handoff.Tx) error { return nil }), context.Canceled)
}

func testCancelledInside(t *testing.T, s Store) {
	ctx, cancel := context.WithCancel(t.Context())
	err := s.Update(ctx, func(tx handoff.Tx) error {
		cancel()
		return tx.AddEntry(entry("kept"))
	})
	// Both outcomes would do; an outcome that is not the truth would not.
	want := []string{}
	if err == nil {
		want = append(want, "kept")
	}
	same(t, "entries", entryKeys(t, s), want)
}

func testHiddenLoss(t *testing.T, s Store) {
	receive(t, s, message(tg, "1", "a"))
	old := takeMessage(t, s, at(0))
	takeMessage(t, s, at(120))
	err := s.Update(t.Context(), func(tx handoff.Tx) error {
		if err := tx.AddEntry(entry("twice")); err != nil {
			return err
		}
		_ = tx.FinishMessage(old.ID, old.Attempt) // a caller who forgets
		return nil
	})
	wantErr(t, "Update", err, outbox.ErrLost)
	same(t, "entries", entryKeys(t, s), []string{})
}

func testOver(t *testing.T, s Store) {
	var leaked handoff.Tx
	update(t, s, func(tx handoff.Tx) error {
		leaked = tx
		return nil
	})
	if err := leaked.AddEntry(entry("late")); err == nil {
		t.Error("a transaction could be used after its end")
	}
	view(t, s, func(tx handoff.Tx) error {
		leaked = tx
		return nil
	})
	if _, err := leaked.Agents(); err == nil {
		t.Error("a view could be used after its end")
	}
	same(t, "entries", entryKeys(t, s), []string{})
}
