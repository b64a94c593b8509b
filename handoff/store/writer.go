package store

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"
)

const (
	// maxBatch bounds how many transactions share one commit, and so how long
	// the first of them waits for the last.
	maxBatch = 128
	// pollEvery is how often an idle writer looks whether another process has
	// committed.
	pollEvery = 300 * time.Millisecond
)

// writer makes all changes, by group commit. Making a commit durable costs a
// flush of the disk, some milliseconds during which a thousand statements
// could run; so transactions that wait at the same time share one.
//
// One goroutine (run) owns the only connection that writes. It takes whoever
// waits, begins one SQLite transaction, and gives each in turn a savepoint in
// which its closure runs. When nobody waits any more, or maxBatch have run,
// it commits and only then tells all of them how theirs ended. It never waits
// for more to come, so a lone transaction is as fast as without the group.
//
//   - Each closure sees what the ones before it in the batch did, as if they had
//     committed: the order of running is the order of committing.
//   - An error or a panic rolls back the closure's own savepoint. A commit that
//     fails fails the whole batch, also those whose closure had failed: what
//     they decided on may never have happened.
//   - A closure runs in the goroutine of its caller, while run waits for it. So
//     runtime.Goexit (a failed test) ends the right goroutine, and stacks tell
//     who it was.
//   - A caller whose context ends before its turn is gone: claim decides between
//     the two. After that it waits for the outcome, since the change may be
//     kept.
//   - Another process may hold SQLite's lock: begin goes on for as long as its
//     first caller waits.
type writer struct {
	store   *Store
	jobs    chan *job // unbuffered: who is not taken yet can still go away
	quit    chan struct{}
	done    chan struct{}
	session *session
	ids     ids
	version int64 // PRAGMA data_version as last seen
}

// job is one transaction that waits for its turn or its outcome.
type job struct {
	claimed atomic.Bool // by run, to start it, or by its caller, to go away
	turn    chan *tx    // its savepoint is open: run the closure
	ran     chan error  // the closure's end
	end     chan error  // the outcome, after the commit
	err     error       // the closure's error; run's own
}

func newWriter(s *Store) *writer {
	return &writer{store: s, jobs: make(chan *job), quit: make(chan struct{}), done: make(chan struct{})}
}

// errExited stands for a closure that ended its goroutine.
var errExited = errors.New("the transaction's goroutine exited")

// do runs f in a transaction of its own and returns when it is durable or
// undone.
func (w *writer) do(ctx context.Context, f func(*tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	j := &job{turn: make(chan *tx), ran: make(chan error, 1), end: make(chan error, 1)}
	select {
	case w.jobs <- j:
	case <-ctx.Done():
		return ctx.Err()
	case <-w.quit:
		return ErrClosed
	}
	away := ctx.Done()
	for {
		select {
		case t := <-j.turn:
			w.runHere(j, t, f)
			return <-j.end
		case err := <-j.end: // it could not be begun
			return err
		case <-away:
			if j.claimed.CompareAndSwap(false, true) {
				return ctx.Err()
			}
			away = nil // its turn has just come
		}
	}
}

// runHere runs the closure and reports its end, whatever way it ends.
func (w *writer) runHere(j *job, t *tx, f func(*tx) error) {
	err := errExited
	defer func() {
		t.over.Store(true)
		j.ran <- err
	}()
	err = w.store.call(t, f)
}

// run is the writer's goroutine.
func (w *writer) run() {
	defer close(w.done)
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		select {
		case j := <-w.jobs:
			w.batch(j)
		case <-tick.C:
			w.poll()
		case <-w.quit:
			w.session.close()
			return
		}
	}
}

// stop ends run after the batch that it is in.
func (w *writer) stop() {
	close(w.quit)
	<-w.done
}

// batch runs first, and everybody who waits then, in one SQLite transaction.
func (w *writer) batch(first *job) {
	if err := w.begin(first); err != nil {
		first.end <- err
		return
	}
	others := w.foreign()
	var touched topics
	var members []*job
	var fatal error
	for j := first; j != nil && fatal == nil; {
		if j.claimed.CompareAndSwap(false, true) {
			members = append(members, j)
			var t topics
			t, fatal = w.member(j)
			touched |= t
		}
		if j = nil; fatal == nil {
			j = w.waiting(len(members))
		}
	}
	if fatal == nil {
		if fatal = w.session.exec("COMMIT"); fatal != nil {
			fatal = fmt.Errorf("commit: %w", fatal)
		}
	}
	if fatal != nil {
		// A connection that is closed rolls back, in whatever state it is.
		w.session.discard()
		w.store.log.Error("database transaction failed", "transactions", len(members), "error", fatal)
	}
	if fatal == nil {
		others |= touched
	}
	w.store.bells.ring(others)
	for _, j := range members {
		if fatal != nil {
			j.err = fatal
		}
		j.end <- j.err
	}
}

// waiting returns somebody who waits, nil when nobody does or the batch is
// full.
func (w *writer) waiting(members int) *job {
	if members >= maxBatch {
		return nil
	}
	select {
	case j := <-w.jobs:
		return j
	default:
		return nil
	}
}

// member lets one job run within the open transaction. A fatal error means
// that the state of the transaction is unknown.
func (w *writer) member(j *job) (touched topics, fatal error) {
	if err := w.session.exec("SAVEPOINT member"); err != nil {
		return 0, err
	}
	t := &tx{ctx: context.Background(), db: w.session, store: w.store, writes: true}
	j.turn <- t
	j.err = <-j.ran
	if j.err == nil {
		j.err = t.failed // a closure can't hide that the database refused something
	}
	if j.err == nil {
		touched = t.touched
	} else if err := w.session.exec("ROLLBACK TO member"); err != nil {
		// SQLite gives up the whole transaction on a full disk and the like.
		return 0, errors.Join(j.err, err)
	}
	return touched, w.session.exec("RELEASE member")
}

// begin opens SQLite's transaction. While another process has the lock it goes
// on, unless first has gone away or the store is closing.
func (w *writer) begin(first *job) error {
	for {
		err := w.connect(context.Background())
		if err == nil {
			err = w.session.exec("BEGIN IMMEDIATE")
		}
		switch {
		case err == nil:
			return nil
		case !isBusy(err):
			w.session.discard()
			return fmt.Errorf("begin: %w", err)
		case first.claimed.Load():
			return err // nobody listens
		}
		select {
		case <-w.quit:
			return fmt.Errorf("begin: %w", err)
		default:
			w.store.log.Warn("the database is locked by another process; trying again")
		}
	}
}
