package telegram

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"firstline/bot/chat"
)

// update is what an update means. Without a message it is nothing to answer.
type update struct {
	id      int64
	kind    string // the name of its field; at most 32 bytes
	broken  bool   // it could not be read; id is 0 when not even that could
	message *chat.Message
	seen    time.Time // when it first came

	album string          // of which album message is a part; "": of none
	parts []*chat.Message // what message was made of, once the album is together
	also  []int64         // the ids of the updates of parts

	press press // the pressed button; no query: there is none

	// movedFrom and movedTo are a group and the supergroup that it has become;
	// 0: none has.
	movedFrom, movedTo int64

	// membership is what the bot has become in conversation (see Options.Count);
	// "" when nothing changed.
	membership   string
	conversation chat.ConversationID
}

// converter turns updates into messages. It needs to know who the bot is, and
// which places are there for questions.
type converter struct {
	self   tgbotapi.User
	now    func() time.Time
	isHelp func(p place, forum bool) bool
	// staff returns p as the settings name it, and whether it is in the staff
	// room; nil: there is none.
	staff func(p place) (place, bool)
}

// convert reads one update. Nothing that is in it makes convert fail: an update
// that can't be read is marked as broken, so that those around it are received.
func (c converter) convert(raw json.RawMessage) (u update) {
	defer func() {
		if recover() != nil { // a bug here must not stop everybody's messages
			u.message, u.broken = nil, true
		}
	}()
	c.decode(&u, raw)
	return u
}

func (c converter) decode(u *update, raw json.RawMessage) {
	var fields map[string]json.RawMessage
	if json.Unmarshal(raw, &fields) != nil || json.Unmarshal(fields["update_id"], &u.id) != nil {
		u.broken = true
		return
	}
	u.kind = kindOf(fields)
	var err error
	switch u.kind {
	case "message", "edited_message":
		err = c.message(u, fields[u.kind])
	case "callback_query":
		err = c.callback(u, fields[u.kind])
	case "my_chat_member":
		err = c.member(u, fields[u.kind])
	}
	u.broken = err != nil
}

// kindOf returns which field besides the id an update has: there is one.
func kindOf(fields map[string]json.RawMessage) string {
	for _, known := range updateKinds {
		if fields[known] != nil {
			return known
		}
	}
	var names []string
	for name := range fields {
		if name != "update_id" {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return "none"
	}
	kind := slices.Min(names)
	return clean(kind[:min(len(kind), 32)])
}

// event is the key of a new message. It names the bot and the message, not the
// update: ids of updates start over at random after a quiet week, and another
// bot on the same database has its own, so one could repeat and be taken for
// a message that was received before.
func (c converter) event(m *message) string {
	return fmt.Sprintf("m:%d:%d:%d", c.self.ID, m.Chat.ID, m.ID)
}

// editEvent is the key of an edit. A message can be edited more than once in
// the same second, so the update's id is needed too.
func (c converter) editEvent(m *message, update int64) string {
	return fmt.Sprintf("e:%d:%d:%d:%d", c.self.ID, m.Chat.ID, m.ID, update)
}

// message converts a new or edited message. It gives none for what nobody has
// to answer: messages of bots and channels, service messages, and what is said
// in a group neither to the bot nor in a help chat or the staff room.
func (c converter) message(u *update, raw json.RawMessage) error {
	var m message
	err := json.Unmarshal(raw, &m)
	if m.Chat.ID == 0 || m.ID == 0 {
		return errors.Join(errIncomplete, err)
	}
	switch {
	case m.MovedTo != 0:
		u.movedFrom, u.movedTo = m.Chat.ID, m.MovedTo
	case m.MovedFrom != 0:
		u.movedFrom, u.movedTo = m.MovedFrom, m.Chat.ID
	}
	from := m.sender()
	edited := u.kind == "edited_message"
	if from == nil || (edited && m.EditDate == 0) { // other fields change too, such as what a link shows
		return err
	}
	out := c.incoming(c.event(&m), &m, *from)
	if m.Date > 0 {
		out.SentAt = time.Unix(m.Date, 0).UTC()
	}
	if edited {
		out.Event, out.Edited = c.editEvent(&m, u.id), true
		out.SentAt = time.Unix(m.EditDate, 0).UTC()
	}
	var ok bool
	if out.Attachments, ok = attachments(raw); edited && !ok {
		return err // a live location that has moved
	}
	if r := m.repliedTo(); r != nil {
		out.ReplyTo = c.messageID(&m, r.ID)
	}
	text := m.Text
	marks := m.Entities
	if text == "" {
		text, marks = m.Caption, m.CaptionMarks
	}
	if text == "" && len(out.Attachments) == 0 {
		return err
	}
	c.read(out, &m, text, marks)
	if !edited && m.Album != "" && len(out.Attachments) > 0 {
		u.album = out.Conversation.ID + " " + clean(m.Album)
	}
	// Parts of an album count together: only one may name the bot.
	if wanted(out) || u.album != "" {
		u.message = out
	}
	return err
}

// callback converts a pressed button. Without the message that held it, the
// conversation is not known and there is nothing to answer.
func (c converter) callback(u *update, raw json.RawMessage) error {
	var cb callback
	err := json.Unmarshal(raw, &cb)
	u.press.query = cb.ID
	if cb.ID == "" || cb.From == nil || cb.From.ID == 0 {
		return errors.Join(errIncomplete, err)
	}
	data := clean(cb.Data)
	if cb.From.IsBot || data == "" || cb.Message == nil || cb.Message.Chat.ID == 0 {
		return err
	}
	u.message = c.incoming("cb:"+clean(cb.ID), cb.Message, *person(cb.From))
	u.message.Addressed = true
	u.message.Choice = data
	if !u.message.StaffRoom {
		// Who may press there is not known here: the buttons stay for those who may.
		u.press.used(&cb)
	}
	return nil
}

// wanted reports whether a message is for the bot to receive.
func wanted(m *chat.Message) bool { return m.Addressed || m.Help || m.StaffRoom }

// errIncomplete is an update without what every update of its kind has.
var errIncomplete = errors.New("the update is incomplete")

// incoming returns a message with all that does not depend on its content. Its
// time is now: a callback has none, and the one of its message is when the bot
// sent that.
func (c converter) incoming(event string, m *message, from chat.Person) *chat.Message {
	p := m.place()
	named, staff := c.named(p)
	return &chat.Message{
		Event:        event,
		ID:           c.messageID(m, m.ID),
		Conversation: named.conversation(),
		From:         from,
		Private:      m.private(),
		Addressed:    m.private(),
		Help:         !m.private() && !staff && c.isHelp != nil && c.isHelp(p, m.Chat.Forum),
		StaffRoom:    staff,
		SentAt:       c.now(),
	}
}

// named is c.staff, which may be nil.
func (c converter) named(p place) (place, bool) {
	if c.staff == nil {
		return p, false
	}
	return c.staff(p)
}

// messageID names message id of the chat that m is in.
func (c converter) messageID(m *message, id int64) chat.MessageID {
	named, _ := c.named(m.place())
	return messageID(named, m.Chat.ID, id)
}
