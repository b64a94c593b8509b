package web_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"

	"firstline/bot/chat"
)

// browser speaks the interface as the page does.
type browser struct {
	l       *lab
	header  http.Header
	key     string
	session string
	cookie  *http.Cookie
}

func (l *lab) browser() *browser {
	return &browser{l: l, header: http.Header{"X-Firstline-Chat": {"1"}}}
}

// member returns the browser of somebody whom the site names.
func (l *lab) member(user, signature string) *browser {
	b := l.browser()
	b.header.Set("Authorization", "Identity "+base64.RawURLEncoding.EncodeToString([]byte(user))+"."+signature)
	return b
}

type response struct {
	status int
	header http.Header
	body   string
}

func (r response) code() string {
	var p struct{ Error struct{ Code string } }
	_ = json.Unmarshal([]byte(r.body), &p)
	return p.Error.Code
}

func (r response) field(name string) string {
	var m map[string]any
	_ = json.Unmarshal([]byte(r.body), &m)
	return fmt.Sprint(m[name])
}

func (b *browser) request(method, path string, body io.Reader) *http.Request {
	b.l.t.Helper()
	url := b.l.server.URL + path
	if !strings.HasPrefix(path, "/") {
		url = b.l.server.URL + "/chat/api/" + path
	}
	r, err := http.NewRequestWithContext(b.l.t.Context(), method, url, body)
	b.l.must(err)
	r.Header = b.header.Clone()
	if b.key != "" {
		r.Header.Set("Authorization", "Bearer "+b.key)
	}
	if b.cookie != nil {
		r.AddCookie(b.cookie)
	}
	return r
}

func (b *browser) do(method, path string, body any) response {
	b.l.t.Helper()
	var in io.Reader
	switch v := body.(type) {
	case nil:
	case string:
		in = strings.NewReader(v)
	case []byte:
		in = bytes.NewReader(v)
	case io.Reader:
		in = v
	default:
		data, err := json.Marshal(v)
		b.l.must(err)
		in = bytes.NewReader(data)
	}
	res, err := b.l.server.Client().Do(b.request(method, path, in))
	b.l.must(err)
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	b.l.must(err)
	for _, c := range res.Cookies() {
		b.cookie = c
	}
	return response{res.StatusCode, res.Header, string(data)}
}

// makeSession makes the browser's session.
func (b *browser) makeSession() *browser {
	b.l.t.Helper()
	r := b.do("POST", "session", map[string]any{})
	if r.status != 201 && r.status != 200 {
		b.l.t.Fatalf("session: %d %s", r.status, r.body)
	}
	b.session = r.field("session")
	if key := r.field("key"); key != "<nil>" {
		b.key = key
	}
	return b
}

type object = map[string]any

func say(id, text string) object { return object{"id": id, "text": text, "language": "en"} }

var ids struct {
	sync.Mutex
	n int
}

func clientID(testing.TB) string {
	ids.Lock()
	defer ids.Unlock()
	ids.n++
	return "client-" + strconv.Itoa(100000+ids.n)
}

// says posts a message, which must be accepted, and returns its id in the log.
func (b *browser) says(text string) string {
	b.l.t.Helper()
	r := b.do("POST", "messages", say(clientID(b.l.t), text))
	if r.status != 200 {
		b.l.t.Fatalf("message: %d %s", r.status, r.body)
	}
	return r.field("id")
}

func (b *browser) conversation() chat.ConversationID {
	return chat.ConversationID{Network: chat.Web, ID: b.session}
}

// hears sends something to the browser as the courier does.
func (b *browser) hears(key, text string, choices ...chat.Choice) chat.MessageID {
	b.l.t.Helper()
	id, err := b.l.ch.Send(b.l.t.Context(), b.conversation(), &chat.Outbound{Body: chat.Plain(text), Choices: choices, Key: key})
	b.l.must(err)
	return id
}

// event is one of a stream.
type event struct {
	id   int64
	name string
	data map[string]any
}

func (e event) text() string {
	var text strings.Builder
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case string:
			text.WriteString(v)
		case []any:
			for _, k := range v {
				walk(k)
			}
		case map[string]any:
			walk(v["k"])
		}
	}
	walk(e.data["body"])
	return text.String()
}

// stream is an open event stream.
type stream struct {
	l      *lab
	res    *http.Response
	lines  *bufio.Scanner
	cancel context.CancelFunc
}

func (b *browser) stream(after int64, query string) *stream {
	b.l.t.Helper()
	ctx, cancel := context.WithCancel(b.l.t.Context())
	r := b.request("GET", "events"+query, nil).WithContext(ctx)
	if after >= 0 {
		r.Header.Set("Last-Event-ID", strconv.FormatInt(after, 10))
	}
	res, err := b.l.server.Client().Do(r)
	b.l.must(err)
	if res.StatusCode != http.StatusOK {
		cancel()
		b.l.t.Fatalf("events: %d", res.StatusCode)
	}
	s := &stream{b.l, res, bufio.NewScanner(res.Body), cancel}
	s.lines.Buffer(nil, 1<<20)
	b.l.t.Cleanup(s.close)
	return s
}

func (s *stream) close() {
	s.cancel()
	_ = s.res.Body.Close()
}

// next returns the next event, ok false at the stream's end. Heartbeats are
// passed over.
func (s *stream) next() (e event, ok bool) {
	s.l.t.Helper()
	for s.lines.Scan() {
		name, value, _ := strings.Cut(s.lines.Text(), ": ")
		switch name {
		case "id":
			n, err := strconv.ParseInt(value, 10, 64)
			s.l.must(err)
			e.id = n
		case "event":
			e.name = value
		case "data":
			s.l.must(json.Unmarshal([]byte(value), &e.data))
		case "":
			if e.name != "" {
				return e, true
			}
		}
	}
	return e, false
}

// until reads events to the first of a name and returns the messages before it.
func (s *stream) until(name string) (before []event, e event) {
	s.l.t.Helper()
	for {
		e, ok := s.next()
		if !ok {
			s.l.t.Fatalf("the stream ended before %q", name)
		}
		if e.name == name {
			return before, e
		}
		before = append(before, e)
	}
}

// log returns the whole conversation as a new page gets it.
func (b *browser) log() []event {
	b.l.t.Helper()
	all, _ := b.stream(-1, "?once=1").until("ready")
	return all
}

func texts(events []event) string {
	var all []string
	for _, e := range events {
		all = append(all, e.text())
	}
	return strings.Join(all, "|")
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
