package web

import (
	"slices"
	"sync"
)

// hub knows the open streams of each session and wakes them. Waking is a hint:
// a stream also looks by itself at every heartbeat.
type hub struct {
	max int
	mu  sync.Mutex
	of  map[string][]*stream // oldest first
}

// stream is one open page.
type stream struct {
	changed  chan struct{} // the log may have grown
	typed    chan struct{} // somebody is writing
	replaced chan struct{} // closed when a newer stream took its place
}

func newHub(max int) *hub { return &hub{max: max, of: map[string][]*stream{}} }

// add opens a stream, at the expense of the session's oldest if need be.
func (h *hub) add(session string) *stream {
	s := &stream{changed: make(chan struct{}, 1), typed: make(chan struct{}, 1), replaced: make(chan struct{})}
	h.mu.Lock()
	defer h.mu.Unlock()
	all := append(h.of[session], s)
	if len(all) > h.max {
		close(all[0].replaced)
		all = all[1:]
	}
	h.of[session] = all
	return s
}

func (h *hub) remove(session string, s *stream) {
	h.mu.Lock()
	defer h.mu.Unlock()
	rest := slices.DeleteFunc(slices.Clone(h.of[session]), func(o *stream) bool { return o == s })
	if h.of[session] = rest; len(rest) == 0 {
		delete(h.of, session)
	}
}

func (h *hub) wake(session string) {
	h.ring(session, func(s *stream) chan struct{} { return s.changed })
}
func (h *hub) typing(session string) {
	h.ring(session, func(s *stream) chan struct{} { return s.typed })
}

func (h *hub) ring(session string, bell func(*stream) chan struct{}) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, s := range h.of[session] {
		select {
		case bell(s) <- struct{}{}:
		default: // it has been told already
		}
	}
}
