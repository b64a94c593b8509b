package telegram

import (
	"cmp"
	"fmt"
	"strings"
	"sync"
	"time"

	"firstline/bot/chat"
)

// maxAlbum is the most parts of an album (core.telegram.org/bots/api#sendmediagroup).
const maxAlbum = 10

// How long and how many albums are remembered for parts that come late.
const (
	albumAge    = 10 * time.Minute
	knownAlbums = 1000
)

// albums knows the albums that were received lately. Telegram sends an album's
// parts as messages of their own and does not say how many there are.
type albums struct {
	mu    sync.Mutex
	known map[string]album
}

// album is what was received of one.
type album struct {
	whole chat.Message
	parts map[chat.MessageID]bool
	at    time.Time
}

// join makes one message of parts of an album, in order. Its ID is that of the
// part with the text: what is edited or deleted for its text is that part. Its
// event names how many parts it has: a later, longer form of it must not be
// taken for a repetition.
//
// Parts of an album that was received before become an edit of it, which holds
// all of its parts so far; a part that was received before stays as it is, to
// be recognised.
func (a *albums) join(key string, parts []*chat.Message) *chat.Message {
	a.mu.Lock()
	defer a.mu.Unlock()
	before, late := a.known[key]
	out := *parts[0]
	out.Attachments = nil
	var texts []string
	if late {
		if before.parts[parts[0].ID] {
			return parts[0]
		}
		out.Edited = true
		out.ID, out.Command = before.whole.ID, before.whole.Command
		out.Addressed, out.ReplyTo = out.Addressed || before.whole.Addressed, before.whole.ReplyTo
		out.Attachments = append(out.Attachments, before.whole.Attachments...)
		if before.whole.Text != "" {
			texts = append(texts, before.whole.Text)
		}
	}
	for _, p := range parts {
		if p.Text != "" {
			if len(texts) == 0 && !late {
				out.ID = p.ID
			}
			texts = append(texts, p.Text)
		}
		out.Addressed, out.ReplyTo = out.Addressed || p.Addressed, cmp.Or(out.ReplyTo, p.ReplyTo)
		out.Attachments = append(out.Attachments, p.Attachments...)
	}
	out.Text = strings.Join(texts, "\n")
	if len(parts) > 1 {
		out.Event = fmt.Sprintf("%s+%d", out.Event, len(parts))
	}
	return &out
}

// keep remembers the message that join made of parts, once it is stored.
func (a *albums) keep(key string, whole *chat.Message, parts []*chat.Message, now time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.known == nil {
		a.known = map[string]album{}
	}
	seen := a.known[key].parts
	if seen == nil {
		seen = map[chat.MessageID]bool{}
	}
	for _, p := range parts {
		if seen[p.ID] && len(parts) == 1 {
			return // a repetition
		}
		seen[p.ID] = true
	}
	if len(a.known) >= knownAlbums {
		a.forget(now)
	}
	// Only what a later part needs: this is no place to keep what people wrote
	// for longer than it takes to store it.
	a.known[key] = album{whole: *whole, parts: seen, at: now}
}

// forget drops what is old, and everything if nothing is. a.mu is held.
func (a *albums) forget(now time.Time) {
	for key, known := range a.known {
		if now.Sub(known.at) > albumAge {
			delete(a.known, key)
		}
	}
	if len(a.known) >= knownAlbums {
		clear(a.known)
	}
}
