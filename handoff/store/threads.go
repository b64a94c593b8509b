package store

import (
	"errors"
	"time"

	"firstline/bot/chat"
	"firstline/handoff"
)

const threadColumns = `id, network, conversation, person, private, language, article, ticket, last_message,
unanswered, due, acknowledged, updated_at, question, source`

var (
	selectThread = "SELECT " + threadColumns + " FROM threads WHERE id = $1"
	upsertThread = "INSERT INTO threads (" + threadColumns + ") VALUES (" + params(15) + `)
ON CONFLICT (id) DO UPDATE SET (` + threadColumns + ") = (" + params(15) + ")"
)

// Thread implements handoff.Tx.
func (t *tx) Thread(id handoff.ThreadID) (*handoff.Thread, error) {
	var h handoff.Thread
	err := t.one(selectThread, []any{id}, &h.ID, &h.Conversation.Network, &h.Conversation.ID, jsonAt{&h.Person},
		&h.Private, &h.Language, &h.Article, &h.Ticket, &h.LastMessage,
		timeAt{&h.Unanswered}, timeAt{&h.Due}, timeAt{&h.Acknowledged}, timeAt{&h.UpdatedAt}, &h.Question, &h.Source)
	if err != nil {
		return nil, err
	}
	return &h, nil
}

// SaveThread implements handoff.Tx.
func (t *tx) SaveThread(h *handoff.Thread) error {
	if h.ID == "" {
		return errors.New("a thread lacks its id")
	}
	person, err := jsonOf(h.Person)
	if err != nil {
		return err
	}
	_, err = t.exec(upsertThread, h.ID, h.Conversation.Network, h.Conversation.ID, person,
		h.Private, h.Language, h.Article, h.Ticket, h.LastMessage,
		h.Unanswered, h.Due, h.Acknowledged, h.UpdatedAt, h.Question, h.Source)
	return err
}

// ThreadsDue implements handoff.Tx.
func (t *tx) ThreadsDue(now time.Time, limit int) ([]handoff.ThreadID, error) {
	return list(t, "SELECT id FROM threads WHERE due > 0 AND due <= $1 ORDER BY due, id LIMIT $2",
		[]any{now, max(limit, 0)}, func(scan scan) (id handoff.ThreadID, err error) {
			err = scan(&id)
			return id, err
		})
}

const selectWaiting = "SELECT id FROM threads WHERE network = $1 AND conversation = $2 AND due > 0 ORDER BY due, id"

// ThreadsWaiting implements handoff.Tx.
func (t *tx) ThreadsWaiting(in chat.ConversationID) ([]handoff.ThreadID, error) {
	return list(t, selectWaiting, []any{in.Network, in.ID}, func(scan scan) (id handoff.ThreadID, err error) {
		err = scan(&id)
		return id, err
	})
}
