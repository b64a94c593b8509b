package store

import (
	"context"
	"errors"
	"math"
	"reflect"
	"slices"
	"strconv"
	"time"

	"firstline/bot/chat"
	"firstline/bot/web/weblog"
	"firstline/handoff"
)

var _ weblog.Store = (*Store)(nil)

const webSessionColumns = "s.id, s.identity, s.created_at"

// AddWebSession implements weblog.Store.
func (s *Store) AddWebSession(ctx context.Context, id, keyHash string, now time.Time) error {
	return s.writer.do(ctx, func(t *tx) error {
		if _, err := t.exec("INSERT INTO web_sessions (id, identity, created_at) VALUES ($1, '', $2)", id, now); err != nil {
			return err
		}
		_, err := t.exec("INSERT INTO web_keys (hash, session, created_at) VALUES ($1, $2, $3)", keyHash, id, now)
		return err
	})
}

// WebSessionByKey implements weblog.Store.
func (s *Store) WebSessionByKey(ctx context.Context, keyHash string) (weblog.Session, error) {
	return s.webSession(ctx, "SELECT "+webSessionColumns+
		" FROM web_keys k JOIN web_sessions s ON s.id = k.session WHERE k.hash = $1", keyHash)
}

// WebSessionOf implements weblog.Store.
func (s *Store) WebSessionOf(ctx context.Context, identity string) (weblog.Session, error) {
	return s.webSession(ctx, selectWebIdentity, identity)
}

const selectWebIdentity = "SELECT " + webSessionColumns + " FROM web_sessions s WHERE s.identity <> '' AND s.identity = $1"

func (s *Store) webSession(ctx context.Context, text, arg string) (w weblog.Session, err error) {
	err = s.view(ctx, func(t *tx) error { return t.webSession(&w, text, arg) })
	return w, err
}

func (t *tx) webSession(w *weblog.Session, text, arg string) error {
	return webNotFound(t.one(text, []any{arg}, &w.ID, &w.Identity, timeAt{&w.CreatedAt}))
}

// webNotFound is err in the words of weblog.
func webNotFound(err error) error {
	if errors.Is(err, handoff.ErrNotFound) {
		return weblog.ErrNotFound
	}
	return err
}

// AddWebSessionOf implements weblog.Store.
func (s *Store) AddWebSessionOf(ctx context.Context, identity, id string, now time.Time) (w weblog.Session, err error) {
	if identity == "" {
		return w, errors.New("a web session of nobody")
	}
	err = s.writer.do(ctx, func(t *tx) error {
		_, err := t.exec(`INSERT INTO web_sessions (id, identity, created_at) VALUES ($1, $2, $3)
ON CONFLICT (identity) WHERE identity <> '' DO NOTHING`, id, identity, now)
		if err != nil {
			return err
		}
		return t.webSession(&w, selectWebIdentity, identity)
	})
	return w, err
}

// nextWeb gives out the session's next number. weblog.ErrNotFound without the
// session.
func (t *tx) nextWeb(session string) (n int64, err error) {
	if err := t.writable(); err != nil {
		return 0, err
	}
	err = t.one("UPDATE web_sessions SET last = last + 1 WHERE id = $1 RETURNING last", []any{session}, &n)
	return n, webNotFound(err)
}

const webColumns = "id, position, version, author, body, choices, used, files, made_at, edited, deleted"

// AppendWeb implements weblog.Store.
func (s *Store) AppendWeb(ctx context.Context, session, key string, out *chat.Outbound, now time.Time) (id chat.MessageID, err error) {
	err = s.writer.do(ctx, func(t *tx) error {
		if key != "" {
			err := t.one("SELECT id FROM web_messages WHERE session = $1 AND key <> '' AND key = $2", []any{session, key}, &id)
			if !errors.Is(err, handoff.ErrNotFound) {
				return err
			}
		}
		n, err := t.nextWeb(session)
		if err != nil {
			return err
		}
		id = chat.MessageID("t" + strconv.FormatInt(n, 10))
		return t.insertWeb(session, key, &weblog.Message{
			ID: id, Position: n, Version: n, Author: weblog.Team, Body: out.Body, Choices: out.Choices, At: now,
		})
	})
	if err != nil {
		return "", err
	}
	return id, nil
}

