package storetest

import (
	"strings"
	"testing"
	"unicode/utf8"

	"firstline/bot/chat"
	"firstline/handoff"
)

var textTests = []test{
	{"large texts", testLargeText},
	{"bytes that are no text", testDirtyText},
}

func testLargeText(t *testing.T, s Store) {
	large := strings.Repeat("长文本 long text 🏦\n", 100_000) // about 2.5 MB
	m := message(tg, "1", "big")
	m.Text = large
	receive(t, s, m)
	same(t, "message", len(takeMessage(t, s, at(1)).Message.Text), len(large))
	d := delivery(tg, "1", "big")
	d.Out.Body = chat.Plain(large)
	put(t, s, d)
	if takeDelivery(t, s, at(1)).Out.Body.Text != large {
		t.Error("a large delivery came back changed")
	}
	e := entry("big")
	e.Text = large
	update(t, s, func(tx handoff.Tx) error { return tx.AddEntry(e) })
	if listEntries(t, s, "telegram/1", 1)[0].Text != large {
		t.Error("a large entry came back changed")
	}
}

// testDirtyText stores what adapters should have refused. What is readable
// stays, the rest is replaced, and the keys still work.
func testDirtyText(t *testing.T, s Store) {
	const dirty = "a\x00b\xffc\xc3\x28 \\u0000 ok"
	const clean = "a\uFFFDb\uFFFDc\uFFFD( \\u0000 ok"
	check := func(what, got string) {
		t.Helper()
		if got != clean || !utf8.ValidString(got) {
			t.Errorf("%s: %q, want %q", what, got, clean)
		}
	}
	m := message(tg, "c"+dirty, "e"+dirty)
	m.Text, m.From.Name = dirty, dirty
	receive(t, s, m)
	if n, err := s.AddMessages(t.Context(), []*chat.Message{m}, start); err != nil || n != 0 {
		t.Errorf("the same event again: %d, %v, want 0", n, err)
	}
	item := takeMessage(t, s, at(1))
	check("message", item.Message.Text)
	check("name", item.Message.From.Name)
	d := delivery(tg, dirty, "k"+dirty)
	d.Out.Body.Text, d.Thread = dirty, dirty
	put(t, s, d)
	check("delivery", takeDelivery(t, s, at(1)).Out.Body.Text)
	update(t, s, func(tx handoff.Tx) error {
		if added, err := tx.PutDelivery(d); added || err != nil {
			t.Errorf("the same key again: %v, %v, want false", added, err)
		}
		e := entry("k" + dirty)
		e.Text, e.Thread, e.Attachments = dirty, dirty, []chat.Attachment{{Name: dirty}}
		if err := tx.AddEntry(e); err != nil {
			return err
		}
		return tx.SaveThread(&handoff.Thread{ID: dirty, Person: chat.Person{Name: dirty}, Language: dirty})
	})
	view(t, s, func(tx handoff.Tx) error {
		th, err := tx.Thread(dirty)
		if err != nil {
			return err
		}
		check("thread", string(th.ID))
		check("person", th.Person.Name)
		check("language", th.Language)
		all, err := tx.Entries(dirty, 1)
		if err != nil || len(all) != 1 {
			t.Fatalf("Entries: %d, %v, want 1", len(all), err)
		}
		check("entry", all[0].Text)
		check("attachment", all[0].Attachments[0].Name)
		return nil
	})
}
