package storetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"firstline/bot/chat"
	"firstline/handoff"
)

var ticketTests = []test{
	{"a ticket comes back whole", testTicketWhole},
	{"filters", testFilters},
	{"a claim ends with its time", testClaimEnds},
	{"place in the queue", testPlace},
	{"limits", testTicketLimits},
	{"first replies", testFirstReplies},
}

func testTicketWhole(t *testing.T, s Store) {
	want := handoff.Ticket{
		ID:     999, // replaced
		Thread: "discord/5#7", Conversation: conversation(dc, "5"), Person: chat.Person{ID: "7", Name: "<i>李", Language: "zh"},
		Private: true, Language: "zh", Reason: handoff.ReasonAlways, Article: "stolen-funds", ReplyTo: "m1",
		State: handoff.Claimed, ClaimedBy: "ann", ClaimedUntil: at(60),
		OpenedAt: at(1), QueuedAt: at(2), FirstReplyAt: at(3), SolvedAt: at(4), SolvedBy: "bob",
		Reopened: 2, Rating: 5, UpdatedAt: at(5),
	}
	want.ID = addTicket(t, s, want)
	same(t, "number", want.ID, handoff.TicketID(1))
	read := func() *handoff.Ticket {
		return get(t, s, func(tx handoff.Tx) (*handoff.Ticket, error) { return tx.Ticket(want.ID) })
	}
	same(t, "added", read(), &want)
	changed := handoff.Ticket{ID: want.ID, State: handoff.Open}
	update(t, s, func(tx handoff.Tx) error { return tx.SaveTicket(&changed) })
	same(t, "saved", read(), &changed)
	err := s.Update(t.Context(), func(tx handoff.Tx) error { return tx.SaveTicket(&handoff.Ticket{ID: 2}) })
	wantErr(t, "saving what was not added", err, handoff.ErrNotFound)
	err = s.View(t.Context(), func(tx handoff.Tx) error { _, err := tx.Ticket(2); return err })
	wantErr(t, "reading what was not added", err, handoff.ErrNotFound)
}

// ids returns the numbers of the tickets that f selects, in order, and checks
// that counting agrees.
func ids(t *testing.T, s Store, f handoff.Filter) []handoff.TicketID {
	t.Helper()
	out := []handoff.TicketID{}
	view(t, s, func(tx handoff.Tx) error {
		found, err := tx.Tickets(f)
		n, err2 := tx.CountTickets(f)
		if n != len(found) {
			t.Errorf("CountTickets(%+v): %d, want %d", f, n, len(found))
		}
		for _, k := range found {
			out = append(out, k.ID)
		}
		return errors.Join(err, err2)
	})
	return out
}

type ticketIDs = []handoff.TicketID

func testFilters(t *testing.T, s Store) {
	// Queue order is not the order of numbers, nor that of updates.
	addTicket(t, s, handoff.Ticket{State: handoff.Open, QueuedAt: at(30), UpdatedAt: at(10)})
	addTicket(t, s, handoff.Ticket{State: handoff.Open, QueuedAt: at(10), UpdatedAt: at(40)})
	addTicket(t, s, handoff.Ticket{State: handoff.Claimed, ClaimedBy: "ann", ClaimedUntil: at(100), QueuedAt: at(20), UpdatedAt: at(20)})
	addTicket(t, s, handoff.Ticket{State: handoff.Claimed, ClaimedBy: "bob", ClaimedUntil: at(200), QueuedAt: at(5), UpdatedAt: at(30)})
	addTicket(t, s, handoff.Ticket{State: handoff.Solved, SolvedBy: "ann", QueuedAt: at(1), UpdatedAt: at(50)})
	addTicket(t, s, handoff.Ticket{State: handoff.Open, QueuedAt: at(10), UpdatedAt: at(40)})
	states := func(s ...handoff.TicketState) []handoff.TicketState { return s }
	for _, c := range []struct {
		name string
		f    handoff.Filter
		want ticketIDs
	}{
		{"all", handoff.Filter{}, ticketIDs{5, 4, 2, 6, 3, 1}},
		{"all, newest", handoff.Filter{Newest: true}, ticketIDs{5, 6, 2, 4, 3, 1}},
		{"open", handoff.Filter{States: states(handoff.Open), Now: at(50)}, ticketIDs{2, 6, 1}},
		{"claimed", handoff.Filter{States: states(handoff.Claimed), Now: at(50)}, ticketIDs{4, 3}},
		{"solved", handoff.Filter{States: states(handoff.Solved), Now: at(50)}, ticketIDs{5}},
		{"not solved", handoff.Filter{States: states(handoff.Open, handoff.Claimed), Now: at(50), Newest: true}, ticketIDs{6, 2, 4, 3, 1}},
		{"open when a claim has ended", handoff.Filter{States: states(handoff.Open), Now: at(150)}, ticketIDs{2, 6, 3, 1}},
		{"ann's", handoff.Filter{ClaimedBy: "ann"}, ticketIDs{3}},
		{"ann's claims when hers has ended", handoff.Filter{ClaimedBy: "ann", States: states(handoff.Claimed), Now: at(150)}, ticketIDs{}},
		{"nobody's", handoff.Filter{ClaimedBy: "' OR 1=1 --"}, ticketIDs{}},
		{"an unknown state", handoff.Filter{States: states("odd"), Now: at(50)}, ticketIDs{}},
		{"before a time", handoff.Filter{Before: at(10)}, ticketIDs{5, 4}},
		{"before a ticket", handoff.Filter{Before: at(10), BeforeID: 6}, ticketIDs{5, 4, 2}},
	} {
		same(t, c.name, ids(t, s, c.f), c.want)
	}
}

