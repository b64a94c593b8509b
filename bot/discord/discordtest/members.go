package discordtest

// AddRole returns a new role, of every guild.
func (s *Server) AddRole() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := s.newID()
	s.guildRoles = append(s.guildRoles, id)
	return id
}

// SetRoles sets the roles of a person; none otherwise.
func (s *Server) SetRoles(userID string, roles ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.memberRoles[userID] = roles
}

// Leaves is a person who leaves the guild: what they wrote stays.
func (s *Server) Leaves(userID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.left[userID] = true
}

// rolesOf returns somebody's roles. The caller holds s.mu.
func (s *Server) rolesOf(userID string) []string {
	if userID == s.BotID {
		return []string{s.BotRole}
	}
	return append([]string{}, s.memberRoles[userID]...) // never null
}

// member is what events of messages tell of their author. The caller holds s.mu.
func (s *Server) member(userID string) map[string]any {
	return map[string]any{
		"roles": s.rolesOf(userID), "joined_at": "2026-01-01T00:00:00+00:00", "deaf": false, "mute": false, "flags": 0,
	}
}
