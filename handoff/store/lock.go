package store

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"sync"

	sqlite3 "modernc.org/sqlite/lib"
)

// ErrLocked means that another process holds a lock that allows only one.
var ErrLocked = errors.New("locked by another process")

// LockServe makes sure that only one server works on the database file path:
// two would each poll the same bot. The command line tools need no lock.
// ErrLocked when there is one already. The lock ends with unlock, and with the
// process however that dies.
func LockServe(path string) (unlock func() error, err error) {
	path, err = filePath(path)
	if err != nil {
		return nil, err
	}
	// Two names of one file are one database.
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	unlock, err = LockFile(path + ".lock")
	if errors.Is(err, ErrLocked) {
		return nil, fmt.Errorf("another Firstline already serves %q: stop it first, or give another database (%w)", path, err)
	}
	return unlock, err
}

// LockFile takes the lock that path stands for, a file made for nothing else,
// or returns ErrLocked. The file stays, empty, when the lock has ended: to
// delete it would let two hold it.
//
// It is an empty SQLite database in an exclusive transaction: SQLite brings
// locks for every system it runs on, also between two holders in one process,
// and the system drops them when the process dies.
func LockFile(path string) (unlock func() error, err error) {
	if err := createFile(path); err != nil {
		return nil, err
	}
	// A little patience, since two who try at the same moment can be in each
	// other's way before one of them gets it.
	db, err := connect(path, url.Values{"_pragma": {"busy_timeout(250)"}})
	if err != nil {
		return nil, err
	}
	conn, err := db.Conn(context.Background())
	if err == nil {
		_, err = conn.ExecContext(context.Background(), "BEGIN EXCLUSIVE")
	}
	if err != nil {
		closed := db.Close()
		if code(err) == sqlite3.SQLITE_BUSY {
			return nil, fmt.Errorf("%w (%s)", ErrLocked, path)
		}
		return nil, errors.Join(fmt.Errorf("lock %q: %w", path, err), closed)
	}
	return sync.OnceValue(func() error {
		_, err := conn.ExecContext(context.Background(), "ROLLBACK")
		return errors.Join(err, conn.Close(), db.Close())
	}), nil
}
