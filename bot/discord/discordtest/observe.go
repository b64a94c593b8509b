package discordtest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// Sent returns what the bot has sent to a channel, oldest first. The reply to
// a command is there as soon as it says something.
func (s *Server) Sent(channelID string) []SentMessage {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sent(channelID)
}

func (s *Server) sent(channelID string) []SentMessage {
	c := s.channels[channelID]
	if c == nil {
		return nil
	}
	var list []SentMessage
	for _, m := range c.messages {
		if m.Author.ID == s.BotID && m.Flags&flagLoading == 0 && m.Type != typeThreadBegins {
			list = append(list, m.sent())
		}
	}
	return list
}

// WaitSent waits until the bot has sent n messages to a channel, and returns
// all of them.
func (s *Server) WaitSent(t testing.TB, channelID string, n int) []SentMessage {
	t.Helper()
	var list []SentMessage
	s.wait(t, fmt.Sprintf("%d messages in channel %s", n, channelID), func() bool {
		list = s.sent(channelID)
		return len(list) >= n
	})
	return list
}

// WaitAcknowledged waits until the bot has acknowledged an interaction, and
// returns the type of the callback.
func (s *Server) WaitAcknowledged(t testing.TB, interactionID string) int {
	t.Helper()
	var kind int
	s.wait(t, "an acknowledgement of interaction "+interactionID, func() bool {
		kind = s.pending[interactionID].ack
		return kind != 0
	})
	return kind
}

// Acknowledged returns the type of the callback of an interaction; 0: none.
func (s *Server) Acknowledged(interactionID string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pending[interactionID].ack
}

// Thinking reports whether the reply to a command still shows that the bot is
// thinking.
func (s *Server) Thinking(interactionID string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.pending[interactionID].reply
	return m != nil && m.Flags&flagLoading != 0
}

// Private returns what the bot has answered to a person's commands so that only
// they see it, oldest first.
func (s *Server) Private(userID string) []SentMessage {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.private(userID)
}

// WaitPrivate waits until what Private returns is as ok wants it.
func (s *Server) WaitPrivate(t testing.TB, userID string, ok func([]SentMessage) bool) []SentMessage {
	t.Helper()
	var list []SentMessage
	s.wait(t, "what only "+userID+" sees", func() bool {
		list = s.private(userID)
		return ok(list)
	})
	return list
}

func (s *Server) private(userID string) []SentMessage {
	var list []SentMessage
	for _, x := range s.pending {
		if x.user == userID && x.reply != nil && x.reply.Flags&flagEphemeral != 0 && x.reply.Flags&flagLoading == 0 {
			list = append(list, x.reply.sent())
		}
	}
	slices.SortFunc(list, func(a, b SentMessage) int { return strings.Compare(a.ID, b.ID) })
	return list
}

// Form returns the title and the label of the form that an interaction was
// answered with; "" when there is none.
func (s *Server) Form(interactionID string) (title, label string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f := s.pending[interactionID].form; f != nil {
		return f.Title, f.Components[0].Label
	}
	return "", ""
}

// Message returns a message of a channel as it reads now.
func (s *Server) Message(channelID, messageID string) (m SentMessage, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if found := s.channels[channelID].message(messageID); found != nil {
		return found.sent(), true
	}
	return SentMessage{}, false
}

// ExpireInteractions ends the tokens of all interactions, as Discord does after
// 15 minutes.
func (s *Server) ExpireInteractions() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, in := range s.pending {
		in.expired = true
	}
}

// WaitCalls waits until the bot has made n requests as in Calls.
func (s *Server) WaitCalls(t testing.TB, method, part string, n int) {
	t.Helper()
	s.wait(t, fmt.Sprintf("%d requests %s …%s…", n, method, part), func() bool { return s.countCalls(method, part) >= n })
}
