package store

import (
	"errors"
	"time"

	"firstline/handoff"
)

const (
	agentColumns = "id, role, disabled, created_at"
	tokenColumns = "kind, hash, agent, created_at, expires_at"
)

var (
	upsertAgent = "INSERT INTO agents (" + agentColumns + ") VALUES (" + params(4) + `)
ON CONFLICT (id) DO UPDATE SET (` + agentColumns + ") = (" + params(4) + ")"
	insertToken = "INSERT INTO tokens (" + tokenColumns + ") VALUES (" + params(5) + ")"
)

func readAgent(scan scan) (*handoff.Agent, error) {
	var a handoff.Agent
	err := scan(&a.ID, &a.Role, &a.Disabled, timeAt{&a.CreatedAt})
	return &a, err
}

// Agent implements handoff.Tx.
func (t *tx) Agent(id handoff.AgentID) (*handoff.Agent, error) {
	return first(list(t, "SELECT "+agentColumns+" FROM agents WHERE id = $1", []any{id}, readAgent))
}

// Agents implements handoff.Tx.
func (t *tx) Agents() ([]*handoff.Agent, error) {
	return list(t, "SELECT "+agentColumns+" FROM agents ORDER BY id", nil, readAgent)
}

// SaveAgent implements handoff.Tx.
func (t *tx) SaveAgent(a *handoff.Agent) error {
	if a.ID == "" {
		return errors.New("an agent lacks a name")
	}
	_, err := t.exec(upsertAgent, a.ID, a.Role, a.Disabled, a.CreatedAt)
	return err
}

// AddToken implements handoff.Tx. A token for an agent who does not exist is
// handoff.ErrNotFound.
func (t *tx) AddToken(k handoff.Token) error {
	if k.Kind == "" || k.Hash == "" {
		return errors.New("a token lacks its kind or hash")
	}
	if _, err := t.Agent(k.Agent); err != nil {
		return err
	}
	_, err := t.exec(insertToken, k.Kind, k.Hash, k.Agent, k.CreatedAt, k.ExpiresAt)
	return err
}

// Token implements handoff.Tx.
func (t *tx) Token(kind handoff.TokenKind, hash string, now time.Time) (*handoff.Token, error) {
	var k handoff.Token
	err := t.one("SELECT "+tokenColumns+" FROM tokens WHERE kind = $1 AND hash = $2 AND expires_at > $3",
		[]any{kind, hash, now}, &k.Kind, &k.Hash, &k.Agent, timeAt{&k.CreatedAt}, timeAt{&k.ExpiresAt})
	if err != nil {
		return nil, err
	}
	return &k, nil
}

// DeleteToken implements handoff.Tx.
func (t *tx) DeleteToken(kind handoff.TokenKind, hash string) error {
	n, err := t.exec("DELETE FROM tokens WHERE kind = $1 AND hash = $2", kind, hash)
	if err == nil && n == 0 {
		return handoff.ErrNotFound
	}
	return err
}

// DeleteTokens implements handoff.Tx.
func (t *tx) DeleteTokens(agent handoff.AgentID) error {
	_, err := t.exec("DELETE FROM tokens WHERE agent = $1", agent)
	return err
}
