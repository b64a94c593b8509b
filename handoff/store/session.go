package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
)

// session is the writing connection with its prepared statements. The zero
// pointer is a session that is not open.
type session struct {
	conn  *sql.Conn
	stmts map[string]*sql.Stmt
}

// connect opens the session when there is none, and learns where ids and
// data_version stand.
func (w *writer) connect(ctx context.Context) error {
	if w.session != nil && w.session.conn != nil {
		return nil
	}
	conn, err := w.store.write.Conn(ctx)
	if err != nil {
		return err
	}
	w.session = &session{conn: conn, stmts: map[string]*sql.Stmt{}}
	if w.version, err = w.dataVersion(); err == nil {
		err = w.seedIDs()
	}
	if err != nil {
		w.session.discard()
	}
	return err
}

// stmt returns the prepared statement of text. There are few texts: all are
// kept.
func (s *session) stmt(text string) (*sql.Stmt, error) {
	if st, ok := s.stmts[text]; ok {
		return st, nil
	}
	st, err := s.conn.PrepareContext(context.Background(), text)
	if err == nil {
		s.stmts[text] = st
	}
	return st, err
}

func (s *session) query(ctx context.Context, text string, args []any) (*sql.Rows, error) {
	st, err := s.stmt(text)
	if err != nil {
		return nil, err
	}
	return st.QueryContext(ctx, args...)
}

func (s *session) change(ctx context.Context, text string, args []any) (int64, error) {
	st, err := s.stmt(text)
	if err != nil {
		return 0, err
	}
	res, err := st.ExecContext(ctx, args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// exec runs a statement of transaction control. These take no context: one
// that is half done would leave the connection in an unknown state.
func (s *session) exec(text string) error {
	_, err := s.change(context.Background(), text, nil)
	return err
}

// discard closes the connection itself, which rolls back what is open.
func (s *session) discard() {
	if s == nil || s.conn == nil {
		return
	}
	for _, st := range s.stmts {
		_ = st.Close() // the connection goes with it
	}
	_ = s.conn.Raw(func(any) error { return driver.ErrBadConn }) // database/sql's way to have it closed
	s.conn, s.stmts = nil, nil
}

// close gives the connection back in good order.
func (s *session) close() {
	if s == nil || s.conn == nil {
		return
	}
	for _, st := range s.stmts {
		_ = st.Close()
	}
	_ = s.conn.Close()
	s.conn, s.stmts = nil, nil
}

// dataVersion changes whenever another connection has committed, and never by
// this one's commits; so it tells other processes from ourselves (the readers
// of this process don't commit).
func (w *writer) dataVersion() (int64, error) {
	rows, err := w.session.query(context.Background(), "PRAGMA data_version", nil)
	if err != nil {
		return 0, err
	}
	return scanNumber(rows)
}

func scanNumber(rows *sql.Rows) (n int64, err error) {
	defer func() { _ = rows.Close() }() // Err has told what matters
	for rows.Next() {
		if err := rows.Scan(&n); err != nil {
			return 0, err
		}
	}
	return n, rows.Err()
}

// foreign returns all topics when another process has committed since it was
// last asked, else none. The newest ids may then be that process's.
func (w *writer) foreign() topics {
	v, err := w.dataVersion()
	if err != nil || v == w.version {
		return 0
	}
	if err := w.seedIDs(); err != nil {
		return 0 // version stays: the next look finds the same
	}
	w.version = v
	return allTopics
}

// poll rings when another process has committed.
func (w *writer) poll() {
	if err := w.connect(context.Background()); err != nil {
		w.store.log.Warn("database: no connection", "error", fmt.Errorf("connect: %w", err))
		return
	}
	w.store.bells.ring(w.foreign())
}
