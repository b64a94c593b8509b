package web

import (
	"strconv"
	"testing"
	"time"
)

// TestManyBuckets: however many names there are, memory is bounded, those that
// are known keep their own bucket, and unused ones make room.
func TestManyBuckets(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	b := newBuckets(Limit{PerSecond: 1, Burst: 2}, func() time.Time { return now })
	take := func(name string, want bool) {
		t.Helper()
		if err := b.take(name); (err == nil) != want {
			t.Fatalf("%s: %v, want passing: %t", name, err, want)
		}
	}
	for n := range maxBuckets {
		take(strconv.Itoa(n), true)
	}
	take("new 1", true)
	take("new 2", true)
	take("new 3", false) // they share one
	take("7", true)
	take("7", false)
	if len(b.of) != maxBuckets {
		t.Errorf("%d buckets", len(b.of))
	}
	now = now.Add(time.Minute)
	take("new 3", true)
	take("7", true)
	if len(b.of) > 2 {
		t.Errorf("%d buckets after a minute", len(b.of))
	}
}
