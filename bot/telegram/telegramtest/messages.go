package telegramtest

import (
	"context"
	"encoding/json"
	"net/url"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"
)

// room is a chat that the bot has met.
type room struct {
	kind     string // private, group, supergroup
	blocked  bool
	messages map[int64]*SentMessage // nil values are messages of people
	authors  map[int64]int64        // of messages of people
	threads  map[int64]int64        // topics of messages
	topics   []*Topic
	sent     []*SentMessage // by the bot, in order, deleted ones too
	deleted  []int64
	actions  []string
	about    map[string]any // what getChat says besides id and type
	member   map[string]any // what the bot is there
	migrated int64          // the supergroup that it has become; 0: none
}

// SentMessage is a message of the bot.
type SentMessage struct {
	ID       int64
	ChatID   int64
	ThreadID int64 // the topic; 0: none
	ReplyTo  int64 // the message that it replies to; 0: none
	Text     string
	Entities []Entity
	Buttons  []Button // row by row
	Rows     int      // how many rows Buttons stood on
	Edits    int      // how often its text was changed
}

// Entity is a MessageEntity; offsets count UTF-16 code units.
type Entity struct {
	Type   string `json:"type"`
	Offset int    `json:"offset"`
	Length int    `json:"length"`
	URL    string `json:"url"`
}

// Button is a button of an inline keyboard.
type Button struct {
	Text string `json:"text"`
	Data string `json:"callback_data"`
}

// entityTypes can be sent with a text.
var entityTypes = words(`mention hashtag cashtag bot_command url email phone_number bold italic underline
	strikethrough spoiler blockquote expandable_blockquote code pre text_link text_mention custom_emoji`)

var chatActions = words(`typing upload_photo record_video upload_video record_voice upload_voice upload_document
	choose_sticker find_location record_video_note upload_video_note`)

// reach finds a chat that the bot can write to. s.mu is held.
func (s *Server) reach(id int64) (*room, answer) {
	c := s.chats[id]
	switch {
	case c == nil:
		return nil, badRequest("chat not found")
	case c.migrated != 0:
		return nil, withParams(badRequest("group chat was upgraded to a supergroup chat"), "migrate_to_chat_id", c.migrated)
	case c.blocked && c.kind == "private":
		return nil, failed(403, "Forbidden: bot was blocked by the user")
	case c.blocked:
		return nil, failed(403, "Forbidden: bot was kicked from the "+c.kind+" chat")
	}
	return c, ok(nil)
}

