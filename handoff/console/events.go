package console

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"

	"firstline/handoff"
)

// streamGap is the least time between two events of a stream: a burst of
// changes is one event at its beginning and one at its end.
const streamGap = 200 * time.Millisecond

// streams knows the open event streams of each session.
type streams struct {
	max int
	mu  sync.Mutex
	of  map[string][]*stream // oldest first
}

// stream is one open page.
type stream struct {
	replaced chan struct{} // closed when a newer stream took its place
	check    chan struct{} // asks to look whether the session still lives
}

func newStreams(max int) *streams {
	return &streams{max: max, of: make(map[string][]*stream)}
}

// add opens a stream for a session, at the expense of its oldest if need be.
func (s *streams) add(session string) *stream {
	st := &stream{replaced: make(chan struct{}), check: make(chan struct{}, 1)}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.of[session] = append(s.of[session], st)
	if all := s.of[session]; len(all) > s.max {
		close(all[0].replaced)
		s.of[session] = all[1:]
	}
	return st
}

func (s *streams) remove(session string, st *stream) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var rest []*stream
	for _, o := range s.of[session] {
		if o != st {
			rest = append(rest, o)
		}
	}
	if s.of[session] = rest; rest == nil {
		delete(s.of, session)
	}
}

// recheck makes every stream look at its session now, after one was ended.
func (s *streams) recheck() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, all := range s.of {
		for _, st := range all {
			select {
			case st.check <- struct{}{}:
			default:
			}
		}
	}
}

// Events as the page's script knows them. They carry no data about tickets:
// the page asks for itself again, and sees what its agent may see.
const (
	eventChange    = "event: change\ndata:\n\n"
	eventSignedOut = "event: end\ndata: signed-out\n\n"
	eventReplaced  = "event: end\ndata: replaced\n\n"
	heartbeat      = ": \n\n"
)

// events streams a line whenever tickets may have changed.
func (c *console) events(w http.ResponseWriter, r *http.Request) {
	if _, err := c.agent(r); err != nil {
		c.logInternal(r, err)
		status, text := explain(err)
		http.Error(w, text, status)
		return
	}
	session := c.session(r)
	rings, stop := c.listen()
	defer stop()
	st := c.streams.add(session)
	defer c.streams.remove(session, st)

	h := w.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("X-Accel-Buffering", "no") // or nginx keeps events to itself
	rc := http.NewResponseController(w)
	write := func(s string) bool {
		// The server's WriteTimeout counts from the request, so it would end the
		// stream; a reader that is gone must still not block us for ever.
		err := rc.SetWriteDeadline(c.deadline())
		if err != nil && !errors.Is(err, http.ErrNotSupported) {
			return false
		}
		if _, err := io.WriteString(w, s); err != nil {
			return false
		}
		return rc.Flush() == nil
	}
	if !write(heartbeat) {
		return
	}
	beat := time.NewTicker(c.heartbeat)
	defer beat.Stop()
	for {
		out := heartbeat
		select {
		case <-r.Context().Done():
			return
		case <-st.replaced:
			write(eventReplaced)
			return
		case _, open := <-rings:
			if out = eventChange; !open {
				rings = nil // the bell is gone: heartbeats only
			}
		case <-st.check:
		case <-beat.C:
		}
		ended, err := c.ended(r.Context(), session)
		if err != nil { // the database is away: the page's own polling will tell
			c.logInternal(r, err)
			return
		}
		if ended {
			write(eventSignedOut)
			return
		}
		if !write(out) || out == eventChange && !pause(r.Context(), streamGap) {
			return
		}
	}
}

// ended reports whether the session is over.
func (c *console) ended(ctx context.Context, session string) (bool, error) {
	_, err := c.desk.Session(ctx, session)
	if errors.Is(err, handoff.ErrForbidden) {
		return true, nil
	}
	return false, err
}

// deadline is by when a write must be done: well after the next heartbeat,
// since in HTTP/2 a deadline that passes ends even a quiet stream.
func (c *console) deadline() time.Time { return time.Now().Add(2*c.heartbeat + 30*time.Second) }

// pause waits for d. false: ctx ended first.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
