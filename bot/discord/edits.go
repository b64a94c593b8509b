package discord

import (
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"firstline/bot/chat"
)

// onEdited notes that a message reads differently now. Discord sends the same
// event when it adds a preview, when a message is pinned and when a thread
// begins from it: an edit is what has a new time of editing and another text.
func (r *run) onEdited(data []byte) error {
	var m wireMessage
	if err := json.Unmarshal(data, &m); err != nil {
		return err
	}
	if _, ok := parseSnowflake(m.ID); !ok || m.Channel == "" {
		return errors.New("an edit without an id or a channel")
	}
	before, known := r.heard.of(m.ID)
	if m.Edited.V.IsZero() || (known && !m.Edited.V.After(before.edited)) {
		return nil
	}
	if known && before.text == hashOf(m.Content.V) {
		before.edited = m.Edited.V
		r.heard.note(m.ID, before)
		return nil
	}
	private := m.Guild.V == ""
	msg := r.message(&m, private)
	if msg == nil && known && before.addressed { // the mention was taken out: the question stays one
		msg = r.written(&m)
	}
	if msg == nil {
		return nil
	}
	msg.Addressed = private || msg.Addressed || before.addressed
	r.heard.note(m.ID, hearing{text: hashOf(m.Content.V), edited: m.Edited.V, author: m.Author.V.ID, addressed: msg.Addressed})
	msg.Event = editEvent + m.ID + ":" + strconv.FormatInt(m.Edited.V.UnixMicro(), 10)
	msg.Edited = true
	r.tell(item{message: msg, channel: m.Channel, edited: m.Edited.V}, private)
	return nil
}

// onDeleted notes that messages were taken back. Discord does not say whose
// they were: where that is not remembered, From is empty. In channels where
// the bot speaks only when addressed, only what is remembered counts.
func (r *run) onDeleted(data []byte) error {
	var gone wireDeleted
	if err := json.Unmarshal(data, &gone); err != nil {
		return err
	}
	if gone.Channel == "" {
		return errors.New("a deletion without a channel")
	}
	private := gone.Guild.V == ""
	where := ordinary
	if !private {
		where, _ = r.places.room(gone.Channel)
	}
	ids := gone.IDs.V
	if gone.ID.V != "" {
		ids = append(ids, gone.ID.V)
	}
	for _, id := range ids {
		before, known := r.heard.of(id)
		if _, ok := parseSnowflake(id); !ok || (!private && where == ordinary && !known) {
			continue
		}
		msg := &chat.Message{
			Event: deleteEvent + id, ID: chat.MessageID(id), Conversation: conversation(gone.Channel),
			From: chat.Person{ID: before.author}, Private: private, Addressed: private || before.addressed,
			Deleted: true, SentAt: time.Now().UTC(),
		}
		where.mark(msg, nil)
		if private {
			msg.From.ID = r.places.person(gone.Channel)
		}
		r.tell(item{message: msg, channel: gone.Channel}, private)
	}
	return nil
}

// tell queues what Discord tells only once.
func (r *run) tell(it item, private bool) {
	if !r.intake.live(it, private) {
		r.c.log.Warn("discord: an edit or a deletion was not taken: too many messages wait", "channel", it.channel)
	}
}
