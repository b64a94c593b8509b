package handoff_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"firstline/bot/chat"
	"firstline/bot/outbox"
	"firstline/handoff"
	"firstline/handoff/store"
)

// voice is the desk's words, in plain English.
type voice struct{}

func (voice) Reply(_ *handoff.Ticket, text string) chat.Rich { return chat.Plain(text) }
func (voice) Solved(*handoff.Ticket) chat.Outbound           { return chat.Outbound{Body: chat.Plain("solved")} }

// office is a desk on a real database, with a clock that stands still.
type office struct {
	*testing.T
	*handoff.Desk
	store *store.Store
	mu    sync.Mutex
	clock time.Time
	can   handoff.Abilities
}

func newOffice(t *testing.T) *office {
	t.Helper()
	st, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	o := &office{T: t, store: st, clock: time.Date(2026, 11, 22, 3, 0, 0, 0, time.UTC), can: handoff.Abilities{Edit: true, Delete: true}}
	o.Desk = handoff.New(handoff.Options{
		Store: st, Voice: voice{}, Now: o.now,
		Clean: func(text string) (string, []string) {
			if strings.Contains(text, "SECRET") {
				return "", []string{"seed_phrase"}
			}
			return text, nil
		},
		Can:    func(chat.Network) handoff.Abilities { return o.can },
		Limits: func(chat.Network) chat.Limits { return chat.Limits{Units: 50} },
	})
	for id, role := range map[handoff.AgentID]handoff.Role{"lea": handoff.RoleLead, "alice": handoff.RoleAgent} {
		if err := o.EnsureAgent(t.Context(), id, role); err != nil {
			t.Fatal(err)
		}
	}
	return o
}

func (o *office) now() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.clock
}

func (o *office) pass(d time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.clock = o.clock.Add(d)
}

// open opens a ticket for a person.
func (o *office) open(person string) *handoff.Ticket {
	o.Helper()
	var ticket *handoff.Ticket
	err := o.store.Update(o.Context(), func(tx handoff.Tx) (err error) {
		c := chat.ConversationID{Network: chat.Telegram, ID: person}
		th := &handoff.Thread{ID: handoff.ThreadID(c.String()), Conversation: c, Person: chat.Person{ID: person}, Private: true, Language: "en"}
		if old, err := tx.Thread(th.ID); err == nil {
			th = old
		}
		if ticket, _, err = o.Open(tx, th, handoff.ReasonAsked, ""); err != nil {
			return err
		}
		return tx.SaveThread(th)
	})
	if err != nil {
		o.Fatal(err)
	}
	return ticket
}

func (o *office) wantErr(what string, err, want error) {
	o.Helper()
	if !errors.Is(err, want) {
		o.Errorf("%s: %v, want %v", what, err, want)
	}
}

