package backoff

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

func TestDoublesWithinBounds(t *testing.T) {
	t.Parallel()
	b := Backoff{Min: time.Second, Max: 5 * time.Second}
	for i, full := range []time.Duration{1, 2, 4, 5, 5} {
		full *= time.Second
		if got := b.Next(0); got < full/2 || got > full {
			t.Errorf("pause %d is %s, want between %s and %s", i, got, full/2, full)
		}
		if !b.Failing() {
			t.Error("not failing after a failure")
		}
	}
	if got := b.Next(time.Minute); got != time.Minute {
		t.Errorf("pause %s, want the minute that was asked for", got)
	}
	b.Reset()
	if got := b.Next(0); b.Failing() && got > time.Second {
		t.Errorf("pause %s after Reset", got)
	}
}

func TestSleep(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		if !Sleep(t.Context(), 3*time.Second) || time.Since(began) != 3*time.Second {
			t.Errorf("slept %s", time.Since(began))
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if Sleep(ctx, time.Hour) || time.Since(began) != 3*time.Second {
			t.Error("slept although ctx had ended")
		}
	})
}
