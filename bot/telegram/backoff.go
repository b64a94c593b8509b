package telegram

import (
	"context"
	"math/rand/v2"
	"time"
)

// backoff is a pause that doubles with every failure.
type backoff struct {
	min, max time.Duration
	last     time.Duration // 0: nothing has failed since reset
}

// next returns the next pause, at least atLeast (the network's own wish), with
// a part of it random so that many do not come back at once.
func (b *backoff) next(atLeast time.Duration) time.Duration {
	b.last = min(max(2*b.last, b.min), b.max)
	return max(b.last/2+rand.N(b.last/2+1), atLeast)
}

// reset starts again from the shortest pause.
func (b *backoff) reset() { b.last = 0 }

// failing reports whether there was a failure since reset.
func (b *backoff) failing() bool { return b.last > 0 }

// sleep waits for d and reports whether ctx is still alive.
func sleep(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
