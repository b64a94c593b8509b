package storetest

import (
	"errors"
	"testing"
	"time"

	"firstline/bot/chat"
	"firstline/bot/outbox"
	"firstline/handoff"
)

var roomTests = []test{
	{"cards", testCards},
	{"which cards are due", testCardsDue},
	{"what a message of ours was", testSentAs},
	{"notes from a room", testNoteOf},
	{"accounts", testAccounts},
}

var (
	room  = chat.ConversationID{Network: tg, ID: "-100"}
	other = chat.ConversationID{Network: dc, ID: "-100"}
)

func saveCard(t *testing.T, s Store, c *handoff.Card) {
	t.Helper()
	update(t, s, func(tx handoff.Tx) error { return tx.SaveCard(c) })
}

func ticketIn(t *testing.T, s Store, state handoff.TicketState) *handoff.Ticket {
	t.Helper()
	k := &handoff.Ticket{State: state, UpdatedAt: at(0), QueuedAt: at(0)}
	update(t, s, func(tx handoff.Tx) error { return tx.AddTicket(k) })
	return k
}

func testCards(t *testing.T, s Store) {
	k := ticketIn(t, s, handoff.Open)
	c := &handoff.Card{
		Room: room, Ticket: k.ID, Place: chat.ConversationID{Network: tg, ID: "-100/7"}, Made: 2, MadeAt: at(1),
		From: "id", Shown: "hash", Edits: 3, Problem: "it was locked", Due: at(2),
	}
	saveCard(t, s, &handoff.Card{Room: room, Ticket: k.ID})
	saveCard(t, s, c)
	same(t, "card", get(t, s, func(tx handoff.Tx) (*handoff.Card, error) { return tx.Card(room, k.ID) }), c)
	same(t, "card of its place", get(t, s, func(tx handoff.Tx) (*handoff.Card, error) { return tx.CardAt(c.Place) }), c)
	same(t, "problems", get(t, s, handoff.Tx.RoomProblems), []handoff.RoomProblem{{Room: room, Problem: "it was locked"}})
	update(t, s, func(tx handoff.Tx) error { return tx.EndRoomProblems(other) })
	if got := get(t, s, handoff.Tx.RoomProblems); len(got) != 1 {
		t.Errorf("problems %+v: another room's ended", got)
	}
	update(t, s, func(tx handoff.Tx) error { return tx.EndRoomProblems(room) })
	if got := get(t, s, handoff.Tx.RoomProblems); len(got) != 0 {
		t.Errorf("problems %+v, want none", got)
	}
	for what, f := range map[string]func(handoff.Tx) (*handoff.Card, error){
		"another room":   func(tx handoff.Tx) (*handoff.Card, error) { return tx.Card(other, k.ID) },
		"another ticket": func(tx handoff.Tx) (*handoff.Card, error) { return tx.Card(room, k.ID+1) },
		"another place":  func(tx handoff.Tx) (*handoff.Card, error) { return tx.CardAt(room) },
		"no place":       func(tx handoff.Tx) (*handoff.Card, error) { return tx.CardAt(chat.ConversationID{Network: tg}) },
	} {
		err := s.View(t.Context(), func(tx handoff.Tx) error { _, err := f(tx); return err })
		wantErr(t, what, err, handoff.ErrNotFound)
	}
	if err := s.Update(t.Context(), func(tx handoff.Tx) error { return tx.SaveCard(&handoff.Card{Room: room}) }); err == nil {
		t.Error("a card of no ticket was saved")
	}
}

// testCardsDue: saving a ticket makes its cards due, in every room; unsolved
// tickets without a card always are.
func testCardsDue(t *testing.T, s Store) {
	due := func(in chat.ConversationID, now time.Time) []handoff.TicketID {
		return get(t, s, func(tx handoff.Tx) ([]handoff.TicketID, error) { return tx.CardsDue(in, now, 10) })
	}
	a, b, c := ticketIn(t, s, handoff.Open), ticketIn(t, s, handoff.Claimed), ticketIn(t, s, handoff.Solved)
	same(t, "no cards", due(room, at(0)), []handoff.TicketID{a.ID, b.ID})
	for _, k := range []*handoff.Ticket{a, b, c} {
		saveCard(t, s, &handoff.Card{Room: room, Ticket: k.ID})
	}
	same(t, "none is due", due(room, at(0)), []handoff.TicketID(nil))
	same(t, "another room", due(other, at(0)), []handoff.TicketID{a.ID, b.ID})
	saveCard(t, s, &handoff.Card{Room: room, Ticket: b.ID, Due: at(5)})
	same(t, "not yet", due(room, at(4)), []handoff.TicketID(nil))
	same(t, "now", due(room, at(5)), []handoff.TicketID{b.ID})
	update(t, s, func(tx handoff.Tx) error { return tx.SaveTicket(c) })
	same(t, "saved first", due(room, at(5)), []handoff.TicketID{c.ID, b.ID})
	same(t, "as many as wanted", get(t, s, func(tx handoff.Tx) ([]handoff.TicketID, error) { return tx.CardsDue(room, at(5), 1) }),
		[]handoff.TicketID{c.ID})
	saveCard(t, s, &handoff.Card{Room: room, Ticket: c.ID})
	same(t, "looked at", due(room, at(4)), []handoff.TicketID(nil))
}