// TestEveryActionAsksWhoActs tries each action as nobody, as somebody disabled,
// and, where only leads may, as an agent.
func TestEveryActionAsksWhoActs(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	id := o.open("ann").ID
	if err := o.EnsureAgent(t.Context(), "gone", handoff.RoleLead); err != nil {
		t.Fatal(err)
	}
	if err := o.DisableAgent(t.Context(), "lea", "gone"); err != nil {
		t.Fatal(err)
	}
	actions := map[string]func(context.Context, handoff.AgentID) error{
		"claim":   func(ctx context.Context, by handoff.AgentID) error { _, err := o.Claim(ctx, id, by); return err },
		"release": func(ctx context.Context, by handoff.AgentID) error { _, err := o.Release(ctx, id, by); return err },
		"reply": func(ctx context.Context, by handoff.AgentID) error {
			_, err := o.Reply(ctx, id, by, "k", "x")
			return err
		},
		"note": func(ctx context.Context, by handoff.AgentID) error {
			_, err := o.Note(ctx, id, by, "k", "x")
			return err
		},
		"solve":  func(ctx context.Context, by handoff.AgentID) error { _, err := o.Solve(ctx, id, by); return err },
		"reopen": func(ctx context.Context, by handoff.AgentID) error { _, err := o.Reopen(ctx, id, by); return err },
		"story":  func(ctx context.Context, by handoff.AgentID) error { _, err := o.Story(ctx, id, by); return err },
		"queue": func(ctx context.Context, by handoff.AgentID) error {
			_, err := o.Queue(ctx, by, handoff.Filter{})
			return err
		},
		"counts": func(ctx context.Context, by handoff.AgentID) error { _, err := o.Counts(ctx, by); return err },
	}
	leads := map[string]func(context.Context, handoff.AgentID) error{
		"staff": func(ctx context.Context, by handoff.AgentID) error { _, err := o.Staff(ctx, by); return err },
		"add": func(ctx context.Context, by handoff.AgentID) error {
			return o.AddAgent(ctx, by, "eve", handoff.RoleLead)
		},
		"disable": func(ctx context.Context, by handoff.AgentID) error { return o.DisableAgent(ctx, by, "lea") },
		"link": func(ctx context.Context, by handoff.AgentID) error {
			if by == "" {
				return handoff.ErrForbidden // "" is the operator at the command line
			}
			_, err := o.NewSignIn(ctx, by, "lea")
			return err
		},
	}
	for _, by := range []handoff.AgentID{"nobody", "gone"} {
		for name, do := range actions {
			o.wantErr(name+" as "+string(by), do(t.Context(), by), handoff.ErrForbidden)
		}
	}
	for _, by := range []handoff.AgentID{"nobody", "gone", "alice"} {
		for name, do := range leads {
			o.wantErr(name+" as "+string(by), do(t.Context(), by), handoff.ErrForbidden)
		}
	}
	o.wantErr("a lead disables themselves", o.DisableAgent(t.Context(), "lea", "lea"), handoff.ErrForbidden)
	s, err := o.Story(t.Context(), id, "alice")
	if err != nil || s.State != handoff.Open || len(s.Entries)+len(s.Notes) != 0 {
		t.Errorf("after all that the ticket is %+v, %v", s, err)
	}
}

