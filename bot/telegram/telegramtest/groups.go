package telegramtest

import (
	"context"
	"maps"
	"net/url"
)

// SetSelf changes fields of what getMe says about the bot, for example
// can_read_all_group_messages.
func (s *Server) SetSelf(fields map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.Copy(s.self, fields)
}

// SetChat changes fields of what getChat says about a chat, for example
// is_forum or permissions.
func (s *Server) SetChat(id int64, fields map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.meet(id, "supergroup")
	if c.about == nil {
		c.about = map[string]any{}
	}
	maps.Copy(c.about, fields)
	if kind, ok := fields["type"].(string); ok {
		c.kind = kind
	}
}

// SetMember says what the bot is in a chat: status and, for some of them, what
// it may do there.
func (s *Server) SetMember(id int64, member map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.meet(id, "supergroup").member = member
}

// Migrate makes the group from the supergroup to, as an admin does: the bot is
// told in both, and the group can't be written to any more.
func (s *Server) Migrate(from, to int64) {
	s.mu.Lock()
	old := s.meet(from, "group")
	old.migrated = to
	s.meet(to, "supergroup")
	s.mu.Unlock()
	s.Deliver(Incoming{From: 7, Chat: from, Kind: "group", Fields: map[string]any{"migrate_to_chat_id": to}})
	s.Deliver(Incoming{From: 7, Chat: to, Fields: map[string]any{"migrate_from_chat_id": from}})
}

// MigrateUnseen is Migrate of which the bot gets no update.
func (s *Server) MigrateUnseen(from, to int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.meet(from, "group").migrated = to
	s.meet(to, "supergroup")
}

func (s *Server) getChat(_ context.Context, params url.Values) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := number(params, "chat_id")
	c, a := s.reach(id)
	if a.isError() {
		return a
	}
	about := map[string]any{"id": id, "type": c.kind, "title": "A group", "accent_color_id": 0, "max_reaction_count": 1}
	maps.Copy(about, c.about)
	return ok(about)
}

func (s *Server) getChatMember(_ context.Context, params url.Values) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, a := s.reach(number(params, "chat_id"))
	if a.isError() {
		return a
	}
	if number(params, "user_id") != BotID {
		return badRequest("user not found")
	}
	member := map[string]any{"status": "member", "user": botUser()}
	maps.Copy(member, c.member)
	return ok(member)
}
