package telegram

import (
	"slices"
	"time"

	"firstline/bot/chat"
)

// line is where polled updates stand until they are received and confirmed.
// Parts of an album wait in it for the others; what was written in the same
// conversation after them waits behind, and nothing from the first waiting one
// on is confirmed. Telegram gives those again with every poll, and again after
// a crash, so that nothing that waits can be lost.
type line struct {
	wait time.Duration // for the next part of an album
	held []update      // in order; those of one conversation only behind an album
	// done are those that were received although one before them waits.
	done   map[int64]bool
	albums albums
}

// knows reports whether the update waits, or was received and not confirmed.
func (l *line) knows(id int64) bool {
	return l.done[id] || slices.ContainsFunc(l.held, func(u update) bool { return u.id == id })
}

// advance returns what of the line and of fresh updates can be received now, and
// what goes on waiting. It changes nothing: that is for commit.
func (l *line) advance(fresh []update, now time.Time) (ready, stay []update) {
	all := slices.Concat(l.held, fresh)
	joined := map[int]bool{}
	waiting := map[chat.ConversationID]bool{}
	for i, u := range all {
		switch {
		case joined[i]:
		case u.message == nil:
			ready = append(ready, u)
		case waiting[u.message.Conversation]:
			stay = append(stay, u)
		case u.album == "":
			ready = append(ready, u)
		default:
			parts := partsOf(all, i)
			if l.open(all, parts, now) {
				waiting[u.message.Conversation] = true
				stay = append(stay, u)
				continue
			}
			for _, j := range parts {
				joined[j] = true
				u.also = append(u.also, all[j].id)
				if !slices.ContainsFunc(u.parts, func(m *chat.Message) bool { return m.ID == all[j].message.ID }) {
					u.parts = append(u.parts, all[j].message)
				}
			}
			u.message = l.albums.join(u.album, u.parts)
			ready = append(ready, u)
		}
	}
	return ready, stay
}

// partsOf returns the indexes of the parts of the album that all[first] begins.
func partsOf(all []update, first int) []int {
	var parts []int
	for i := first; i < len(all); i++ {
		if all[i].album == all[first].album && all[i].message != nil {
			parts = append(parts, i)
		}
	}
	return parts
}

// open reports whether more parts of an album may come: until it is full, its
// sender does something else there, or none has come for a while.
func (l *line) open(all []update, parts []int, now time.Time) bool {
	first, last := all[parts[0]], all[parts[len(parts)-1]]
	if len(parts) >= maxAlbum || now.Sub(last.seen) >= l.wait || now.Sub(first.seen) >= 3*l.wait {
		return false
	}
	return !slices.ContainsFunc(all[parts[len(parts)-1]+1:], func(u update) bool {
		return u.message != nil && u.album != first.album && !u.message.Edited &&
			u.message.Conversation == first.message.Conversation && u.message.From.ID == first.message.From.ID
	})
}

// commit takes over the result of advance, once ready is stored.
func (l *line) commit(ready, stay []update, now time.Time) {
	l.held = stay
	if len(stay) == 0 {
		l.done = nil
	} else if l.done == nil {
		l.done = map[int64]bool{}
	}
	for _, u := range ready {
		if u.album != "" {
			l.albums.keep(u.album, u.message, u.parts, now)
		}
		if l.done == nil {
			continue
		}
		for _, id := range append(u.also, u.id) {
			if id >= stay[0].id {
				l.done[id] = true
			}
		}
	}
}
