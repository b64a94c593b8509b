package storetest

import (
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"firstline/bot/chat"
	"firstline/bot/inbox"
	"firstline/bot/outbox"
	"firstline/handoff"
)

var modelTests = []test{
	{"inbox", testInboxModel},
	{"outbox", testOutboxModel},
}

// row is a piece of work in the model: a line of text in its conversation.
type row struct {
	key, line string
	ready     time.Time
	attempt   int
	uncertain int
	leased    bool
	done      bool
}

// model is a queue as its documentation describes it, without a database: the
// rows in order, and time that goes on.
type model struct {
	now  time.Time
	rows []*row
}

// take leases what can be taken now: the first row of each line that is not
// done, if it is ready.
func (m *model) take() []*row {
	var taken []*row
	seen := map[string]bool{}
	for _, r := range m.rows {
		if r.done || seen[r.line] {
			continue
		}
		seen[r.line] = true
		if r.ready.After(m.now) {
			continue
		}
		if r.leased {
			r.uncertain++
		}
		r.attempt, r.leased, r.ready = r.attempt+1, true, m.now.Add(lease)
		taken = append(taken, r)
	}
	return taken
}

func (m *model) row(key string) *row {
	i := slices.IndexFunc(m.rows, func(r *row) bool { return r.key == key })
	if i < 0 {
		return nil
	}
	return m.rows[i]
}

// pass lets some time go by, sometimes past the ends of leases.
func (m *model) pass(t *rapid.T) {
	m.now = m.now.Add(time.Duration(rapid.SampledFrom([]int{0, 1, 20, 61}).Draw(t, "seconds")) * time.Second)
}

// attempts lists what was taken as text to compare.
func (m *model) attempts(rows []*row, uncertain bool) []string {
	out := []string{}
	for _, r := range rows {
		s := fmt.Sprintf("%s attempt %d", r.key, r.attempt)
		if uncertain {
			s += fmt.Sprintf(" uncertain %d", r.uncertain)
		}
		out = append(out, s)
	}
	slices.Sort(out)
	return out
}

func equal(t *rapid.T, what string, got, want []string) {
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Fatalf("%s: %q, want %q", what, got, want)
	}
}

// outcome compares an error with what the model says: nil or ErrLost.
func outcome(t *rapid.T, what string, err error, good bool) {
	if good && err != nil || !good && !errors.Is(err, outbox.ErrLost) {
		t.Fatalf("%s: %v, want success: %v", what, err, good)
	}
}

// networkOf returns a network that no other run uses, so that all runs can
// share one store.
var runs atomic.Int64

func newNetwork() chat.Network { return chat.Network(fmt.Sprint("net", runs.Add(1))) }

func drawLine(t *rapid.T) string { return rapid.SampledFrom([]string{"x", "y", "z"}).Draw(t, "line") }

