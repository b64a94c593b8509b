package store_test

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"firstline/handoff"
	"firstline/handoff/store"
)

// execFile runs SQL on a database file by itself.
func execFile(t *testing.T, path string, texts ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range texts {
		if _, err := db.ExecContext(t.Context(), text); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestOpenMakesPrivateFiles(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("no file modes")
	}
	dir := filepath.Join(t.TempDir(), "a", "b")
	path := filepath.Join(dir, "odd ?#%41 name.db")
	s := openFile(t, path)
	update(t, s, func(tx handoff.Tx) error { return tx.SaveAgent(&handoff.Agent{ID: "ann"}) })
	for name, want := range map[string]os.FileMode{
		dir: 0o700, filepath.Dir(dir): 0o700, path: 0o600, path + "-wal": 0o600, path + "-shm": 0o600,
	} {
		info, err := os.Stat(name)
		if err != nil {
			t.Error(err)
		} else if info.Mode().Perm() != want {
			t.Errorf("%s: mode %o, want %o", name, info.Mode().Perm(), want)
		}
	}
}

func TestOpenAgainKeepsAll(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "firstline.db")
	for i := range 3 {
		s, err := store.Open(t.Context(), path, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		k := &handoff.Ticket{State: handoff.Open}
		update(t, s, func(tx handoff.Tx) error { return tx.AddTicket(k) })
		if k.ID != handoff.TicketID(i+1) {
			t.Errorf("ticket %d, want %d", k.ID, i+1)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := func(name string) string { return filepath.Join(dir, name) }
	write := func(name, content string) string {
		if err := os.WriteFile(file(name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return file(name)
	}
	execFile(t, file("other.db"), "CREATE TABLE songs (name TEXT)")
	execFile(t, file("marked.db"), "PRAGMA application_id = 42")
	newer, err := store.Open(t.Context(), file("newer.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := newer.Close(); err != nil {
		t.Fatal(err)
	}
	execFile(t, file("newer.db"), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, 1)")
	for _, c := range []struct {
		name, dsn string
		want      error  // nil: any
		says      string // in the error
	}{
		{"nothing", "", nil, "give the path"},
		{"postgres", "postgres://u:geheim@host/db", store.ErrUnsupported, "PostgreSQL is not supported yet by this build"},
		{"postgresql", "postgresql://u:geheim@host/db", store.ErrUnsupported, "PostgreSQL is not supported yet by this build"},
		{"another URL", "mysql://u:geheim@host/db", store.ErrUnsupported, "plain path"},
		{"memory", ":memory:", store.ErrUnsupported, "lose everything"},
		{"a NUL", "a\x00b", nil, "NUL"},
		{"a folder", dir, nil, dir},
		{"below a file", filepath.Join(write("plain", "x"), "db"), nil, "plain"},
		{"a text", write("notes.txt", strings.Repeat("dear diary\n", 500)), store.ErrNotDatabase, file("notes.txt")},
		{"a short text", write("short.txt", "x"), store.ErrNotDatabase, file("short.txt")},
		{"another program's", file("other.db"), store.ErrNotDatabase, "another program"},
		{"another program's, marked", file("marked.db"), store.ErrNotDatabase, "another program"},
		{"a newer version's", file("newer.db"), store.ErrNewer, "version 999"},
	} {
		s, err := store.Open(t.Context(), c.dsn, store.Options{})
		if err == nil {
			t.Errorf("%s: opened", c.name)
			_ = s.Close() // the test has failed already
			continue
		}
		if c.want != nil && !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%s: %v, want %q", c.name, err, c.says)
		}
	}
	// Another program's file stays as it was: not even its journal mode changes.
	execFile(t, file("other.db"), "INSERT INTO songs VALUES ('a')")
	if _, err := os.Stat(file("other.db-wal")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("another program's file was put into WAL mode: %v", err)
	}
}

func TestOpenDamaged(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "firstline.db")
	s, err := store.Open(t.Context(), path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := 100; i < len(raw); i++ { // the header stays good
		raw[i] = 0xA5
	}
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(t.Context(), path, store.Options{}); !errors.Is(err, store.ErrNotDatabase) || !strings.Contains(err.Error(), path) {
		t.Errorf("Open: %v, want ErrNotDatabase with the path", err)
	}
}

// TestOpenTogether has processes open a new file at the same moment.
func TestOpenTogether(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "new", "firstline.db")
	var wait []func() error
	for range 4 {
		cmd, _ := child(t, "open", path)
		wait = append(wait, cmd.Wait)
	}
	for _, w := range wait {
		if err := w(); err != nil {
			t.Errorf("a process could not open it: %v", err)
		}
	}
	s := openFile(t, path)
	update(t, s, func(tx handoff.Tx) error { return tx.AddTicket(&handoff.Ticket{State: handoff.Open}) })
}
