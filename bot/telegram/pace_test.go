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
		"one a second":             {Pace{}, []int64{1, 1, 1, 1}, time.Second},
		"chats do not wait for each other": {Pace{}, []int64{1, 1, 1, 2, 2, 2, 3, 3, 3},
			220 * time.Millisecond}, // nine, of which three at once, at 27 a second
		"own rates": {Pace{Chat: 10, Burst: 1}, []int64{1, 1, 1}, 200 * time.Millisecond},
		"no limit":  {Pace{Chat: math.Inf(1), Overall: math.Inf(1)}, make([]int64, 1000), 0},
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
		began := time.Now()
		// It is not soon: each is told a turn of its own.
		for _, want := range []time.Duration{10 * time.Second, 20 * time.Second, 30 * time.Second} {
			se, ok := errors.AsType[*chat.SendError](p.wait(t.Context(), 1))
			if !ok || se.Kind != chat.Temporary || se.RetryAfter != want || time.Since(began) != 0 {
				t.Errorf("got %v after %v, want %v", se, time.Since(began), want)
			}
		}
		time.Sleep(9 * time.Second)
		short, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
		defer cancel()
		if se, ok := errors.AsType[*chat.SendError](p.wait(short, 1)); !ok || se.Kind != chat.Temporary || time.Since(began) != 9*time.Second {
			t.Errorf("got %v after %v", se, time.Since(began))
		}
		// Stopped while waiting.
		stopped, stop := context.WithCancel(t.Context())
		time.AfterFunc(500*time.Millisecond, stop)
		if se, ok := errors.AsType[*chat.SendError](p.wait(stopped, 1)); !ok || se.Kind != chat.Temporary {
			t.Errorf("got %v", se)
		}
		// None of them has used up a place.
		if err := p.wait(t.Context(), 1); err != nil || time.Since(began).Round(time.Millisecond) != 10*time.Second {
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
		p.block(6000, 2*time.Minute) // and so does this one
		time.Sleep(90 * time.Second)
		if err := p.wait(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
		if n := len(p.chats); n != 3 {
			t.Errorf("%d chats are remembered, want 3", n)
		}
		for _, id := range []int64{5000, 6000} {
			if r, delay := p.reserve(id, time.Hour); r == nil || delay <= 0 {
				t.Errorf("chat %d, which has to wait, was forgotten", id)
			}
		}
	})
}

// TestPaceOfGroups sends as fast as it may to a group: Telegram's limit is 20
// in any minute.
func TestPaceOfGroups(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPacer(Pace{})
		var sent []time.Time
		for began := time.Now(); time.Since(began) < 10*time.Minute; {
			err := p.wait(t.Context(), -1)
			if err == nil {
				sent = append(sent, time.Now())
				continue
			}
			time.Sleep(chat.AsSendError(err).RetryAfter)
		}
		for i, at := range sent {
			n := 0
			for _, other := range sent[i:] {
				if other.Sub(at) < time.Minute {
					n++
				}
			}
			if n > 20 {
				t.Fatalf("%d messages in a minute", n)
			}
		}
		if len(sent) < 170 {
			t.Errorf("%d messages in ten minutes: too careful", len(sent))
		}
	})
}

// TestBlockedChat lets Telegram refuse one chat: the others go on.
func TestBlockedChat(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPacer(Pace{})
		p.block(1, 20*time.Second)
		p.block(1, 10*time.Second) // the longer one counts
		began := time.Now()
		if se := chat.AsSendError(p.wait(t.Context(), 1)); se == nil || se.RetryAfter != 20*time.Second {
			t.Errorf("got %v", se)
		}
		if p.spareFor(1) || !p.isBlocked(1) || p.isBlocked(2) {
			t.Error("the chat is not blocked, or another one is")
		}
		if err := p.wait(t.Context(), 2); err != nil || time.Since(began) != 0 {
			t.Errorf("another chat: %v after %v", err, time.Since(began))
		}
		time.Sleep(20 * time.Second)
		if err := p.wait(t.Context(), 1); err != nil || p.isBlocked(1) {
			t.Errorf("later: %v", err)
		}
	})
}

// TestSpare takes places that a message may need.
func TestSpare(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPacer(Pace{})
		n := 0
		for p.spareFor(1) {
			n++
		}
		if n != 2 {
			t.Errorf("%d of a burst of 3 were taken, want 2", n)
		}
		began := time.Now()
		if err := p.wait(t.Context(), 1); err != nil || time.Since(began) > 0 {
			t.Errorf("the message waited: %v", err)
		}
	})
}
