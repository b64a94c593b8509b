package telegramtest

import (
	"slices"
	"testing"
	"time"
)

// Sent returns the messages of the bot in a chat, in order.
func (s *Server) Sent(chatID int64) []SentMessage {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []SentMessage
	if c := s.chats[chatID]; c != nil {
		for _, m := range c.sent {
			out = append(out, *m)
		}
	}
	return out
}

// WaitSent waits until the bot has sent n messages to a chat and returns all of
// them.
func (s *Server) WaitSent(t testing.TB, chatID int64, n int) []SentMessage {
	t.Helper()
	s.Wait(t, "messages to be sent", func() bool { return len(s.Sent(chatID)) >= n })
	return s.Sent(chatID)
}

// Deleted returns the ids of the messages that the bot deleted in a chat.
func (s *Server) Deleted(chatID int64) []int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.chats[chatID]; c != nil {
		return slices.Clone(c.deleted)
	}
	return nil
}

// Actions returns the chat actions ("typing") that the bot showed in a chat.
func (s *Server) Actions(chatID int64) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.chats[chatID]; c != nil {
		return slices.Clone(c.actions)
	}
	return nil
}

// Menu returns the bot's menu in a language; "" is the one for all others.
func (s *Server) Menu(lang string) []Command {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.commands[menu{lang: lang}])
}

// MenuIn returns the bot's menu in a chat.
func (s *Server) MenuIn(chatID int64) []Command {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.commands[menu{chat: chatID}])
}

// Answered returns how many pressed buttons were answered.
func (s *Server) Answered() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, answered := range s.queries {
		if answered {
			n++
		}
	}
	return n
}

// Requests returns the calls of method so far; "" means all.
func (s *Server) Requests(method string) []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Request
	for _, r := range s.requests {
		if method == "" || r.Method == method {
			out = append(out, r)
		}
	}
	return out
}

// WaitRequests waits until method was called n times and returns the calls.
func (s *Server) WaitRequests(t testing.TB, method string, n int) []Request {
	t.Helper()
	s.Wait(t, "calls of "+method, func() bool { return len(s.Requests(method)) >= n })
	return s.Requests(method)
}

// Pending returns how many updates the bot has not confirmed.
func (s *Server) Pending() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.updates)
}

// WaitConfirmed waits until the bot has confirmed all updates.
func (s *Server) WaitConfirmed(t testing.TB) {
	t.Helper()
	s.Wait(t, "updates to be confirmed", func() bool { return s.Pending() == 0 })
}

// TakeFindings returns what Telegram would not have accepted so far, and forgets
// it. A test that sends such things on purpose must take them.
func (s *Server) TakeFindings() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.findings
	s.findings = nil
	return f
}

// Wait waits until done reports true; it is asked again after everything that
// happens at the server. The test fails when that takes too long.
func (s *Server) Wait(t testing.TB, what string, done func() bool) {
	t.Helper()
	late := time.NewTimer(waitLimit)
	defer late.Stop()
	for {
		s.mu.Lock()
		changed := s.changed
		s.mu.Unlock()
		if done() {
			return
		}
		select {
		case <-changed:
		case <-late.C:
			t.Fatalf("telegramtest: waited %s for %s in vain", waitLimit, what)
		}
	}
}
