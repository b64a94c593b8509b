package store

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	sqlite3 "modernc.org/sqlite/lib"

	"firstline/bot/chat"
	"firstline/handoff"
)

// These tests look at the writer from inside: which transactions share a
// commit. They run in synctest bubbles, where Wait returns when everybody else
// is waiting, so they know who is queued.

func openInside(t *testing.T) *Store {
	t.Helper()
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "firstline.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func closeInside(t *testing.T, s *Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
}

// spoil makes the commit of t's batch fail: a broken reference that is looked
// at only then.
func spoil(t *tx) error {
	if _, err := t.exec("PRAGMA defer_foreign_keys = 1"); err != nil {
		return err
	}
	_, err := t.exec(insertNote, "n1", "", 12345, "", "", 0, "", "", "")
	return err
}

func saveAgent(id handoff.AgentID) func(*tx) error {
	return func(t *tx) error { return t.SaveAgent(&handoff.Agent{ID: id}) }
}

// countAgents counts on a connection of its own: what is durable.
func countAgents(t *testing.T, s *Store) (n int) {
	t.Helper()
	if err := s.read.QueryRow("SELECT COUNT(*) FROM agents").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestFailedCommit fails the commit of a full batch: all of it fails, those
// after it don't, and the writer goes on.
func TestFailedCommit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openInside(t)
		const queued = maxBatch + 40
		errs := make([]error, queued)
		var wg sync.WaitGroup
		var first error
		wg.Go(func() {
			first = s.writer.do(t.Context(), func(x *tx) error {
				for i := range queued {
					wg.Go(func() {
						errs[i] = s.writer.do(t.Context(), func(x *tx) error {
							if err := saveAgent(handoff.AgentID(rune('a' + i)))(x); err != nil || i%10 != 0 {
								return err
							}
							return errors.New("its own")
						})
					})
				}
				synctest.Wait() // all of them wait for their turn
				return spoil(x)
			})
		})
		wg.Wait()
		failed, own := 0, 0
		for _, err := range append(errs, first) {
			switch {
			case err == nil:
			case code(err) != 0:
				failed++
			case err.Error() == "its own":
				own++
			default:
				t.Errorf("error %v", err)
			}
		}
		if failed != maxBatch {
			t.Errorf("%d failed with the commit, want %d", failed, maxBatch)
		}
		if kept := countAgents(t, s); kept+own != queued+1-maxBatch {
			t.Errorf("%d kept and %d with their own error, want %d in all", kept, own, queued+1-maxBatch)
		}
		if err := s.writer.do(t.Context(), saveAgent("later")); err != nil {
			t.Errorf("after the failure: %v", err)
		}
		closeInside(t, s)
	})
}

// TestOwnSavepoint has one transaction fail within a batch of several.
func TestOwnSavepoint(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openInside(t)
		mine := errors.New("mine")
		var wg sync.WaitGroup
		err := s.writer.do(t.Context(), func(x *tx) error {
			wg.Go(func() {
				err := s.writer.do(t.Context(), func(x *tx) error { return errors.Join(saveAgent("b")(x), mine) })
				if !errors.Is(err, mine) {
					t.Errorf("second: %v", err)
				}
			})
			wg.Go(func() {
				// A statement that SQLite refuses ends its own transaction only.
				err := s.writer.do(t.Context(), func(x *tx) error {
					_, err := x.exec("INSERT INTO agents (id) VALUES ('c')")
					if err == nil {
						t.Error("a broken row was accepted")
					}
					if err := saveAgent("c")(x); err == nil {
						t.Error("the transaction went on after the database had refused something")
					}
					return nil // hides it
				})
				if err == nil {
					t.Error("third: no error")
				}
			})
			wg.Go(func() {
				if err := s.writer.do(t.Context(), saveAgent("d")); err != nil {
					t.Errorf("fourth: %v", err)
				}
			})
			synctest.Wait()
			return saveAgent("a")(x)
		})
		wg.Wait()
		if err != nil {
			t.Errorf("first: %v", err)
		}
		if n := countAgents(t, s); n != 2 {
			t.Errorf("%d kept, want a and d", n)
		}
		closeInside(t, s)
	})
}

// TestDiskFull fills the database in one transaction: it fails, and what comes
// when there is room again works.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	s := openInside(t)
	defer closeInside(t, s)
	full := func(x *tx) error {
		// As many pages as there are.
		var pages int
		if err := x.one("PRAGMA max_page_count = 1", nil, &pages); err != nil {
			return err
		}
		err := x.AddEntry(&handoff.Entry{Key: "big", Thread: "t", Text: strings.Repeat("x", 1<<20)})
		if err == nil {
			t.Error("a full database took more")
		}
		return saveAgent("a")(x)
	}
	if err := s.writer.do(t.Context(), full); code(err) != sqlite3.SQLITE_FULL {
		t.Errorf("error %v, want SQLITE_FULL", err)
	}
	room := func(x *tx) error {
		var pages int
		return x.one("PRAGMA max_page_count = 1000000", nil, &pages)
	}
	if err := s.writer.do(t.Context(), room); err != nil {
		t.Error(err)
	}
	if err := s.writer.do(t.Context(), saveAgent("b")); err != nil {
		t.Errorf("with room again: %v", err)
	}
	if n := countAgents(t, s); n != 1 {
		t.Errorf("%d agents, want b only", n)
	}
}

