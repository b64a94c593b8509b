package telegram

import (
	"sync"
	"time"

	"firstline/bot/chat"
)

// maxEdited is of how many edited messages is remembered which form is newest.
const maxEdited = 4096

// edited knows of messages that were edited lately which form was received.
// Telegram does not promise that an edit comes after what it edits, nor two
// edits in order: an older form must not come after a newer one.
type edited struct {
	mu   sync.Mutex
	form map[formKey]time.Time // when the newest form was written
}

type formKey struct {
	conversation chat.ConversationID
	id           chat.MessageID
}

// overtaken reports whether a newer form of m was received already.
func (e *edited) overtaken(m *chat.Message) bool {
	if m.Choice != "" {
		return false
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	at, known := e.form[formKey{m.Conversation, m.ID}]
	return known && (!m.Edited || m.SentAt.Before(at))
}

// keep remembers a form that is stored.
func (e *edited) keep(m *chat.Message) {
	if !m.Edited {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.form == nil || len(e.form) >= maxEdited {
		e.form = map[formKey]time.Time{}
	}
	key := formKey{m.Conversation, m.ID}
	if at := e.form[key]; m.SentAt.After(at) {
		e.form[key] = m.SentAt
	}
}
