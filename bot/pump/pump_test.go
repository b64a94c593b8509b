package pump_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"firstline/bot/pump"
)

// source gives out numbers up to a limit, and counts.
type source struct {
	mu            sync.Mutex
	next, limit   int
	failures      int
	running, most int
	done          []int
}

func (s *source) take(_ context.Context, max int) ([]int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failures > 0 {
		s.failures--
		return nil, errors.New("the database is away")
	}
	var taken []int
	for ; s.next < s.limit && len(taken) < max; s.next++ {
		taken = append(taken, s.next)
	}
	return taken, nil
}

func (s *source) do(_ context.Context, n int) {
	s.mu.Lock()
	s.running++
	s.most = max(s.most, s.running)
	s.mu.Unlock()
	time.Sleep(100 * time.Millisecond)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running--
	s.done = append(s.done, n)
}

func (s *source) add(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.limit += n
}

func (s *source) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.done)
}

// run runs a pump on s in virtual time while f runs.
func run(t *testing.T, s *source, f func(wake chan<- struct{})) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		wake := make(chan struct{}, 1)
		p := pump.Pump[int]{
			Name: "test", Take: s.take, Do: s.do, Wake: wake, Poll: 10 * time.Second, Workers: 3,
			Log: slog.New(slog.DiscardHandler),
		}
		ctx, cancel := context.WithCancel(t.Context())
		stopped := make(chan struct{})
		go func() {
			defer close(stopped)
			p.Run(ctx)
		}()
		f(wake)
		cancel()
		<-stopped
		if s.running != 0 {
			t.Errorf("%d pieces of work were left when Run returned", s.running)
		}
	})
}

func TestBoundsConcurrency(t *testing.T) {
	s := &source{limit: 10}
	run(t, s, func(chan<- struct{}) {
		time.Sleep(time.Second)
		if s.count() != 10 || s.most != 3 {
			t.Errorf("%d done, at most %d at once; want 10 and 3", s.count(), s.most)
		}
	})
}

func TestFinishesWhatHasBegun(t *testing.T) {
	s := &source{limit: 100}
	run(t, s, func(chan<- struct{}) { time.Sleep(50 * time.Millisecond) })
	if n := s.count(); n != 3 {
		t.Errorf("%d done after stopping in the middle of the first three", n)
	}
}

func TestLooksAgain(t *testing.T) {
	s := &source{failures: 1, limit: 1}
	run(t, s, func(wake chan<- struct{}) {
		time.Sleep(9 * time.Second)
		if s.count() != 0 {
			t.Error("looked again too early after an error")
		}
		time.Sleep(2 * time.Second)
		if s.count() != 1 {
			t.Error("did not look again after an error")
		}
		s.add(1)
		time.Sleep(11 * time.Second)
		if s.count() != 2 {
			t.Error("did not look without being woken")
		}
		s.add(1)
		wake <- struct{}{}
		time.Sleep(200 * time.Millisecond)
		if s.count() != 3 {
			t.Error("did not look when woken")
		}
	})
}
