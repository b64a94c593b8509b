package discord

// recent remembers the latest events, so that what comes by the gateway and by
// the backfill is queued once. What it has forgotten the inbox recognises.
type recent struct {
	known map[string]bool
	order []string
	next  int
}

const recentEvents = 8192

// add reports whether event is new.
func (r *recent) add(event string) bool {
	if r.known == nil {
		r.known = make(map[string]bool)
	}
	if r.known[event] {
		return false
	}
	if len(r.order) < recentEvents {
		r.order = append(r.order, event)
	} else {
		delete(r.known, r.order[r.next])
		r.order[r.next] = event
		r.next = (r.next + 1) % recentEvents
	}
	r.known[event] = true
	return true
}
