package telegramtest

import (
	"cmp"
	"fmt"
	"maps"
	"strings"
	"time"
)

// Incoming is a message of a person.
type Incoming struct {
	From int64  // the person's user id
	Chat int64  // 0: the private chat with From
	Kind string // of Chat: group or supergroup; "": supergroup
	Text string
	// Topic is the topic of Chat that it is in; 0: none, or General.
	Topic int64
	// ReplyTo is the message of Chat that it replies to; 0: none. In a topic it
	// then seems to reply to that the topic was created, as at Telegram.
	ReplyTo int64
	// Fields are more fields of the message, or others in place of those that
	// it has: photo, caption, message_thread_id …
	Fields map[string]any
}

// Deliver lets a person send a message and returns the ids of the update (0 if
// the bot does not ask for messages) and of the message.
func (s *Server) Deliver(in Incoming) (updateID, messageID int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	kind := in.Kind
	switch {
	case in.Chat == 0:
		in.Chat, kind = in.From, "private"
	case kind == "":
		kind = "supergroup"
	}
	c := s.meet(in.Chat, kind)
	s.lastMessage++
	c.messages[s.lastMessage] = nil
	c.authors[s.lastMessage], c.threads[s.lastMessage] = in.From, in.Topic
	m := map[string]any{
		"message_id": s.lastMessage, "date": time.Now().Unix(), "from": user(in.From),
		"chat": map[string]any{"id": in.Chat, "type": kind},
	}
	if in.Text != "" {
		m["text"] = in.Text
		if word, _, _ := strings.Cut(in.Text, " "); strings.HasPrefix(word, "/") {
			m["entities"] = []Entity{{Type: "bot_command", Length: len(word)}}
		}
	}
	c.place(m, in)
	maps.Copy(m, in.Fields)
	return s.pushIfAllowed("message", m), s.lastMessage
}

// place says of a message in which topic it is, and what it replies to.
func (c *room) place(m map[string]any, in Incoming) {
	about, _ := m["chat"].(map[string]any)
	if c.forum() {
		about["is_forum"] = true
	}
	replied := in.ReplyTo
	if in.Topic != 0 {
		m["message_thread_id"], m["is_topic_message"] = in.Topic, true
		replied = cmp.Or(replied, in.Topic)
	}
	if replied == 0 {
		return
	}
	author := botUser()
	if id := c.authors[replied]; id != 0 {
		author = user(id)
	}
	r := map[string]any{"message_id": replied, "chat": about, "date": 1, "from": author}
	if t := c.topic(replied); t != nil {
		r["forum_topic_created"] = map[string]any{"name": t.Name, "icon_color": iconColor}
		r["message_thread_id"], r["is_topic_message"] = t.ID, true
	}
	m["reply_to_message"] = r
}

// UserSends lets a person write text to the bot in private. It returns the
// update's id.
func (s *Server) UserSends(userID int64, text string) (updateID int64) {
	updateID, _ = s.Deliver(Incoming{From: userID, Text: text})
	return updateID
}

// UserPresses lets a person press a button with this data under a message of
// their private chat, whether the button is there or not. A message that is not
// there is inaccessible. It returns the update's id.
func (s *Server) UserPresses(userID, messageID int64, data string) (updateID int64) {
	return s.MemberPresses(userID, userID, messageID, data)
}

// MemberPresses is UserPresses in a group.
func (s *Server) MemberPresses(chatID, userID, messageID int64, data string) (updateID int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	kind := "supergroup"
	if chatID == userID {
		kind = "private"
	}
	c := s.meet(chatID, kind)
	chat := map[string]any{"id": chatID, "type": c.kind}
	if c.forum() {
		chat["is_forum"] = true
	}
	message := map[string]any{"chat": chat, "message_id": messageID, "date": 0}
	if m := c.messages[messageID]; m != nil {
		message = map[string]any{"chat": chat, "message_id": messageID, "date": time.Now().Unix(), "from": botUser(), "text": m.Text}
		if m.ThreadID != 0 {
			message["message_thread_id"], message["is_topic_message"] = m.ThreadID, true
		}
		if author := c.authors[m.ReplyTo]; author != 0 {
			message["reply_to_message"] = map[string]any{"message_id": m.ReplyTo, "chat": chat, "date": 1, "from": user(author)}
		}
	}
	id := fmt.Sprintf("%d%06d", 4_382_000_000+userID, len(s.queries))
	s.queries[id] = false
	return s.pushIfAllowed("callback_query", map[string]any{
		"id": id, "from": user(userID), "message": message, "chat_instance": "1", "data": data,
	})
}

// Block lets a person block the bot, or a group throw it out: it can't write
// there any more.
func (s *Server) Block(chatID int64) { s.setBlocked(chatID, true, "kicked") }

// Unblock is the opposite of Block.
func (s *Server) Unblock(chatID int64) { s.setBlocked(chatID, false, "member") }

func (s *Server) setBlocked(chatID int64, blocked bool, status string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	kind := "private"
	if chatID < 0 {
		kind = "supergroup"
	}
	c := s.meet(chatID, kind)
	c.blocked = blocked
	s.pushIfAllowed("my_chat_member", map[string]any{
		"chat": map[string]any{"id": chatID, "type": c.kind}, "from": user(max(chatID, 1)), "date": time.Now().Unix(),
		"old_chat_member": map[string]any{"status": "member", "user": botUser()},
		"new_chat_member": map[string]any{"status": status, "user": botUser()},
	})
}

// Meet makes a chat known to the bot: a bot can't write to people who have never
// written to it.
func (s *Server) Meet(chatID int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	kind := "private"
	if chatID < 0 {
		kind = "supergroup"
	}
	s.meet(chatID, kind)
}

// meet returns the chat, new if need be. s.mu is held.
func (s *Server) meet(id int64, kind string) *room {
	c := s.chats[id]
	if c == nil {
		c = &room{kind: kind, messages: map[int64]*SentMessage{}, authors: map[int64]int64{}, threads: map[int64]int64{}}
		s.chats[id] = c
	}
	return c
}

func user(id int64) map[string]any {
	return map[string]any{"id": id, "is_bot": false, "first_name": fmt.Sprintf("User %d", id), "language_code": "en"}
}

func botUser() map[string]any {
	return map[string]any{"id": BotID, "is_bot": true, "first_name": "Firstline", "username": BotUsername}
}

// RevokeToken lets the server refuse the token from now on.
func (s *Server) RevokeToken() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.revoked = true
	s.notify()
}
