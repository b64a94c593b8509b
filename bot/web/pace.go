package web

import (
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Pace is how much may be sent. Each is a number per second and how much may
// come at once; the zero Limit is replaced by the default.
type Pace struct {
	Session  Limit // messages of a session; default: 1/s, 10 at once
	Address  Limit // requests that change something, of an address; default: 5/s, 60 at once
	Sessions Limit // new sessions of an address; default: 1 in 10 s, 30 at once
	Uploads  Limit // of a session; default: 1 in 5 s, 10 at once
}

// Limit is a token bucket.
type Limit struct {
	PerSecond float64
	Burst     int
}

func (l Limit) or(perSecond float64, burst int) Limit {
	if l == (Limit{}) {
		return Limit{perSecond, burst}
	}
	return l
}

// pacer holds the buckets.
type pacer struct {
	messages, requests, sessions, uploads, refusals *buckets
}

func newPacer(p Pace, now func() time.Time) *pacer {
	return &pacer{
		messages: newBuckets(p.Session.or(1, 10), now),
		requests: newBuckets(p.Address.or(5, 60), now),
		sessions: newBuckets(p.Sessions.or(0.1, 30), now),
		uploads:  newBuckets(p.Uploads.or(0.2, 10), now),
		refusals: newBuckets(Limit{0.1, 100}, now), // lines in the log
	}
}

// maxBuckets bounds the memory: when so many are in use at once, newcomers
// share one. Unused ones are looked for at most every pruneEvery.
const (
	maxBuckets = 20_000
	pruneEvery = 10 * time.Second
)

// buckets is a bucket for each of many names.
type buckets struct {
	limit Limit
	now   func() time.Time

	mu     sync.Mutex
	of     map[string]*rate.Limiter
	shared *rate.Limiter
	pruned time.Time
}

func newBuckets(l Limit, now func() time.Time) *buckets {
	b := &buckets{limit: l, now: now, of: map[string]*rate.Limiter{}}
	b.shared = b.limiter()
	return b
}

func (b *buckets) limiter() *rate.Limiter {
	return rate.NewLimiter(rate.Limit(b.limit.PerSecond), b.limit.Burst)
}

// take takes one from the bucket of a name. When it is empty, nothing is taken
// and the error says how long to wait.
func (b *buckets) take(name string) error {
	now := b.now()
	res := b.bucket(name, now).ReserveN(now, 1)
	if wait := res.DelayFrom(now); wait > 0 {
		res.CancelAt(now)
		return tooFast(wait)
	}
	return nil
}

func (b *buckets) bucket(name string, now time.Time) *rate.Limiter {
	b.mu.Lock()
	defer b.mu.Unlock()
	if l, ok := b.of[name]; ok {
		return l
	}
	if len(b.of) >= maxBuckets && now.Sub(b.pruned) >= pruneEvery {
		b.pruned = now
		for other, l := range b.of { // full ones are as good as new
			if l.TokensAt(now) >= float64(b.limit.Burst) {
				delete(b.of, other)
			}
		}
	}
	if len(b.of) >= maxBuckets {
		return b.shared
	}
	l := b.limiter()
	b.of[name] = l
	return l
}

// takeFor takes one from the bucket of r's address.
func (b *buckets) takeFor(r *http.Request) error {
	a, err := address(r)
	if err != nil {
		return b.take("")
	}
	return b.take(a.String())
}