// testClaimEnds checks that the filter agrees with Ticket.StateAt to the
// moment.
func testClaimEnds(t *testing.T, s Store) {
	until := at(100)
	id := addTicket(t, s, handoff.Ticket{State: handoff.Claimed, ClaimedBy: "ann", ClaimedUntil: until})
	k := get(t, s, func(tx handoff.Tx) (*handoff.Ticket, error) { return tx.Ticket(id) })
	for _, d := range []time.Duration{-time.Hour, -time.Millisecond, -time.Microsecond, 0, time.Microsecond, time.Millisecond, time.Hour} {
		now := until.Add(d)
		for _, state := range []handoff.TicketState{handoff.Open, handoff.Claimed, handoff.Solved} {
			want := ticketIDs{}
			if k.StateAt(now) == state {
				want = ticketIDs{id}
			}
			same(t, fmt.Sprint(state, " ", d, " after the end"), ids(t, s, handoff.Filter{States: []handoff.TicketState{state}, Now: now}), want)
		}
	}
}

func testPlace(t *testing.T, s Store) {
	for range 5 {
		addTicket(t, s, handoff.Ticket{State: handoff.Open, QueuedAt: start})
	}
	for id := range handoff.TicketID(5) {
		f := handoff.Filter{States: []handoff.TicketState{handoff.Open}, Now: start, Before: start, BeforeID: id + 1}
		n := get(t, s, func(tx handoff.Tx) (int, error) { return tx.CountTickets(f) })
		same(t, fmt.Sprint("before ticket ", id+1), n, int(id))
	}
}

func testTicketLimits(t *testing.T, s Store) {
	update(t, s, func(tx handoff.Tx) error {
		for range 203 {
			if err := tx.AddTicket(&handoff.Ticket{State: handoff.Open, QueuedAt: start}); err != nil {
				return err
			}
		}
		return nil
	})
	view(t, s, func(tx handoff.Tx) error {
		for limit, want := range map[int]int{0: 200, 1: 1, 202: 202, 1000: 203} {
			found, err := tx.Tickets(handoff.Filter{Max: limit})
			n, err2 := tx.CountTickets(handoff.Filter{Max: limit})
			if err := errors.Join(err, err2); err != nil {
				return err
			}
			same(t, fmt.Sprint("listed with Max ", limit), len(found), want)
			same(t, fmt.Sprint("counted with Max ", limit), n, 203)
		}
		return nil
	})
}

func testFirstReplies(t *testing.T, s Store) {
	for _, replied := range []int{50, 0, 300, 120} { // 0: not yet
		k := handoff.Ticket{State: handoff.Open, OpenedAt: at(20)}
		if replied > 0 {
			k.FirstReplyAt = at(replied)
		}
		addTicket(t, s, k)
	}
	seconds := func(since time.Time, limit int) []float64 {
		out := []float64{}
		for _, d := range get(t, s, func(tx handoff.Tx) ([]time.Duration, error) { return tx.FirstReplies(since, limit) }) {
			out = append(out, d.Seconds())
		}
		return out
	}
	same(t, "all", seconds(time.Time{}, 10), []float64{280, 100, 30})
	same(t, "since", seconds(at(120), 10), []float64{280, 100})
	same(t, "newest", seconds(at(0), 1), []float64{280})
	same(t, "none", seconds(at(301), 10), []float64{})
}
