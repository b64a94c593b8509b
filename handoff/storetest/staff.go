package storetest

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"firstline/handoff"
)

var staffTests = []test{
	{"agents", testAgents},
	{"tokens", testTokens},
	{"a one-time token is used once", testOneTime},
}

func saveAgent(t *testing.T, s Store, a *handoff.Agent) {
	t.Helper()
	update(t, s, func(tx handoff.Tx) error { return tx.SaveAgent(a) })
}

func testAgents(t *testing.T, s Store) {
	bob := &handoff.Agent{ID: "bob", Role: handoff.RoleLead, CreatedAt: at(1)}
	ann := &handoff.Agent{ID: "ann", Role: handoff.RoleAgent, Disabled: true, CreatedAt: at(2)}
	saveAgent(t, s, bob)
	saveAgent(t, s, ann)
	all := func() []*handoff.Agent {
		return get(t, s, func(tx handoff.Tx) ([]*handoff.Agent, error) { return tx.Agents() })
	}
	same(t, "agents", all(), []*handoff.Agent{ann, bob})
	bob.Role, bob.Disabled = handoff.RoleAgent, true
	saveAgent(t, s, bob)
	same(t, "after a change", all(), []*handoff.Agent{ann, bob})
	same(t, "one", get(t, s, func(tx handoff.Tx) (*handoff.Agent, error) { return tx.Agent("bob") }), bob)
	err := s.View(t.Context(), func(tx handoff.Tx) error { _, err := tx.Agent("Bob"); return err })
	wantErr(t, "an unknown agent", err, handoff.ErrNotFound)
}

// token reads a token at a time; nil when there is none.
func token(t *testing.T, s Store, kind handoff.TokenKind, hash string, now time.Time) *handoff.Token {
	t.Helper()
	var k *handoff.Token
	err := s.View(t.Context(), func(tx handoff.Tx) (err error) {
		k, err = tx.Token(kind, hash, now)
		return err
	})
	if err != nil && !errors.Is(err, handoff.ErrNotFound) {
		t.Fatal(err)
	}
	return k
}

func testTokens(t *testing.T, s Store) {
	saveAgent(t, s, &handoff.Agent{ID: "ann"})
	saveAgent(t, s, &handoff.Agent{ID: "bob"})
	session := handoff.Token{Kind: handoff.SessionToken, Hash: "h1", Agent: "ann", CreatedAt: at(0), ExpiresAt: at(60)}
	update(t, s, func(tx handoff.Tx) error {
		return errors.Join(tx.AddToken(session),
			tx.AddToken(handoff.Token{Kind: handoff.SignInToken, Hash: "h2", Agent: "ann", ExpiresAt: at(60)}),
			tx.AddToken(handoff.Token{Kind: handoff.SessionToken, Hash: "h3", Agent: "bob", ExpiresAt: at(60)}))
	})
	same(t, "token", token(t, s, handoff.SessionToken, "h1", at(59)), &session)
	for _, c := range []struct {
		name, hash string
		kind       handoff.TokenKind
		now        time.Time
	}{
		{"at its end", "h1", handoff.SessionToken, at(60)},
		{"of the other kind", "h1", handoff.SignInToken, at(1)},
		{"of an unknown hash", "h", handoff.SessionToken, at(1)},
	} {
		if k := token(t, s, c.kind, c.hash, c.now); k != nil {
			t.Errorf("a token %s is good", c.name)
		}
	}
	update(t, s, func(tx handoff.Tx) error { return tx.DeleteTokens("ann") })
	if token(t, s, handoff.SessionToken, "h1", at(1)) != nil || token(t, s, handoff.SignInToken, "h2", at(1)) != nil {
		t.Error("tokens of ann are left")
	}
	if token(t, s, handoff.SessionToken, "h3", at(1)) == nil {
		t.Error("bob's token is gone")
	}
	err := s.Update(t.Context(), func(tx handoff.Tx) error {
		return tx.AddToken(handoff.Token{Kind: handoff.SessionToken, Hash: "h4", Agent: "nobody"})
	})
	wantErr(t, "a token for nobody", err, handoff.ErrNotFound)
}

func testOneTime(t *testing.T, s Store) {
	saveAgent(t, s, &handoff.Agent{ID: "ann"})
	update(t, s, func(tx handoff.Tx) error {
		return tx.AddToken(handoff.Token{Kind: handoff.SignInToken, Hash: "once", Agent: "ann", ExpiresAt: at(60)})
	})
	var won, lost atomic.Int32
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			err := s.Update(t.Context(), func(tx handoff.Tx) error { return tx.DeleteToken(handoff.SignInToken, "once") })
			switch {
			case err == nil:
				won.Add(1)
			case errors.Is(err, handoff.ErrNotFound):
				lost.Add(1)
			default:
				t.Errorf("DeleteToken: %v", err)
			}
		})
	}
	wg.Wait()
	same(t, "won and lost", []int32{won.Load(), lost.Load()}, []int32{1, 19})
}
