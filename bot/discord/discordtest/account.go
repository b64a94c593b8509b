package discordtest

import (
	"net/http"
	"slices"
)

// flagMessageContent is of an application that may read messages.
const flagMessageContent = 1 << 19

func (s *Server) getApplication(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	flags := s.flags
	if s.gateway.disallowed&intentMessageContent != 0 {
		flags = 0
	}
	answer(w, http.StatusOK, map[string]any{"id": s.AppID, "name": "App", "flags": flags, "bot_public": true})
}

func (s *Server) getGuilds(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := []any{}
	for _, id := range s.guilds {
		list = append(list, map[string]any{"id": id, "name": "Guild", "owner": false, "permissions": "0"})
	}
	answer(w, http.StatusOK, list)
}

func (s *Server) getGuild(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := r.PathValue("guild")
	if !slices.Contains(s.guilds, id) {
		refuse(w, http.StatusNotFound, 10004, "Unknown Guild", nil)
		return
	}
	answer(w, http.StatusOK, map[string]any{"id": id, "name": "Guild", "owner_id": "1", "roles": s.roles(id)})
}

func (s *Server) getMember(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	user := r.PathValue("user")
	if s.left[user] || !slices.Contains(s.guilds, r.PathValue("guild")) {
		refuse(w, http.StatusNotFound, 10007, "Unknown Member", nil)
		return
	}
	member := s.member(user)
	member["user"] = userOf(user, user == s.BotID)
	answer(w, http.StatusOK, member)
}

// SetOverwrites changes the permissions in one channel.
func (s *Server) SetOverwrites(channelID string, list ...Overwrite) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.channels[channelID].overwrites = list
}
