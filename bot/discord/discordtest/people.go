package discordtest

import (
	"encoding/json"
	"slices"
	"time"
)

// Post is a message of a person, with all that it can have.
type Post struct {
	Text        string
	ReplyTo     string // message id
	Attachments []Attachment
	Stickers    []any
	Components  json.RawMessage // of bots only on Discord
	Type        int
	Flags       int
	Bot         bool // the author is another bot
}

// DM returns the direct conversation of a person with the bot.
func (s *Server) DM(userID string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.dm(userID).id
}

func (s *Server) dm(userID string) *channel {
	if id, ok := s.dms[userID]; ok {
		return s.channels[id]
	}
	c := s.addChannel(&channel{kind: kindDM, user: userID})
	s.dms[userID] = c.id
	return c
}

// UserDMs sends text to the bot and returns the message's id.
func (s *Server) UserDMs(userID, text string) string {
	return s.UserSends(s.DM(userID), userID, Post{Text: text})
}

// UserMentions writes text to the bot in a channel of the guild, which is made
// if it is not there, and returns the message's id.
func (s *Server) UserMentions(channelID, userID, text string) string {
	return s.UserSends(channelID, userID, Post{Text: "<@" + s.BotID + "> " + text})
}

// UserPosts writes text, to nobody in particular, and returns the message's id.
func (s *Server) UserPosts(channelID, userID, text string) string {
	return s.UserSends(channelID, userID, Post{Text: text})
}

// UserSends writes a message and returns its id.
func (s *Server) UserSends(channelID, userID string, p Post) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channels[channelID]
	if c == nil {
		c = s.addChannel(&channel{id: channelID, guild: s.GuildID})
	}
	m := s.newMessage(c, userOf(userID, p.Bot), p.Text)
	m.Type, m.Flags, m.Stickers = p.Type, p.Flags, p.Stickers
	if p.Components != nil {
		m.Components = p.Components
	}
	for _, a := range p.Attachments {
		if a.ID == "" {
			a.ID = s.newID()
		}
		if a.URL == "" {
			a.URL = "http://" + s.host + "/attachments/" + m.ID + "/" + a.ID + "?ex=1&hm=signed"
		}
		if a.Size == 0 {
			a.Size = int64(len(a.Data))
		}
		a.ProxyURL = a.URL
		m.Attachments = append(m.Attachments, a)
	}
	for _, id := range mentionsIn(p.Text, "@") {
		m.Mentions = append(m.Mentions, userOf(id, id == s.BotID))
	}
	m.MentionRoles = append(m.MentionRoles, mentionsIn(p.Text, "@&")...)
	if p.ReplyTo != "" {
		m.Type = 19
		m.Reference = map[string]any{"type": 0, "message_id": p.ReplyTo, "channel_id": c.id}
		m.Referenced = c.message(p.ReplyTo)
	}
	s.publish(c, m)
	return m.ID
}

// publish adds m to the channel and tells the bot.
func (s *Server) publish(c *channel, m *message) {
	c.messages = append(c.messages, m)
	s.announce(c, m)
	s.change()
}

func (s *Server) announce(c *channel, m *message) {
	s.dispatchTo(c.guild, "MESSAGE_CREATE", s.event(c, m), c.intent())
}

// event is m as the gateway tells of it.
func (s *Server) event(c *channel, m *message) message {
	event := *m
	if event.GuildID = c.guild; c.guild != "" && m.WebhookID == "" {
		event.Member = s.member(m.Author.ID)
	}
	return event
}

// intent is the one that messages of the channel need.
func (c *channel) intent() int {
	if c.guild == "" {
		return intentDirectMessages
	}
	return intentGuildMessages
}

// UserEdits changes a message of a person.
func (s *Server) UserEdits(channelID, messageID, text string) {
	s.change1(channelID, messageID, func(m *message) {
		m.Content = text
		at := time.Now().UTC().Format("2006-01-02T15:04:05.000000-07:00")
		m.EditedTimestamp = &at
		m.Mentions = []user{}
		for _, id := range mentionsIn(text, "@") {
			m.Mentions = append(m.Mentions, userOf(id, id == s.BotID))
		}
	})
}

// Unfurls adds a preview to a message, of which the bot is told like of an edit.
func (s *Server) Unfurls(channelID, messageID string) {
	s.change1(channelID, messageID, func(m *message) { m.Embeds = append(m.Embeds, map[string]string{"type": "link"}) })
}

func (s *Server) change1(channelID, messageID string, change func(*message)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channels[channelID]
	m := c.message(messageID)
	change(m)
	s.dispatchTo(c.guild, "MESSAGE_UPDATE", s.event(c, m), c.intent())
	s.change()
}

// UserDeletes removes messages: one as its author does, several at once as a
// moderator does.
func (s *Server) UserDeletes(channelID string, messageIDs ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channels[channelID]
	c.messages = slices.DeleteFunc(c.messages, func(m *message) bool { return slices.Contains(messageIDs, m.ID) })
	name, event := "MESSAGE_DELETE_BULK", map[string]any{"ids": messageIDs, "channel_id": channelID}
	if len(messageIDs) == 1 {
		name, event = "MESSAGE_DELETE", map[string]any{"id": messageIDs[0], "channel_id": channelID}
	}
	if c.guild != "" {
		event["guild_id"] = c.guild
	}
	s.dispatchTo(c.guild, name, event, c.intent())
	s.change()
}

func (c *channel) message(id string) *message {
	i := slices.IndexFunc(c.messages, func(m *message) bool { return m.ID == id })
	if i < 0 {
		return nil
	}
	return c.messages[i]
}