func testInboxModel(tt *testing.T, s Store) {
	ctx := tt.Context()
	rapid.Check(tt, func(t *rapid.T) {
		network := newNetwork()
		m := &model{now: start}
		var taken []inbox.Item // everything ever taken, also what was lost since
		draw := func(t *rapid.T) (inbox.Item, *row, bool) {
			if len(taken) == 0 {
				t.Skip("nothing taken")
			}
			item := rapid.SampledFrom(taken).Draw(t, "item")
			r := m.row(item.Message.Event)
			return item, r, !r.done && r.attempt == item.Attempt
		}
		t.Repeat(map[string]func(*rapid.T){
			"add": func(t *rapid.T) {
				var batch []*chat.Message
				want := 0
				for range rapid.IntRange(1, 4).Draw(t, "size") {
					line, key := drawLine(t), fmt.Sprint("e", rapid.IntRange(0, 30).Draw(t, "event"))
					batch = append(batch, message(network, line, key))
					if m.row(key) == nil {
						m.rows = append(m.rows, &row{key: key, line: line})
						want++
					}
				}
				if n, err := s.AddMessages(ctx, batch, m.now); err != nil || n != want {
					t.Fatalf("AddMessages: %d, %v, want %d", n, err, want)
				}
			},
			"take": func(t *rapid.T) {
				m.pass(t)
				items, err := s.TakeMessages(ctx, []chat.Network{network}, 100, m.now, lease)
				if err != nil {
					t.Fatal(err)
				}
				got := []string{}
				for _, i := range items {
					got = append(got, fmt.Sprintf("%s attempt %d", i.Message.Event, i.Attempt))
				}
				equal(t, "taken", got, m.attempts(m.take(), false))
				taken = append(taken, items...)
			},
			"finish": func(t *rapid.T) {
				item, r, good := draw(t)
				err := s.Update(ctx, func(tx handoff.Tx) error { return tx.FinishMessage(item.ID, item.Attempt) })
				outcome(t, "finish", err, good)
				r.done = r.done || good
			},
			"delay": func(t *rapid.T) {
				item, r, good := draw(t)
				due := m.now.Add(time.Duration(rapid.IntRange(-5, 30).Draw(t, "due")) * time.Second)
				outcome(t, "delay", s.DelayMessage(ctx, item, due), good)
				if good {
					r.ready = due
				}
			},
		})
	})
}

func testOutboxModel(tt *testing.T, s Store) {
	ctx := tt.Context()
	rapid.Check(tt, func(t *rapid.T) {
		network := newNetwork()
		m := &model{now: start}
		var taken []outbox.Delivery
		t.Repeat(map[string]func(*rapid.T){
			"put": func(t *rapid.T) {
				line, key := drawLine(t), fmt.Sprint(network, "/", rapid.IntRange(0, 30).Draw(t, "key"))
				d := delivery(network, line, key)
				d.Due = m.now.Add(time.Duration(rapid.IntRange(-5, 30).Draw(t, "due")) * time.Second)
				fails := rapid.IntRange(0, 4).Draw(t, "fails") == 0
				known := m.row(key) != nil
				err := s.Update(ctx, func(tx handoff.Tx) error {
					added, err := tx.PutDelivery(d)
					if err == nil && added == known {
						return fmt.Errorf("added %v, want %v", added, !known)
					}
					if err == nil && fails {
						return outbox.ErrLost // any error will do
					}
					return err
				})
				outcome(t, "put", err, !fails)
				if !known && !fails {
					m.rows = append(m.rows, &row{key: key, line: line, ready: d.Due})
				}
			},
			"take": func(t *rapid.T) {
				m.pass(t)
				all, err := s.TakeDeliveries(ctx, []chat.Network{network}, 100, m.now, lease)
				if err != nil {
					t.Fatal(err)
				}
				got := []string{}
				for _, d := range all {
					got = append(got, fmt.Sprintf("%s attempt %d uncertain %d", d.Key, d.Attempt, d.Uncertain))
				}
				equal(t, "taken", got, m.attempts(m.take(), true))
				taken = append(taken, all...)
			},
			"finish": func(t *rapid.T) {
				if len(taken) == 0 {
					t.Skip("nothing taken")
				}
				d := rapid.SampledFrom(taken).Draw(t, "delivery")
				r := m.row(d.Key)
				good := !r.done && r.attempt == d.Attempt
				res := outbox.Result{
					State:     rapid.SampledFrom([]outbox.State{outbox.Pending, outbox.Sent, outbox.Failed, outbox.Withheld}).Draw(t, "state"),
					Due:       m.now.Add(time.Duration(rapid.IntRange(-5, 30).Draw(t, "due")) * time.Second),
					Uncertain: rapid.Bool().Draw(t, "uncertain"),
				}
				outcome(t, "finish", s.FinishDelivery(ctx, d, res), good)
				if !good {
					return
				}
				r.leased, r.done, r.ready = false, res.State != outbox.Pending, res.Due
				if res.Uncertain {
					r.uncertain++
				}
			},
		})
	})
}