func TestEnsureAgentRaisesButNeverLowers(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	role := func(id handoff.AgentID) handoff.Role {
		t.Helper()
		agents, err := o.Agents(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range agents {
			if a.ID == id {
				return a.Role
			}
		}
		return ""
	}
	for _, step := range []struct{ ask, want handoff.Role }{
		{handoff.RoleAgent, handoff.RoleAgent}, {handoff.RoleLead, handoff.RoleLead}, {handoff.RoleAgent, handoff.RoleLead},
	} {
		if err := o.EnsureAgent(t.Context(), "alice", step.ask); err != nil || role("alice") != step.want {
			t.Errorf("asked for %s: %v, is %s, want %s", step.ask, err, role("alice"), step.want)
		}
	}
}

func TestSignIn(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	secret, err := o.NewSignIn(t.Context(), "", "alice")
	if err != nil {
		t.Fatal(err)
	}
	session, a, err := o.SignIn(t.Context(), secret)
	if err != nil || a.ID != "alice" {
		t.Fatalf("%v, %v", a, err)
	}
	_, _, err = o.SignIn(t.Context(), secret)
	o.wantErr("the link again", err, handoff.ErrForbidden)
	if a, err := o.Session(t.Context(), session); err != nil || a.ID != "alice" {
		t.Errorf("session: %v, %v", a, err)
	}
	if err := o.DisableAgent(t.Context(), "lea", "alice"); err != nil {
		t.Fatal(err)
	}
	_, err = o.Session(t.Context(), session)
	o.wantErr("session of a disabled agent", err, handoff.ErrForbidden)

	late, err := o.NewSignIn(t.Context(), "", "lea")
	if err != nil {
		t.Fatal(err)
	}
	o.pass(handoff.SignInFor)
	_, _, err = o.SignIn(t.Context(), late)
	o.wantErr("an old link", err, handoff.ErrForbidden)
}

func TestWhatMayBeWritten(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	id := o.open("ann").ID
	for text, want := range map[string]error{
		" \n\x00 ":                             handoff.ErrEmpty,
		strings.Repeat("x", handoff.MaxText+1): handoff.ErrTooLong,
		"here is the SECRET":                   handoff.ErrSecret,
	} {
		_, err := o.Reply(t.Context(), id, "alice", "k", text)
		o.wantErr("reply", err, want)
		_, err = o.Note(t.Context(), id, "alice", "k", text)
		o.wantErr("note", err, want)
	}
	// What is longer than the network allows goes out in parts, and is one
	// entry with one state.
	if _, err := o.Reply(t.Context(), id, "alice", "long", strings.Repeat("word ", 30)); err != nil {
		t.Fatal(err)
	}
	take := func() []outbox.Delivery {
		t.Helper()
		ds, err := o.store.TakeDeliveries(t.Context(), []chat.Network{chat.Telegram}, 10, o.now(), time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		return ds
	}
	state := func() outbox.State {
		t.Helper()
		s, err := o.Story(t.Context(), id, "alice")
		if err != nil || len(s.Entries) != 1 {
			t.Fatalf("%+v, %v", s, err)
		}
		return s.Entries[0].Delivery
	}
	parts := 0
	for ds := take(); len(ds) > 0; ds = take() {
		parts += len(ds)
		if got := state(); got != outbox.Pending {
			t.Errorf("with part %d under way the reply is %s", parts, got)
		}
		for _, d := range ds {
			if err := o.store.FinishDelivery(t.Context(), d, outbox.Result{State: outbox.Sent, SentID: "1"}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if got := state(); parts < 3 || got != outbox.Sent {
		t.Errorf("%d parts, state %s; want several, sent", parts, got)
	}
}

func TestQueueOrderAndPlaces(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	a := o.open("ann")
	o.pass(time.Minute)
	b := o.open("bob")
	o.pass(time.Minute)
	c := o.open("cem")
	place := func(id handoff.TicketID) int {
		t.Helper()
		s, err := o.Story(t.Context(), id, "alice")
		if err != nil {
			t.Fatal(err)
		}
		return s.Place
	}
	if place(a.ID) != 1 || place(b.ID) != 2 || place(c.ID) != 3 {
		t.Errorf("places %d, %d, %d", place(a.ID), place(b.ID), place(c.ID))
	}
	if _, err := o.Claim(t.Context(), a.ID, "alice"); err != nil {
		t.Fatal(err)
	}
	if place(a.ID) != 0 || place(b.ID) != 1 {
		t.Errorf("while the first is held: places %d, %d", place(a.ID), place(b.ID))
	}
	// Released, or left lying by its agent, it is where it was.
	o.pass(31 * time.Minute)
	if place(a.ID) != 1 || place(b.ID) != 2 {
		t.Errorf("after the claim has ended: places %d, %d", place(a.ID), place(b.ID))
	}
	if _, err := o.Solve(t.Context(), a.ID, "alice"); err != nil {
		t.Fatal(err)
	}
	_, err := o.Claim(t.Context(), a.ID, "alice")
	o.wantErr("claiming what is solved", err, handoff.ErrSolved)
	// Reopened, it waits behind the others.
	if _, err := o.Reopen(t.Context(), a.ID, "alice"); err != nil {
		t.Fatal(err)
	}
	if place(a.ID) != 3 {
		t.Errorf("reopened: place %d", place(a.ID))
	}
	lines, err := o.Queue(t.Context(), "alice", handoff.Filter{States: []handoff.TicketState{handoff.Open}})
	if err != nil || len(lines) != 3 || lines[0].ID != b.ID || lines[2].ID != a.ID {
		t.Errorf("queue: %+v, %v", lines, err)
	}
}
