package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync/atomic"

	"firstline/handoff"
)

var (
	errOver     = errors.New("the transaction is over")
	errReadOnly = errors.New("a View can't change anything")
)

var _ handoff.Tx = (*tx)(nil)

// tx is one transaction. After the database has refused a statement it refuses
// everything and can't be committed, like PostgreSQL's: SQLite may have
// given up the transaction, and a statement after that would stand alone.
type tx struct {
	ctx     context.Context // of the whole transaction: handoff.Tx's methods take none
	db      querier
	store   *Store
	writes  bool
	touched topics
	failed  error       // the database's first error
	over    atomic.Bool // the closure has returned
}

// querier runs SQL within a transaction.
type querier interface {
	query(ctx context.Context, text string, args []any) (*sql.Rows, error)
	change(ctx context.Context, text string, args []any) (int64, error)
}

// reader is the querier of a View.
type reader struct{ *sql.Tx }

func (r reader) query(ctx context.Context, text string, args []any) (*sql.Rows, error) {
	return r.QueryContext(ctx, text, args...)
}

func (r reader) change(context.Context, string, []any) (int64, error) { return 0, errReadOnly }

// usable returns why no statement may run.
func (t *tx) usable() error {
	if t.over.Load() {
		return errOver
	}
	return t.failed
}

// writable returns why no statement that changes something may run.
func (t *tx) writable() error {
	if err := t.usable(); err != nil || t.writes {
		return err
	}
	return t.fail(errReadOnly)
}

// fail makes err the end of the transaction and returns it.
func (t *tx) fail(err error) error {
	if err == nil {
		return nil
	}
	if t.ctx.Err() != nil {
		err = t.ctx.Err()
	}
	if t.failed == nil {
		t.failed = err
	}
	return err
}

// exec runs a changing statement and returns how many rows it changed.
func (t *tx) exec(text string, args ...any) (int64, error) {
	if err := t.writable(); err != nil {
		return 0, err
	}
	n, err := t.db.change(t.ctx, text, bind(args))
	if err != nil {
		return 0, t.fail(fmt.Errorf("database: %w", err))
	}
	return n, nil
}

// scan reads the columns of a row.
type scan func(dest ...any) error

// each runs a statement and calls f for every row. All rows are read or given
// up before it returns: the one connection can't do two things. f must not use
// t.
func (t *tx) each(text string, args []any, f func(scan) error) error {
	if err := t.usable(); err != nil {
		return err
	}
	rows, err := t.db.query(t.ctx, text, bind(args))
	if err != nil {
		return t.fail(fmt.Errorf("database: %w", err))
	}
	defer func() { _ = rows.Close() }() // Err below tells what went wrong
	for rows.Next() {
		if err := f(rows.Scan); err != nil {
			return t.fail(fmt.Errorf("read a row: %w", err))
		}
	}
	if err := rows.Err(); err != nil {
		return t.fail(fmt.Errorf("database: %w", err))
	}
	return nil
}

// one runs a statement that gives at most one row, into dest; without a row it
// returns handoff.ErrNotFound, which does not end the transaction.
func (t *tx) one(text string, args []any, dest ...any) error {
	found := false
	err := t.each(text, args, func(scan scan) error {
		found = true
		return scan(dest...)
	})
	if err == nil && !found {
		return handoff.ErrNotFound
	}
	return err
}

// exists reports whether a query gives a row.
func (t *tx) exists(text string, args ...any) (bool, error) {
	found := false
	err := t.each(text, args, func(scan) error {
		found = true
		return nil
	})
	return found, err
}

// list runs a query and returns what read makes of each row.
func list[T any](t *tx, text string, args []any, read func(scan) (T, error)) ([]T, error) {
	var all []T
	err := t.each(text, args, func(scan scan) error {
		v, err := read(scan)
		all = append(all, v)
		return err
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// first returns the first of what a query gave; handoff.ErrNotFound when that is
// nothing. It takes what list returns.
func first[T any](all []T, err error) (v T, _ error) {
	if err == nil && len(all) == 0 {
		err = handoff.ErrNotFound
	}
	if err != nil {
		return v, err
	}
	return all[0], nil
}

// touch notes what the transaction changes, for Listen.
func (t *tx) touch(topics ...Topic) {
	for _, topic := range topics {
		t.touched |= topic.set()
	}
}

// newID returns id, or a new one when it is empty.
func (t *tx) newID(id string) (string, error) {
	if id != "" {
		return id, nil
	}
	if err := t.writable(); err != nil {
		return "", err
	}
	id, err := t.store.writer.ids.next()
	return id, t.fail(err)
}
