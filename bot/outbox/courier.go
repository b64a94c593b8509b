package outbox

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"time"

	"firstline/bot/chat"
	"firstline/bot/pump"
)

// How long the courier holds on. A lease is longer than a send may take, so
// that nobody else sends what is under way.
const (
	sendTimeout = 45 * time.Second
	lease       = 60 * time.Second
	firstRetry  = time.Second
	// slowRetry is the longest pause that the courier makes of its own accord: when
	// a network is back, nobody should wait much longer for their answer.
	slowRetry = time.Minute
	// giveUpAfter is how long a message is tried that the network keeps
	// putting off. Longer outages than this are noticed by people.
	giveUpAfter = 48 * time.Hour
)

// Courier sends what is in the outbox through the channels it is given.
type Courier struct {
	Store    Store
	Channels []chat.Channel
	// May is asked immediately before each send; false withholds the
	// delivery. An error puts it off. nil: always.
	May  func(context.Context, Delivery) (bool, error)
	Wake <-chan struct{} // rings when the outbox may have changed
	Now  func() time.Time
	Log  *slog.Logger
	// Observe is told of every finished attempt; nil: nobody.
	Observe func(d Delivery, r Result)
	// Jitter returns a number in [0,1) for retries; nil: random.
	Jitter func() float64
}

// Run sends until ctx ends and finishes the sends that have begun.
func (c *Courier) Run(ctx context.Context) {
	channels := make(map[chat.Network]chat.Channel, len(c.Channels))
	var networks []chat.Network
	for _, ch := range c.Channels {
		channels[ch.Network()] = ch
		networks = append(networks, ch.Network())
	}
	if len(networks) == 0 {
		return
	}
	p := pump.Pump[Delivery]{
		Name: "courier", Wake: c.Wake, Log: c.Log, Workers: 32,
		Take: func(ctx context.Context, max int) ([]Delivery, error) {
			return c.Store.TakeDeliveries(ctx, networks, max, c.Now(), lease)
		},
		Do: func(ctx context.Context, d Delivery) {
			ctx, cancel := context.WithTimeout(ctx, sendTimeout)
			defer cancel()
			r := c.attempt(ctx, channels[d.To.Network], d)
			c.finish(ctx, d, r)
		},
	}
	p.Run(ctx)
}

func (c *Courier) finish(ctx context.Context, d Delivery, r Result) {
	// The outcome is recorded even when sending used up the time.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), sendTimeout)
	defer cancel()
	if err := c.Store.FinishDelivery(ctx, d, r); err != nil {
		c.Log.Error("recording a delivery", "delivery", d.ID, "state", r.State, "err", err)
	}
	if c.Observe != nil {
		c.Observe(d, r)
	}
	if r.Error != "" {
		c.Log.Warn("delivery", "delivery", d.ID, "network", d.To.Network, "class", d.Class,
			"state", r.State, "attempt", d.Attempt, "reason", r.Error)
	}
}

// attempt tries d once and says how it ended.
func (c *Courier) attempt(ctx context.Context, ch chat.Channel, d Delivery) Result {
	if d.Of != "" && d.Target == "" { // its message never went out
		return Result{State: Withheld, Error: "the message itself was not delivered"}
	}
	if c.May != nil {
		switch ok, err := c.May(ctx, d); {
		case err != nil:
			return Result{State: Pending, Due: c.Now().Add(c.backoff(d.Attempt)), Error: "could not check whether it may be sent"}
		case !ok:
			return Result{State: Withheld}
		}
	}
	id, err := c.do(ctx, ch, d)
	if err == nil {
		return Result{State: Sent, SentID: id}
	}
	se := chat.AsSendError(err)
	// Only a send can do harm twice: what is edited or deleted again is the same, and
	// a second topic bothers staff alone.
	r := Result{State: Failed, Error: se.Error(), Uncertain: se.Kind == chat.Unknown && d.Op == OpSend, Gone: se.Kind == chat.Gone}
	now := c.Now()
	if se.Kind.Permanent() || now.Sub(d.CreatedAt) > giveUpAfter {
		return r
	}
	// The network's own time counts; jitter spreads those that wait alike.
	wait := c.backoff(d.Attempt)
	if se.RetryAfter > 0 {
		wait = se.RetryAfter + time.Duration(c.jitter()*float64(time.Second))
	}
	r.State, r.Due, r.Gone = Pending, now.Add(wait), false
	return r
}

func (c *Courier) do(ctx context.Context, ch chat.Channel, d Delivery) (chat.MessageID, error) {
	switch d.Op {
	case OpDelete:
		del, ok := ch.(chat.Deleter)
		if !ok {
			return "", &chat.SendError{Kind: chat.Rejected, Reason: "this network can't delete messages"}
		}
		return d.Target, del.Delete(ctx, d.To, d.Target)
	case OpEdit:
		ed, ok := ch.(chat.Editor)
		if !ok {
			return "", &chat.SendError{Kind: chat.Rejected, Reason: "this network can't change what was sent"}
		}
		return d.Target, ed.Edit(ctx, d.To, d.Target, &d.Out)
	case OpOpen:
		op, ok := ch.(chat.Opener)
		if !ok {
			return "", &chat.SendError{Kind: chat.Rejected, Reason: "this network has no conversations beneath others"}
		}
		opened, err := op.Open(ctx, d.To, d.Target, d.Out.Body.Text)
		return chat.MessageID(opened.ID), err
	}
	out := d.Out
	out.Key = d.Key
	return ch.Send(ctx, d.To, &out)
}

// backoff doubles from firstRetry to slowRetry, with half of it random.
func (c *Courier) backoff(attempt int) time.Duration {
	wait := min(firstRetry<<min(max(attempt-1, 0), 10), slowRetry)
	return wait/2 + time.Duration(c.jitter()*float64(wait)/2)
}

func (c *Courier) jitter() float64 {
	if c.Jitter != nil {
		return c.Jitter()
	}
	return rand.Float64()
}
