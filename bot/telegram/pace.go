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

// Pace is how many messages are sent in a second. Zero fields take what
// Telegram allows (core.telegram.org/bots/faq, "My bot is hitting limits").
// math.Inf(1) means no limit.
type Pace struct {
	Chat    float64 // to one private chat; 0: 1
	Group   float64 // to one group or channel; 0: 20 a minute
	Overall float64 // in all; 0: 30
	// Burst is how many may follow each other at once in one chat; 0: 3.
	Burst int
}

// sweepEvery is how often the limiters of idle chats are dropped.
const sweepEvery = time.Minute

// pacer holds messages back so that Telegram's limits are not met: a refused
// message costs more time than a late one.
type pacer struct {
	pace    Pace
	overall *rate.Limiter

	mu    sync.Mutex
	chats map[int64]*rate.Limiter
	swept time.Time
}

func newPacer(p Pace) *pacer {
	set := func(v *float64, otherwise float64) {
		if *v <= 0 {
			*v = otherwise
		}
	}
	set(&p.Chat, 1)
	set(&p.Group, 20.0/60)
	set(&p.Overall, 30)
	if p.Burst <= 0 {
		p.Burst = 3
	}
	return &pacer{
		pace: p,
		// A small burst: any second may hold Overall messages and the burst.
		overall: rate.NewLimiter(limit(p.Overall), 3),
		chats:   map[int64]*rate.Limiter{},
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
// is, if that is later than ctx allows.
func (p *pacer) wait(ctx context.Context, chatID int64) error {
	// One after the other: a place in the overall limit that is taken now would
	// be gone by the time the chat's own wait ends.
	if err := p.hold(ctx, p.reserve(chatID)); err != nil {
		return err
	}
	return p.waitOverall(ctx)
}

// waitOverall waits for the limit over all chats only.
func (p *pacer) waitOverall(ctx context.Context) error {
	return p.hold(ctx, p.overall.Reserve())
}

// spare reports whether the overall limit has room now, and takes it.
func (p *pacer) spare() bool { return p.overall.Allow() }

// reserve takes the next free place in a chat. Reserving under the lock keeps a
// limiter that is about to be used from being swept: a used one is not full.
func (p *pacer) reserve(chatID int64) *rate.Reservation {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	if now.Sub(p.swept) > sweepEvery {
		p.sweep(now)
	}
	l := p.chats[chatID]
	if l == nil {
		perSecond := p.pace.Chat
		if chatID < 0 { // groups, supergroups and channels
			perSecond = p.pace.Group
		}
		l = rate.NewLimiter(limit(perSecond), p.pace.Burst)
		p.chats[chatID] = l
	}
	return l.ReserveN(now, 1)
}

// sweep drops limiters that have filled up again: a new one is the same.
func (p *pacer) sweep(now time.Time) {
	p.swept = now
	for id, l := range p.chats {
		if l.TokensAt(now) >= float64(p.pace.Burst) {
			delete(p.chats, id)
		}
	}
}

// hold waits until r may be used, and gives it back when ctx ends before.
func (p *pacer) hold(ctx context.Context, r *rate.Reservation) error {
	delay := r.Delay()
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < delay {
		r.Cancel()
		return &chat.SendError{Kind: chat.Temporary, RetryAfter: delay, Reason: "too many messages at once for Telegram; it waits its turn"}
	}
	if !backoff.Sleep(ctx, delay) {
		r.Cancel()
		return &chat.SendError{Kind: chat.Temporary, Reason: "it was stopped before it was sent"}
	}
	return nil
}
