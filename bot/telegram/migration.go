package telegram

import (
	"context"
	"strconv"
	"strings"
	"sync"

	"firstline/bot/chat"
)

// Marks keeps a few facts of the adapter over restarts, each under a name of at
// most 64 bytes.
type Marks interface {
	// Load returns all marks: name → mark.
	Load(ctx context.Context) (map[string]string, error)
	// Save replaces the mark of a name.
	Save(ctx context.Context, name, mark string) error
}

// memory is Marks that end with the process.
type memory struct{}

func (memory) Load(context.Context) (map[string]string, error) { return nil, nil }
func (memory) Save(context.Context, string, string) error      { return nil }

// movedMark is how the names of marks begin that say what a group has become.
const movedMark = "moved/"

// migrations knows which groups have become supergroups, which gave them new
// ids: what is still to be sent to the old id goes to the new one.
type migrations struct {
	marks Marks

	mu     sync.Mutex
	loaded bool
	to     map[int64]int64
}

// basicGroup reports whether id is one that can change: those of supergroups
// begin with -100 and stay.
func basicGroup(id int64) bool { return id < 0 && id > -1_000_000_000_000 }

// load reads what was remembered, once.
func (m *migrations) load(ctx context.Context) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.loaded {
		return nil
	}
	marks, err := m.marks.Load(ctx)
	if err != nil {
		return err
	}
	for name, mark := range marks {
		if old, ok := strings.CutPrefix(name, movedMark); ok {
			m.set(parseID(old), parseID(mark))
		}
	}
	m.loaded = true
	return nil
}

// set notes a migration. m.mu is held.
func (m *migrations) set(from, to int64) {
	if from == 0 || to == 0 || from == to {
		return
	}
	if m.to == nil {
		m.to = map[int64]int64{}
	}
	m.to[from] = to
}

// learn notes that the group from has become to, until the process ends.
func (m *migrations) learn(from, to int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.set(from, to)
}

// save is learn that is remembered over restarts.
func (m *migrations) save(ctx context.Context, from, to int64) error {
	m.learn(from, to)
	return m.marks.Save(ctx, movedMark+strconv.FormatInt(from, 10), strconv.FormatInt(to, 10))
}

// now returns the present id of a chat.
func (m *migrations) now(id int64) int64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	if to := m.to[id]; to != 0 {
		return to
	}
	return id
}

// resolve returns where p is now, and whether it has moved. Its error is a
// *chat.SendError.
func (m *migrations) resolve(ctx context.Context, p place) (place, bool, error) {
	if !basicGroup(p.chat) {
		return p, false, nil
	}
	if err := m.load(ctx); err != nil {
		return p, false, &chat.SendError{Kind: chat.Temporary, Reason: "it could not be looked up whether the group has become a supergroup"}
	}
	to := m.now(p.chat)
	return place{chat: to, thread: p.thread}, to != p.chat, nil
}
