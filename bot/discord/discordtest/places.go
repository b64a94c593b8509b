package discordtest

import (
	"slices"
	"time"
)

// AddChannel returns a new text channel of the guild.
func (s *Server) AddChannel() string { return s.add(&channel{kind: kindText}) }

// AddChannelIn returns a new text channel of another guild.
func (s *Server) AddChannelIn(guildID string) string {
	return s.add(&channel{kind: kindText, guild: guildID})
}

// AddThread returns a new thread of the guild, below a channel of its own.
func (s *Server) AddThread() string { return s.AddThreadIn(s.AddChannel()) }

// AddThreadIn returns a new thread below a channel.
func (s *Server) AddThreadIn(parentID string) string {
	return s.add(&channel{kind: kindThread, parent: parentID})
}

// AddForum returns a new forum of the guild. It has threads, not messages.
func (s *Server) AddForum() string { return s.add(&channel{kind: kindForum}) }

// AddGuild returns another guild, which the bot is in from the next session on.
func (s *Server) AddGuild() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := s.newID()
	s.guilds = append(s.guilds, id)
	return id
}

func (s *Server) add(c *channel) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c.guild == "" {
		c.guild = s.GuildID
	}
	s.addChannel(c)
	name := "CHANNEL_CREATE"
	if c.kind == kindThread {
		name = "THREAD_CREATE"
	}
	s.dispatchTo(c.guild, name, c.describe(), intentGuilds)
	return c.id
}

func (s *Server) addChannel(c *channel) *channel {
	if c.id == "" {
		c.id = s.newID()
	}
	if c.name == "" {
		c.name = "channel-" + c.id
	}
	if c.autoArchive == 0 {
		c.autoArchive = 1440
	}
	if c.overwrites == nil {
		c.overwrites = []Overwrite{}
	}
	s.channels[c.id] = c
	s.order = append(s.order, c.id)
	return c
}

// UserAsks begins a post in a forum and returns its id, which is that of its
// first message too. The events come in the order of Discord.
func (s *Server) UserAsks(forumID, userID, title, text string) string {
	return s.post(forumID, userID, title, text, false)
}

// UserAsksBackwards is UserAsks whose events come in the other order.
func (s *Server) UserAsksBackwards(forumID, userID, title, text string) string {
	return s.post(forumID, userID, title, text, true)
}

func (s *Server) post(forumID, userID, title, text string, backwards bool) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.addChannel(&channel{kind: kindThread, guild: s.GuildID, parent: forumID, name: title})
	m := s.newMessage(c, userOf(userID, false), text)
	m.ID = c.id
	tell := func() { s.dispatchTo(c.guild, "THREAD_CREATE", c.describe(), intentGuilds) }
	if !backwards {
		tell()
	}
	s.publish(c, m)
	if backwards {
		tell()
	}
	return c.id
}

// Archive archives a thread without telling the bot, and locks it if asked to:
// then only who may manage threads can open it again.
func (s *Server) Archive(threadID string, lock bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channels[threadID]
	c.archivedAt, c.locked = time.Now().UTC().Format(time.RFC3339Nano), lock
}

// Archived reports whether a thread is archived.
func (s *Server) Archived(threadID string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.channels[threadID].archivedAt != ""
}

// archivedBelow returns the archived threads below a channel, the latest first.
func (s *Server) archivedBelow(parentID string) []*channel {
	var list []*channel
	for _, c := range s.channels {
		if c.parent == parentID && c.archivedAt != "" {
			list = append(list, c)
		}
	}
	slices.SortFunc(list, func(a, b *channel) int {
		if a.archivedAt > b.archivedAt {
			return -1
		}
		return 1
	})
	return list
}
