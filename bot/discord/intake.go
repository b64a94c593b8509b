package discord

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"firstline/bot/chat"
)

// intake stands between the gateway, which gives each event once and can't be
// told that it was received, and the Receiver, which stores it and may fail for
// a while. It holds a queue in the order of arrival, and knows of each channel
// up to which message everything is in the queue.
//
// Where something may be missing the channel has a gap: what arrives live waits
// until the backfill has put what lies before it into the queue. A full memory
// is treated the same way: what does not fit is forgotten, which makes a gap.
// So is what was in memory at a crash: it lies after the last saved mark.
type intake struct {
	log   *slog.Logger
	limit int // most messages in memory

	mu       sync.Mutex
	queue    []item
	waiting  int // messages behind gaps
	channels map[string]*place
	pending  []string // channels with a gap that nobody fills yet, in order
	recent   recent
	full     bool // a message was turned away and the memory has not emptied since

	// floor is the youngest message of which it is sure that everything older,
	// anywhere, was received before this process or is none of its business:
	// where a channel without a mark is filled from.
	floor     snowflake
	fromFloor int                // gaps of channels without a mark
	expected  map[string]awaited // guilds that a session began with and that have not been described yet
	begun     time.Time          // when the latest session began

	archives map[string]snowflake // channels whose archived threads are to be looked through → since when
	searches chan struct{}        // rings when one is added

	// settle decides about an item that waited behind a gap; see run.settle.
	settle func(*item) bool

	arrived chan struct{} // rings when the queue gets longer
	gaps    chan struct{} // rings when a gap opens
	emptied chan struct{} // rings when the queue gets shorter
}

// item is something for the Receiver.
type item struct {
	message *chat.Message
	channel string
	id      snowflake // of a message; 0 for what Discord gives once: an interaction, an edit
	// unplaced is a message of which it can't be told yet whether it is for the
	// bot; message is nil then.
	unplaced *wireMessage
	edited   time.Time // when, of an edit
	// ack tells Discord that an interaction arrived; nil for messages.
	ack func(context.Context)
}

// awaited is a guild that is to be described.
type awaited struct {
	shard int
	since snowflake // up to here everything came before the session
}

// place is a channel, a thread or a direct conversation.
type place struct {
	private, guild bool      // both false: not known yet
	last           snowflake // everything up to here is in the queue, stored, or not for the bot
	stored         snowflake // the youngest message that the Receiver has taken, or the mark at the start
	queued         int       // messages in the queue
	saved          snowflake // the mark that was saved last; 0: none
	unsaved        bool      // its mark has moved since
	gap            *gap      // nil: nothing is missing
}

// gap says that messages after place.last may be missing.
type gap struct {
	behind    []item    // what arrived live meanwhile
	newest    snowflake // the youngest message that arrived live and is not for the bot
	again     bool      // something was missed since filling began: look once more
	due       time.Time // not to be filled before
	missed    int       // messages that were found and did not come by the gateway too
	fromFloor bool
}

// skew is how much older than the youngest message that came another one can be
// that has not come: ids of different channels come in almost the order in which
// they are given.
const skew = 5 * time.Minute

func newIntake(log *slog.Logger, limit int, marks map[string]snowflake) *intake {
	q := &intake{
		log: log, limit: limit, channels: make(map[string]*place, len(marks)),
		arrived: make(chan struct{}, 1), gaps: make(chan struct{}, 1), emptied: make(chan struct{}, 1),
		searches: make(chan struct{}, 1), archives: map[string]snowflake{}, expected: map[string]awaited{},
		settle: func(*item) bool { return true },
	}
	for channel, id := range marks {
		q.channels[channel] = &place{last: id, stored: id, saved: id}
		q.floor = max(q.floor, id)
	}
	if q.floor = q.floor.before(skew); len(marks) == 0 { // a new bot
		q.floor = snowflakeAt(time.Now())
	}
	return q
}

// live takes what the gateway gave. An item without message moves the channel's
// mark: it is not for the bot. It reports false when it had to turn away an
// item that can't be had again.
func (q *intake) live(it item, private bool) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if it.id != 0 {
		q.floor = min(q.floor, it.id-1) // what is new can't be older, unless this machine's clock is fast
	}
	p := q.channels[it.channel]
	fresh := p == nil
	if fresh {
		p = &place{last: q.floor}
		q.channels[it.channel] = p
		if private {
			// Bots can't list their direct conversations: somebody who wrote
			// for the first time while the bot was away is found only now.
			q.open(it.channel, p, true)
		}
	}
	p.private, p.guild = private, !private
	if it.unplaced != nil && p.gap == nil {
		q.open(it.channel, p, fresh)
	}
	switch {
	case it.message == nil && it.unplaced == nil && p.gap != nil:
		p.gap.newest = max(p.gap.newest, it.id)
	case it.message == nil && it.unplaced == nil:
		p.last, p.unsaved = max(p.last, it.id), true
	case len(q.queue)+q.waiting >= q.limit:
		q.turnAway()
		if it.id == 0 {
			return false
		}
		if p.gap == nil {
			q.open(it.channel, p, false)
		}
		p.gap.again = true
	case p.gap != nil:
		p.gap.behind = append(p.gap.behind, it)
		q.waiting++
	default:
		q.push(p, it)
	}
	return true
}

// push appends to the queue, unless it is there or was lately; then it reports
// false.
func (q *intake) push(p *place, it item) bool {
	if !q.recent.add(it.message.Event) {
		return false
	}
	late := it.id != 0 && it.id < p.last
	p.last = max(p.last, it.id)
	p.queued++
	q.queue = append(q.queue, it)
	if late {
		q.sortLast()
	}
	ring(q.arrived)
	return true
}

// sortLast puts the last item before younger ones of its channel that still
// wait near it: the gateway has given them in the wrong order.
func (q *intake) sortLast() {
	const near = 64
	it, to := q.queue[len(q.queue)-1], len(q.queue)-1
	for i := to - 1; i >= max(0, to-near); i-- {
		if other := q.queue[i]; other.channel == it.channel && other.id > it.id {
			to = i
		}
	}
	copy(q.queue[to+1:], q.queue[to:])
	q.queue[to] = it
}

func (q *intake) turnAway() {
	if !q.full {
		q.full = true
		q.log.Error("discord: too many messages wait to be stored; what comes now is fetched again later", "waiting", q.limit)
	}
}

func (q *intake) open(channel string, p *place, fromFloor bool) {
	p.gap = &gap{fromFloor: fromFloor}
	if fromFloor {
		q.fromFloor++
	}
	q.pending = append(q.pending, channel)
	ring(q.gaps)
}

// take returns up to n items, the oldest first; nil when ctx ended.
func (q *intake) take(ctx context.Context, n int) []item {
	for ctx.Err() == nil {
		if batch := q.takeNow(n); batch != nil {
			return batch
		}
		select {
		case <-ctx.Done():
		case <-q.arrived:
		}
	}
	return nil
}

// takeNow is take that does not wait.
func (q *intake) takeNow(n int) []item {
	q.mu.Lock()
	defer q.mu.Unlock()
	k := min(n, len(q.queue))
	if k == 0 {
		return nil
	}
	batch := slices.Clone(q.queue[:k])
	clear(q.queue[:k])
	q.queue = q.queue[k:]
	if len(q.queue)+q.waiting <= q.limit/2 {
		q.full = false
	}
	ring(q.emptied)
	return batch
}

// ring wakes whoever waits for c, now or next.
func ring(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
