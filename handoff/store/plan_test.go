package store

import (
	"fmt"
	"strings"
	"testing"

	"firstline/handoff"
)

// TestPlans checks that what runs all the time reads by index only as much as
// it returns: no scan of a table, and no sorting.
func TestPlans(t *testing.T) {
	t.Parallel()
	s := openInside(t)
	defer closeInside(t, s)
	open, args := condition(handoff.Filter{States: []handoff.TicketState{handoff.Open}})
	for _, c := range []struct {
		name, text string
		args       []any
		index      string // that it must use
		sorts      bool   // few rows are sorted, which is fine
	}{
		{"ready messages", readyMessages, []any{"", 0, 1}, "inbox_ready", false},
		{"ready deliveries", readyDeliveries, []any{"", 0, 1, 2}, "outbox_ready", false},
		{"next message", inboxQueue.advanceText(), []any{"", ""}, "inbox_line", false},
		{"next delivery", outboxQueue.advanceText(), []any{"", ""}, "outbox_line", false},
		{"line of a message", "SELECT " + inboxQueue.isHead(), []any{"", ""}, "inbox_line", false},
		{"line of a delivery", "SELECT " + outboxQueue.isHead(), []any{"", ""}, "outbox_line", false},
		{"deliveries of a thread", "SELECT " + deliveryColumns + " FROM outbox WHERE thread = $1 AND created_at >= $2 ORDER BY created_at, id", []any{"", 0}, "outbox_thread", false},
		{"delivery of a message", selectSentAs, []any{"", "", ""}, "outbox_sent", false},
		{"is it under way", selectSending, []any{"", ""}, "outbox_line", false},
		{"note of a message", selectNoteOf, []any{"", "", ""}, "notes_message", false},
		{"cards due", selectDue, []any{"", "", 0, 1}, "cards_due", false},
		{"tickets without a card", selectNoCard, []any{"", "", 1}, "tickets_recent", true},
		{"card of a place", selectCardAt, []any{"", ""}, "cards_place", false},
		{"rooms in trouble", selectTrouble, nil, "cards_problem", false},
		{"threads due", "SELECT id FROM threads WHERE due > 0 AND due <= $1 ORDER BY due, id LIMIT $2", []any{0, 1}, "threads_due", false},
		{"threads waiting", selectWaiting, []any{"", ""}, "threads_waiting", false},
		{"entry of a message", selectEntryOf, []any{"", "", ""}, "entries_message", false},
		{"message that waits", selectWaitingMessage, []any{"", "", ""}, "inbox_ref", false},
		{"changes of a message", selectChanges, []any{"", "", ""}, "inbox_changes", false},
		{"ready files", readyFiles, []any{"", 0, 1}, "files_ready", false},
		{"files of a thread", "SELECT " + fileColumns + " FROM files WHERE thread = $1 ORDER BY id", []any{""}, "files_thread", false},
		{"is a content kept", selectKept, []any{""}, "files_hash", false},
		{"entries", "SELECT " + entryColumns + " FROM entries WHERE thread = $1 ORDER BY id DESC LIMIT $2", []any{"", 1}, "entries_thread", false},
		{"entry by key", "SELECT id FROM entries WHERE key <> '' AND key = $1", []any{""}, "entries_key", false},
		{"first replies", "SELECT 1 FROM tickets WHERE first_reply_at > 0 AND first_reply_at >= $1 ORDER BY first_reply_at DESC, id DESC LIMIT $2", []any{0, 1}, "tickets_replied", false},
		{"open tickets", "SELECT " + ticketColumns + " FROM tickets" + open + " ORDER BY queued_at, id LIMIT 200", args, "tickets_", true},
		{"newest solved", "SELECT " + ticketColumns + " FROM tickets WHERE (state = $1) ORDER BY updated_at DESC, id DESC LIMIT 200", []any{""}, "tickets_recent", false},
		{"newest", "SELECT " + ticketColumns + " FROM tickets ORDER BY updated_at DESC, id DESC LIMIT 200", nil, "tickets_updated", false},
		{"queue", "SELECT " + ticketColumns + " FROM tickets ORDER BY queued_at, id LIMIT 200", nil, "tickets_queued", false},
		{"purge", "SELECT id FROM inbox WHERE handled_at > 0 AND handled_at < $1 LIMIT $2", []any{0, 1}, "inbox_handled", false},
		{"changes on the web", selectWebChanges, []any{"", 0, 1}, "web_messages_version", false},
		{"page of the web's past", selectWebPage, []any{"", 1, 1}, "web_messages_position", false},
		{"session of an identity", selectWebIdentity, []any{""}, "web_sessions_identity", false},
		{"loose uploads", selectLooseUploads, []any{0, 1}, "web_uploads_loose", false},
		{"greatest id", "SELECT COALESCE(MAX(id), '') FROM inbox", nil, "SEARCH inbox", false},
		{"pending by network", "SELECT network, COUNT(*) FROM outbox WHERE state = 'pending' GROUP BY network", nil, "COVERING INDEX outbox_line", false},
		{"failed by network", "SELECT network, COUNT(*) FROM outbox WHERE state = 'failed' GROUP BY network", nil, "COVERING INDEX outbox_failed", false},
	} {
		rows, err := s.read.Query("EXPLAIN QUERY PLAN "+c.text, bind(c.args)...)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		var plan strings.Builder
		for rows.Next() {
			var id, parent, unused int
			var step string
			if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
				t.Fatal(err)
			}
			fmt.Fprintln(&plan, step)
			if strings.HasPrefix(step, "SCAN") && !strings.Contains(step, "USING") && step != "SCAN CONSTANT ROW" {
				t.Errorf("%s: reads a whole table", c.name)
			}
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(plan.String(), c.index) || !c.sorts && strings.Contains(plan.String(), "TEMP B-TREE") {
			t.Errorf("%s: does not use %s as it should:\n%s", c.name, c.index, plan.String())
		}
	}
}
