// Package watch tells when files in a folder have changed. It looks at the
// whole folder again and again, as only that works on every file system, in
// containers and over networks; notices of the operating system merely make it
// look sooner.
//
// It knows nothing of what the files are.
package watch

import (
	"context"
	"fmt"
	"time"
)

const (
	quiet     = 100 * time.Millisecond // without a change, then what somebody was writing is whole
	maxSettle = 10 * time.Second       // after which what never gets quiet is taken as it is
)

// Watcher watches one folder.
type Watcher struct {
	dir  string
	last tree // as of the last call of changed
}

// New returns a watcher of a folder that reports what changes from now on: call
// it before reading the folder, so that no change falls in between. The folder
// need not be there yet.
func New(dir string) *Watcher {
	last, err := scan(dir, nil)
	if err != nil {
		last = tree{} // when it comes, that is a change
	}
	return &Watcher{dir, last}
}

// Run calls changed each time that what is in the folder has changed and a
// moment has passed without a further change. It looks every interval, and
// sooner where the operating system tells. Nothing is called while the folder is
// missing, nor when it returns as it was; nor when only times, permissions, or
// files whose names begin with a dot or end with ~ change.
//
// Run calls changed in its own goroutine and looks on when it returns. It ends
// with the context, whose error it returns; no other error stops it, except an
// interval that isn't above zero.
func Run(ctx context.Context, dir string, interval time.Duration, changed func()) error {
	return New(dir).Run(ctx, interval, changed)
}

// Run does what the function Run does, from the time of New on.
func (w *Watcher) Run(ctx context.Context, interval time.Duration, changed func()) error {
	if interval <= 0 {
		return fmt.Errorf("watch %s: interval %v is not above zero", w.dir, interval)
	}
	n := newNotices()
	defer n.close()
	n.follow(w.dir, w.last)
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		w.check(ctx, n, changed)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ticker.C:
		case <-n.wake:
			if err := sleep(ctx, quiet); err != nil { // a change seldom comes alone
				return err
			}
			n.drain()
		}
	}
}

// check calls changed when the folder is no longer as it last was.
func (w *Watcher) check(ctx context.Context, n *notices, changed func()) {
	now, err := scan(w.dir, w.last)
	if err != nil {
		return // the folder is gone for now
	}
	n.follow(w.dir, now)
	if now.same(w.last) {
		w.last = now // with newer times
		return
	}
	for start := time.Now(); time.Since(start) < maxSettle; {
		if sleep(ctx, quiet) != nil {
			return
		}
		next, err := scan(w.dir, now)
		if err != nil {
			return // gone again; what is seen of it later counts
		}
		n.follow(w.dir, next)
		settled := next.same(now)
		now = next
		if settled {
			break
		}
	}
	if now.same(w.last) { // there and back
		w.last = now
		return
	}
	w.last = now
	changed()
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
