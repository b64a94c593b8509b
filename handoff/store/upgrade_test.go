package store

import (
	"context"
	"encoding/json"
	"io/fs"
	"path/filepath"
	"testing"
	"time"

	"github.com/pressly/goose/v3"

	"firstline/bot/chat"
	"firstline/handoff"
)

// TestUpgrade opens a database as the first version left it, with work under way.
func TestUpgrade(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "old.db")
	fillFirstVersion(t, path)
	s, err := Open(ctx, path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer closeInside(t, s)
	now := time.UnixMilli(10_000)
	networks := []chat.Network{chat.Telegram}
	for _, want := range []string{"reply", "notice", "bot"} { // who waited for as long as the others
		all, err := s.TakeDeliveries(ctx, networks, 1, now, time.Hour)
		if err != nil || len(all) != 1 || all[0].Key != want {
			t.Fatalf("deliveries: %+v, %v; want %s", all, err, want)
		}
	}
	items, err := s.TakeMessages(ctx, networks, 10, now, time.Hour)
	if err != nil || len(items) != 1 || items[0].Message.Text != "hello" {
		t.Fatalf("messages: %+v, %v", items, err)
	}
	// What was not known of a message then: its edit is handled after it.
	edit := &chat.Message{
		Event: "e2", ID: "m1", Conversation: chat.ConversationID{Network: chat.Telegram, ID: "1"}, Text: "hello again", Edited: true,
	}
	if n, err := s.AddMessages(ctx, []*chat.Message{edit}, now); err != nil || n != 1 {
		t.Fatalf("an edit: %d, %v", n, err)
	}
	err = s.Update(ctx, func(tx handoff.Tx) error { return tx.FinishMessage(items[0].ID, items[0].Attempt) })
	if err != nil {
		t.Fatal(err)
	}
	items, err = s.TakeMessages(ctx, networks, 10, now, time.Hour)
	if err != nil || len(items) != 1 || !items[0].Message.Edited {
		t.Fatalf("messages: %+v, %v", items, err)
	}
	err = s.View(ctx, func(tx handoff.Tx) error {
		all, err := tx.Entries("telegram/1", 10)
		if err == nil && (len(all) != 1 || all[0].Text != "words" || !all[0].EditedAt.IsZero()) {
			t.Errorf("entries: %+v", all)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func fillFirstVersion(t *testing.T, path string) {
	t.Helper()
	db, err := connect(path, writerParams)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}()
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		t.Fatal(err)
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, files, goose.WithLogger(goose.NopLogger()), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.UpTo(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	message, err := json.Marshal(&chat.Message{Event: "e1", ID: "m1", Conversation: chat.ConversationID{Network: chat.Telegram, ID: "1"}, Text: "hello"})
	if err != nil {
		t.Fatal(err)
	}
	put := `INSERT INTO outbox (id, key, network, conversation, thread, ticket, class, op, outbound, target, state, created_at, due, head, ready_at)
VALUES ($1, $2, 'telegram', $1, '', 0, $2, 'send', '{}', '', 'pending', 1, 1, 1, 1)`
	for _, c := range []struct {
		text string
		args []any
	}{
		{"PRAGMA application_id = 1179414065", nil}, // "FLn1"
		{put, []any{"a", "bot"}}, {put, []any{"b", "notice"}}, {put, []any{"c", "reply"}},
		{`INSERT INTO inbox (id, network, conversation, event, message, received_at, state, head, ready_at)
VALUES ('i', 'telegram', '1', 'e1', $1, 1, 'pending', 1, 1)`, []any{string(message)}},
		{`INSERT INTO entries (id, key, thread, ticket, kind, agent, body, attachments, redacted, delivery, made_at)
VALUES ('e', '', 'telegram/1', 0, 'asker', '', 'words', '', '', '', 1)`, nil},
	} {
		if _, err := db.ExecContext(t.Context(), c.text, c.args...); err != nil {
			t.Fatal(err)
		}
	}
}
