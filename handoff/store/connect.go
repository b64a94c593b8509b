package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

const (
	// busyTimeout is how long SQLite itself waits for a lock that another
	// process holds, in milliseconds.
	busyTimeout = "busy_timeout(10000)"
	// openPatience is how long Open goes on when the file stays locked.
	openPatience = 30 * time.Second
	// forever leaves the end of waiting to the caller's context.
	forever time.Duration = 1<<63 - 1
	// applicationID marks a file as Firstline's in SQLite's header ("FLn1").
	applicationID = 0x464c6e31
)

var (
	// FULL: with WAL and NORMAL the last commits can be lost with the power.
	// journal_size_limit (bytes) gives the disk back after a burst.
	writerParams = url.Values{
		"_pragma": {busyTimeout, "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "journal_size_limit(67108864)"},
		"_txlock": {"immediate"},
	}
	readerParams = url.Values{"_pragma": {busyTimeout, "query_only(1)"}}
	plainParams  = url.Values{"_pragma": {busyTimeout}}
)

// filePath checks that dsn is a file's path and makes it absolute. A URL may
// hold a password, so errors never repeat one.
func filePath(dsn string) (string, error) {
	scheme, _, isURL := strings.Cut(dsn, "://")
	switch {
	case dsn == "":
		return "", errors.New("no database given: give the path of a file")
	case isURL && (scheme == "postgres" || scheme == "postgresql"):
		return "", fmt.Errorf("%w: PostgreSQL is not supported yet by this build; give the path of a file", ErrUnsupported)
	case isURL || strings.HasPrefix(dsn, "file:"):
		return "", fmt.Errorf("%w: give the plain path of a file, not a URL", ErrUnsupported)
	case strings.HasPrefix(dsn, ":memory:"):
		return "", fmt.Errorf("%w: a database in memory would lose everything; give the path of a file", ErrUnsupported)
	case strings.ContainsRune(dsn, 0):
		return "", errors.New("the path of the database holds a NUL")
	}
	path, err := filepath.Abs(dsn)
	if err != nil {
		return "", fmt.Errorf("path of the database: %w", err)
	}
	return path, nil
}

// creating is held while a new file is made: closing any descriptor of a file
// drops all POSIX locks that this process has on it, so the file must be
// closed here before SQLite may open it. For the same reason an existing file
// is never opened but by SQLite.
var creating sync.Mutex

// createFile makes an empty file at path that only the user may read, with its
// folders, unless something is there.
func createFile(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("folder of the database: %w", err)
	}
	creating.Lock()
	defer creating.Unlock()
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	switch {
	case errors.Is(err, fs.ErrExist):
		info, err := os.Stat(path)
		if err != nil {
			return fmt.Errorf("database: %w", err)
		}
		if !info.Mode().IsRegular() {
			return fmt.Errorf("database %q: is not a regular file", path)
		}
		// SQLite takes what is shorter than its smallest page for an empty
		// database and would write over it.
		if n := info.Size(); n > 0 && n < 512 {
			return fmt.Errorf("database %q: %w", path, ErrNotDatabase)
		}
		return nil
	case err != nil:
		return fmt.Errorf("create the database: %w", err)
	}
	return f.Close()
}

// connect returns a pool of connections to the file; nothing is opened yet.
func connect(path string, params url.Values) (*sql.DB, error) {
	slashed := filepath.ToSlash(path)
	if !strings.HasPrefix(slashed, "/") { // a drive letter
		slashed = "/" + slashed
	}
	u := url.URL{Scheme: "file", Path: slashed, RawQuery: params.Encode()}
	return sql.Open("sqlite", u.String())
}

// identify marks an empty file as Firstline's and refuses another program's
// before anything in it is changed.
func identify(ctx context.Context, path string) (err error) {
	db, err := connect(path, plainParams)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	id, err := number(ctx, conn, "PRAGMA application_id")
	if err != nil || id == applicationID {
		return err
	}
	if _, err := conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	if err := mark(ctx, conn); err != nil {
		_, rollback := conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
		return errors.Join(err, rollback)
	}
	_, err = conn.ExecContext(ctx, "COMMIT")
	return err
}

func mark(ctx context.Context, conn *sql.Conn) error {
	id, err := number(ctx, conn, "PRAGMA application_id")
	if err != nil || id == applicationID { // another process was first
		return err
	}
	tables, err := number(ctx, conn, "SELECT COUNT(*) FROM sqlite_schema")
	if err != nil {
		return err
	}
	if id != 0 || tables != 0 {
		return fmt.Errorf("%w: it belongs to another program", ErrNotDatabase)
	}
	_, err = conn.ExecContext(ctx, fmt.Sprintf("PRAGMA application_id = %d", applicationID))
	return err
}

func number(ctx context.Context, conn *sql.Conn, text string) (n int64, err error) {
	err = conn.QueryRowContext(ctx, text).Scan(&n)
	return n, err
}

// code returns SQLite's primary result code of err, 0 when it has none.
func code(err error) int {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code() & 0xff
	}
	return 0
}

// isBusy reports that a lock of another connection was in the way: the same
// can succeed later. SQLITE_PROTOCOL is a lost race for WAL's own locks.
func isBusy(err error) bool {
	c := code(err)
	return c == sqlite3.SQLITE_BUSY || c == sqlite3.SQLITE_PROTOCOL
}

// retryBusy repeats f, which must be safe to repeat, while a lock is in its
// way, until ctx ends or patience is over.
func retryBusy(ctx context.Context, patience time.Duration, f func() error) error {
	start := time.Now()
	for {
		err := f()
		if !isBusy(err) || time.Since(start) > patience {
			return err
		}
		select {
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		case <-time.After(5*time.Millisecond + rand.N(20*time.Millisecond)):
		}
	}
}

// explain says which file an error of opening is about and what it means.
func explain(path string, err error) error {
	switch code(err) {
	case sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT:
		return fmt.Errorf("database %q: %w; restore a backup or give another path (%w)", path, ErrNotDatabase, err)
	case sqlite3.SQLITE_BUSY:
		return fmt.Errorf("database %q: another program keeps it locked: %w", path, err)
	}
	return fmt.Errorf("database %q: %w", path, err)
}
