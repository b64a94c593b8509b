package discord

import (
	"context"
	"maps"
	"net/http"
	"strconv"
	"sync"
	"time"

	"firstline/bot/backoff"
)

// limits remembers which routes Discord has closed for how long. Asking all the
// same would be refused, and too many refusals get the machine's address
// banned. https://discord.com/developers/docs/topics/rate-limits
type limits struct {
	mu     sync.Mutex
	global time.Time
	routes map[string]time.Time
}

// longestWait is how long a call waits for its route. Beyond that it fails with
// the time left, so that its caller can do something else meanwhile: whoever
// sends for many conversations must not stand still for one.
const longestWait = 250 * time.Millisecond

// wait waits until route is open. Its error is an *apiError.
func (l *limits) wait(ctx context.Context, route string) error {
	for {
		left := l.left(route)
		if left <= 0 {
			return nil
		}
		if left > longestWait {
			return &apiError{status: http.StatusTooManyRequests, isDiscord: true, message: "rate limited before", retryAfter: left}
		}
		if !backoff.Sleep(ctx, left) {
			return &apiError{cause: networkCause(ctx.Err())}
		}
	}
}

func (l *limits) left(route string) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	until := l.routes[route]
	if l.global.After(until) {
		until = l.global
	}
	return time.Until(until)
}

// note learns from an answer; refused is nil when it was a success.
func (l *limits) note(route string, h http.Header, refused *apiError) {
	now := time.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case refused != nil && refused.global:
		l.global = now.Add(refused.retryAfter)
	case refused != nil && refused.retryAfter > 0:
		l.close(route, now, refused.retryAfter)
	case h.Get("X-RateLimit-Remaining") == "0":
		s, _ := strconv.ParseFloat(h.Get("X-RateLimit-Reset-After"), 64)
		l.close(route, now, seconds(s))
	}
}

func (l *limits) close(route string, now time.Time, d time.Duration) {
	if d <= 0 {
		return
	}
	if l.routes == nil {
		l.routes = make(map[string]time.Time)
	}
	if len(l.routes) >= 1000 {
		maps.DeleteFunc(l.routes, func(_ string, until time.Time) bool { return until.Before(now) })
	}
	l.routes[route] = now.Add(d)
}
