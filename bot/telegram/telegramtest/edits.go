package telegramtest

import (
	"context"
	"maps"
	"net/url"
	"time"
)

// Edit lets a person change their message. It returns the update's id.
func (s *Server) Edit(in Incoming, messageID int64) (updateID int64) {
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
	now := time.Now().Unix()
	m := map[string]any{
		"message_id": messageID, "date": now, "edit_date": now, "from": user(in.From),
		"chat": map[string]any{"id": in.Chat, "type": kind},
	}
	if in.Text != "" {
		m["text"] = in.Text
	}
	c.place(m, in)
	maps.Copy(m, in.Fields)
	return s.pushIfAllowed("edited_message", m)
}

const notModified = "message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message"

// own finds a message of the bot that is still there. s.mu is held.
func (s *Server) own(params url.Values) (*SentMessage, answer) {
	c, a := s.reach(number(params, "chat_id"))
	if a.isError() {
		return nil, a
	}
	m, there := c.messages[number(params, "message_id")]
	switch {
	case !there:
		return nil, badRequest("message to edit not found")
	case m == nil:
		return nil, badRequest("message can't be edited")
	}
	return m, ok(nil)
}

func (s *Server) editMessageText(_ context.Context, params url.Values) answer {
	edited := &SentMessage{Text: params.Get("text")}
	if a := s.readMessage("editMessageText", edited, params); a.isError() {
		return a
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	m, a := s.own(params)
	if a.isError() {
		return a
	}
	if m.Text == edited.Text && len(m.Entities) == len(edited.Entities) && len(m.Buttons) == len(edited.Buttons) {
		return badRequest(notModified)
	}
	m.Text, m.Entities, m.Buttons, m.Rows = edited.Text, edited.Entities, edited.Buttons, edited.Rows
	m.Edits++
	s.notify()
	return ok(map[string]any{"message_id": m.ID, "text": m.Text})
}

func (s *Server) editMessageReplyMarkup(_ context.Context, params url.Values) answer {
	var k SentMessage
	if a := s.readKeyboard("editMessageReplyMarkup", &k, params); a.isError() {
		return a
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	m, a := s.own(params)
	if a.isError() {
		return a
	}
	if len(m.Buttons) == len(k.Buttons) {
		return badRequest(notModified)
	}
	m.Buttons, m.Rows = k.Buttons, k.Rows
	s.notify()
	return ok(map[string]any{"message_id": m.ID, "text": m.Text})
}
