package storetest

import (
	"fmt"
	"testing"
	"time"

	"firstline/bot/chat"
	"firstline/bot/inbox"
	"firstline/bot/outbox"
	"firstline/handoff"
)

var inboxTests = []test{
	{"a message comes back whole", testMessageWhole},
	{"an event is stored once", testEventOnce},
	{"a batch is stored whole or not", testBatchWhole},
	{"order within a conversation", testMessageOrder},
	{"conversations in parallel", testMessageParallel},
	{"a lease holds up its conversation only", testMessageLease},
	{"fencing", testMessageFencing},
	{"delay", testMessageDelay},
	{"everybody's turn comes", testMessageTurns},
}

func testMessageWhole(t *testing.T, s Store) {
	want := &chat.Message{
		Event: "e1", ID: "77", Conversation: conversation(dc, "guild/9#x"),
		From:    chat.Person{ID: "5", Name: `<b>"Zoë" 李</b>`, Language: "pt-BR"},
		Private: true, Addressed: true, Text: "¿dónde? 在哪里\n  \u202eabc 🏦 \\u0000 %s ' \"", Command: chat.CommandAsk,
		Choice: "helped:7", Attachments: []chat.Attachment{{Kind: "photo", Name: "a.png", Size: 1 << 40, Ref: "r"}},
		Redacted: []string{"seed phrase"}, SentAt: start.Add(-time.Hour),
	}
	receive(t, s, want)
	got := takeMessage(t, s, at(5))
	if got.ID == "" {
		t.Error("the item has no id")
	}
	same(t, "item", got, inbox.Item{ID: got.ID, Message: want, ReceivedAt: start, Attempt: 1})
}

func testEventOnce(t *testing.T, s Store) {
	ctx := t.Context()
	n, err := s.AddMessages(ctx, []*chat.Message{message(tg, "1", "a"), message(tg, "1", "a"), message(tg, "1", "b")}, start)
	if err != nil || n != 2 {
		t.Fatalf("AddMessages with one twice: %d, %v, want 2", n, err)
	}
	// Another conversation, the same event: the network sent it again.
	if n, err = s.AddMessages(ctx, []*chat.Message{message(tg, "2", "b")}, at(1)); err != nil || n != 0 {
		t.Errorf("AddMessages again: %d, %v, want 0", n, err)
	}
	// Events of another network are others.
	if n, err = s.AddMessages(ctx, []*chat.Message{message(dc, "1", "a")}, at(1)); err != nil || n != 1 {
		t.Errorf("AddMessages of another network: %d, %v, want 1", n, err)
	}
	for _, item := range takeMessages(t, s, 10, at(2)) {
		finishMessage(t, s, item)
	}
	finishMessage(t, s, takeMessage(t, s, at(2)))
	// Handled long ago, and still known.
	n, err = s.AddMessages(ctx, []*chat.Message{message(tg, "1", "a"), message(tg, "1", "b")}, at(3))
	if err != nil || n != 0 {
		t.Errorf("AddMessages after handling: %d, %v, want 0", n, err)
	}
	same(t, "messages left", texts(takeMessages(t, s, 10, at(900))), []string{})
}

func testBatchWhole(t *testing.T, s Store) {
	for name, bad := range map[string]*chat.Message{
		"nil":             nil,
		"no event":        message(tg, "1", ""),
		"no conversation": message(tg, "", "x"),
		"no network":      message("", "1", "x"),
	} {
		n, err := s.AddMessages(t.Context(), []*chat.Message{message(tg, "1", "a"), bad}, start)
		if err == nil || n != 0 {
			t.Errorf("%s: %d, %v, want an error", name, n, err)
		}
	}
	same(t, "messages", texts(takeMessages(t, s, 10, at(1))), []string{})
	if n, err := s.AddMessages(t.Context(), nil, start); err != nil || n != 0 {
		t.Errorf("no message: %d, %v", n, err)
	}
}

func testMessageOrder(t *testing.T, s Store) {
	const n = 40
	var batch []*chat.Message
	for i := range n {
		batch = append(batch, message(tg, "1", fmt.Sprintf("a%02d", i)))
		if len(batch) == 7 || i == n-1 {
			receive(t, s, batch...)
			batch = nil
		}
	}
	for i := range n {
		item := takeMessage(t, s, at(1))
		same(t, "text", item.Message.Text, fmt.Sprintf("a%02d", i))
		finishMessage(t, s, item)
	}
}

