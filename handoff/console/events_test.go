package console_test

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"firstline/handoff/console"
)

// eventStream is an open stream of events.
type eventStream struct {
	t     *testing.T
	lines chan string // closed at the stream's end
}

func (b *browser) stream() *eventStream {
	b.d.t.Helper()
	req, err := http.NewRequestWithContext(b.d.t.Context(), http.MethodGet, b.d.server.URL+"/desk/events", nil)
	b.d.must(err)
	resp, err := b.client.Do(req)
	b.d.must(err)
	if got := resp.Header.Get("Content-Type"); resp.StatusCode != http.StatusOK || !strings.HasPrefix(got, "text/event-stream") {
		b.d.t.Fatalf("stream: status %d, %s", resp.StatusCode, got)
	}
	s := &eventStream{t: b.d.t, lines: make(chan string, 100)}
	go func() {
		defer close(s.lines)
		defer func() { _ = resp.Body.Close() }()
		for in := bufio.NewScanner(resp.Body); in.Scan(); {
			s.lines <- in.Text()
		}
	}()
	s.wait(":") // it listens from now on
	return s
}

// wait reads up to a line that begins so.
func (s *eventStream) wait(line string) {
	s.t.Helper()
	timeout := time.After(20 * time.Second)
	for {
		select {
		case got, ok := <-s.lines:
			if !ok {
				s.t.Fatalf("the stream ended without %q", line)
			}
			if strings.HasPrefix(got, line) {
				return
			}
		case <-timeout:
			s.t.Fatalf("no %q in the stream", line)
		}
	}
}

// ended waits for the end.
func (s *eventStream) ended() {
	s.t.Helper()
	timeout := time.After(20 * time.Second)
	for {
		select {
		case _, ok := <-s.lines:
			if !ok {
				return
			}
		case <-timeout:
			s.t.Fatal("the stream does not end")
		}
	}
}

func TestStreamTellsOfANewTicket(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	s := d.as("ann").stream()
	for range 2 {
		d.ask(question{name: "Ada", text: "Where is my deposit?"})
		s.wait("event: change")
	}
}

// slowBeat leaves it to events to tell a stream that its session is over.
func slowBeat(o *console.Options) { o.Heartbeat = time.Minute }

func TestStreamEndsOnSignOut(t *testing.T) {
	t.Parallel()
	d := newDesk(t, slowBeat)
	ann, other := d.as("ann"), d.as("ann")
	s, left := ann.stream(), other.stream()
	ann.post("/desk/sign-out", nil).expect(t, http.StatusSeeOther)
	s.wait("event: end")
	s.wait("data: signed-out")
	s.ended()
	d.ask(question{name: "Ada", text: "Where is my deposit?"})
	left.wait("event: change") // the other session is not touched
}

func TestStreamOfADisabledAgentEnds(t *testing.T) {
	t.Parallel()
	t.Run("on the staff page", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t, slowBeat)
		s := d.as("ann").stream()
		d.as("lea").post("/desk/staff/ann/disable", nil).expect(t, http.StatusSeeOther)
		s.wait("data: signed-out")
		s.ended()
	})
	t.Run("elsewhere, unseen", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t, func(o *console.Options) { o.Listen, o.Heartbeat = nil, 20*time.Millisecond })
		s := d.as("ann").stream()
		s.wait(":") // a heartbeat
		d.must(d.rules.DisableAgent(t.Context(), "", "ann"))
		s.wait("data: signed-out")
		s.ended()
	})
}

func TestStreamOutlivesTheWriteTimeout(t *testing.T) {
	t.Parallel()
	d := newDesk(t, func(o *console.Options) { o.Heartbeat = 100 * time.Millisecond })
	limited := httptest.NewUnstartedServer(d.server.Config.Handler)
	limited.Config.WriteTimeout = 50 * time.Millisecond
	limited.Start()
	t.Cleanup(limited.Close)
	d.server.URL, limited.URL = limited.URL, d.server.URL
	s := d.as("ann").stream()
	for range 3 {
		s.wait(":")
	}
	limited.CloseClientConnections()
	s.ended()
}

func TestStreamsOfASession(t *testing.T) {
	t.Parallel()
	d := newDesk(t, func(o *console.Options) { o.Streams = 2 })
	b, other := d.as("ann"), d.as("ann")
	first, second, apart := b.stream(), b.stream(), other.stream()
	third := b.stream()
	first.wait("data: replaced")
	first.ended()
	d.ask(question{name: "Ada", text: "Where is my deposit?"})
	for _, s := range []*eventStream{second, third, apart} {
		s.wait("event: change")
	}
}

func TestShutdownEndsStreams(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	s := d.as("ann").stream()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := d.server.Config.Shutdown(ctx); err != nil {
		t.Fatal(err)
	}
	s.ended()
}
