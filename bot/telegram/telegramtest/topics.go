package telegramtest

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Topic is a topic of a forum.
type Topic struct {
	ID      int64
	Name    string
	Closed  bool
	Deleted bool
	ByBot   bool // the bot opened it
}

// Topics returns the topics of a group, deleted ones too, in order.
func (s *Server) Topics(chatID int64) []Topic {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Topic
	if c := s.chats[chatID]; c != nil {
		for _, t := range c.topics {
			out = append(out, *t)
		}
	}
	return out
}

// OpenTopic lets a person open a topic, which makes the group a forum, and
// returns its id.
func (s *Server) OpenTopic(chatID int64, name string) (id int64) {
	s.SetChat(chatID, map[string]any{"is_forum": true})
	s.mu.Lock()
	id = s.newTopic(s.chats[chatID], name, false)
	s.mu.Unlock()
	s.tellOfTopic(chatID, id, "forum_topic_created", map[string]any{"name": name, "icon_color": iconColor})
	return id
}

const iconColor = 7322096

// newTopic is called with s.mu held.
func (s *Server) newTopic(c *room, name string, byBot bool) int64 {
	s.lastMessage++
	c.topics = append(c.topics, &Topic{ID: s.lastMessage, Name: name, ByBot: byBot})
	c.messages[s.lastMessage] = nil // that it was created
	c.threads[s.lastMessage] = s.lastMessage
	s.notify()
	return s.lastMessage
}

// CloseTopic lets a person close a topic.
func (s *Server) CloseTopic(chatID, id int64) {
	s.mu.Lock()
	if t := s.chats[chatID].topic(id); t != nil {
		t.Closed = true
	}
	s.mu.Unlock()
	s.tellOfTopic(chatID, id, "forum_topic_closed", map[string]any{})
}

// DeleteTopic lets a person delete a topic with all that is in it, of which bots
// are not told.
func (s *Server) DeleteTopic(chatID, id int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.chats[chatID]
	if t := c.topic(id); t != nil {
		t.Deleted = true
	}
	for message, thread := range c.threads {
		if thread == id {
			delete(c.messages, message)
		}
	}
}

// DeleteMessage lets a person delete a message, of which bots are not told.
func (s *Server) DeleteMessage(chatID, id int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.chats[chatID].messages, id)
}

// StrayIntoGeneral lets messages for topics that are not there go to the General
// topic, as some servers do, instead of refusing them.
func (s *Server) StrayIntoGeneral() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stray = true
}

// tellOfTopic gives the bot a service message of a topic, which is one in it.
func (s *Server) tellOfTopic(chatID, id int64, kind string, what map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lastMessage++
	message := s.lastMessage
	if kind == "forum_topic_created" {
		message = id
	}
	s.pushIfAllowed("message", map[string]any{
		"message_id": message, "date": time.Now().Unix(), "from": user(7), "message_thread_id": id, "is_topic_message": true,
		"chat": map[string]any{"id": chatID, "type": "supergroup", "is_forum": true}, kind: what,
	})
}

// topic returns a topic, also a deleted one; nil: there was none.
func (c *room) topic(id int64) *Topic {
	for _, t := range c.topics {
		if t.ID == id {
			return t
		}
	}
	return nil
}

func (c *room) forum() bool { return c.about["is_forum"] == true }

// mayManage reports whether the bot may do everything with topics.
func (c *room) mayManage() bool {
	return c.member["status"] == "administrator" && c.member["can_manage_topics"] == true
}

// thread finds where a message for a topic goes. s.mu is held.
func (s *Server) thread(c *room, id int64) (int64, answer) {
	t := c.topic(id)
	switch {
	case id == 0:
	case t != nil && t.Closed && !t.Deleted:
		return 0, badRequest("TOPIC_CLOSED")
	case t != nil && !t.Deleted:
		return id, ok(nil)
	case !s.stray || !c.forum():
		return 0, badRequest("message thread not found")
	}
	return 0, ok(nil)
}

func (s *Server) createForumTopic(_ context.Context, params url.Values) answer {
	name := params.Get("name")
	visible := strings.ContainsFunc(name, func(r rune) bool {
		return unicode.In(r, unicode.L, unicode.N, unicode.P, unicode.S) && r != '\u2800' && !unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r)
	})
	switch n := utf8.RuneCountInString(name); {
	case !utf8.ValidString(name):
		s.find("createForumTopic: the name is not UTF-8")
		return badRequest("strings must be encoded in UTF-8")
	case !visible || strings.TrimSpace(name) != name || strings.ContainsFunc(name, unicode.IsControl):
		s.find("createForumTopic: the name %+q shows nothing, or is not clean", name)
		return badRequest("title must be non-empty")
	case n > 128:
		s.find("createForumTopic: a name of %d characters", n)
		return badRequest("TOPIC_TITLE_INVALID")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c, a := s.reach(number(params, "chat_id"))
	switch {
	case a.isError():
		return a
	case !c.forum():
		return badRequest("the chat is not a forum")
	case !c.mayManage():
		return badRequest("not enough rights to create a topic")
	}
	return ok(map[string]any{"message_thread_id": s.newTopic(c, name, true), "name": name, "icon_color": iconColor})
}

func (s *Server) reopenForumTopic(_ context.Context, params url.Values) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, a := s.reach(number(params, "chat_id"))
	if a.isError() {
		return a
	}
	t := c.topic(number(params, "message_thread_id"))
	switch {
	case t == nil || t.Deleted:
		return badRequest("TOPIC_ID_INVALID")
	case !c.mayManage() && !t.ByBot:
		return badRequest("not enough rights to reopen the topic")
	case !t.Closed:
		return badRequest("TOPIC_NOT_MODIFIED")
	}
	t.Closed = false
	s.notify()
	return ok(true)
}

// InTopic returns the messages of the bot in a topic that are still there; 0 is
// General, or a group without topics.
func (s *Server) InTopic(chatID, id int64) []SentMessage {
	s.mu.Lock()
	c := s.chats[chatID]
	s.mu.Unlock()
	return slices.DeleteFunc(s.Sent(chatID), func(m SentMessage) bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return m.ThreadID != id || c.messages[m.ID] == nil
	})
}
