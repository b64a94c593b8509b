package discord

import (
	"context"
	"maps"
	"slices"
	"time"
)

// nextGap returns a channel that has a gap, and the message after which it
// begins. ok is false when ctx ended first. The caller fills the gap with
// filled and ends with closeGap or putOff.
func (q *intake) nextGap(ctx context.Context) (channel string, after snowflake, ok bool) {
	for {
		channel, after, wait := q.nextDue(time.Now())
		if channel != "" {
			return channel, after, true
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return "", 0, false
		case <-q.gaps:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// nextDue takes a gap that may be filled now. Channels where somebody is writing
// now come first. channel is empty when there is none for the time of wait.
func (q *intake) nextDue(now time.Time) (channel string, after snowflake, wait time.Duration) {
	q.mu.Lock()
	defer q.mu.Unlock()
	found := -1
	wait = time.Hour
	for i, c := range q.pending {
		g := q.channels[c].gap
		if left := g.due.Sub(now); left > 0 {
			wait = min(wait, left)
			continue
		}
		if len(g.behind) > 0 {
			found = i
			break
		}
		if found < 0 {
			found = i
		}
	}
	if found < 0 {
		return "", 0, wait
	}
	channel = q.pending[found]
	q.pending = slices.Delete(q.pending, found, found+1)
	p := q.channels[channel]
	p.gap.again = false
	return channel, p.last, 0
}

// room waits until the queue can take what a backfill brings.
func (q *intake) room(ctx context.Context) bool {
	for {
		q.mu.Lock()
		free := len(q.queue) <= q.limit/2
		q.mu.Unlock()
		if free {
			return ctx.Err() == nil
		}
		select {
		case <-ctx.Done():
			return false
		case <-q.emptied:
		}
	}
}

// filled appends fetched messages of a channel, oldest first, to the queue.
// Everything up to last has been fetched.
func (q *intake) filled(channel string, items []item, last snowflake) {
	q.mu.Lock()
	defer q.mu.Unlock()
	p := q.channels[channel]
	for _, it := range items {
		if q.push(p, it) {
			p.gap.missed++
		}
	}
	if last > p.last {
		p.last, p.unsaved = last, true
	}
}

// closeGap lets through what waited behind a filled gap, and returns how many
// messages had been missed. done is false when something was missed meanwhile:
// then the caller has to look once more.
func (q *intake) closeGap(channel string) (missed int, done bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	p := q.channels[channel]
	if p.gap.again {
		p.gap.again = false
		return 0, false
	}
	return q.shut(p), true
}

func (q *intake) shut(p *place) (missed int) {
	g := p.gap
	p.gap = nil
	if g.fromFloor {
		q.fromFloor--
	}
	q.waiting -= len(g.behind)
	for _, it := range g.behind {
		if !q.settle(&it) {
			p.last, p.unsaved = max(p.last, it.id), true
			continue
		}
		if !q.push(p, it) {
			g.missed--
		}
	}
	if g.newest > p.last {
		p.last, p.unsaved = g.newest, true
	}
	return g.missed
}

// putOff lets other gaps be filled before this one, which has to wait for d.
func (q *intake) putOff(channel string, d time.Duration) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.channels[channel].gap.due = time.Now().Add(d)
	q.pending = append(q.pending, channel)
}

// isPrivate reports whether a channel is a direct conversation, if that is
// known.
func (q *intake) isPrivate(channel string) (private, known bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	p := q.channels[channel]
	return p.private, p.private || p.guild
}

func (q *intake) setPrivate(channel string, private bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	p := q.channels[channel]
	p.private, p.guild = private, !private
}

// release lets what waits behind gaps into the queue at the end of Run: a
// command could not be fetched again, and a direct conversation that no mark
// tells of could not be found. What is missing before it comes at the next
// start: marks stay where the gaps begin.
func (q *intake) release() {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, p := range q.channels {
		if p.gap == nil {
			continue
		}
		start := p.last
		for _, it := range p.gap.behind {
			if it.unplaced == nil { // it is fetched at the next start
				q.push(p, it)
			}
		}
		q.waiting -= len(p.gap.behind)
		p.gap.behind, p.last, p.unsaved = nil, start, true
	}
}

// stored notes that the Receiver has taken batch.
func (q *intake) stored(batch []item) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, it := range batch {
		p := q.channels[it.channel]
		p.queued--
		p.stored = max(p.stored, it.id)
		p.unsaved = true
	}
}

// marks returns the marks that have moved, of the given channels or, when there
// are none given, of all: up to there everything is stored. They are to be
// saved, and then noted with markSaved.
//
// A later start fills channels without a mark from about the youngest mark of
// all. So no mark may pass the floor while there can be gaps that begin there;
// but a channel that has none gets the floor, to be known from then on.
func (q *intake) marks(channels map[string]bool) map[string]snowflake {
	q.mu.Lock()
	defer q.mu.Unlock()
	// An outage of Discord can hold back the description of a guild for hours.
	const describedWithin = 30 * time.Second
	held := q.fromFloor > 0 || len(q.archives) > 0 || (len(q.expected) > 0 && time.Since(q.begun) < describedWithin)
	moved := map[string]snowflake{}
	look := maps.Keys(q.channels)
	if channels != nil {
		look = maps.Keys(channels)
	}
	for channel := range look {
		p := q.channels[channel]
		mark := p.mark()
		if mark == 0 || (held && mark > q.floor) {
			mark = q.floor
		}
		if p.unsaved && mark > p.saved {
			moved[channel] = mark
		}
	}
	return moved
}

// mark returns up to where everything is stored; 0: not known now.
func (p *place) mark() snowflake {
	switch {
	case p.queued == 0:
		return p.last
	case p.gap == nil:
		return p.stored
	}
	return 0 // what is stored can lie behind the gap
}

// markSaved notes that the mark of channel was saved.
func (q *intake) markSaved(channel string, mark snowflake) {
	q.mu.Lock()
	defer q.mu.Unlock()
	p := q.channels[channel]
	p.saved = mark
	p.unsaved = mark < p.last
}
