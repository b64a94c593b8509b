package storetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"firstline/bot/chat"
	"firstline/bot/outbox"
	"firstline/handoff"
)

var outboxTests = []test{
	{"a delivery comes back whole", testDeliveryWhole},
	{"a key is put once", testKeyOnce},
	{"a bad delivery is refused", testBadDelivery},
	{"order within a conversation", testDeliveryOrder},
	{"only the head of a line is taken", testDeliveryHeads},
	{"results", testResults},
	{"fencing", testDeliveryFencing},
	{"a lost attempt is uncertain", testLostAttempt},
	{"deliveries of a thread", testThreadDeliveries},
}

func testDeliveryWhole(t *testing.T, s Store) {
	want := outbox.Delivery{
		Key: "k/1", To: conversation(dc, "g/1#2"), Thread: "discord/g/1#2#5", Ticket: 1 << 40,
		Class: outbox.ClassNotice, Op: outbox.OpSend,
		Out: chat.Outbound{
			Body:    chat.Join("\n\n", chat.Styled("Überweisung 转账", chat.Bold), chat.Plain("<b>&\u202e🏦")),
			Choices: []chat.Choice{{Label: "是", Data: "yes"}}, ReplyTo: "42",
		},
		Target: "9", CreatedAt: start, Due: at(3),
	}
	put(t, s, want)
	same(t, "before it is due", keys(takeDeliveries(t, s, 1, at(2))), []string{})
	got := takeDelivery(t, s, at(3))
	want.ID, want.State, want.Attempt = got.ID, outbox.Pending, 1
	if got.ID == "" {
		t.Error("the delivery has no id")
	}
	same(t, "delivery", got, want)
	stored := get(t, s, func(tx handoff.Tx) ([]outbox.Delivery, error) {
		return tx.Deliveries(handoff.ThreadID(want.Thread), start)
	})
	same(t, "stored delivery", stored, []outbox.Delivery{want})
}

func testKeyOnce(t *testing.T, s Store) {
	put(t, s, delivery(tg, "1", "k"))
	again := func(d outbox.Delivery) {
		t.Helper()
		update(t, s, func(tx handoff.Tx) error {
			added, err := tx.PutDelivery(d)
			if added {
				t.Error("a known key was added")
			}
			return err
		})
	}
	changed := delivery(tg, "2", "k")
	changed.Out.Body = chat.Plain("another text")
	again(changed)
	d := takeDelivery(t, s, at(0))
	same(t, "text", d.Out.Body.Text, "k")
	same(t, "conversation", d.To.ID, "1")
	finishDelivery(t, s, d, outbox.Result{State: outbox.Sent, SentID: "1"})
	again(changed)
	same(t, "left", keys(takeDeliveries(t, s, 10, at(900))), []string{})
}

