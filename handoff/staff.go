package handoff

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
)

// How long a sign-in link and a session last.
const (
	SignInFor  = 24 * time.Hour
	SessionFor = 30 * 24 * time.Hour
)

var agentName = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,31}$`)

// ParseAgentID returns the id that name stands for: lower-cased letters,
// digits, dots, dashes and underscores, at most 32.
func ParseAgentID(name string) (AgentID, error) {
	id := strings.ToLower(strings.TrimSpace(name))
	if !agentName.MatchString(id) {
		return "", fmt.Errorf("agent name %q: want 1 to 32 of a-z 0-9 . - _, beginning with a letter or digit", name)
	}
	return AgentID(id), nil
}

// authorise returns the agent when it is active and has the role, and
// ErrForbidden otherwise.
func authorise(tx Tx, id AgentID, role Role) (*Agent, error) {
	a, err := tx.Agent(id)
	switch {
	case errors.Is(err, ErrNotFound):
		return nil, ErrForbidden
	case err != nil:
		return nil, err
	case a.Disabled, role == RoleLead && a.Role != RoleLead:
		return nil, ErrForbidden
	}
	return a, nil
}

// EnsureAgent makes sure that an agent exists and has at least the role, for
// those who own the database: the operator at the command line. A disabled one
// is ErrForbidden.
func (d *Desk) EnsureAgent(ctx context.Context, id AgentID, role Role) error {
	return d.store.Update(ctx, func(tx Tx) error {
		a, err := tx.Agent(id)
		switch {
		case errors.Is(err, ErrNotFound):
			return d.addAgent(tx, "", id, role)
		case err != nil:
			return err
		case a.Disabled:
			return fmt.Errorf("agent %s is disabled: %w", id, ErrForbidden)
		case role != RoleLead || a.Role == RoleLead:
			return nil
		}
		a.Role = RoleLead
		if err := tx.SaveAgent(a); err != nil {
			return err
		}
		return d.log(tx, "", "made lead", 0, string(id))
	})
}

// AddAgent adds a member of staff; only a lead may. An existing id is an error.
func (d *Desk) AddAgent(ctx context.Context, by, id AgentID, role Role) error {
	return d.store.Update(ctx, func(tx Tx) error {
		if _, err := authorise(tx, by, RoleLead); err != nil {
			return err
		}
		if _, err := tx.Agent(id); err == nil {
			return fmt.Errorf("agent %s exists already", id)
		} else if !errors.Is(err, ErrNotFound) {
			return err
		}
		return d.addAgent(tx, by, id, role)
	})
}

func (d *Desk) addAgent(tx Tx, by, id AgentID, role Role) error {
	if role != RoleAgent && role != RoleLead {
		return fmt.Errorf("role %q: want agent or lead", role)
	}
	if err := tx.SaveAgent(&Agent{ID: id, Role: role, CreatedAt: d.now()}); err != nil {
		return err
	}
	return d.log(tx, by, "added agent", 0, string(id))
}

// DisableAgent takes all rights from an agent and ends its sessions. by is ""
// for the operator at the command line. A lead can't disable itself.
func (d *Desk) DisableAgent(ctx context.Context, by, id AgentID) error {
	return d.store.Update(ctx, func(tx Tx) error {
		if by != "" {
			if _, err := authorise(tx, by, RoleLead); err != nil {
				return err
			}
			if by == id {
				return fmt.Errorf("nobody can disable themselves: %w", ErrForbidden)
			}
		}
		a, err := tx.Agent(id)
		if err != nil {
			return err
		}
		a.Disabled = true
		if err := tx.SaveAgent(a); err != nil {
			return err
		}
		if err := tx.DeleteTokens(id); err != nil {
			return err
		}
		return d.log(tx, by, "disabled agent", 0, string(id))
	})
}

// Agents lists the staff, for those who own the database.
func (d *Desk) Agents(ctx context.Context) (agents []*Agent, err error) {
	err = d.store.View(ctx, func(tx Tx) error {
		agents, err = tx.Agents()
		return err
	})
	return agents, err
}

// Staff lists the staff for a lead.
func (d *Desk) Staff(ctx context.Context, by AgentID) (agents []*Agent, err error) {
	err = d.store.View(ctx, func(tx Tx) error {
		if _, err := authorise(tx, by, RoleLead); err != nil {
			return err
		}
		agents, err = tx.Agents()
		return err
	})
	return agents, err
}

// NewSignIn makes a one-time secret with which agent id can sign in within
// SignInFor. by is the lead who asks for it, "" for the operator.
func (d *Desk) NewSignIn(ctx context.Context, by, id AgentID) (secret string, err error) {
	secret = rand.Text()
	err = d.store.Update(ctx, func(tx Tx) error {
		if by != "" {
			if _, err := authorise(tx, by, RoleLead); err != nil {
				return err
			}
		}
		if _, err := authorise(tx, id, RoleAgent); err != nil {
			return err
		}
		if err := tx.AddToken(d.token(SignInToken, secret, id, SignInFor)); err != nil {
			return err
		}
		return d.log(tx, by, "made sign-in link", 0, string(id))
	})
	if err != nil {
		return "", err
	}
	return secret, nil
}

// SignIn uses up a one-time secret and returns a session. ErrForbidden when the
// secret is unknown, used, or too old.
func (d *Desk) SignIn(ctx context.Context, secret string) (session string, a *Agent, err error) {
	session = rand.Text() + rand.Text()
	err = d.store.Update(ctx, func(tx Tx) error {
		t, err := tx.Token(SignInToken, hash(secret), d.now())
		if err != nil {
			return forbidNotFound(err)
		}
		if err := tx.DeleteToken(SignInToken, t.Hash); err != nil {
			return forbidNotFound(err)
		}
		if a, err = authorise(tx, t.Agent, RoleAgent); err != nil {
			return err
		}
		if err := tx.AddToken(d.token(SessionToken, session, a.ID, SessionFor)); err != nil {
			return err
		}
		return d.log(tx, a.ID, "signed in", 0, "")
	})
	if err != nil {
		return "", nil, err
	}
	return session, a, nil
}

// Session returns the agent of a session, or ErrForbidden.
func (d *Desk) Session(ctx context.Context, session string) (a *Agent, err error) {
	err = d.store.View(ctx, func(tx Tx) error {
		t, err := tx.Token(SessionToken, hash(session), d.now())
		if err != nil {
			return forbidNotFound(err)
		}
		a, err = authorise(tx, t.Agent, RoleAgent)
		return err
	})
	return a, err
}

// SignOut ends a session. An unknown one is no error.
func (d *Desk) SignOut(ctx context.Context, session string) error {
	return d.store.Update(ctx, func(tx Tx) error {
		return IgnoreNotFound(tx.DeleteToken(SessionToken, hash(session)))
	})
}

func (d *Desk) token(kind TokenKind, secret string, id AgentID, ttl time.Duration) Token {
	return Token{Kind: kind, Hash: hash(secret), Agent: id, CreatedAt: d.now(), ExpiresAt: d.now().Add(ttl)}
}

func hash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

func forbidNotFound(err error) error {
	if errors.Is(err, ErrNotFound) {
		return ErrForbidden
	}
	return err
}
