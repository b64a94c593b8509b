package store

import (
	"context"
	"errors"
	"slices"
	"time"

	"firstline/bot/chat"
	"firstline/bot/web/weblog"
	"firstline/handoff"
)

// logWeb appends a message that has just entered the inbox to the log of its
// session: in one transaction, so that neither can be without the other. A
// message of an unknown session is in the inbox alone. One that is in the log
// already was forgotten by the inbox (see PurgeInbox).
func (t *tx) logWeb(m *chat.Message, now time.Time) error {
	session := m.Conversation.ID
	if _, err := t.webMessage(session, weblog.OwnID(m.Event)); !errors.Is(err, weblog.ErrNotFound) {
		return err
	}
	own := weblog.Message{ID: weblog.OwnID(m.Event), Author: weblog.Asker, Body: chat.Plain(m.Text), Files: m.Attachments, At: now}
	if m.Choice != "" {
		label, err := t.useChoice(session, m.ID, m.Choice)
		if err != nil || label == "" {
			return err
		}
		own.Body, own.Files = chat.Plain(label), nil
	}
	n, err := t.nextWeb(session)
	if errors.Is(err, weblog.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	own.Position, own.Version = n, n
	if err := t.insertWeb(session, "", &own); err != nil {
		return err
	}
	for _, a := range own.Files {
		_, err := t.exec("UPDATE web_uploads SET message = $3 WHERE id = $1 AND session = $2 AND message = ''", a.Ref, session, own.ID)
		if err != nil {
			return err
		}
	}
	return nil
}

// useChoice marks a message's choice as pressed and returns its label; "" when
// there is no such choice. The first press stays the mark.
func (t *tx) useChoice(session string, id chat.MessageID, data string) (label string, err error) {
	holder, err := t.webMessage(session, id)
	if errors.Is(err, weblog.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	i := slices.IndexFunc(holder.Choices, func(c chat.Choice) bool { return c.Data == data })
	if i < 0 {
		return "", nil
	}
	if holder.Used == "" {
		n, err := t.nextWeb(session)
		if err != nil {
			return "", err
		}
		_, err = t.exec("UPDATE web_messages SET used = $3, version = $4 WHERE session = $1 AND id = $2", session, id, data, n)
		if err != nil {
			return "", err
		}
	}
	return holder.Choices[i].Label, nil
}

const uploadColumns = "id, session, hash, type, size, made_at, message"

// AddWebUpload implements weblog.Store.
func (s *Store) AddWebUpload(ctx context.Context, u weblog.Upload) error {
	return s.writer.do(ctx, func(t *tx) error {
		_, err := t.exec("INSERT INTO web_uploads ("+uploadColumns+") VALUES ("+params(7)+")",
			u.ID, u.Session, u.Hash, u.Type, u.Size, u.At, u.Message)
		return err
	})
}

// WebUpload implements weblog.Store.
func (s *Store) WebUpload(ctx context.Context, session, id string) (u weblog.Upload, err error) {
	err = s.view(ctx, func(t *tx) error {
		return webNotFound(t.one("SELECT "+uploadColumns+" FROM web_uploads WHERE id = $1 AND session = $2", []any{id, session},
			&u.ID, &u.Session, &u.Hash, &u.Type, &u.Size, timeAt{&u.At}, &u.Message))
	})
	return u, err
}

// WebUploaded implements weblog.Store.
func (s *Store) WebUploaded(ctx context.Context, session string) (bytes int64, err error) {
	err = s.view(ctx, func(t *tx) error {
		return t.one("SELECT COALESCE(SUM(size), 0) FROM web_uploads WHERE session = $1", []any{session}, &bytes)
	})
	return bytes, err
}

const selectLooseUploads = "SELECT id, hash FROM web_uploads WHERE message = '' AND made_at < $1 ORDER BY made_at LIMIT $2"

// PurgeWebUploads implements weblog.Store, a step at a time.
func (s *Store) PurgeWebUploads(ctx context.Context, before time.Time) (unused []string, err error) {
	for {
		var step []string
		var n int
		err := s.writer.do(ctx, func(t *tx) (err error) {
			step, n, err = t.purgeWebUploads(before)
			return err
		})
		unused = append(unused, step...)
		if err != nil || n < purgeStep {
			return unused, err
		}
	}
}

func (t *tx) purgeWebUploads(before time.Time) (unused []string, n int, err error) {
	loose, err := list(t, selectLooseUploads, []any{before, purgeStep}, func(scan scan) (u weblog.Upload, err error) {
		err = scan(&u.ID, &u.Hash)
		return u, err
	})
	if err != nil {
		return nil, 0, err
	}
	for _, u := range loose {
		if _, err := t.exec("DELETE FROM web_uploads WHERE id = $1", u.ID); err != nil {
			return nil, 0, err
		}
		var id string
		err := t.one("SELECT id FROM web_uploads WHERE hash = $1 LIMIT 1", []any{u.Hash}, &id)
		if errors.Is(err, handoff.ErrNotFound) {
			unused, err = append(unused, u.Hash), nil
		}
		if err != nil {
			return nil, 0, err
		}
	}
	return unused, len(loose), nil
}
