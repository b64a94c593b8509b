package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"time"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrateTries is how often migrating is tried. goose decides what to apply
// before it has SQLite's lock, so when several processes open a new file at
// once all but one of them fail on what is already there; nothing of a failed
// try is kept, and the next one finds less or nothing to do.
const migrateTries = 10

// migrate applies what db lacks and refuses a database of a newer version.
func migrate(ctx context.Context, db *sql.DB) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	for try := 1; ; try++ {
		err := migrateOnce(ctx, db, files)
		if err == nil || ctx.Err() != nil || try == migrateTries || errors.Is(err, ErrNewer) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(10*time.Millisecond + rand.N(40*time.Millisecond)):
		}
	}
}

func migrateOnce(ctx context.Context, db *sql.DB, files fs.FS) error {
	p, err := goose.NewProvider(goose.DialectSQLite3, db, files,
		goose.WithLogger(goose.NopLogger()), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	have, known, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("version of the tables: %w", err)
	}
	if have > known {
		return fmt.Errorf("%w: its tables have version %d, this build knows %d; use the newer version", ErrNewer, have, known)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}
