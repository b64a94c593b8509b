package discord

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"

	"firstline/bot/backoff"
)

// Shards says which part of a bot's servers one process serves: the shards
// First to Last of Count. The zero value is all shards, as many as Discord
// recommends. Direct messages come to shard 0.
// https://discord.com/developers/docs/events/gateway#sharding
type Shards struct{ First, Last, Count int }

// maxShards is far beyond any bot; it bounds a typing error.
const maxShards = 4096

// ParseShards reads "0-3/4" (the shards 0 to 3 of 4), "2/4" (one of them) or ""
// (all that Discord recommends).
func ParseShards(text string) (Shards, error) {
	if text = strings.TrimSpace(text); text == "" {
		return Shards{}, nil
	}
	which, of, ok := strings.Cut(text, "/")
	first, last, isRange := strings.Cut(which, "-")
	if !isRange {
		last = first
	}
	var s Shards
	for _, part := range []struct {
		text string
		into *int
	}{{first, &s.First}, {last, &s.Last}, {of, &s.Count}} {
		n, err := strconv.ParseUint(strings.TrimSpace(part.text), 10, 16)
		ok = ok && err == nil
		*part.into = int(n)
	}
	if !ok || s.First > s.Last || s.Last >= s.Count || s.Count > maxShards {
		return Shards{}, fmt.Errorf("%q names no shards: write them like 0-3/4, the first and the last of how many", oneLine(text))
	}
	return s, nil
}

// plan is how to connect.
type plan struct {
	address string // of the gateway
	shards  Shards
	// concurrency is how many shards may begin a session at the same time.
	concurrency int
}

// gatewayBot is the answer to GET /gateway/bot.
type gatewayBot struct {
	URL    string       `json:"url"`
	Shards lenient[int] `json:"shards"`
	Limit  lenient[struct {
		Remaining   *int  `json:"remaining"`
		ResetAfter  int64 `json:"reset_after"` // milliseconds
		Concurrency int   `json:"max_concurrency"`
	}] `json:"session_start_limit"`
}

// makePlan asks Discord how to connect, as often as it takes. Its error is
// final; both are zero when ctx ended.
func (c *Channel) makePlan(ctx context.Context) (plan, error) {
	retry := backoff.Backoff{Min: c.timing.retryMin, Max: c.timing.retryMax}
	for {
		p, wait, err := c.askPlan(ctx)
		if ctx.Err() != nil {
			return plan{}, nil
		}
		if final := finalError(err); final != nil {
			return plan{}, final
		}
		if err == nil && wait == 0 {
			return p, nil
		}
		reason := "no sessions are left for today"
		if err != nil {
			wait, reason = retry.Next(asAPIError(err).retryAfter), plain(err)
		}
		c.log.Warn("discord: not connected", "retry_in", wait, "reason", reason)
		backoff.Sleep(ctx, wait)
	}
}

// askPlan asks once. wait is how long no session may be begun.
func (c *Channel) askPlan(ctx context.Context) (p plan, wait time.Duration, err error) {
	var answer gatewayBot
	if err := c.rest.call(ctx, "GET", discordgo.EndpointGatewayBot, nil, &answer); err != nil {
		return p, 0, err
	}
	if !validGateway(answer.URL, c.apiBase) {
		return p, 0, errors.New("the API named no gateway that can be used")
	}
	p = plan{address: answer.URL, shards: c.shards, concurrency: max(1, answer.Limit.V.Concurrency)}
	if p.shards.Count == 0 {
		n := min(max(1, answer.Shards.V), maxShards)
		p.shards = Shards{Last: n - 1, Count: n}
	}
	if left := answer.Limit.V.Remaining; left != nil && *left <= 0 {
		wait = max(time.Second, time.Duration(answer.Limit.V.ResetAfter)*time.Millisecond)
	}
	return p, wait, nil
}

// gate spaces new sessions: each of the concurrency groups that the shards fall
// into may begin one at a time.
type gate struct {
	every  time.Duration
	groups []chan time.Time // holds when the next session may begin; empty while one begins
}

func newGate(concurrency int, every time.Duration) *gate {
	g := &gate{every: every, groups: make([]chan time.Time, concurrency)}
	for i := range g.groups {
		g.groups[i] = make(chan time.Time, 1)
		g.groups[i] <- time.Time{}
	}
	return g
}

// enter waits until a session of shard may begin; false: ctx ended. leave is to
// be called when it was asked for, or came to nothing; it may be called again.
func (g *gate) enter(ctx context.Context, shard int) (leave func(), ok bool) {
	group := g.groups[shard%len(g.groups)]
	var next time.Time
	select {
	case <-ctx.Done():
		return nil, false
	case next = <-group:
	}
	if wait := time.Until(next); wait > 0 && !backoff.Sleep(ctx, wait) {
		group <- next
		return nil, false
	}
	return sync.OnceFunc(func() { group <- time.Now().Add(g.every) }), true
}

// superviseAll keeps all shards of this process connected until ctx ends, or
// returns why going on is pointless for one of them.
func (r *run) superviseAll(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var (
		all   sync.WaitGroup
		once  sync.Once
		final error
	)
	for id := r.plan.shards.First; id <= r.plan.shards.Last; id++ {
		s := &shard{run: r, id: id, count: r.plan.shards.Count}
		all.Go(func() {
			if err := s.supervise(ctx); err != nil {
				once.Do(func() { final = err })
				stop()
			}
		})
	}
	all.Wait()
	return final
}
