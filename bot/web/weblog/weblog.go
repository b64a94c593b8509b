// Package weblog is what the web chat keeps, and the contract of a database that
// keeps it: sessions, the messages as the browser shows them, and uploads. On
// other networks the network remembers what was said; on the web we are the
// network.
//
// It knows no HTTP and no SQL.
package weblog

import (
	"context"
	"errors"
	"strings"
	"time"

	"firstline/bot/chat"
)

// ErrNotFound means that there is no such session, message or upload.
var ErrNotFound = errors.New("not in the web chat's log")

// Session is a conversation on the web. It belongs to a browser, which holds a
// key to it, or to a person whom the embedding site names.
type Session struct {
	ID        string // also chat.ConversationID.ID; no secret
	Identity  string // the site's id of the person; "": anonymous
	CreatedAt time.Time
}

// Author says who speaks.
type Author string

// The authors of messages.
const (
	Asker Author = "asker"
	Team  Author = "team" // the bot or an agent
)

// Message is a message as it reads now. Position is its place in the
// conversation, from 1. Version is the number of the latest change of the
// conversation that touched it; both are given from one counter, so versions
// strictly grow and no two messages share one.
type Message struct {
	ID       chat.MessageID
	Position int64
	Version  int64
	Author   Author
	Body     chat.Rich
	Choices  []chat.Choice
	Used     string // Data of the choice that was pressed; "": none yet
	Files    []chat.Attachment
	At       time.Time
	Edited   bool
	Deleted  bool // Body, Choices and Files are empty
}

// Upload is a file that a browser sent. Hash names its content.
type Upload struct {
	ID      string
	Session string
	Hash    string // SHA-256 in hexadecimal
	Type    string // media type, found from the content
	Size    int64  // bytes
	At      time.Time
	// Message is the message that it came with; "": none so far.
	Message chat.MessageID
}

// Store keeps the web chat's log. It is also an inbox.Store: adding a new
// message on chat.Web to the inbox appends it to the log of its session in the
// same transaction, under the id OwnID(m.Event), ties the uploads in its
// attachments to it, and for a pressed choice marks the message that held it.
type Store interface {
	// AddWebSession makes an anonymous session that the key with this hash opens.
	AddWebSession(ctx context.Context, id, keyHash string, now time.Time) error
	// WebSessionByKey returns the session that a key opens, or ErrNotFound.
	WebSessionByKey(ctx context.Context, keyHash string) (Session, error)
	// WebSessionOf returns the session of an identity, or ErrNotFound.
	WebSessionOf(ctx context.Context, identity string) (Session, error)
	// AddWebSessionOf returns the session of an identity, made with this id when
	// there is none.
	AddWebSessionOf(ctx context.Context, identity, id string, now time.Time) (Session, error)

	// AppendWeb appends what the team says. A key that the session has already
	// changes nothing and gives the id of its message.
	AppendWeb(ctx context.Context, session, key string, out *chat.Outbound, now time.Time) (chat.MessageID, error)
	// EditWeb replaces body and choices of a message. Equal ones, or a deleted
	// message, are no change.
	EditWeb(ctx context.Context, session string, id chat.MessageID, out *chat.Outbound) error
	// DeleteWeb empties a message; one that is gone or never was is no error.
	DeleteWeb(ctx context.Context, session string, id chat.MessageID) error
	// WebMessages returns up to limit messages that changed after a version, in
	// the order of their versions.
	WebMessages(ctx context.Context, session string, after int64, limit int) ([]Message, error)
	// WebPage returns up to limit of the messages before a position, or at the end
	// for 0, in the order of their positions: the last ones of those.
	WebPage(ctx context.Context, session string, before int64, limit int) ([]Message, error)
	// WebMessage returns one message, or ErrNotFound.
	WebMessage(ctx context.Context, session string, id chat.MessageID) (Message, error)

	// AddWebUpload records a file.
	AddWebUpload(ctx context.Context, u Upload) error
	// WebUpload returns an upload of a session, or ErrNotFound.
	WebUpload(ctx context.Context, session, id string) (Upload, error)
	// WebUploaded returns how many bytes a session has uploaded.
	WebUploaded(ctx context.Context, session string) (int64, error)
	// PurgeWebUploads forgets uploads from before a time that came with no
	// message, and returns the hashes that no upload has any more.
	PurgeWebUploads(ctx context.Context, before time.Time) (unused []string, err error)
}

// Event returns the key of what a browser sent under an id of its own making.
func Event(session, id string) string { return session + "/" + id }

// OwnID returns the id in the log of the message that came as an event.
func OwnID(event string) chat.MessageID {
	return chat.MessageID("u" + event[strings.LastIndexByte(event, '/')+1:])
}
