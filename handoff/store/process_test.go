package store_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"firstline/handoff"
	"firstline/handoff/store"
)

// TestProcesses has several processes change the same row: nobody's change is
// lost and nobody fails on a lock.
func TestProcesses(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "firstline.db")
	s := openFile(t, path)
	var wait []func() error
	for range 3 {
		cmd, _ := child(t, "count", path)
		wait = append(wait, cmd.Wait)
	}
	if err := count(t.Context(), s); err != nil {
		t.Error(err)
	}
	for _, w := range wait {
		if err := w(); err != nil {
			t.Errorf("a process failed: %v", err)
		}
	}
	err := s.View(t.Context(), func(tx handoff.Tx) error {
		th, err := tx.Thread("count")
		if err == nil && th.Ticket != 4*counts {
			t.Errorf("counted to %d, want %d", th.Ticket, 4*counts)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestLockServe(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "new", "firstline.db")
	unlock, err := store.LockServe(path)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 { // also a failed try must leave the lock as it is
		if _, err := store.LockServe(path); !errors.Is(err, store.ErrLocked) || !strings.Contains(err.Error(), path) {
			t.Fatalf("second lock: %v, want ErrLocked with the path", err)
		}
	}
	other, err := store.LockServe(path + "2")
	if err != nil {
		t.Fatalf("lock of another database: %v", err)
	}
	s := openFile(t, path) // the lock is the servers' business, not the tools'
	update(t, s, func(tx handoff.Tx) error { return tx.SaveAgent(&handoff.Agent{ID: "ann"}) })
	for _, f := range []func() error{unlock, unlock, other} {
		if err := f(); err != nil {
			t.Errorf("unlock: %v", err)
		}
	}
	if unlock, err = store.LockServe(path); err != nil {
		t.Fatalf("lock after unlock: %v", err)
	}
	if err := unlock(); err != nil {
		t.Error(err)
	}
	if _, err := store.LockServe("postgres://u@h/db"); !errors.Is(err, store.ErrUnsupported) {
		t.Errorf("lock of a URL: %v", err)
	}
}

// TestLockEndsWithProcess kills the process that holds the lock.
func TestLockEndsWithProcess(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "firstline.db")
	openFile(t, path)
	cmd, out := child(t, "lock", path)
	if !out.Scan() {
		t.Fatal("the process did not get the lock")
	}
	link := filepath.Join(dir, "link.db")
	if err := os.Symlink(path, link); err != nil {
		t.Logf("no symbolic links here: %v", err)
		link = path
	}
	for _, name := range []string{path, link} {
		if _, err := store.LockServe(name); !errors.Is(err, store.ErrLocked) {
			t.Errorf("LockServe(%s) while a process holds it: %v", name, err)
		}
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed: an error
	unlock, err := store.LockServe(path)
	if err != nil {
		t.Fatalf("LockServe after its death: %v", err)
	}
	if err := unlock(); err != nil {
		t.Error(err)
	}
}

// heard reports whether a listener has been rung.
func heard(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

func TestListen(t *testing.T) {
	t.Parallel()
	s := open(t)
	var ears [3]<-chan struct{}
	for i, topic := range []store.Topic{store.Inbox, store.Outbox, store.Desk} {
		c, stop := s.Listen(topic)
		defer stop()
		ears[i] = c
	}
	failed := errors.New("failed")
	for _, c := range []struct {
		name string
		do   func() error
		want [3]bool // inbox, outbox, desk
	}{
		{"a message", func() error { receive(t, s, message("a", "1")); return nil }, [3]bool{true, false, false}},
		{"the same again", func() error { receive(t, s, message("a", "1")); return nil }, [3]bool{}},
		{"taking", func() error {
			_, err := s.TakeMessages(t.Context(), nil, 9, start, time.Minute)
			return err
		}, [3]bool{}},
		{"a delivery", func() error { put(t, s, delivery("k", "1")); return nil }, [3]bool{false, true, true}},
		{"the same delivery", func() error { put(t, s, delivery("k", "1")); return nil }, [3]bool{}},
		{"a ticket and an entry", func() error {
			return s.Update(t.Context(), func(tx handoff.Tx) error {
				return errors.Join(tx.AddTicket(&handoff.Ticket{}), tx.AddEntry(&handoff.Entry{Thread: "1"}))
			})
		}, [3]bool{false, false, true}},
		{"an audit event", func() error {
			return s.Update(t.Context(), func(tx handoff.Tx) error { return tx.AddEvent(&handoff.Event{Action: "viewed"}) })
		}, [3]bool{}},
		{"what is rolled back", func() error {
			err := s.Update(t.Context(), func(tx handoff.Tx) error {
				return errors.Join(tx.AddTicket(&handoff.Ticket{}), failed)
			})
			if !errors.Is(err, failed) {
				return err
			}
			return nil
		}, [3]bool{}},
		{"many at once", func() error {
			for i := range 5 {
				put(t, s, delivery(string(rune('a'+i)), "1"))
			}
			return nil
		}, [3]bool{false, true, true}},
	} {
		if err := c.do(); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		for i, ear := range ears {
			if got := heard(ear); got != c.want[i] {
				t.Errorf("%s: topic %d rung %v, want %v", c.name, i, got, c.want[i])
			}
			if heard(ear) {
				t.Errorf("%s: topic %d rung twice", c.name, i)
			}
		}
	}
	c, stop := s.Listen(store.Desk)
	stop()
	stop()
	update(t, s, func(tx handoff.Tx) error { return tx.AddTicket(&handoff.Ticket{}) })
	if heard(c) {
		t.Error("rung after stop")
	}
}

// TestListenToOthers has another store, as another process would be, commit.
func TestListenToOthers(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "firstline.db")
	s, other := openFile(t, path), openFile(t, path)
	for _, topic := range []store.Topic{store.Inbox, store.Outbox, store.Desk} {
		c, stop := s.Listen(topic)
		defer stop()
		update(t, other, func(tx handoff.Tx) error { return tx.SaveAgent(&handoff.Agent{ID: "ann"}) })
		select {
		case <-c:
		case <-time.After(30 * time.Second):
			t.Fatalf("topic %d was not rung", topic)
		}
		// Heard once is enough: an own commit that touches nothing is silent.
		update(t, s, func(tx handoff.Tx) error { return tx.AddEvent(&handoff.Event{Action: "viewed"}) })
		if heard(c) {
			t.Errorf("topic %d was rung again", topic)
		}
	}
}
