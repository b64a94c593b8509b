package discordtest

import (
	"fmt"
	"slices"
)

// SetLocale sets the language of a person's client; it is en-US otherwise.
func (s *Server) SetLocale(userID, locale string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.locales[userID] = locale
}

// UserCommand gives a command, such as "ask", with a question unless that is
// empty, and returns the interaction's id.
func (s *Server) UserCommand(channelID, userID, command, question string) string {
	return s.userCommand(channelID, userID, command, question, false)
}

// UserCommandPrivately is UserCommand with the option private.
func (s *Server) UserCommandPrivately(channelID, userID, command, question string) string {
	return s.userCommand(channelID, userID, command, question, true)
}

func (s *Server) userCommand(channelID, userID, command, question string, private bool) string {
	options := []any{}
	if question != "" {
		options = append(options, map[string]any{"name": "question", "type": 3, "value": question})
	}
	if private {
		options = append(options, map[string]any{"name": "private", "type": 5, "value": true})
	}
	data := map[string]any{"id": "1", "name": command, "type": 1, "options": options}
	return s.interact(channelID, userID, 2, data, nil)
}

// UserGives gives a command with any options, text and whole numbers, and returns
// the interaction's id.
func (s *Server) UserGives(channelID, userID, command string, options map[string]any) string {
	list := []any{}
	for name, value := range options {
		kind := 3
		if _, ok := value.(int); ok {
			kind = 4
		}
		list = append(list, map[string]any{"name": name, "type": kind, "value": value})
	}
	return s.interact(channelID, userID, 2, map[string]any{"id": "1", "name": command, "type": 1, "options": list}, nil)
}

// UserMenu chooses a command in the menu of a message and returns the
// interaction's id.
func (s *Server) UserMenu(channelID, userID, command, messageID string) string {
	s.mu.Lock()
	target := s.channels[channelID].message(messageID)
	s.mu.Unlock()
	data := map[string]any{
		"id": "1", "name": command, "type": 3, "target_id": messageID,
		"resolved": map[string]any{"messages": map[string]any{messageID: target}},
	}
	return s.interact(channelID, userID, 2, data, nil)
}

// UserSubmits fills the form that an interaction was answered with, and returns
// the new interaction's id. It panics when there is no form.
func (s *Server) UserSubmits(interactionID, text string) string {
	s.mu.Lock()
	x := s.pending[interactionID]
	s.mu.Unlock()
	if x.form == nil {
		panic("discordtest: the interaction has no form")
	}
	data := map[string]any{"custom_id": x.form.CustomID, "components": []any{
		map[string]any{"type": 18, "id": 1, "component": map[string]any{"type": 4, "id": 2, "custom_id": x.form.field(), "value": text}},
	}}
	return s.interact(x.channel.id, x.user, 5, data, nil)
}

// SetPermissions sets a person's permissions in all channels; none otherwise.
func (s *Server) SetPermissions(userID string, permissions uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.permissions[userID] = permissions
}

// UserPresses presses a button of a message and returns the interaction's id.
// It panics when there is no such button.
func (s *Server) UserPresses(userID, messageID, customID string) string {
	found := s.shown(messageID)
	if found == nil || !slices.ContainsFunc(found.sent().Buttons, func(b Button) bool { return b.CustomID == customID }) {
		panic(fmt.Sprintf("discordtest: message %s has no button %q", messageID, customID))
	}
	return s.press(userID, found, customID)
}

// UserForges is UserPresses for a button that the message does not have.
func (s *Server) UserForges(userID, messageID, customID string) string {
	return s.press(userID, s.shown(messageID), customID)
}

func (s *Server) press(userID string, on *message, customID string) string {
	return s.interact(on.ChannelID, userID, 3, map[string]any{"custom_id": customID, "component_type": 2}, on)
}

// shown returns a message that somebody can see; nil when there is none.
func (s *Server) shown(messageID string) *message {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, x := range s.pending { // what one person sees
		if x.reply != nil && x.reply.ID == messageID {
			return x.reply
		}
	}
	for _, c := range s.channels {
		if m := c.message(messageID); m != nil {
			return m
		}
	}
	return nil
}

// interaction is something that the bot has to acknowledge.
type interaction struct {
	id, token string
	channel   *channel
	user      string
	kind      int
	ack       int      // type of the callback; 0: none yet
	on        *message // that holds the pressed button
	reply     *message // nil before the callback, or when there is none
	form      *form    // that it was answered with
	expired   bool
}

func (s *Server) interact(channelID, userID string, kind int, data map[string]any, on *message) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channels[channelID]
	if c == nil {
		c = s.addChannel(&channel{id: channelID, guild: s.GuildID})
	}
	in := &interaction{id: s.newID(), channel: c, user: userID, kind: kind, on: on}
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
		event["member"] = map[string]any{"user": userOf(userID, false), "roles": s.rolesOf(userID), "permissions": fmt.Sprint(s.permissions[userID])}
	} else {
		event["user"], event["context"] = userOf(userID, false), 1
	}
	if on != nil {
		event["message"] = on
	}
	s.dispatchTo(c.guild, "INTERACTION_CREATE", event, 0)
	s.change()
	return in.id
}
