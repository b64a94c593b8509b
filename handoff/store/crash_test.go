package store_test

import (
	"database/sql"
	"math/rand/v2"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"firstline/bot/chat"
	"firstline/handoff"
)

const crashRounds = 20

// TestKilled kills a writing process, again and again, and checks each time
// that everything which it had acknowledged is there and the file is sound.
func TestKilled(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "firstline.db")
	random := rand.New(rand.NewPCG(1, 2))
	var acknowledged []string
	for round := range crashRounds {
		cmd, out := child(t, "write", path, strconv.Itoa(round))
		lines := 1 + random.IntN(120)
		for n := 1; out.Scan(); n++ {
			acknowledged = append(acknowledged, out.Text())
			if n == lines {
				if err := cmd.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			} // and read on: what it said before it died counts
		}
		if err := cmd.Wait(); err == nil {
			t.Fatal("the process ended by itself")
		}
		if t.Failed() {
			return
		}
		if round%5 == 4 {
			checkAcknowledged(t, path, acknowledged)
		}
	}
	if len(acknowledged) < crashRounds {
		t.Errorf("only %d writes in %d rounds", len(acknowledged), crashRounds)
	}
}

func checkAcknowledged(t *testing.T, path string, acknowledged []string) {
	t.Helper()
	checkIntegrity(t, path)
	s := openFile(t, path)
	entries := map[string]bool{}
	err := s.View(t.Context(), func(tx handoff.Tx) error {
		for g := range 4 {
			thread := strconv.Itoa(g)
			all, err := tx.Entries(handoff.ThreadID(thread), 1_000_000)
			if err != nil {
				return err
			}
			sent, err := tx.Deliveries(handoff.ThreadID(thread), start)
			if err != nil {
				return err
			}
			if len(sent) != len(all) {
				t.Errorf("%d entries and %d deliveries: half a transaction was kept", len(all), len(sent))
			}
			for _, e := range all {
				entries[e.Key] = true
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var events []*chat.Message
	for _, line := range acknowledged {
		kind, key, _ := strings.Cut(line, " ")
		switch {
		case kind == "message":
			events = append(events, message(key, "1"))
		case !entries[key]:
			t.Errorf("entry %s was acknowledged and is lost", key)
		}
	}
	if lost, err := s.AddMessages(t.Context(), events, start); err != nil || lost != 0 {
		t.Errorf("%d messages were acknowledged and are lost (%v)", lost, err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func checkIntegrity(t *testing.T, path string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	var verdict string
	if err := db.QueryRowContext(t.Context(), "PRAGMA integrity_check").Scan(&verdict); err != nil || verdict != "ok" {
		t.Errorf("integrity_check: %q, %v", verdict, err)
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
}
