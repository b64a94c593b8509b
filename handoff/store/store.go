// Package store keeps everything Firstline must not lose in one SQLite file:
// received messages, deliveries, threads, tickets and staff. One type, Store,
// is the inbox.Store, outbox.Store and handoff.Store of the program.
//
// It owns SQL, transactions, durability and the order of work; it knows no
// rule of the desk and no network. The SQL texts are kept to what PostgreSQL
// understands too; what is SQLite's own stands in connect.go, writer.go and
// lock.go.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"firstline/bot/inbox"
	"firstline/bot/outbox"
	"firstline/handoff"
)

// Errors of opening and of use after closing; compare with errors.Is.
var (
	ErrClosed      = errors.New("the database is closed")
	ErrUnsupported = errors.New("this kind of database is not supported")
	ErrNotDatabase = errors.New("not a Firstline database, or damaged")
	ErrNewer       = errors.New("the database was made by a newer version of Firstline")
)

var (
	_ inbox.Store   = (*Store)(nil)
	_ outbox.Store  = (*Store)(nil)
	_ handoff.Store = (*Store)(nil)
)

// Options are optional settings of Open.
type Options struct {
	Log *slog.Logger     // nil: nothing is logged
	Now func() time.Time // nil: time.Now; used only where no caller gives a time
}

// Store is a database. It is safe for use by several goroutines, and several
// processes may have the same file open.
type Store struct {
	path    string
	log     *slog.Logger
	now     func() time.Time
	write   *sql.DB // one connection, held by writer
	read    *sql.DB
	writer  *writer
	bells   bells
	closing sync.Once
	closed  error
}

// Open opens the database file dsn, made with its folders if need be, and
// brings its tables up to date. ctx bounds the opening only.
func Open(ctx context.Context, dsn string, opts Options) (*Store, error) {
	path, err := filePath(dsn)
	if err != nil {
		return nil, err
	}
	s := &Store{path: path, log: opts.Log, now: opts.Now}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.now == nil {
		s.now = time.Now
	}
	if err := createFile(path); err != nil {
		return nil, err
	}
	if err := retryBusy(ctx, openPatience, func() error { return s.open(ctx) }); err != nil {
		return nil, explain(path, err)
	}
	go s.writer.run()
	return s, nil
}

// open connects and migrates; a failure leaves nothing open.
func (s *Store) open(ctx context.Context) (err error) {
	if err := identify(ctx, s.path); err != nil {
		return err
	}
	if s.write, err = connect(s.path, writerParams); err != nil {
		return err
	}
	s.write.SetMaxOpenConns(1)
	if s.read, err = connect(s.path, readerParams); err != nil {
		return errors.Join(err, s.write.Close())
	}
	s.read.SetMaxOpenConns(max(4, runtime.NumCPU()))
	s.read.SetMaxIdleConns(max(4, runtime.NumCPU()))
	s.writer = newWriter(s)
	err = migrate(ctx, s.write)
	if err == nil {
		err = s.writer.connect(ctx)
	}
	if err == nil {
		err = s.View(ctx, func(handoff.Tx) error { return nil })
	}
	if err != nil {
		s.writer.session.close()
		return errors.Join(err, s.read.Close(), s.write.Close())
	}
	return nil
}

// Close ends what runs, refuses what comes after with ErrClosed, and closes
// the file. Calls after the first return the same.
func (s *Store) Close() error {
	s.closing.Do(func() {
		s.writer.stop()
		s.closed = errors.Join(s.read.Close(), s.write.Close())
	})
	return s.closed
}

// View implements handoff.Store. A write in f is an error. A panic in f
// becomes an error, as in Update.
func (s *Store) View(ctx context.Context, f func(handoff.Tx) error) error {
	return s.view(ctx, func(t *tx) error { return f(t) })
}

func (s *Store) view(ctx context.Context, f func(*tx) error) error {
	var snapshot *sql.Tx
	err := retryBusy(ctx, forever, func() (err error) {
		if snapshot, err = s.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true}); err != nil {
			return err
		}
		// The first read fixes what is seen: do it here, where waiting for a
		// lock can be repeated.
		var n int64
		if err = snapshot.QueryRowContext(ctx, "SELECT COUNT(*) FROM counters").Scan(&n); err != nil {
			return errors.Join(err, snapshot.Rollback())
		}
		return nil
	})
	if err != nil {
		return s.readError(ctx, err)
	}
	t := &tx{ctx: ctx, db: reader{snapshot}, store: s}
	defer func() {
		t.over.Store(true)
		_ = snapshot.Rollback() // nothing was written; ctx's end has rolled it back already
	}()
	if err := s.call(t, f); err != nil {
		return err
	}
	return t.failed
}

func (s *Store) readError(ctx context.Context, err error) error {
	select {
	case <-s.writer.quit:
		return ErrClosed
	default:
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return fmt.Errorf("begin to read: %w", err)
}

// Update implements handoff.Store. See writer for how several at once share
// one commit. A panic in f becomes an error: the bug is logged with its stack
// and costs this one transaction, not the process with all its conversations.
func (s *Store) Update(ctx context.Context, f func(handoff.Tx) error) error {
	return s.writer.do(ctx, func(t *tx) error { return f(t) })
}

// call runs f and turns a panic into an error. The panic's value is kept only
// when it is the runtime's own, since others can hold a person's text.
func (s *Store) call(t *tx, f func(*tx) error) (err error) {
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		if re, ok := p.(runtime.Error); ok {
			err = fmt.Errorf("panic in a transaction: %w", re)
		} else {
			err = fmt.Errorf("panic in a transaction: a %T", p)
		}
		s.log.Error("panic in a transaction", "error", err, "stack", string(debug.Stack()))
	}()
	return f(t)
}
