package store

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"firstline/bot/chat"
)

// What a row of the inbox does to the message that it is about.
const (
	original = ""
	edited   = "edited"
	deleted  = "deleted"
)

// insertMessage keeps the event even when there is nothing to handle ($8 is its
// state), so that the event is known when it comes again.
var insertMessage = `INSERT INTO inbox (network, conversation, id, event, message, received_at, ready_at, state, handled_at, ref, change, head)
VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8, $9, $10, CASE WHEN $7 = 'pending' THEN ` + inboxQueue.isHead() + ` ELSE 0 END)
ON CONFLICT (network, event) DO NOTHING`

// addMessage stores m, or works it into what waits already. A message that was
// edited before its turn came keeps its place in line and reads as it does now;
// one that was deleted leaves the line.
func (t *tx) addMessage(m *chat.Message, now time.Time) (int, error) {
	known, err := t.exists("SELECT 1 FROM inbox WHERE network = $1 AND event = $2", m.Conversation.Network, m.Event)
	if err != nil || known {
		return 0, err
	}
	ref, change := string(m.ID), original
	switch {
	case m.Choice != "": // its ID is the message that held the button
		ref = ""
	case m.Deleted:
		change = deleted
	case m.Edited:
		change = edited
	}
	done := false
	if ref != "" {
		if done, err = t.overtaken(m, change); err != nil {
			return 0, err
		}
	}
	if !done {
		switch change {
		case edited:
			done, err = t.editWaiting(m, now)
		case deleted:
			err = t.dropWaiting(m, now)
		}
		if err != nil {
			return 0, err
		}
	}
	if err := t.insertMessage(m, ref, change, done, now); err != nil {
		return 0, err
	}
	if m.Conversation.Network == chat.Web {
		return 1, t.logWeb(m, now)
	}
	return 1, nil
}

func (t *tx) insertMessage(m *chat.Message, ref, change string, done bool, now time.Time) error {
	body, state, handled := "", "handled", max(millis(now), 1)
	if !done {
		var err error
		if body, err = jsonOf(m); err != nil {
			return fmt.Errorf("a received message: %w", err)
		}
		state, handled = "pending", 0
	}
	id, err := t.newID("")
	if err != nil {
		return err
	}
	_, err = t.exec(insertMessage, m.Conversation.Network, m.Conversation.ID, id, m.Event, body, now,
		state, handled, ref, change)
	t.touch(Inbox)
	return err
}

// overtaken reports that something newer about the message has come already: an
// original behind its own edit or deletion, or an edit behind its deletion.
func (t *tx) overtaken(m *chat.Message, change string) (bool, error) {
	if change == deleted {
		return false, nil
	}
	found := false
	err := t.each(selectChanges, []any{m.Conversation.Network, m.Conversation.ID, m.ID}, func(scan scan) error {
		var later string
		err := scan(&later)
		found = found || change == original || later == deleted
		return err
	})
	return found, err
}

const selectChanges = "SELECT change FROM inbox WHERE network = $1 AND conversation = $2 AND ref = $3 AND change <> ''"

const selectWaitingMessage = `SELECT id, message FROM inbox
WHERE network = $1 AND conversation = $2 AND ref = $3 AND state = 'pending' AND ref <> '' ORDER BY id`

// editWaiting makes the message that waits read as m does, in the same place in
// line. Who is handling it at this moment loses it, and it is handled anew.
func (t *tx) editWaiting(m *chat.Message, now time.Time) (done bool, err error) {
	type waiting struct{ id, body string }
	rows, err := list(t, selectWaitingMessage, []any{m.Conversation.Network, m.Conversation.ID, m.ID},
		func(scan scan) (w waiting, err error) {
			err = scan(&w.id, &w.body)
			return w, err
		})
	if err != nil || len(rows) == 0 {
		return false, err
	}
	row := rows[len(rows)-1]
	var old chat.Message
	if err := json.Unmarshal([]byte(row.body), &old); err != nil {
		return false, nil // what can't be read can't be replaced: the edit stands behind it
	}
	next := *m
	next.Event, next.Edited, next.SentAt = old.Event, old.Edited, old.SentAt
	// Taken out of the first form: its author is still to be warned.
	next.Redacted = slices.Compact(slices.Sorted(slices.Values(slices.Concat(old.Redacted, m.Redacted))))
	next.Command = old.Command
	if m.Command != chat.CommandNone {
		next.Command = m.Command
	}
	body, err := jsonOf(next)
	if err != nil {
		return false, fmt.Errorf("a received message: %w", err)
	}
	_, err = t.exec(`UPDATE inbox SET message = $2, ready_at = $3,
attempt = CASE WHEN attempt > 0 THEN attempt + 1 ELSE 0 END WHERE id = $1`, row.id, body, now)
	t.touch(Inbox)
	return true, err
}

// dropWaiting takes what waits of a deleted message out of the line.
func (t *tx) dropWaiting(m *chat.Message, now time.Time) error {
	n, err := t.exec(`UPDATE inbox SET state = 'handled', head = 0, message = '', handled_at = $4, attempt = attempt + 1
WHERE network = $1 AND conversation = $2 AND ref = $3 AND state = 'pending' AND ref <> ''`,
		m.Conversation.Network, m.Conversation.ID, m.ID, max(millis(now), 1))
	if err != nil || n == 0 {
		return err
	}
	return inboxQueue.advance(t, string(m.Conversation.Network), m.Conversation.ID)
}
