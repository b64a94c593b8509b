package store

import "sync"

// Topic is a part of the database that one can wait for changes of.
type Topic int

// The topics.
const (
	Inbox  Topic = iota // messages were added, delayed or handled: another may be ready
	Outbox              // deliveries were put or finished: another may be ready
	Desk                // what a console shows changed: tickets, entries, notes, states of deliveries
	Files               // attachments were added, or are to be forgotten: there is work on them
	numTopics
)

// topics is a set of them.
type topics uint8

const allTopics topics = 1<<numTopics - 1

func (t Topic) set() topics { return 1 << t }

// bells are the listeners of each topic.
type bells struct {
	mu        sync.Mutex
	listeners [numTopics]map[chan struct{}]struct{}
}

// Listen returns a channel that receives after a commit changed topic, and
// after another process committed anything (noticed within 300 ms). Changes
// while nobody receives become one. It is a hint to look, not a count: also
// look at times without it. stop ends it; the channel is never closed.
func (s *Store) Listen(topic Topic) (changes <-chan struct{}, stop func()) {
	c := make(chan struct{}, 1)
	b := &s.bells
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.listeners[topic] == nil {
		b.listeners[topic] = map[chan struct{}]struct{}{}
	}
	b.listeners[topic][c] = struct{}{}
	return c, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		delete(b.listeners[topic], c)
	}
}

func (b *bells) ring(t topics) {
	if t == 0 {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for topic, listeners := range b.listeners {
		if t&Topic(topic).set() == 0 {
			continue
		}
		for c := range listeners {
			select {
			case c <- struct{}{}:
			default: // it has been told already
			}
		}
	}
}