func testBadDelivery(t *testing.T, s Store) {
	for name, spoil := range map[string]func(*outbox.Delivery){
		"no key":          func(d *outbox.Delivery) { d.Key = "" },
		"no network":      func(d *outbox.Delivery) { d.To.Network = "" },
		"no conversation": func(d *outbox.Delivery) { d.To.ID = "" },
		"no operation":    func(d *outbox.Delivery) { d.Op = "" },
		"sent already":    func(d *outbox.Delivery) { d.State = outbox.Sent },
	} {
		d := delivery(tg, "1", "k")
		spoil(&d)
		err := s.Update(t.Context(), func(tx handoff.Tx) error {
			_, err := tx.PutDelivery(d)
			return err
		})
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func testDeliveryOrder(t *testing.T, s Store) {
	const n = 30
	for i := 0; i < n; i += 3 {
		put(t, s, delivery(tg, "1", fmt.Sprintf("k%02d", i)), delivery(tg, "1", fmt.Sprintf("k%02d", i+1)),
			delivery(tg, "1", fmt.Sprintf("k%02d", i+2)))
	}
	for i := range n {
		d := takeDelivery(t, s, at(0))
		same(t, "key", d.Key, fmt.Sprintf("k%02d", i))
		// A failure must not hold up the conversation for ever either.
		r := outbox.Result{State: outbox.Sent, SentID: "1"}
		if i%3 == 1 {
			r = outbox.Result{State: outbox.Failed, Error: "blocked"}
		}
		finishDelivery(t, s, d, r)
	}
}

func testDeliveryHeads(t *testing.T, s Store) {
	later := delivery(tg, "1", "a1")
	later.Due = at(100)
	put(t, s, later, delivery(tg, "1", "a2"), delivery(tg, "2", "b1"), delivery(tg, "2", "b2"),
		delivery(dc, "1", "c1"), delivery("web", "1", "w1"))
	same(t, "heads that are due", keys(takeDeliveries(t, s, 10, at(99))), []string{"b1", "c1"})
	same(t, "all leased or not due", keys(takeDeliveries(t, s, 10, at(99))), []string{})
	a1 := takeDelivery(t, s, at(100))
	same(t, "the late head", a1.Key, "a1")
	finishDelivery(t, s, a1, outbox.Result{State: outbox.Sent, SentID: "1"})
	same(t, "behind it", takeDelivery(t, s, at(100)).Key, "a2")
	all, err := s.TakeDeliveries(t.Context(), []chat.Network{"web", "none"}, 10, at(100), lease)
	same(t, "another network", keys(all), []string{"w1"})
	if err != nil {
		t.Error(err)
	}
}

func testResults(t *testing.T, s Store) {
	for _, key := range []string{"sent", "failed", "withheld", "again"} {
		put(t, s, delivery(tg, key, key))
	}
	results := map[string]outbox.Result{
		"sent":     {State: outbox.Sent, SentID: "m1"},
		"failed":   {State: outbox.Failed, Error: "unreachable: blocked", Uncertain: true},
		"withheld": {State: outbox.Withheld},
		"again":    {State: outbox.Pending, Due: at(70), Error: "temporary: 502", Uncertain: true},
	}
	for _, d := range takeDeliveries(t, s, 10, at(0)) {
		finishDelivery(t, s, d, results[d.Key])
	}
	for key, r := range results {
		stored := get(t, s, func(tx handoff.Tx) ([]outbox.Delivery, error) {
			return tx.Deliveries(handoff.ThreadID("telegram/"+key), time.Time{})
		})
		want := delivery(tg, key, key)
		want.State, want.SentID, want.Error, want.Due, want.Attempt = r.State, r.SentID, r.Error, r.Due, 1
		if r.Uncertain {
			want.Uncertain = 1
		}
		if len(stored) == 1 {
			want.ID = stored[0].ID
		}
		same(t, key, stored, []outbox.Delivery{want})
	}
	same(t, "not yet due again", keys(takeDeliveries(t, s, 10, at(69))), []string{})
	again := takeDelivery(t, s, at(70))
	same(t, "again", []any{again.Key, again.Attempt, again.Uncertain}, []any{"again", 2, 1})
	if err := s.FinishDelivery(t.Context(), again, outbox.Result{State: "odd"}); err == nil {
		t.Error("an unknown state was recorded")
	}
}

func testDeliveryFencing(t *testing.T, s Store) {
	put(t, s, delivery(tg, "1", "k"))
	old := takeDelivery(t, s, at(0))
	latest := takeDelivery(t, s, at(60))
	for _, state := range []outbox.State{outbox.Sent, outbox.Pending, outbox.Failed, outbox.Withheld} {
		wantErr(t, "the old taker", s.FinishDelivery(t.Context(), old, outbox.Result{State: state}), outbox.ErrLost)
	}
	same(t, "still leased", keys(takeDeliveries(t, s, 10, at(61))), []string{})
	finishDelivery(t, s, latest, outbox.Result{State: outbox.Sent, SentID: "7"})
	for _, state := range []outbox.State{outbox.Sent, outbox.Pending} {
		wantErr(t, "twice", s.FinishDelivery(t.Context(), latest, outbox.Result{State: state}), outbox.ErrLost)
	}
	wantErr(t, "unknown", s.FinishDelivery(t.Context(), outbox.Delivery{ID: "none"}, outbox.Result{State: outbox.Sent}), outbox.ErrLost)
	same(t, "left", keys(takeDeliveries(t, s, 10, at(900))), []string{})
}

func testLostAttempt(t *testing.T, s Store) {
	put(t, s, delivery(tg, "1", "k"))
	same(t, "first", takeDelivery(t, s, at(0)).Uncertain, 0)
	// The courier dies; nobody knows whether the network got it.
	d := takeDelivery(t, s, at(60))
	same(t, "after a lost attempt", d.Uncertain, 1)
	finishDelivery(t, s, d, outbox.Result{State: outbox.Pending, Due: at(61)})
	same(t, "after one that ended", takeDelivery(t, s, at(61)).Uncertain, 1)
}

func testThreadDeliveries(t *testing.T, s Store) {
	var all []outbox.Delivery
	for i := range 6 {
		d := delivery(tg, "1", fmt.Sprint("k", i))
		d.CreatedAt = at(i / 2)
		all = append(all, d)
	}
	other := delivery(tg, "1", "other")
	other.Thread = "telegram/1#5"
	put(t, s, append(all, other)...)
	for since, want := range map[int]int{0: 6, 1: 4, 2: 2, 3: 0} {
		view(t, s, func(tx handoff.Tx) error {
			got, err := tx.Deliveries("telegram/1", at(since))
			if len(got) != want {
				return errors.Join(err, fmt.Errorf("since %d: %v, want the last %d", since, keys(got), want))
			}
			for i, d := range got {
				same(t, "order", d.Key, fmt.Sprint("k", 6-want+i))
			}
			return err
		})
	}
}
