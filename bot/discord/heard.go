package discord

import (
	"hash/maphash"
	"sync"
	"time"
)

// heard remembers the latest messages that were for the bot: Discord tells of
// an edit also when only a preview was added, and of a deletion without saying
// whose message it was.
type heard struct {
	mu     sync.Mutex
	latest latest[hearing]
}

type hearing struct {
	text      uint64    // a hash
	edited    time.Time // zero: as it was written
	author    string
	addressed bool
}

const heardMessages = 16384

var textSeed = maphash.MakeSeed()

func hashOf(text string) uint64 { return maphash.String(textSeed, text) }

// note remembers a message, or what it reads now. An older version than the
// known one changes nothing: what backfill fetched can come after it.
func (h *heard) note(id string, what hearing) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if before, ok := h.latest.known[id]; !ok || !before.edited.After(what.edited) {
		h.latest.put(id, what, heardMessages)
	}
}

func (h *heard) of(id string) (hearing, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	what, ok := h.latest.known[id]
	return what, ok
}
