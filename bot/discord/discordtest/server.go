// Package discordtest is a Discord server for tests: the HTTP API and the
// gateway as far as a bot needs them, over real sockets on the loopback
// interface, so that a bot in this or another process can't tell the
// difference. Tests act as people (UserDMs, UserMentions, UserCommand,
// UserPresses), look at what the bot sent (Sent, WaitSent), and script faults
// of the API (Fail) and the gateway (NextHandshake, DropGateway, …).
//
// It refuses what Discord refuses, and notes what Discord would swallow but a
// careful bot does not do (Findings). It knows nothing of the adapter.
package discordtest

import (
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// patience is how long the Wait… methods wait.
const patience = 15 * time.Second

// Server is a Discord with one bot in one guild.
type Server struct {
	URL   string // the API base, http://127.0.0.1:port/api/
	Token string // the bot's, without "Bot "
	// BotID is the bot's user, AppID its application, GuildID the guild that
	// it is in, and BotRole the bot's own role there.
	BotID, AppID, GuildID, BotRole string

	host     string
	listener net.Listener
	http     *http.Server

	mu       sync.Mutex
	changed  chan struct{} // closed and replaced at every change
	lastID   uint64
	channels map[string]*channel
	order    []string          // of the channels' ids, oldest first
	dms      map[string]string // user → channel
	locales  map[string]string
	nonces   map[string]*message
	pending  map[string]*interaction // by id
	commands map[string][]byte       // as last registered, by guild; "": for all
	guilds   []string
	// permissions of people, of everybody (by the guild's id), and of the bot's role
	permissions map[string]uint64
	guildRoles  []string            // besides everybody's and the bot's own
	memberRoles map[string][]string // of people
	left        map[string]bool     // people who are in the guild no more
	flags       int                 // of the application
	spec        *spec
	faults      []*fault
	calls       []string
	findings    []string
	gateway     gateway
}

// New starts a server that ends with the test, and fails the test for each
// finding that it did not take.
func New(t testing.TB) *Server {
	t.Helper()
	s, err := Start()
	if err != nil {
		t.Fatalf("discordtest: %v", err)
	}
	t.Cleanup(func() {
		s.Close()
		for _, f := range s.Findings() {
			t.Errorf("discordtest: the bot's request: %s", f)
		}
	})
	return s
}

// Start starts a server. For use outside of tests; see New.
func Start() (*Server, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &Server{
		host:     listener.Addr().String(),
		listener: listener,
		Token:    "discordtest-secret-token",
		changed:  make(chan struct{}),
		channels: map[string]*channel{},
		dms:      map[string]string{},
		locales:  map[string]string{},
		nonces:   map[string]*message{},
		pending:  map[string]*interaction{},
		commands: map[string][]byte{},
		flags:    flagMessageContent,

		permissions: map[string]uint64{},
		memberRoles: map[string][]string{},
		left:        map[string]bool{},
	}
	if s.spec, err = loadSpec(); err != nil {
		return nil, err
	}
	s.URL = "http://" + s.host + "/api/"
	s.AppID = s.newID()
	s.BotID, s.GuildID, s.BotRole = s.newID(), s.newID(), s.newID()
	s.guilds = []string{s.GuildID}
	// View, send, read history, create public threads, send in threads.
	s.permissions[s.BotRole] = 1<<10 | 1<<11 | 1<<16 | permCreateThreads | 1<<38
	s.gateway = gateway{shards: 1, concurrency: 1, remaining: 1000, sessions: map[string]*session{}, conns: map[*conn]bool{}, interval: 41250 * time.Millisecond}
	s.http = &http.Server{Handler: s.handler(), ReadHeaderTimeout: 10 * time.Second}
	go func() {
		_ = s.http.Serve(listener) // until Close
	}()
	return s, nil
}

// Close ends the server and all its connections.
func (s *Server) Close() {
	_ = s.listener.Close() // the http.Server may not know it yet
	_ = s.http.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.gateway.conns {
		c.abort()
	}
}

// Findings returns, and forgets, what was wrong with the bot's requests.
func (s *Server) Findings() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := s.findings
	s.findings = nil
	return list
}

// Calls returns how many requests of a method the bot made to paths that
// contain part. method "" is any.
func (s *Server) Calls(method, part string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.countCalls(method, part)
}

func (s *Server) countCalls(method, part string) int {
	n := 0
	for _, call := range s.calls {
		m, path, _ := strings.Cut(call, " ")
		if (method == "" || m == method) && strings.Contains(path, part) {
			n++
		}
	}
	return n
}

// find notes a finding. The caller holds s.mu.
func (s *Server) find(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if !slices.Contains(s.findings, text) {
		s.findings = append(s.findings, text)
	}
}

// newID returns a snowflake of now, greater than all before.
func (s *Server) newID() string {
	const discordEpoch = 1420070400000
	id := uint64(time.Now().UnixMilli()-discordEpoch) << 22
	s.lastID = max(id, s.lastID+1)
	return fmt.Sprint(s.lastID)
}

// change wakes those who wait. The caller holds s.mu.
func (s *Server) change() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// wait waits until ok, which is called with s.mu held, and fails the test when
// that takes too long.
func (s *Server) wait(t testing.TB, what string, ok func() bool) {
	t.Helper()
	timeout := time.NewTimer(patience)
	defer timeout.Stop()
	for {
		s.mu.Lock()
		done, changed := ok(), s.changed
		s.mu.Unlock()
		if done {
			return
		}
		select {
		case <-changed:
		case <-timeout.C:
			t.Fatalf("discordtest: waited in vain for %s", what)
		}
	}
}
