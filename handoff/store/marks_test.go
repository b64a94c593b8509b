package store_test

import (
	"maps"
	"path/filepath"
	"testing"

	"firstline/bot/chat"
	"firstline/handoff/store"
)

func TestMarks(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "test.db")
	s, err := store.Open(t.Context(), path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	save := func(network chat.Network, place, mark string) {
		t.Helper()
		if err := s.SaveMark(t.Context(), network, place, mark); err != nil {
			t.Fatal(err)
		}
	}
	save(chat.Discord, "1", "10")
	save(chat.Discord, "2", "20")
	save(chat.Telegram, "1", "99")
	save(chat.Discord, "1", "11")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if s, err = store.Open(t.Context(), path, store.Options{}); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	got, err := s.Marks(t.Context(), chat.Discord)
	if want := map[string]string{"1": "11", "2": "20"}; err != nil || !maps.Equal(got, want) {
		t.Errorf("marks %v, %v; want %v", got, err, want)
	}
}
