package store

import (
	"testing"

	"github.com/google/uuid"

	"firstline/handoff"
)

func TestIDsIncrease(t *testing.T) {
	t.Parallel()
	var g ids
	last := ""
	next := func(what string) {
		t.Helper()
		id, err := g.next()
		if err != nil {
			t.Fatal(err)
		}
		if u, err := uuid.Parse(id); err != nil || u.Version() != 7 || u.Variant() != uuid.RFC4122 {
			t.Errorf("%s: %s is no UUIDv7 (%v)", what, id, err)
		}
		if id <= last {
			t.Errorf("%s: %s after %s", what, id, last)
		}
		last = id
	}
	for range 1000 {
		next("by the clock")
	}
	// As if the clock had been set back since.
	last = "7fffffff-ffff-7abc-8def-0123ffffffff"
	g.above(last)
	for range 1000 {
		next("after the clock was set back")
	}
	for _, id := range []string{"", "odd", "ffffffff-ffff-4fff-bfff-ffffffffffff", "00000000-0000-7000-8000-000000000000"} {
		g.above(id) // not one of ours, or below
		next("after " + id)
	}
}

// TestIDsAboveTheDatabase puts an id of the future into the file: the entries
// after it must still come after it.
func TestIDsAboveTheDatabase(t *testing.T) {
	t.Parallel()
	s := openInside(t)
	defer closeInside(t, s)
	other, err := Open(t.Context(), s.path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer closeInside(t, other)
	future := &handoff.Entry{ID: "7fffffff-ffff-7abc-8def-012345678900", Thread: "t"}
	later := &handoff.Entry{Thread: "t"}
	if err := s.Update(t.Context(), func(tx handoff.Tx) error { return tx.AddEntry(future) }); err != nil {
		t.Fatal(err)
	}
	if err := other.Update(t.Context(), func(tx handoff.Tx) error { return tx.AddEntry(later) }); err != nil {
		t.Fatal(err)
	}
	if later.ID <= future.ID {
		t.Errorf("%s was added after %s", later.ID, future.ID)
	}
}