func testSentAs(t *testing.T, s Store) {
	update(t, s, func(tx handoff.Tx) error {
		_, err := tx.PutDelivery(outbox.Delivery{Key: "card", To: room, Op: outbox.OpSend, Ticket: 7, Out: chat.Outbound{Body: chat.Plain("x")}})
		_, err2 := tx.PutDelivery(outbox.Delivery{Key: "open", To: room, Op: outbox.OpOpen, Of: "card"})
		return errors.Join(err, err2)
	})
	find := func(in chat.ConversationID, id chat.MessageID) (d *outbox.Delivery) {
		err := s.View(t.Context(), func(tx handoff.Tx) (err error) {
			d, err = tx.SentAs(in, id)
			return err
		})
		if err != nil && !errors.Is(err, handoff.ErrNotFound) {
			t.Fatal(err)
		}
		return d
	}
	sending := func() bool {
		return get(t, s, func(tx handoff.Tx) (bool, error) { return tx.Sending(room) })
	}
	if sending() || find(room, "") != nil {
		t.Error("nothing was taken")
	}
	take := func() outbox.Delivery {
		all, err := s.TakeDeliveries(t.Context(), networks, 10, time.Now().Add(time.Hour), lease)
		if err != nil || len(all) != 1 {
			t.Fatalf("%+v, %v", all, err)
		}
		return all[0]
	}
	d := take()
	if !sending() {
		t.Error("it is under way")
	}
	if err := s.FinishDelivery(t.Context(), d, outbox.Result{State: outbox.Sent, SentID: "41"}); err != nil {
		t.Fatal(err)
	}
	if got := find(room, "41"); got == nil || got.Ticket != 7 || got.Key != "card" {
		t.Errorf("the message was %+v", got)
	}
	if find(other, "41") != nil || find(room, "42") != nil || sending() {
		t.Error("there is no such message")
	}
	if d = take(); d.Op != outbox.OpOpen || d.Target != "41" {
		t.Fatalf("%+v", d)
	}
	if err := s.FinishDelivery(t.Context(), d, outbox.Result{State: outbox.Failed, Error: "gone", Gone: true}); err != nil {
		t.Fatal(err)
	}
	all := get(t, s, func(tx handoff.Tx) ([]outbox.Delivery, error) { return tx.Deliveries("", time.Time{}) })
	if len(all) != 2 || all[0].Gone || !all[1].Gone {
		t.Errorf("%+v", all)
	}
}

func testNoteOf(t *testing.T, s Store) {
	k := ticketIn(t, s, handoff.Open)
	n := &handoff.Note{Key: "n", Ticket: k.ID, Agent: "ann", Text: "x", At: at(1), In: room, Message: "5"}
	update(t, s, func(tx handoff.Tx) error { return tx.AddNote(n) })
	same(t, "note", get(t, s, func(tx handoff.Tx) (*handoff.Note, error) { return tx.NoteOf(room, "5") }), n)
	for _, id := range []chat.MessageID{"", "6"} {
		err := s.View(t.Context(), func(tx handoff.Tx) error { _, err := tx.NoteOf(room, id); return err })
		wantErr(t, "no note", err, handoff.ErrNotFound)
	}
}

func testAccounts(t *testing.T, s Store) {
	saveAgent(t, s, &handoff.Agent{ID: "ann"})
	saveAgent(t, s, &handoff.Agent{ID: "bob"})
	of := func(n chat.Network, id string) handoff.AgentID {
		var agent handoff.AgentID
		err := s.View(t.Context(), func(tx handoff.Tx) (err error) {
			agent, err = tx.Account(n, id)
			return err
		})
		if err != nil && !errors.Is(err, handoff.ErrNotFound) {
			t.Fatal(err)
		}
		return agent
	}
	save := func(id string, agent handoff.AgentID) error {
		return s.Update(t.Context(), func(tx handoff.Tx) error { return tx.SaveAccount(tg, id, agent) })
	}
	if err := errors.Join(save("1", "ann"), save("2", "bob"), save("2", "ann")); err != nil {
		t.Fatal(err)
	}
	for account, want := range map[string]handoff.AgentID{"1": "ann", "2": "ann", "3": ""} {
		if got := of(tg, account); got != want {
			t.Errorf("account %s is %q, want %q", account, got, want)
		}
	}
	if of(dc, "1") != "" {
		t.Error("another network's account")
	}
	wantErr(t, "an agent who does not exist", save("4", "eve"), handoff.ErrNotFound)
}
