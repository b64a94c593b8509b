package telegram

import (
	"context"
	"errors"
	"math"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"firstline/bot/chat"
)

func TestPace(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		pace  Pace
		chats []int64 // one message to each, in order
		want  time.Duration
	}{
		"a burst is not held back": {Pace{}, []int64{1, 1, 1}, 0},
		"one a second":             {Pace{}, []int64{1, 1, 1, 1, 1}, 2 * time.Second},
		"chats do not wait for each other": {Pace{}, []int64{1, 1, 1, 2, 2, 2, 3, 3, 3},
			200 * time.Millisecond}, // nine, of which three at once, at 30 a second
		"groups are slower": {Pace{}, []int64{-1, -1, -1, -1, -1}, 6 * time.Second},
		"own rates":         {Pace{Chat: 10, Burst: 1}, []int64{1, 1, 1}, 200 * time.Millisecond},
		"no limit":          {Pace{Chat: math.Inf(1), Overall: math.Inf(1)}, make([]int64, 1000), 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := newPacer(tt.pace)
				began := time.Now()
				var wg sync.WaitGroup
				for _, id := range tt.chats {
					wg.Go(func() {
						if err := p.wait(t.Context(), id); err != nil {
							t.Error(err)
						}
					})
				}
				wg.Wait()
				if took := time.Since(began).Round(10 * time.Millisecond); took != tt.want {
					t.Errorf("it took %v, want %v", took, tt.want)
				}
			})
		})
	}
}

func TestPaceGivesUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPacer(Pace{Chat: 0.1, Burst: 1})
		if err := p.wait(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
		// Its turn is after the deadline: it says so at once.
		short, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began := time.Now()
		se, ok := errors.AsType[*chat.SendError](p.wait(short, 1))
		if !ok || se.Kind != chat.Temporary || se.RetryAfter != 10*time.Second || time.Since(began) != 0 {
			t.Errorf("got %v after %v", se, time.Since(began))
		}
		// Stopped while waiting.
		stopped, stop := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, stop)
		if se, ok := errors.AsType[*chat.SendError](p.wait(stopped, 1)); !ok || se.Kind != chat.Temporary {
			t.Errorf("got %v", se)
		}
		// Neither has used up a place.
		if err := p.wait(t.Context(), 1); err != nil || time.Since(began) != 10*time.Second {
			t.Errorf("got %v after %v", err, time.Since(began))
		}
	})
}

func TestPaceForgetsIdleChats(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPacer(Pace{Overall: math.Inf(1), Chat: 0.01})
		for id := range int64(1000) {
			if err := p.wait(t.Context(), id); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(90 * time.Second)
		for range 3 { // this chat still counts after the next sweep
			if err := p.wait(t.Context(), 5000); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(90 * time.Second)
		if err := p.wait(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
		if n := len(p.chats); n != 2 {
			t.Errorf("%d chats are remembered, want 2", n)
		}
		if r := p.reserve(5000); r.Delay() <= 0 {
			t.Error("a chat that is at its limit was forgotten")
		}
	})
}
