package telegram

import (
	"encoding/json"
	"strconv"
	"strings"

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
	SenderChat    *chatInfo                `json:"sender_chat"`
	Date          int64                    `json:"date"`      // Unix time in seconds; 0 when the message can't be read
	EditDate      int64                    `json:"edit_date"` // Unix time in seconds; 0: not edited by its author
	Album         string                   `json:"media_group_id"`
	MovedTo       int64                    `json:"migrate_to_chat_id"`
	MovedFrom     int64                    `json:"migrate_from_chat_id"`
	AutoForwarded bool                     `json:"is_automatic_forward"`
	ReplyTo       *repliedMessage          `json:"reply_to_message"`
	Text          string                   `json:"text"`
	Entities      []tgbotapi.MessageEntity `json:"entities"`
	Caption       string                   `json:"caption"`
	CaptionMarks  []tgbotapi.MessageEntity `json:"caption_entities"`
}

type chatInfo struct {
	ID    int64  `json:"id"`
	Type  string `json:"type"` // private, group, supergroup, channel
	Title string `json:"title"`
	Forum bool   `json:"is_forum"`
}

type repliedMessage struct {
	ID      int64           `json:"message_id"`
	From    *tgbotapi.User  `json:"from"`
	Chat    chatInfo        `json:"chat"`
	Created json.RawMessage `json:"forum_topic_created"`
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

// repliedTo returns the message of the same chat that m replies to; nil: none.
// In a topic every message seems to reply to the topic's creation: that is no
// reply.
func (m *message) repliedTo() *repliedMessage {
	r := m.ReplyTo
	if r == nil || r.ID <= 0 || (r.Chat.ID != 0 && r.Chat.ID != m.Chat.ID) ||
		(m.InTopic && (r.ID == m.Thread || r.Created != nil)) {
		return nil
	}
	return r
}

func (m *message) private() bool { return m.Chat.Type == "private" }

// sender is who wrote m; nil for what no person wrote: other bots, and posts of
// the linked channel. Admins can write anonymously, as the group, and people as
// a channel of theirs: From is a stand-in then, and the chat is all that is
// known of them.
func (m *message) sender() *chat.Person {
	switch {
	case m.AutoForwarded || m.Chat.Type == "channel":
		return nil
	case m.SenderChat != nil && m.SenderChat.ID != 0:
		return &chat.Person{ID: strconv.FormatInt(m.SenderChat.ID, 10), Name: clean(m.SenderChat.Title)}
	case m.From == nil || m.From.ID == 0 || m.From.IsBot:
		return nil
	}
	return person(m.From)
}

func person(u *tgbotapi.User) *chat.Person {
	name := strings.TrimSpace(clean(u.FirstName) + " " + clean(u.LastName))
	return &chat.Person{ID: strconv.FormatInt(u.ID, 10), Name: name, Language: clean(u.LanguageCode)}
}
