// Package telegramtest is Telegram for tests: a server in this process that
// speaks the Bot API as Telegram's own does, with people who write, press
// buttons and block the bot, and with failures on request.
//
// It checks what it is sent and reports what Telegram would not accept as
// findings. It knows the protocol only: it uses nothing of the adapter, so both
// can't be wrong in the same way. The bot may run in another process: URL and
// Token are all that it needs.
package telegramtest

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// The bot that a server knows.
const (
	BotID       = 110201543
	BotUsername = "firstline_test_bot"
	// Token is the bot's token: one that can be found in a log at once.
	Token = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
)

// Server is a Bot API server with one bot. Its methods may be called from any
// goroutine.
type Server struct {
	URL   string // the API base, without a slash at the end
	Token string // the only token it accepts

	http    *httptest.Server
	closing chan struct{}

	mu       sync.Mutex
	changed  chan struct{} // closed and replaced whenever anything happens
	requests []Request
	findings []string
	faults   map[string][]Fault
	forever  map[string]*Fault
	revoked  bool
	closed   bool
	webhook  webhook
	posts    int
	disorder *rand.Rand // nil: updates come in order and once
	self     map[string]any
	stray    bool // see StrayIntoGeneral
	files    map[string]file
	commands map[menu][]Command

	lastUpdate  int64
	lastMessage int64
	updates     []update // not confirmed yet
	poll        *poll    // the long poll that waits
	allowed     []string // the last allowed_updates; nil: never said
	chats       map[int64]*room
	queries     map[string]bool // callback queries; true: answered

	delivering sync.WaitGroup // to the webhook
}

// Request is a call that arrived, in the order of arrival.
type Request struct {
	Method string
	Params url.Values
}

// New starts a server that ends with the test. The test fails if there were
// findings that it did not take (see TakeFindings).
func New(t testing.TB) *Server {
	t.Helper()
	useSpec(t)
	s := Start()
	t.Cleanup(func() {
		s.Close()
		for _, f := range s.TakeFindings() {
			t.Errorf("Telegram would not accept: %s", f)
		}
	})
	return s
}

// Start starts a server outside of a test. Close it.
func Start() *Server {
	s := &Server{
		Token:    Token,
		closing:  make(chan struct{}),
		changed:  make(chan struct{}),
		faults:   map[string][]Fault{},
		forever:  map[string]*Fault{},
		commands: map[menu][]Command{},
		chats:    map[int64]*room{},
		queries:  map[string]bool{},
		files:    map[string]file{},
		self: map[string]any{
			"can_join_groups": true, "can_read_all_group_messages": false, "supports_inline_queries": false,
		},
		lastUpdate:  700_000_000,
		lastMessage: 100,
	}
	s.http = httptest.NewServer(s)
	s.URL = s.http.URL
	return s
}

// Close ends all polls and the server.
func (s *Server) Close() {
	close(s.closing)
	s.mu.Lock()
	s.closed = true // a call may still be under way
	s.endWebhook()
	s.mu.Unlock()
	s.delivering.Wait()
	s.http.CloseClientConnections()
	s.http.Close()
}

// CloseConnections ends all connections, as a restart of Telegram's server would.
func (s *Server) CloseConnections() { s.http.CloseClientConnections() }

// answer is what a method returns: a result, or an error with its code.
type answer struct {
	result any
	code   int // 0: ok
	text   string
	params map[string]any
}

func ok(result any) answer                 { return answer{result: result} }
func failed(code int, text string) answer  { return answer{code: code, text: text} }
func badRequest(f string, a ...any) answer { return failed(400, "Bad Request: "+fmt.Sprintf(f, a...)) }
func (a answer) isError() bool             { return a.code != 0 }
func tooMany(seconds int) answer {
	return withParams(failed(429, fmt.Sprintf("Too Many Requests: retry after %d", seconds)), "retry_after", seconds)
}
func withParams(a answer, k string, v any) answer {
	a.params = map[string]any{k: v}
	return a
}

// ServeHTTP implements http.Handler: POST (or GET) /bot<token>/<method>, and
// GET /file/bot<token>/<path>.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if rest, isFile := strings.CutPrefix(r.URL.Path, "/file/bot"); isFile {
		s.serveFile(w, r, rest)
		return
	}
	rest, isBot := strings.CutPrefix(r.URL.Path, "/bot")
	token, name, _ := strings.Cut(rest, "/")
	if !isBot || !strings.Contains(token, ":") {
		write(w, failed(404, "Not Found"))
		return
	}
	if err := r.ParseForm(); err != nil {
		s.find("%s: the form can't be read", name)
		write(w, badRequest("can't parse the form"))
		return
	}
	s.checkSpec(name, r.Form)
	m, known := methods[name]
	s.mu.Lock()
	refused := token != s.Token || s.revoked
	s.requests = append(s.requests, Request{Method: name, Params: r.Form})
	fault := s.nextFault(name)
	s.notify()
	s.mu.Unlock()

	if fault != nil && !s.before(w, r, fault) {
		return
	}
	var a answer
	switch {
	case refused:
		a = failed(401, "Unauthorized")
	case !known:
		s.find("%s: no such method", name)
		a = failed(404, "Not Found: method not found")
	default:
		a = s.check(name, m, r.Form)
		if !a.isError() {
			a = m.handle(s, r.Context(), r.Form)
		}
	}
	if fault != nil && fault.after != nil {
		fault.after(s, w, r, a)
		return
	}
	write(w, a)
}

func write(w http.ResponseWriter, a answer) {
	w.Header().Set("Content-Type", "application/json")
	if a.code != 0 {
		w.WriteHeader(a.code)
	}
	_, _ = w.Write(a.body()) // the client may be gone
}

// body is the answer in JSON.
func (a answer) body() []byte {
	v := map[string]any{"ok": true, "result": a.result}
	if a.isError() {
		v = map[string]any{"ok": false, "error_code": a.code, "description": a.text}
		if a.params != nil {
			v["parameters"] = a.params
		}
	}
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // all results are made here
	}
	return b
}

// notify wakes everybody who waits for something to happen. s.mu is held.
func (s *Server) notify() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// find notes something that Telegram would not accept.
func (s *Server) find(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.findings = append(s.findings, fmt.Sprintf(format, args...))
}

// waitLimit is how long the Wait methods wait before they fail the test.
const waitLimit = 15 * time.Second
