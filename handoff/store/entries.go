package store

import (
	"slices"

	"firstline/bot/chat"
	"firstline/handoff"
)

const (
	entryColumns = "id, key, thread, ticket, kind, agent, body, attachments, redacted, delivery, made_at, " +
		"network, conversation, message, earlier, edited_at, deleted_at, revision"
	noteColumns  = "id, key, ticket, agent, body, made_at, network, conversation, message"
	eventColumns = "id, made_at, agent, action, ticket, detail"
	onKnownKey   = " ON CONFLICT (key) WHERE key <> '' DO NOTHING"
)

var (
	insertEntry = "INSERT INTO entries (" + entryColumns + ") VALUES (" + params(18) + ")" + onKnownKey
	insertNote  = "INSERT INTO notes (" + noteColumns + ") VALUES (" + params(9) + ")" + onKnownKey
	insertEvent = "INSERT INTO events (" + eventColumns + ") VALUES (" + params(6) + ")"
)

// AddEntry implements handoff.Tx. When the entry's key is known, an empty e.ID
// becomes the id of the entry that has it.
func (t *tx) AddEntry(e *handoff.Entry) error {
	attachments, err := jsonOf(e.Attachments)
	if err != nil {
		return err
	}
	redacted, err := jsonOf(e.Redacted)
	if err != nil {
		return err
	}
	earlier, err := jsonOf(e.Earlier)
	if err != nil {
		return err
	}
	return t.addKeyed("entries", &e.ID, e.Key, func(id string) (int64, error) {
		return t.exec(insertEntry, id, e.Key, e.Thread, e.Ticket, e.Kind, e.Agent, e.Text,
			attachments, redacted, e.Delivery, e.At,
			e.In.Network, e.In.ID, e.Message, earlier, e.EditedAt, e.DeletedAt, e.Revision)
	})
}

// ReviseEntry implements handoff.Tx.
func (t *tx) ReviseEntry(e *handoff.Entry) error {
	attachments, err := jsonOf(e.Attachments)
	if err != nil {
		return err
	}
	redacted, err := jsonOf(e.Redacted)
	if err != nil {
		return err
	}
	earlier, err := jsonOf(e.Earlier)
	if err != nil {
		return err
	}
	n, err := t.exec(`UPDATE entries SET body = $2, attachments = $3, redacted = $4, earlier = $5,
edited_at = $6, deleted_at = $7, revision = $8 WHERE id = $1`,
		e.ID, e.Text, attachments, redacted, earlier, e.EditedAt, e.DeletedAt, e.Revision)
	if err == nil && n == 0 {
		return handoff.ErrNotFound
	}
	t.touch(Desk)
	return err
}

func readEntry(scan scan) (*handoff.Entry, error) {
	var e handoff.Entry
	err := scan(&e.ID, &e.Key, &e.Thread, &e.Ticket, &e.Kind, &e.Agent, &e.Text,
		jsonAt{&e.Attachments}, jsonAt{&e.Redacted}, &e.Delivery, timeAt{&e.At},
		&e.In.Network, &e.In.ID, &e.Message, jsonAt{&e.Earlier}, timeAt{&e.EditedAt}, timeAt{&e.DeletedAt}, &e.Revision)
	return &e, err
}

const (
	selectEntry   = "SELECT " + entryColumns + " FROM entries WHERE id = $1"
	selectEntryOf = "SELECT " + entryColumns + ` FROM entries
WHERE network = $1 AND conversation = $2 AND message = $3 AND message <> '' ORDER BY id DESC LIMIT 1`
)

// Entry implements handoff.Tx.
func (t *tx) Entry(id string) (*handoff.Entry, error) { return t.oneEntry(selectEntry, id) }

// EntryOf implements handoff.Tx.
func (t *tx) EntryOf(in chat.ConversationID, m chat.MessageID) (*handoff.Entry, error) {
	return t.oneEntry(selectEntryOf, in.Network, in.ID, m)
}

func (t *tx) oneEntry(text string, args ...any) (*handoff.Entry, error) {
	return first(list(t, text, args, readEntry))
}

// AddNote implements handoff.Tx. A note on a ticket that does not exist is
// handoff.ErrNotFound. Known keys are treated as by AddEntry.
func (t *tx) AddNote(n *handoff.Note) error {
	if _, err := t.Ticket(n.Ticket); err != nil {
		return err
	}
	return t.addKeyed("notes", &n.ID, n.Key, func(id string) (int64, error) {
		return t.exec(insertNote, id, n.Key, n.Ticket, n.Agent, n.Text, n.At, n.In.Network, n.In.ID, n.Message)
	})
}

// addKeyed inserts a row with a new id unless its key is known, and sets *id
// when that is empty.
func (t *tx) addKeyed(table string, id *string, key string, insert func(id string) (int64, error)) error {
	added, err := t.newID(*id)
	if err != nil {
		return err
	}
	n, err := insert(added)
	switch {
	case err != nil:
		return err
	case n == 0 && *id == "":
		return t.one("SELECT id FROM "+table+" WHERE key <> '' AND key = $1", []any{key}, id)
	case n > 0:
		*id = added
		t.touch(Desk)
	}
	return nil
}

// Entries implements handoff.Tx.
func (t *tx) Entries(thread handoff.ThreadID, limit int) ([]*handoff.Entry, error) {
	newest, err := list(t, "SELECT "+entryColumns+" FROM entries WHERE thread = $1 ORDER BY id DESC LIMIT $2",
		[]any{thread, max(limit, 0)}, readEntry)
	slices.Reverse(newest)
	return newest, err
}

// Notes implements handoff.Tx.
func (t *tx) Notes(ticket handoff.TicketID) ([]*handoff.Note, error) {
	return list(t, "SELECT "+noteColumns+" FROM notes WHERE ticket = $1 ORDER BY id", []any{ticket}, readNote)
}

// NoteOf implements handoff.Tx.
func (t *tx) NoteOf(in chat.ConversationID, m chat.MessageID) (*handoff.Note, error) {
	return first(list(t, selectNoteOf, []any{in.Network, in.ID, m}, readNote))
}

const selectNoteOf = "SELECT " + noteColumns + ` FROM notes
WHERE network = $1 AND conversation = $2 AND message = $3 AND message <> '' ORDER BY id DESC LIMIT 1`

func readNote(scan scan) (*handoff.Note, error) {
	var n handoff.Note
	err := scan(&n.ID, &n.Key, &n.Ticket, &n.Agent, &n.Text, timeAt{&n.At}, &n.In.Network, &n.In.ID, &n.Message)
	return &n, err
}

// AddEvent implements handoff.Tx. It does not ring Desk: a console that logs
// who looked would wake itself for ever.
func (t *tx) AddEvent(e *handoff.Event) error {
	id, err := t.newID(e.ID)
	if err != nil {
		return err
	}
	if _, err := t.exec(insertEvent, id, e.At, e.Agent, e.Action, e.Ticket, e.Detail); err != nil {
		return err
	}
	e.ID = id
	return nil
}

// Events implements handoff.Tx. Ticket 0 has those that belong to none.
func (t *tx) Events(ticket handoff.TicketID) ([]*handoff.Event, error) {
	return list(t, "SELECT "+eventColumns+" FROM events WHERE ticket = $1 ORDER BY id",
		[]any{ticket}, func(scan scan) (*handoff.Event, error) {
			var e handoff.Event
			err := scan(&e.ID, timeAt{&e.At}, &e.Agent, &e.Action, &e.Ticket, &e.Detail)
			return &e, err
		})
}
