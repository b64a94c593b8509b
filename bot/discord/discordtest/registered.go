package discordtest

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"testing"
)

// getCommands returns the commands as Discord does: with ids, with empty fields
// as null, in an order of its own.
func (s *Server) getCommands(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	guild := r.PathValue("guild")
	list := s.registered(guild)
	slices.Reverse(list)
	for _, c := range list {
		c["id"], c["application_id"], c["version"], c["nsfw"] = "5", s.AppID, "6", false
		if guild != "" {
			c["guild_id"], c["contexts"], c["integration_types"] = guild, nil, []int{0}
		}
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

func (s *Server) putCommands(w http.ResponseWriter, r *http.Request) {
	data, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	guild := r.PathValue("guild")
	switch {
	case r.PathValue("application") != s.AppID:
		refuse(w, http.StatusForbidden, 20012, "You are not authorized to perform this action on this application", nil)
		return
	case guild != "" && !slices.Contains(s.guilds, guild):
		refuse(w, http.StatusForbidden, 50001, "Missing Access", nil)
		return
	}
	if problem := validateCommands(data, guild != ""); problem != "" {
		s.find("commands: %s", problem)
		refuse(w, http.StatusBadRequest, 50035, "Invalid Form Body", nil)
		return
	}
	s.commands[guild] = data
	s.change()
	answer(w, http.StatusOK, json.RawMessage(data))
}

// registered returns the commands of a guild, or with "" those for all. The
// caller holds s.mu.
func (s *Server) registered(guild string) []map[string]any {
	var list []map[string]any
	_ = json.Unmarshal(s.commands[guild], &list) // validated when it came
	return list
}

// Commands returns the commands that the bot registered last, as it sent them.
func (s *Server) Commands() []map[string]any { return s.GuildCommands("") }

// GuildCommands is Commands for those of one guild.
func (s *Server) GuildCommands(guildID string) []map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.registered(guildID)
}

// WaitGuildCommands waits until there are any, and returns them.
func (s *Server) WaitGuildCommands(t testing.TB, guildID string) []map[string]any {
	t.Helper()
	var list []map[string]any
	s.wait(t, "commands of the guild "+guildID, func() bool {
		list = s.registered(guildID)
		return len(list) > 0
	})
	return list
}