func testMessageParallel(t *testing.T, s Store) {
	receive(t, s, message(tg, "1", "a1"), message(tg, "1", "a2"), message(tg, "2", "b1"), message(dc, "1", "c1"),
		message("web", "1", "w1"))
	same(t, "at most two", len(takeMessages(t, s, 2, at(1))), 2)
	same(t, "the third", len(takeMessages(t, s, 2, at(1))), 1)
	same(t, "nothing more", texts(takeMessages(t, s, 2, at(1))), []string{})
	same(t, "none asked for", texts(takeMessages(t, s, 0, at(500))), []string{})
	items, err := s.TakeMessages(t.Context(), []chat.Network{"web", "web"}, 10, at(1), lease)
	same(t, "another network, named twice", texts(items), []string{"w1"})
	if err != nil || len(items) != 1 || items[0].Attempt != 1 {
		t.Errorf("TakeMessages: %v, %v, want one at its first attempt", items, err)
	}
	items, err = s.TakeMessages(t.Context(), nil, 10, at(500), lease)
	same(t, "no network", texts(items), []string{})
	if err != nil {
		t.Error(err)
	}
}

func testMessageLease(t *testing.T, s Store) {
	receive(t, s, message(tg, "1", "a1"), message(tg, "1", "a2"), message(tg, "2", "b1"))
	first := takeMessages(t, s, 10, at(0))
	same(t, "heads", texts(first), []string{"a1", "b1"})
	same(t, "while leased", texts(takeMessages(t, s, 10, at(59))), []string{})
	receive(t, s, message(tg, "3", "c1"))
	same(t, "others go on", texts(takeMessages(t, s, 10, at(59))), []string{"c1"})
	again := takeMessages(t, s, 10, at(60)) // leased until at(60): that moment is free
	same(t, "after the lease", texts(again), []string{"a1", "b1"})
	for _, item := range again {
		same(t, "attempt", item.Attempt, 2)
		finishMessage(t, s, item)
	}
	same(t, "the next", texts(takeMessages(t, s, 10, at(60))), []string{"a2"})
}

func testMessageFencing(t *testing.T, s Store) {
	receive(t, s, message(tg, "1", "a1"), message(tg, "1", "a2"))
	old := takeMessage(t, s, at(0))
	latest := takeMessage(t, s, at(60))
	finish := func(item inbox.Item, key string) error {
		return s.Update(t.Context(), func(tx handoff.Tx) error {
			if err := tx.AddEntry(entry(key)); err != nil {
				return err
			}
			return tx.FinishMessage(item.ID, item.Attempt)
		})
	}
	wantErr(t, "the old taker finishes", finish(old, "old"), outbox.ErrLost)
	wantErr(t, "the old taker delays", s.DelayMessage(t.Context(), old, at(0)), outbox.ErrLost)
	same(t, "still leased", texts(takeMessages(t, s, 10, at(61))), []string{})
	if err := finish(latest, "new"); err != nil {
		t.Errorf("the latest taker: %v", err)
	}
	wantErr(t, "finishing twice", finish(latest, "twice"), outbox.ErrLost)
	wantErr(t, "delaying what is handled", s.DelayMessage(t.Context(), latest, at(0)), outbox.ErrLost)
	wantErr(t, "an unknown item", finish(inbox.Item{ID: "none", Attempt: 1}, "none"), outbox.ErrLost)
	same(t, "effects", entryKeys(t, s), []string{"new"})
	same(t, "the next", takeMessage(t, s, at(61)).Message.Text, "a2")
}

func testMessageDelay(t *testing.T, s Store) {
	receive(t, s, message(tg, "1", "a1"), message(tg, "1", "a2"))
	item := takeMessage(t, s, at(0))
	if err := s.DelayMessage(t.Context(), item, at(300)); err != nil {
		t.Fatal(err)
	}
	same(t, "before it is due", texts(takeMessages(t, s, 10, at(299))), []string{})
	item = takeMessage(t, s, at(300))
	same(t, "text", item.Message.Text, "a1")
	same(t, "attempt", item.Attempt, 2)
	if err := s.DelayMessage(t.Context(), item, time.Time{}); err != nil {
		t.Fatal(err)
	}
	same(t, "due at once", takeMessage(t, s, at(301)).Attempt, 3)
}

// testMessageTurns has more conversations than are taken at a time: all of
// them come to their end, one message at a time.
func testMessageTurns(t *testing.T, s Store) {
	var batch []*chat.Message
	for i := range 20 {
		for j := range 3 {
			batch = append(batch, message(tg, fmt.Sprint(i), fmt.Sprintf("%d-%d", i, j)))
		}
	}
	receive(t, s, batch...)
	turns := map[string]int{}
	for items := takeMessages(t, s, 3, at(1)); len(items) > 0; items = takeMessages(t, s, 3, at(1)) {
		for _, item := range items {
			conv := item.Message.Conversation.ID
			same(t, "message", item.Message.Text, fmt.Sprintf("%s-%d", conv, turns[conv]))
			turns[conv]++
			finishMessage(t, s, item)
		}
	}
	for i := range 20 {
		same(t, "turns of a conversation", turns[fmt.Sprint(i)], 3)
	}
}
