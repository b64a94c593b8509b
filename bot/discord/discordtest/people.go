package discordtest

import (
	"encoding/json"
	"fmt"
	"slices"
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

// AddChannel returns a new text channel of the guild.
func (s *Server) AddChannel() string { return s.add(kindText) }

// AddThread returns a new thread of the guild.
func (s *Server) AddThread() string { return s.add(kindThread) }

// AddForum returns a new forum of the guild. It has threads, not messages.
func (s *Server) AddForum() string { return s.add(kindForum) }

func (s *Server) add(kind int) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.addChannel(&channel{kind: kind, guild: s.GuildID})
	name := "CHANNEL_CREATE"
	if kind == kindThread {
		name = "THREAD_CREATE"
	}
	s.dispatch(name, c.describe(), intentGuilds)
	return c.id
}

func (s *Server) addChannel(c *channel) *channel {
	if c.id == "" {
		c.id = s.newID()
	}
	s.channels[c.id] = c
	s.order = append(s.order, c.id)
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
		a.URL = "https://cdn.invalid/" + a.ID
		a.ProxyURL = a.URL
		m.Attachments = append(m.Attachments, a)
	}
	for _, id := range mentionsIn(p.Text, "@") {
		m.Mentions = append(m.Mentions, userOf(id, id == s.BotID))
	}
	m.MentionRoles = append(m.MentionRoles, mentionsIn(p.Text, "@&")...)
	if p.ReplyTo != "" {
		m.Type = 19
		m.Reference = map[string]string{"message_id": p.ReplyTo, "channel_id": c.id}
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
	event := *m
	event.GuildID = c.guild
	intent := intentGuildMessages
	if c.guild == "" {
		intent = intentDirectMessages
	}
	s.dispatch("MESSAGE_CREATE", event, intent)
}

func (c *channel) message(id string) *message {
	i := slices.IndexFunc(c.messages, func(m *message) bool { return m.ID == id })
	if i < 0 {
		return nil
	}
	return c.messages[i]
}

// SetLocale sets the language of a person's client; it is en-US otherwise.
func (s *Server) SetLocale(userID, locale string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.locales[userID] = locale
}

// UserCommand gives a command, such as "ask", with a question unless that is
// empty, and returns the interaction's id.
func (s *Server) UserCommand(channelID, userID, command, question string) string {
	data := map[string]any{"id": "1", "name": command, "type": 1}
	if question != "" {
		data["options"] = []any{map[string]any{"name": "question", "type": 3, "value": question}}
	}
	return s.interact(channelID, userID, 2, data, nil)
}

// UserPresses presses a button of a message and returns the interaction's id.
// It panics when there is no such button.
func (s *Server) UserPresses(userID, messageID, customID string) string {
	s.mu.Lock()
	var found *message
	for _, c := range s.channels {
		if m := c.message(messageID); m != nil {
			found = m
		}
	}
	s.mu.Unlock()
	if found == nil || !slices.ContainsFunc(found.sent().Buttons, func(b Button) bool { return b.CustomID == customID }) {
		panic(fmt.Sprintf("discordtest: message %s has no button %q", messageID, customID))
	}
	return s.interact(found.ChannelID, userID, 3, map[string]any{"custom_id": customID, "component_type": 2}, found)
}

// interaction is something that the bot has to acknowledge.
type interaction struct {
	id, token string
	channel   *channel
	user      string
	kind      int
	ack       int      // type of the callback; 0: none yet
	reply     *message // nil before the callback, or when there is none
	expired   bool
}

func (s *Server) interact(channelID, userID string, kind int, data map[string]any, on *message) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channels[channelID]
	if c == nil {
		c = s.addChannel(&channel{id: channelID, guild: s.GuildID})
	}
	in := &interaction{id: s.newID(), channel: c, user: userID, kind: kind}
	in.token = "interaction-secret-" + in.id
	s.pending[in.id] = in
	locale := s.locales[userID]
	if locale == "" {
		locale = "en-US"
	}
	event := map[string]any{
		"id": in.id, "application_id": s.AppID, "type": kind, "token": in.token, "version": 1,
		"channel_id": c.id, "channel": c.describe(), "data": data, "locale": locale,
		"entitlements": []any{}, "authorizing_integration_owners": map[string]string{},
	}
	if c.guild != "" {
		event["guild_id"], event["guild_locale"], event["context"] = c.guild, "en-US", 0
		event["member"] = map[string]any{"user": userOf(userID, false), "roles": []string{}, "permissions": "0"}
	} else {
		event["user"], event["context"] = userOf(userID, false), 1
	}
	if on != nil {
		event["message"] = on
	}
	s.dispatch("INTERACTION_CREATE", event, 0)
	s.change()
	return in.id
}
