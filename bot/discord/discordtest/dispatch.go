package discordtest

import (
	"encoding/json"
	"fmt"
)

// dispatchTo sends an event of a guild ("": a direct conversation) to the
// session that serves it, if it asked for the intent (0: in any case). The
// caller holds s.mu.
func (s *Server) dispatchTo(guild, name string, data any, intent int) {
	for _, session := range s.gateway.sessions {
		if !session.serves(guild) || (intent != 0 && session.intents&intent == 0) {
			continue
		}
		event := data
		// Without the intent, content is only in direct messages and mentions.
		if m, ok := data.(message); ok && session.intents&intentMessageContent == 0 && m.GuildID != "" && len(m.Mentions) == 0 {
			m.Content, m.Attachments, m.Components = "", []Attachment{}, json.RawMessage("[]")
			event = m
		}
		session.dispatch(s, name, event)
		if s.gateway.twice && name != "READY" {
			session.dispatch(s, name, event)
		}
	}
}

// dispatch numbers an event and sends it.
func (x *session) dispatch(s *Server, name string, data any) {
	encoded := encode(opDispatch, data, len(x.sent)+1, name)
	if name == "MESSAGE_CREATE" && x.held == nil && s.gateway.swapped > 0 {
		s.gateway.swapped--
		x.held = encode(opDispatch, data, len(x.sent)+2, name)
		return
	}
	x.deliver(s, encoded)
	if x.held != nil {
		held := x.held
		x.held = nil
		x.deliver(s, held)
	}
}

func (x *session) deliver(s *Server, encoded []byte) {
	x.sent = append(x.sent, encoded)
	if x.conn != nil && !s.gateway.muted {
		x.conn.write(encoded)
	}
}

func (s *Server) describeGuild(guild string) map[string]any {
	channels, threads := []any{}, []any{}
	for _, id := range s.order {
		switch ch := s.channels[id]; {
		case ch.guild != guild:
		case ch.kind != kindThread:
			channels = append(channels, ch.describe())
		case ch.archivedAt == "":
			threads = append(threads, ch.describe())
		}
	}
	return map[string]any{
		"id": guild, "name": "Guild", "unavailable": false, "channels": channels, "threads": threads, "roles": s.roles(guild),
	}
}

// roles are those of a guild: everybody's, the bot's own, and those of AddRole,
// which have no permissions.
func (s *Server) roles(guild string) []any {
	list := []any{
		map[string]any{"id": guild, "name": "@everyone", "permissions": fmt.Sprint(s.permissions[guild])},
		map[string]any{
			"id": s.BotRole, "name": "bot", "permissions": fmt.Sprint(s.permissions[s.BotRole]),
			"tags": map[string]string{"bot_id": s.BotID},
		},
	}
	for _, id := range s.guildRoles {
		list = append(list, map[string]any{"id": id, "name": "role-" + id, "permissions": "0"})
	}
	return list
}

// serves reports whether events of a guild ("": direct messages) go to the
// session.
func (x *session) serves(guild string) bool {
	return int(number(guild)>>22%uint64(x.shards)) == x.shard
}
