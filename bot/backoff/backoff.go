// Package backoff is the pause between attempts at something that a process
// keeps trying, such as a connection. What must survive the process is retried
// by the inbox and the outbox instead.
package backoff

import (
	"context"
	"math/rand/v2"
	"time"
)

// Backoff is a pause that doubles with every failure from Min to Max. It is not
// safe for concurrent use.
type Backoff struct {
	Min, Max time.Duration
	last     time.Duration // 0: nothing has failed since Reset
}

// Next returns the next pause, at least atLeast (the network's own wish), with
// half of it random so that many do not come back at once.
func (b *Backoff) Next(atLeast time.Duration) time.Duration {
	b.last = min(max(2*b.last, b.Min), b.Max)
	return max(b.last/2+rand.N(b.last/2+1), atLeast)
}

// Reset starts again from the shortest pause.
func (b *Backoff) Reset() { b.last = 0 }

// Failing reports whether there was a failure since Reset.
func (b *Backoff) Failing() bool { return b.last > 0 }

// Sleep waits for d and reports whether ctx is still alive.
func Sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return ctx.Err() == nil
	}
}
