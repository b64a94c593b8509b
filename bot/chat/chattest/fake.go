// Package chattest has a channel for tests of what lies behind channels: a
// network in memory, on which people write and whose faults are scripted.
package chattest

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"firstline/bot/chat"
)

// Sent is a message that arrived at a conversation.
type Sent struct {
	ID chat.MessageID
	chat.Outbound
}

// Fake is a network in memory with one bot on it. It implements chat.Channel,
// chat.Deleter, chat.Editor, chat.Fetcher, chat.Opener, chat.PrivateOpener and chat.Typer. Its zero value is not
// usable; see New.
type Fake struct {
	network chat.Network
	caps    chat.Capabilities
	// Fault is asked before each send; a non-nil error is its result and
	// nothing arrives. Set it before Run.
	Fault func(to chat.ConversationID, out *chat.Outbound) error

	mu       sync.Mutex
	changed  chan struct{} // closed and replaced at every change
	receiver chat.Receiver
	events   int
	sent     map[chat.ConversationID][]Sent
	deleted  map[chat.ConversationID][]chat.MessageID
	total    int
	opened   map[chat.ConversationID]string // by its title
	gone     map[chat.ConversationID]bool
	files    map[string]file
	typing   map[chat.ConversationID]int
}

// New returns a network.
func New(network chat.Network, caps chat.Capabilities) *Fake {
	return &Fake{
		network: network, caps: caps, changed: make(chan struct{}),
		sent:    map[chat.ConversationID][]Sent{},
		deleted: map[chat.ConversationID][]chat.MessageID{},
		opened:  map[chat.ConversationID]string{},
		gone:    map[chat.ConversationID]bool{},
		files:   map[string]file{},
		typing:  map[chat.ConversationID]int{},
	}
}

// Network implements chat.Channel.
func (f *Fake) Network() chat.Network { return f.network }

// Capabilities implements chat.Channel.
func (f *Fake) Capabilities() chat.Capabilities { return f.caps }

// Run implements chat.Channel.
func (f *Fake) Run(ctx context.Context, r chat.Receiver) error {
	f.change(func() { f.receiver = r })
	<-ctx.Done()
	return nil
}

// Send implements chat.Channel.
func (f *Fake) Send(_ context.Context, to chat.ConversationID, out *chat.Outbound) (chat.MessageID, error) {
	if f.Fault != nil {
		if err := f.Fault(to, out); err != nil {
			return "", err
		}
	}
	if err := f.missing(to, ""); err != nil {
		return "", err
	}
	var id chat.MessageID
	f.change(func() {
		f.total++
		id = chat.MessageID(fmt.Sprintf("out-%d", f.total))
		f.sent[to] = append(f.sent[to], Sent{ID: id, Outbound: *out})
	})
	return id, nil
}

// Delete implements chat.Deleter.
func (f *Fake) Delete(_ context.Context, in chat.ConversationID, id chat.MessageID) error {
	f.change(func() { f.deleted[in] = append(f.deleted[in], id) })
	return nil
}

// Private returns the private conversation of a person.
func (f *Fake) Private(person string) chat.ConversationID {
	return chat.ConversationID{Network: f.network, ID: person}
}

// Message makes a private message of a person, with the next event number.
func (f *Fake) Message(person, text string) *chat.Message {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.events++
	id := fmt.Sprintf("in-%d", f.events)
	return &chat.Message{
		Event: id, ID: chat.MessageID(id), Conversation: f.Private(person),
		From: chat.Person{ID: person, Name: person}, Private: true, Addressed: true, Text: text,
	}
}

// Say has a person write a private message, once the channel runs.
func (f *Fake) Say(t testing.TB, person, text string) {
	t.Helper()
	f.Deliver(t, f.Message(person, text))
}

// Press has a person press the button with the given data on their newest
// message that has it.
func (f *Fake) Press(t testing.TB, person, data string) {
	t.Helper()
	m := f.Message(person, "")
	m.Choice = data
	f.Deliver(t, m)
}

// Deliver gives messages to the receiver as one batch, once the channel runs.
func (f *Fake) Deliver(t testing.TB, batch ...*chat.Message) {
	t.Helper()
	f.wait(t, "the channel to run", func() bool { return f.receiver != nil })
	if err := f.receiver.Receive(t.Context(), batch); err != nil {
		t.Fatalf("receive: %v", err)
	}
}

// Wait waits until n messages have arrived at a conversation and returns them
// all.
func (f *Fake) Wait(t testing.TB, c chat.ConversationID, n int) []Sent {
	t.Helper()
	f.wait(t, fmt.Sprintf("%d messages at %s", n, c), func() bool { return len(f.sent[c]) >= n })
	return f.Sent(c)
}

// WaitTotal waits until n messages have arrived anywhere.
func (f *Fake) WaitTotal(t testing.TB, n int) {
	t.Helper()
	f.wait(t, fmt.Sprintf("%d messages", n), func() bool { return f.total >= n })
}

// Sent returns what has arrived at a conversation.
func (f *Fake) Sent(c chat.ConversationID) []Sent {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]Sent(nil), f.sent[c]...)
}

// WaitDeleted waits until n messages of a conversation were deleted.
func (f *Fake) WaitDeleted(t testing.TB, c chat.ConversationID, n int) []chat.MessageID {
	t.Helper()
	f.wait(t, fmt.Sprintf("%d deletions at %s", n, c), func() bool { return len(f.deleted[c]) >= n })
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]chat.MessageID(nil), f.deleted[c]...)
}

func (f *Fake) change(do func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	do()
	close(f.changed)
	f.changed = make(chan struct{})
}

// patience is how long a test waits for what must happen; only a failing test
// waits that long.
const patience = 30 * time.Second

func (f *Fake) wait(t testing.TB, what string, ok func() bool) {
	t.Helper()
	deadline := time.After(patience)
	for {
		f.mu.Lock()
		done, changed := ok(), f.changed
		f.mu.Unlock()
		if done {
			return
		}
		select {
		case <-changed:
		case <-deadline:
			t.Fatalf("waited %s for %s", patience, what)
		}
	}
}