// TestGoneBeforeItsTurn cancels a transaction that waits.
func TestGoneBeforeItsTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openInside(t)
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		err := s.writer.do(t.Context(), func(x *tx) error {
			wg.Go(func() {
				if err := s.writer.do(ctx, saveAgent("gone")); !errors.Is(err, context.Canceled) {
					t.Errorf("cancelled: %v", err)
				}
			})
			synctest.Wait()
			cancel()
			synctest.Wait() // it returns while we still run
			return saveAgent("a")(x)
		})
		wg.Wait()
		if n := countAgents(t, s); err != nil || n != 1 {
			t.Errorf("%d kept (%v), want one", n, err)
		}
		closeInside(t, s)
	})
}

// TestCancelledAtTheLock cancels a transaction for which the writer waits at a
// lock of another process.
func TestCancelledAtTheLock(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "firstline.db")
	s, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer closeInside(t, s)
	other := lockedBy(t, path)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := s.writer.do(ctx, saveAgent("gone")); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("at the lock: %v", err)
	}
	done := make(chan error)
	go func() { done <- s.writer.do(t.Context(), saveAgent("a")) }()
	if _, err := other.ExecContext(t.Context(), "ROLLBACK"); err != nil {
		t.Error(err)
	}
	if err := <-done; err != nil {
		t.Errorf("after the lock: %v", err)
	}
	if n := countAgents(t, s); n != 1 {
		t.Errorf("%d kept, want one", n)
	}
}

// lockedBy returns a connection, as of another process, that holds the lock
// for writing.
func lockedBy(t *testing.T, path string) *sql.Conn {
	t.Helper()
	db, err := connect(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(conn.Close(), db.Close()); err != nil {
			t.Error(err)
		}
	})
	if _, err := conn.ExecContext(t.Context(), "BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	return conn
}

func TestRetryBusy(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "firstline.db")
	s, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer closeInside(t, s)
	lockedBy(t, path)
	db, err := connect(path, nil) // with no patience of its own
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }() // nothing was written
	_, busy := db.Exec("BEGIN IMMEDIATE")
	if !isBusy(busy) {
		t.Fatalf("a locked database says %v, want busy", busy)
	}
	tries := 0
	err = retryBusy(t.Context(), forever, func() error {
		if tries++; tries < 4 {
			return busy
		}
		return nil
	})
	if err != nil || tries != 4 {
		t.Errorf("retryBusy: %v after %d tries, want success at the fourth", err, tries)
	}
	if err := retryBusy(t.Context(), -1, func() error { return busy }); !isBusy(err) {
		t.Errorf("without patience: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	err = retryBusy(ctx, forever, func() error { cancel(); return busy })
	if !errors.Is(err, context.Canceled) || !isBusy(err) {
		t.Errorf("cancelled: %v, want both", err)
	}
	if err := retryBusy(t.Context(), forever, func() error { return ErrNewer }); !errors.Is(err, ErrNewer) {
		t.Errorf("another error: %v", err)
	}
}

// TestHandledMessageIsBlank checks that the inbox does not keep what people
// wrote once it is handled, and nothing of it in the way of others.
func TestHandledMessageIsBlank(t *testing.T) {
	t.Parallel()
	s := openInside(t)
	defer closeInside(t, s)
	m := &chat.Message{Event: "e", Conversation: chat.ConversationID{Network: chat.Telegram, ID: "1"}, Text: "my question"}
	if _, err := s.AddMessages(t.Context(), []*chat.Message{m}, time.UnixMilli(1)); err != nil {
		t.Fatal(err)
	}
	items, err := s.TakeMessages(t.Context(), []chat.Network{chat.Telegram}, 1, time.UnixMilli(1), time.Minute)
	if err != nil || len(items) != 1 {
		t.Fatalf("TakeMessages: %d, %v", len(items), err)
	}
	body := func() (body string, heads int) {
		t.Helper()
		if err := s.read.QueryRow("SELECT message, head FROM inbox").Scan(&body, &heads); err != nil {
			t.Fatal(err)
		}
		return body, heads
	}
	if text, _ := body(); !strings.Contains(text, m.Text) {
		t.Errorf("before: %q, want the message", text)
	}
	err = s.Update(t.Context(), func(tx handoff.Tx) error { return tx.FinishMessage(items[0].ID, items[0].Attempt) })
	if text, heads := body(); err != nil || text != "" || heads != 0 {
		t.Errorf("after: %q, head %d (%v), want nothing", text, heads, err)
	}
}
