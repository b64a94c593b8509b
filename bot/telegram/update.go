package telegram

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"firstline/bot/chat"
)

// message is the part of the Bot API's Message that is read; the library's own
// type ends in 2021. A field of an unexpected type is left empty and the others
// are read all the same (encoding/json goes on after an UnmarshalTypeError):
// what a person wrote must not be lost because something beside it has changed.
type message struct {
	ID            int64                    `json:"message_id"`
	Thread        int64                    `json:"message_thread_id"`
	InTopic       bool                     `json:"is_topic_message"`
	From          *tgbotapi.User           `json:"from"`
	Chat          chatInfo                 `json:"chat"`
	Date          int64                    `json:"date"` // Unix time in seconds; 0 when the message can't be read
	AutoForwarded bool                     `json:"is_automatic_forward"`
	ReplyTo       *repliedMessage          `json:"reply_to_message"`
	Text          string                   `json:"text"`
	Entities      []tgbotapi.MessageEntity `json:"entities"`
	Caption       string                   `json:"caption"`
	CaptionMarks  []tgbotapi.MessageEntity `json:"caption_entities"`
}

type chatInfo struct {
	ID   int64  `json:"id"`
	Type string `json:"type"` // private, group, supergroup, channel
}

type repliedMessage struct {
	ID   int64          `json:"message_id"`
	From *tgbotapi.User `json:"from"`
}

// callback is the part of the Bot API's CallbackQuery that is read. Message may
// be absent, or be an InaccessibleMessage: chat and id only.
type callback struct {
	ID      string         `json:"id"`
	From    *tgbotapi.User `json:"from"`
	Message *message       `json:"message"`
	Data    string         `json:"data"`
}

// place is where m was sent. The thread counts only in a real topic: replies in
// ordinary groups have thread ids too, and so has a forum's General topic, whose
// id is refused when it is sent back.
func (m *message) place() place {
	p := place{chat: m.Chat.ID}
	if m.InTopic {
		p.thread = m.Thread
	}
	return p
}

func (m *message) private() bool { return m.Chat.Type == "private" }

// update is what an update means. Without a message it is nothing to answer.
type update struct {
	id      int64
	kind    string // the name of its field; at most 32 bytes
	broken  bool   // it could not be read; id is 0 when not even that could
	message *chat.Message
	press   string // the callback query to answer; "" for none

	// membership is what the bot has become in conversation (member, kicked …);
	// "" when nothing changed. Private chats are left out: who blocks the bot is
	// seen when it writes to them.
	membership   string
	conversation chat.ConversationID
}

// converter turns updates into messages. It needs to know who the bot is.
type converter struct {
	self tgbotapi.User
	now  func() time.Time
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
	case "message":
		u.message, err = c.message(fields[u.kind])
	case "callback_query":
		err = c.callback(u, fields[u.kind])
	case "my_chat_member":
		err = c.member(u, fields[u.kind])
	}
	u.broken = err != nil
}

// kindOf returns which field besides the id an update has: there is one.
func kindOf(fields map[string]json.RawMessage) string {
	for _, known := range []string{"message", "callback_query", "my_chat_member"} {
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

// message converts a new message. It returns nil for what nobody has to answer:
// messages of bots and channels, and service messages.
func (c converter) message(raw json.RawMessage) (*chat.Message, error) {
	var m message
	err := json.Unmarshal(raw, &m)
	if m.Chat.ID == 0 || m.ID == 0 {
		return nil, errors.Join(errIncomplete, err)
	}
	if m.From == nil || m.From.ID == 0 || m.From.IsBot || m.AutoForwarded || m.Chat.Type == "channel" {
		return nil, err
	}
	out := c.incoming(c.event(&m), &m, m.From)
	if m.Date > 0 {
		out.SentAt = time.Unix(m.Date, 0).UTC()
	}
	out.Attachments = attachments(raw)
	text := m.Text
	marks := m.Entities
	if text == "" {
		text, marks = m.Caption, m.CaptionMarks
	}
	if text == "" && len(out.Attachments) == 0 {
		return nil, err
	}
	c.read(out, &m, text, marks)
	return out, nil
}

// callback converts a pressed button. Without the message that held it, the
// conversation is not known and there is nothing to answer.
func (c converter) callback(u *update, raw json.RawMessage) error {
	var cb callback
	err := json.Unmarshal(raw, &cb)
	u.press = cb.ID
	if cb.ID == "" || cb.From == nil || cb.From.ID == 0 {
		return errors.Join(errIncomplete, err)
	}
	data := clean(cb.Data)
	if cb.From.IsBot || data == "" || cb.Message == nil || cb.Message.Chat.ID == 0 {
		return err
	}
	u.message = c.incoming("cb:"+clean(cb.ID), cb.Message, cb.From)
	u.message.Addressed = true
	u.message.Choice = data
	return nil
}

// member reads what the bot has become in a group or channel.
func (c converter) member(u *update, raw json.RawMessage) error {
	var m struct {
		Chat chatInfo `json:"chat"`
		New  struct {
			Status string `json:"status"`
		} `json:"new_chat_member"`
	}
	err := json.Unmarshal(raw, &m)
	if m.Chat.Type != "private" {
		u.membership = clean(m.New.Status)
		u.conversation = place{chat: m.Chat.ID}.conversation()
	}
	return err
}

// errIncomplete is an update without what every update of its kind has.
var errIncomplete = errors.New("the update is incomplete")

// incoming returns a message with all that does not depend on its content. Its
// time is now: a callback has none, and the one of its message is when the bot
// sent that.
func (c converter) incoming(event string, m *message, from *tgbotapi.User) *chat.Message {
	return &chat.Message{
		Event:        event,
		ID:           messageID(m.ID),
		Conversation: m.place().conversation(),
		From:         person(from),
		Private:      m.private(),
		Addressed:    m.private(),
		SentAt:       c.now(),
	}
}

func person(u *tgbotapi.User) chat.Person {
	name := clean(u.FirstName)
	if last := clean(u.LastName); last != "" {
		if name != "" {
			name += " "
		}
		name += last
	}
	return chat.Person{ID: strconv.FormatInt(u.ID, 10), Name: name, Language: clean(u.LanguageCode)}
}
