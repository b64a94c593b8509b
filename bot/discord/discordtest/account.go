package discordtest

import (
	"encoding/json"
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
	if r.PathValue("user") != s.BotID {
		refuse(w, http.StatusNotFound, 10007, "Unknown Member", nil)
		return
	}
	answer(w, http.StatusOK, map[string]any{"user": userOf(s.BotID, true), "roles": []string{s.BotRole}})
}

// SetOverwrites changes the permissions in one channel.
func (s *Server) SetOverwrites(channelID string, list ...Overwrite) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.channels[channelID].overwrites = list
}

// getCommands returns the commands as Discord does: with ids, with empty fields
// as null, in an order of its own.
func (s *Server) getCommands(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []map[string]any
	_ = json.Unmarshal(s.commands, &list) // validated when it came
	slices.Reverse(list)
	for _, c := range list {
		c["id"], c["application_id"], c["version"], c["nsfw"] = "5", s.AppID, "6", false
		for _, field := range []string{"name_localizations", "description_localizations"} {
			if c[field] == nil {
				c[field] = nil
			}
		}
		if c["description"] == nil {
			c["description"] = ""
		}
		if r.URL.Query().Get("with_localizations") != "true" {
			delete(c, "name_localizations")
			delete(c, "description_localizations")
		}
	}
	answer(w, http.StatusOK, list)
}