func (t *tx) insertWeb(session, key string, m *weblog.Message) error {
	body, err := jsonOf(m.Body)
	if err != nil {
		return err
	}
	choices, err := jsonOf(m.Choices)
	if err != nil {
		return err
	}
	files, err := jsonOf(m.Files)
	if err != nil {
		return err
	}
	_, err = t.exec("INSERT INTO web_messages (session, key, "+webColumns+") VALUES ("+params(13)+")",
		session, key, m.ID, m.Position, m.Version, m.Author, body, choices, m.Used, files, m.At, m.Edited, m.Deleted)
	return err
}

// EditWeb implements weblog.Store.
func (s *Store) EditWeb(ctx context.Context, session string, id chat.MessageID, out *chat.Outbound) error {
	return s.writer.do(ctx, func(t *tx) error {
		old, err := t.webMessage(session, id)
		if err != nil {
			return err
		}
		if old.Deleted || reflect.DeepEqual(old.Body, out.Body) && sameChoices(old.Choices, out.Choices) {
			return nil
		}
		body, err := jsonOf(out.Body)
		if err != nil {
			return err
		}
		choices, err := jsonOf(out.Choices)
		if err != nil {
			return err
		}
		n, err := t.nextWeb(session)
		if err != nil {
			return err
		}
		_, err = t.exec("UPDATE web_messages SET version = $3, body = $4, choices = $5, edited = 1 WHERE session = $1 AND id = $2",
			session, id, n, body, choices)
		return err
	})
}

func sameChoices(a, b []chat.Choice) bool {
	return len(a) == 0 && len(b) == 0 || reflect.DeepEqual(a, b)
}

// DeleteWeb implements weblog.Store.
func (s *Store) DeleteWeb(ctx context.Context, session string, id chat.MessageID) error {
	return s.writer.do(ctx, func(t *tx) error {
		old, err := t.webMessage(session, id)
		if errors.Is(err, weblog.ErrNotFound) || err == nil && old.Deleted {
			return nil
		}
		if err != nil {
			return err
		}
		n, err := t.nextWeb(session)
		if err != nil {
			return err
		}
		_, err = t.exec(`UPDATE web_messages SET version = $3, body = '', choices = '', files = '', deleted = 1
WHERE session = $1 AND id = $2`, session, id, n)
		return err
	})
}

// WebMessages implements weblog.Store.
func (s *Store) WebMessages(ctx context.Context, session string, after int64, limit int) (all []weblog.Message, err error) {
	err = s.view(ctx, func(t *tx) (err error) {
		all, err = list(t, selectWebChanges, []any{session, after, max(limit, 0)}, readWebMessage)
		return err
	})
	return all, err
}

const selectWebChanges = "SELECT " + webColumns + " FROM web_messages WHERE session = $1 AND version > $2 ORDER BY version LIMIT $3"

// WebPage implements weblog.Store.
func (s *Store) WebPage(ctx context.Context, session string, before int64, limit int) (all []weblog.Message, err error) {
	if before == 0 {
		before = math.MaxInt64
	}
	err = s.view(ctx, func(t *tx) (err error) {
		all, err = list(t, selectWebPage, []any{session, before, max(limit, 0)}, readWebMessage)
		return err
	})
	slices.Reverse(all)
	return all, err
}

const selectWebPage = "SELECT " + webColumns + " FROM web_messages WHERE session = $1 AND position < $2 ORDER BY position DESC LIMIT $3"

// WebMessage implements weblog.Store.
func (s *Store) WebMessage(ctx context.Context, session string, id chat.MessageID) (m weblog.Message, err error) {
	err = s.view(ctx, func(t *tx) (err error) {
		m, err = t.webMessage(session, id)
		return err
	})
	return m, err
}

func (t *tx) webMessage(session string, id chat.MessageID) (weblog.Message, error) {
	found, err := list(t, "SELECT "+webColumns+" FROM web_messages WHERE session = $1 AND id = $2", []any{session, id}, readWebMessage)
	if err != nil {
		return weblog.Message{}, err
	}
	if len(found) == 0 {
		return weblog.Message{}, weblog.ErrNotFound
	}
	return found[0], nil
}

func readWebMessage(scan scan) (m weblog.Message, err error) {
	err = scan(&m.ID, &m.Position, &m.Version, &m.Author, jsonAt{&m.Body}, jsonAt{&m.Choices}, &m.Used,
		jsonAt{&m.Files}, timeAt{&m.At}, &m.Edited, &m.Deleted)
	return m, err
}
