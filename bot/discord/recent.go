package discord

// latest keeps the values of the newest keys: a new one beyond a number takes the
// place of the oldest.
type latest[V any] struct {
	known map[string]V
	order []string // a ring, the oldest at next once it is full
	next  int
}

// put sets the value of a key, among most keys at most.
func (l *latest[V]) put(key string, value V, most int) {
	if l.known == nil {
		l.known = make(map[string]V)
	}
	if _, ok := l.known[key]; !ok {
		if len(l.order) < most {
			l.order = append(l.order, key)
		} else {
			delete(l.known, l.order[l.next])
			l.order[l.next] = key
			l.next = (l.next + 1) % most
		}
	}
	l.known[key] = value
}

// recent remembers the latest events, so that what comes by the gateway and by
// the backfill is queued once. What it has forgotten the inbox recognises.
type recent struct{ latest[struct{}] }

const recentEvents = 8192

// add reports whether event is new.
func (r *recent) add(event string) bool {
	if _, ok := r.known[event]; ok {
		return false
	}
	r.put(event, struct{}{}, recentEvents)
	return true
}
