// Package pump runs leased work from a store: it takes what is due, does it
// with bounded concurrency, and looks again when it is woken, when a piece of
// work ends, or after a while. The store is the truth; waking only saves time.
package pump

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// Pump takes pieces of work of type T and does them.
type Pump[T any] struct {
	Name string // for logs
	// Take leases up to max pieces of work.
	Take func(ctx context.Context, max int) ([]T, error)
	// Do does one piece and records the outcome. Its context outlives the one
	// of Run: work that has begun is finished.
	Do      func(ctx context.Context, item T)
	Wake    <-chan struct{} // nil: never woken
	Poll    time.Duration   // how often to look anyway; 0: one second
	Workers int             // most pieces at once; 0: 16
	Log     *slog.Logger
}

// Run works until ctx ends, then waits for the work that has begun.
func (p *Pump[T]) Run(ctx context.Context) {
	workers := p.Workers
	if workers <= 0 {
		workers = 16
	}
	poll := p.Poll
	if poll <= 0 {
		poll = time.Second
	}
	var wg sync.WaitGroup
	defer wg.Wait()
	free := make(chan struct{}, workers)
	for range workers {
		free <- struct{}{}
	}
	done := make(chan struct{}, 1)
	timer := time.NewTimer(poll)
	defer timer.Stop()
	for ctx.Err() == nil {
		n := drain(free, workers)
		taken := p.take(ctx, n)
		for _, item := range taken {
			wg.Go(func() {
				defer func() {
					free <- struct{}{}
					select {
					case done <- struct{}{}:
					default:
					}
				}()
				p.Do(context.WithoutCancel(ctx), item)
			})
		}
		for range n - len(taken) {
			free <- struct{}{}
		}
		timer.Reset(poll)
		select {
		case <-ctx.Done():
		case <-p.Wake:
		case <-done:
		case <-timer.C:
		}
	}
}

func (p *Pump[T]) take(ctx context.Context, n int) []T {
	if n == 0 {
		return nil
	}
	items, err := p.Take(ctx, n)
	if err != nil && ctx.Err() == nil {
		p.Log.Error("taking work", "pump", p.Name, "err", err)
	}
	return items
}

// drain takes up to max tokens from free without waiting.
func drain(free <-chan struct{}, max int) int {
	for n := range max {
		select {
		case <-free:
		default:
			return n
		}
	}
	return max
}
