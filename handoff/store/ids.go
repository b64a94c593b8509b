package store

import (
	"context"

	"github.com/google/uuid"
)

// ids gives UUIDv7s in increasing order. Within a process uuid.NewV7 does so
// by itself; ids also keeps above every id that is in the database, so that a
// clock that was set back between two runs, or another process, can't put a
// new message before an older one.
type ids struct{ last uuid.UUID }

// next returns a new id. Only the transaction whose turn it is may call it.
func (g *ids) next() (string, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return "", err
	}
	if id.String() <= g.last.String() {
		id = g.last
		for i := len(id) - 1; i > 8; i-- { // above the bits of version and variant
			if id[i]++; id[i] != 0 {
				break
			}
		}
	}
	g.last = id
	return id.String(), nil
}

// above makes the following ids greater than text, if that is a UUIDv7.
func (g *ids) above(text string) {
	id, err := uuid.Parse(text)
	if err == nil && id.Version() == 7 && id.String() > g.last.String() {
		g.last = id
	}
}

// seedIDs looks up the greatest ids there are: the ends of primary keys.
func (w *writer) seedIDs() error {
	for _, table := range []string{"inbox", "outbox", "entries", "notes", "events", "files"} {
		rows, err := w.session.query(context.Background(), "SELECT COALESCE(MAX(id), '') FROM "+table, nil)
		if err != nil {
			return err
		}
		for rows.Next() {
			var id string
			if err := rows.Scan(&id); err != nil {
				_ = rows.Close() // Scan's error is the one to tell
				return err
			}
			w.ids.above(id)
		}
		if err := rows.Err(); err != nil {
			return err
		}
	}
	return nil
}