func (s *Server) sendMessage(_ context.Context, params url.Values) answer {
	m := &SentMessage{ChatID: number(params, "chat_id"), ThreadID: number(params, "message_thread_id"), Text: params.Get("text")}
	if a := s.readMessage("sendMessage", m, params); a.isError() {
		return a
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c, a := s.reach(m.ChatID)
	if a.isError() {
		return a
	}
	if m.ThreadID, a = s.thread(c, m.ThreadID); a.isError() {
		return a
	}
	if _, there := c.messages[m.ReplyTo]; !there && m.ReplyTo != 0 {
		var r reply
		_ = json.Unmarshal([]byte(params.Get("reply_parameters")), &r) // it was read before
		if !r.Anyway {
			return badRequest("message to be replied not found")
		}
		m.ReplyTo = 0
	}
	s.lastMessage++
	m.ID = s.lastMessage
	c.messages[m.ID] = m
	c.threads[m.ID] = m.ThreadID
	c.sent = append(c.sent, m)
	s.notify()
	sent := map[string]any{
		"message_id": m.ID, "date": time.Now().Unix(), "text": m.Text,
		"chat": map[string]any{"id": m.ChatID, "type": c.kind}, "from": botUser(),
	}
	if m.ThreadID != 0 {
		sent["message_thread_id"], sent["is_topic_message"] = m.ThreadID, true
	}
	return ok(sent)
}

// readMessage checks text, entities, keyboard and reply as Telegram documents
// them, and a rule of this project: text is never parsed as markup.
func (s *Server) readMessage(name string, m *SentMessage, params url.Values) answer {
	if params.Has("parse_mode") {
		s.find("%s: parse_mode is used", name)
	}
	units := utf16.Encode([]rune(m.Text))
	switch {
	case !utf8.ValidString(m.Text):
		s.find("%s: the text is not UTF-8", name)
		return badRequest("strings must be encoded in UTF-8")
	case strings.TrimSpace(m.Text) == "":
		s.find("%s: the text is empty", name)
		return badRequest("message text is empty")
	case len(units) > 4096:
		s.find("%s: the text has %d UTF-16 units", name, len(units))
		return badRequest("message is too long")
	}
	if !s.decode(name, params, "entities", &m.Entities) {
		return badRequest("can't parse entities JSON object")
	}
	for _, e := range m.Entities {
		if e.Offset < 0 || e.Length <= 0 || e.Offset+e.Length > len(units) {
			s.find("%s: a %s entity lies outside of the text", name, e.Type)
			return badRequest("entity beyond the text")
		}
		if splitsRune(units, e.Offset) || splitsRune(units, e.Offset+e.Length) {
			s.find("%s: a %s entity cuts a character in two", name, e.Type)
		}
		if !entityTypes[e.Type] || (e.Type == "text_link") != (e.URL != "") {
			s.find("%s: an entity of type %q with the url %q", name, e.Type, e.URL)
		}
	}
	if a := s.readKeyboard(name, m, params); a.isError() {
		return a
	}
	var reply reply
	var preview struct {
		Disabled bool `json:"is_disabled"`
	}
	if !s.decode(name, params, "reply_parameters", &reply) || !s.decode(name, params, "link_preview_options", &preview) {
		return badRequest("can't parse a JSON object")
	}
	m.ReplyTo = reply.MessageID
	return ok(nil)
}

// reply is a ReplyParameters.
type reply struct {
	MessageID int64 `json:"message_id"`
	Anyway    bool  `json:"allow_sending_without_reply"`
}

// splitsRune reports whether units are cut inside a surrogate pair at i.
func splitsRune(units []uint16, i int) bool {
	return i > 0 && i < len(units) && units[i] >= 0xDC00 && units[i] <= 0xDFFF
}

func (s *Server) readKeyboard(name string, m *SentMessage, params url.Values) answer {
	var k struct {
		Rows [][]Button `json:"inline_keyboard"`
	}
	if !s.decode(name, params, "reply_markup", &k) {
		return badRequest("can't parse reply keyboard markup JSON object")
	}
	m.Rows = len(k.Rows)
	for _, row := range k.Rows {
		m.Buttons = append(m.Buttons, row...)
	}
	if len(m.Buttons) > 100 {
		s.find("%s: %d buttons", name, len(m.Buttons))
		return badRequest("reply markup is too long")
	}
	for _, b := range m.Buttons {
		if b.Text == "" {
			s.find("%s: a button without a label", name)
			return badRequest("text buttons are unallowed in the inline keyboard")
		}
		if n := len(b.Data); n < 1 || n > 64 {
			s.find("%s: callback_data of %d bytes", name, n)
			return badRequest("BUTTON_DATA_INVALID")
		}
	}
	return ok(nil)
}

func (s *Server) deleteMessage(_ context.Context, params url.Values) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, a := s.reach(number(params, "chat_id"))
	if a.isError() {
		return a
	}
	id := number(params, "message_id")
	if _, there := c.messages[id]; !there {
		return badRequest("message to delete not found")
	}
	delete(c.messages, id)
	c.deleted = append(c.deleted, id)
	s.notify()
	return ok(true)
}

func (s *Server) sendChatAction(_ context.Context, params url.Values) answer {
	action := params.Get("action")
	if !chatActions[action] {
		s.find("sendChatAction: the action %q", action)
		return badRequest("wrong parameter action in request")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c, a := s.reach(number(params, "chat_id"))
	if a.isError() {
		return a
	}
	c.actions = append(c.actions, action)
	s.notify()
	return ok(true)
}
