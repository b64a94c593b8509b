package discordtest

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// Handshake is how the gateway answers an IDENTIFY or RESUME instead of
// beginning the session.
type Handshake struct{ op, code int }

// What can go wrong with a handshake.
var (
	SendsReconnect = Handshake{op: opReconnect}               // op 7 as first packet
	SendsInvalid   = Handshake{op: opInvalidSession}          // op 9: begin anew
	SendsResumable = Handshake{op: opInvalidSession, code: 1} // op 9: resume again
	SaysNothing    = Handshake{op: -1}                        // and keeps the connection
	HangsUp        = Handshake{op: -2}                        // without a close frame
)

// ClosesWith closes with a close code, such as 4004, 4013, 4014 or 4009.
func ClosesWith(code int) Handshake { return Handshake{op: -3, code: code} }

// NextHandshake scripts the next handshakes, one for each.
func (s *Server) NextHandshake(list ...Handshake) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gateway.next = append(s.gateway.next, list...)
}

// misbehave does what is scripted for this handshake; false: nothing.
func (s *Server) misbehave(c *conn) bool {
	if len(s.gateway.next) == 0 {
		return false
	}
	h := s.gateway.next[0]
	s.gateway.next = s.gateway.next[1:]
	switch h.op {
	case opReconnect:
		c.write(encode(opReconnect, nil, 0, ""))
	case opInvalidSession:
		c.write(encode(opInvalidSession, h.code == 1, 0, ""))
	case -2:
		c.abort()
	case -3:
		s.closeLocked(c, h.code)
	}
	return true
}

// SayNoHello lets the next n connections wait for ever.
func (s *Server) SayNoHello(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gateway.hangs = n
}

// each calls f for every connection.
func (s *Server) each(f func(*conn)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.gateway.conns {
		f(c)
	}
}

// AskToReconnect sends op 7.
func (s *Server) AskToReconnect() {
	s.each(func(c *conn) { c.write(encode(opReconnect, nil, 0, "")) })
}

// AskForHeartbeat sends op 1.
func (s *Server) AskForHeartbeat() {
	s.each(func(c *conn) { c.write(encode(opHeartbeat, nil, 0, "")) })
}

// WaitHandled waits until the bot has read everything that it was sent: it
// answers a request for a heartbeat in order. Not with short heartbeats.
func (s *Server) WaitHandled(t testing.TB) {
	t.Helper()
	before := s.Heartbeats()
	s.AskForHeartbeat()
	s.wait(t, "the answer to a request for a heartbeat", func() bool { return s.gateway.heartbeats > before })
}

// InvalidateSession sends op 9; unless resumable, the session is forgotten.
func (s *Server) InvalidateSession(resumable bool) {
	if !resumable {
		s.ForgetSessions()
	}
	s.each(func(c *conn) {
		s.detach(c, false)
		c.write(encode(opInvalidSession, resumable, 0, ""))
	})
}

// DropGateway cuts all connections without a word. Sessions can be resumed.
func (s *Server) DropGateway() { s.each((*conn).abort) }

// CloseGateway closes all connections with a close code.
func (s *Server) CloseGateway(code int) { s.each(func(c *conn) { s.closeLocked(c, code) }) }

// ForgetSessions makes all sessions unknown: they can't be resumed, and what
// happens from now on is not kept for them.
func (s *Server) ForgetSessions() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.gateway.sessions)
}

// Mute stops heartbeat ACKs and events on connections, which stay open.
func (s *Server) Mute(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gateway.muted = on
}

// SetHeartbeat sets the interval of heartbeats for new connections; 41.25 s
// otherwise.
func (s *Server) SetHeartbeat(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gateway.interval = d
}

// DisallowMessageContent is the Message Content Intent switched off.
func (s *Server) DisallowMessageContent() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gateway.disallowed = intentMessageContent
}

// Dispatch sends any event to the bot.
func (s *Server) Dispatch(name string, data any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, session := range s.gateway.sessions {
		session.dispatch(s, name, data)
	}
}

// Begun is one IDENTIFY.
type Begun struct {
	Shard, Of int
	At        time.Time
}

// Begun returns all IDENTIFYs with a right token, in order.
func (s *Server) Begun() []Begun {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.gateway.begun)
}

// SetShards sets what GET /gateway/bot recommends: how many shards, and how many
// sessions may begin at the same time.
func (s *Server) SetShards(n, concurrency int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gateway.shards, s.gateway.concurrency = n, concurrency
}

// SetSessions sets how many sessions GET /gateway/bot says are left, for the
// next call; then there are 1000 again.
func (s *Server) SetSessions(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gateway.remaining = n
}

// RepeatEvents sends every event twice from now on.
func (s *Server) RepeatEvents(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gateway.twice = on
}

// SwapMessages lets each of the next n messages be overtaken by the event after
// it.
func (s *Server) SwapMessages(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gateway.swapped = n
}

// WaitReady waits until n sessions have begun by IDENTIFY since the start.
func (s *Server) WaitReady(t testing.TB, n int) {
	t.Helper()
	s.wait(t, fmt.Sprintf("session %d", n), func() bool { return s.gateway.ready >= n })
}

// WaitResumed waits until sessions have been resumed n times since the start.
func (s *Server) WaitResumed(t testing.TB, n int) {
	t.Helper()
	s.wait(t, fmt.Sprintf("resume %d", n), func() bool { return s.gateway.resumed >= n })
}

// WaitGone waits until no bot is connected.
func (s *Server) WaitGone(t testing.TB) {
	t.Helper()
	s.wait(t, "the bot to go", func() bool { return len(s.gateway.conns) == 0 })
}

// Identifies returns how often the bot has sent IDENTIFY.
func (s *Server) Identifies() int { return s.count(&s.gateway.identifies) }

// Resumes returns how often the bot has sent RESUME.
func (s *Server) Resumes() int { return s.count(&s.gateway.resumes) }

// Heartbeats returns how many heartbeats the bot has sent.
func (s *Server) Heartbeats() int { return s.count(&s.gateway.heartbeats) }

// Connections returns how often the bot has connected.
func (s *Server) Connections() int { return s.count(&s.gateway.connections) }

func (s *Server) count(n *int) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return *n
}
