package store

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"firstline/bot/chat"
	"firstline/bot/outbox"
	"firstline/handoff"
)

var _ handoff.FileStore = (*Store)(nil)

const (
	fileColumns = "id, entry, thread, network, conversation, attachment, state, reason, hash, type, size, made_at, attempt"
	readyFiles  = `SELECT ready_at, id FROM files WHERE state IN ('pending', 'forgetting') AND network = $1 AND ready_at <= $2
ORDER BY ready_at, id LIMIT $3`
	selectKept = "SELECT 1 FROM files WHERE hash = $1 AND state = 'kept' LIMIT 1"
)

var insertFile = `INSERT INTO files (id, entry, thread, network, conversation, attachment, state, made_at, ready_at)
VALUES (` + params(8) + `, $8)`

// AddFile implements handoff.Tx. A file begins as pending.
func (t *tx) AddFile(f *handoff.File) error {
	if f.Entry == "" || f.In.Network == "" {
		return errors.New("an attachment lacks its entry or network")
	}
	attachment, err := jsonOf(f.Attachment)
	if err != nil {
		return err
	}
	id, err := t.newID(f.ID)
	if err != nil {
		return err
	}
	_, err = t.exec(insertFile, id, f.Entry, f.Thread, f.In.Network, f.In.ID, attachment, handoff.FilePending, f.At)
	if err != nil {
		return err
	}
	f.ID, f.State = id, handoff.FilePending
	t.touch(Files, Desk)
	return nil
}

func readFile(scan scan) (*handoff.File, error) {
	var f handoff.File
	err := scan(&f.ID, &f.Entry, &f.Thread, &f.In.Network, &f.In.ID, jsonAt{&f.Attachment}, &f.State, &f.Reason,
		&f.Hash, &f.Type, &f.Size, timeAt{&f.At}, &f.Attempt)
	return &f, err
}

// Files implements handoff.Tx.
func (t *tx) Files(thread handoff.ThreadID) ([]*handoff.File, error) {
	return list(t, "SELECT "+fileColumns+" FROM files WHERE thread = $1 ORDER BY id", []any{thread}, readFile)
}

// File implements handoff.Tx.
func (t *tx) File(id string) (*handoff.File, error) {
	return first(list(t, "SELECT "+fileColumns+" FROM files WHERE id = $1", []any{id}, readFile))
}

// ForgetFiles implements handoff.Tx. Counting up attempt makes who is fetching
// one lose it.
func (t *tx) ForgetFiles(entry string) error {
	_, err := t.exec(`UPDATE files SET state = 'forgetting', attachment = '{}', reason = '', type = '', size = 0,
ready_at = 0, attempt = attempt + 1 WHERE entry = $1 AND state <> 'forgotten'`, entry)
	t.touch(Files, Desk)
	return err
}

// TakeFiles implements handoff.FileStore.
func (s *Store) TakeFiles(ctx context.Context, networks []chat.Network, limit int, now time.Time, lease time.Duration) ([]*handoff.File, error) {
	var taken []*handoff.File
	err := s.writer.do(ctx, func(t *tx) error {
		taken = nil
		var ready []head
		for _, network := range slices.Compact(slices.Sorted(slices.Values(networks))) {
			found, err := list(t, readyFiles, []any{network, now, max(limit, 0)}, func(scan scan) (h head, err error) {
				err = scan(&h.at, &h.id)
				return h, err
			})
			if err != nil {
				return err
			}
			ready = append(ready, found...)
		}
		for _, id := range earliest(ready, limit) {
			f, err := list(t, "UPDATE files SET attempt = attempt + 1, ready_at = $2 WHERE id = $1 RETURNING "+fileColumns,
				[]any{id, now.Add(lease)}, readFile)
			if err != nil {
				return err
			}
			taken = append(taken, f...)
		}
		return nil
	})
	slices.SortFunc(taken, func(a, b *handoff.File) int { return cmp.Compare(a.ID, b.ID) })
	if err != nil {
		return nil, err
	}
	return taken, nil
}

// FinishFile implements handoff.Tx.
func (t *tx) FinishFile(f *handoff.File, due time.Time) error {
	if err := t.writable(); err != nil {
		return err
	}
	n, err := t.exec(`UPDATE files SET state = $3, reason = $4, hash = $5, type = $6, size = $7, ready_at = $8
WHERE id = $1 AND attempt = $2 AND state IN ('pending', 'forgetting')`,
		f.ID, f.Attempt, f.State, f.Reason, f.Hash, f.Type, f.Size, due)
	if err == nil && n == 0 {
		return t.fail(outbox.ErrLost)
	}
	t.touch(Files, Desk)
	return err
}

// FileKept implements handoff.Tx.
func (t *tx) FileKept(hash string) (bool, error) {
	return t.exists(selectKept, hash)
}
