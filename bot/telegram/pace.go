package telegram

import (
	"context"
	"math"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"firstline/bot/backoff"
	"firstline/bot/chat"
)

// Pace is how many messages are sent in a second; edits count as messages. Zero
// fields take what Telegram allows (core.telegram.org/bots/faq, "My bot is
// hitting limits"). math.Inf(1) means no limit.
type Pace struct {
	Chat    float64 // to one private chat; 0: 1
	Group   float64 // to one group or channel; 0: with Burst, 20 in any minute
	Overall float64 // in all; 0: with a burst of 3, 30 in any second
	// Burst is how many may follow each other at once in one chat; 0: 3.
	Burst int
}

// overallBurst is how many messages may follow each other at once in all.
const overallBurst = 3

// sweepEvery is how often the limiters of idle chats are dropped.
const sweepEvery = time.Minute

// inPlace is the longest that a message waits for its chat's turn in Send. One
// whose turn is later goes back to the outbox: it would hold a courier that
// others need, a forum with many topics all of them.
const inPlace = 1500 * time.Millisecond

// pacer holds messages back so that Telegram's limits are not met: a refused
// message costs more time than a late one.
type pacer struct {
	pace    Pace
	overall *rate.Limiter

	mu    sync.Mutex
	chats map[int64]*chatPace
	swept time.Time
}

// chatPace is the pace of one chat.
type chatPace struct {
	*rate.Limiter
	blocked time.Time // until then Telegram wants nothing for this chat
	// promised is the last turn that was named to a message that went back to
	// the outbox: each gets one of its own.
	promised time.Time
}

func newPacer(p Pace) *pacer {
	set := func(v *float64, otherwise float64) {
		if *v <= 0 {
			*v = otherwise
		}
	}
	if p.Burst <= 0 {
		p.Burst = 3
	}
	set(&p.Chat, 1)
	set(&p.Group, float64(max(20-p.Burst, 1))/60)
	set(&p.Overall, 30-overallBurst)
	return &pacer{
		pace:    p,
		overall: rate.NewLimiter(limit(p.Overall), overallBurst),
		chats:   map[int64]*chatPace{},
	}
}

func limit(perSecond float64) rate.Limit {
	if math.IsInf(perSecond, 1) {
		return rate.Inf
	}
	return rate.Limit(perSecond)
}

// wait returns when a message may go to the chat. Its errors are
// *chat.SendError: the message was not sent, and RetryAfter says when its turn
// is, if that is not soon or later than ctx allows.
func (p *pacer) wait(ctx context.Context, chatID int64) error {
	atMost := inPlace
	if deadline, ok := ctx.Deadline(); ok {
		atMost = min(atMost, time.Until(deadline))
	}
	r, delay := p.reserve(chatID, atMost)
	if r == nil {
		return &chat.SendError{Kind: chat.Temporary, RetryAfter: delay, Reason: "too many messages at once for this chat on Telegram; it waits its turn"}
	}
	// One after the other: a place in the overall limit that is taken now would
	// be gone by the time the chat's own wait ends.
	if !backoff.Sleep(ctx, delay) {
		r.Cancel()
		return errStopped
	}
	return p.waitOverall(ctx)
}

var errStopped = &chat.SendError{Kind: chat.Temporary, Reason: "it was stopped before it was sent"}

// waitOverall waits for the limit over all chats only.
func (p *pacer) waitOverall(ctx context.Context) error {
	r := p.overall.Reserve()
	delay := r.Delay()
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < delay {
		r.Cancel()
		return &chat.SendError{Kind: chat.Temporary, RetryAfter: delay, Reason: "too many messages at once for Telegram; it waits its turn"}
	}
	if !backoff.Sleep(ctx, delay) {
		r.Cancel()
		return errStopped
	}
	return nil
}

// spare reports whether the overall limit has room now, and takes it.
func (p *pacer) spare() bool { return p.overall.Allow() }

// spareFor reports whether a message that is not needed can go to a chat now so
// that another one can still follow at once, and takes its place.
func (p *pacer) spareFor(chatID int64) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	l := p.of(chatID, now)
	return !now.Before(l.blocked) && (l.TokensAt(now) >= min(2, float64(l.Burst())) || l.Limit() == rate.Inf) &&
		p.overall.AllowN(now, 1) && l.AllowN(now, 1)
}

// reserve takes the next free place in a chat, which is after delay. When that
// is more than atMost, it takes none and returns nil.
func (p *pacer) reserve(chatID int64, atMost time.Duration) (*rate.Reservation, time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	l := p.of(chatID, now)
	r := l.ReserveN(now, 1)
	delay := max(r.DelayFrom(now), l.blocked.Sub(now))
	if delay <= atMost {
		return r, delay
	}
	r.CancelAt(now)
	turn := now.Add(delay)
	if next := l.promised.Add(time.Duration(float64(time.Second) / float64(l.Limit()))); next.After(turn) {
		turn = next
	}
	l.promised = turn
	return nil, turn.Sub(now)
}

// block notes that Telegram refuses messages to a chat for a while. Only the
// chat waits: its refusal says nothing of others.
func (p *pacer) block(chatID int64, d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	if l := p.of(chatID, now); l.blocked.Before(now.Add(d)) {
		l.blocked = now.Add(d)
	}
}

// isBlocked reports whether Telegram refuses messages to a chat now.
func (p *pacer) isBlocked(chatID int64) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	l := p.chats[chatID]
	return l != nil && time.Now().Before(l.blocked)
}

// of returns the pace of a chat. p.mu is held until it is used: that keeps it
// from being swept, since a used one is not full.
func (p *pacer) of(chatID int64, now time.Time) *chatPace {
	if now.Sub(p.swept) > sweepEvery {
		p.sweep(now)
	}
	l := p.chats[chatID]
	if l == nil {
		perSecond := p.pace.Chat
		if chatID < 0 { // groups, supergroups and channels
			perSecond = p.pace.Group
		}
		l = &chatPace{Limiter: rate.NewLimiter(limit(perSecond), p.pace.Burst)}
		p.chats[chatID] = l
	}
	return l
}

// sweep drops limiters that have filled up again: a new one is the same.
func (p *pacer) sweep(now time.Time) {
	p.swept = now
	for id, l := range p.chats {
		if l.TokensAt(now) >= float64(p.pace.Burst) && now.After(l.blocked) {
			delete(p.chats, id)
		}
	}
}
