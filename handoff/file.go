package handoff

import (
	"context"
	"time"

	"firstline/bot/chat"
)

// FileState is how far an attachment has come.
type FileState string

// The states of an attachment.
const (
	FilePending    FileState = "pending"    // to be fetched
	FileKept       FileState = "kept"       // its bytes are beside the database
	FileRefused    FileState = "refused"    // not kept, and Reason says why
	FileForgetting FileState = "forgetting" // its author took it back: its bytes are to go
	FileForgotten  FileState = "forgotten"  // they are gone
)

// File is an attachment of an asker's entry. The database holds what is known of
// it; its bytes are a file named by their hash (see package files).
type File struct {
	ID         string // UUIDv7, set by AddFile when empty
	Entry      string
	Thread     ThreadID
	In         chat.ConversationID // where to fetch it
	Attachment chat.Attachment

	State  FileState
	Reason string // why it is refused or still waits, in plain words
	Hash   string // hex SHA-256, when kept
	Type   string // media type by its content, when kept
	Size   int64  // bytes, when kept
	At     time.Time
	// Attempt counts how often it was taken; it fences like
	// outbox.Delivery.Attempt.
	Attempt int
}

// FileStore is what the worker that fetches attachments needs of a database.
type FileStore interface {
	Store
	// TakeFiles leases up to max files of networks until now+lease that are due to
	// be fetched or forgotten, those that have been due for longest first.
	TakeFiles(ctx context.Context, networks []chat.Network, max int, now time.Time, lease time.Duration) ([]*File, error)
}

// File returns an attachment for an agent to look at.
func (d *Desk) File(ctx context.Context, id string, by AgentID) (*File, error) {
	var f *File
	err := d.store.View(ctx, func(tx Tx) error {
		if _, err := authorise(tx, by, RoleAgent); err != nil {
			return err
		}
		var err error
		f, err = tx.File(id)
		return err
	})
	return f, err
}

// AddFiles has the attachments of an asker's entry fetched, within the caller's
// transaction.
func (d *Desk) AddFiles(tx Tx, e *Entry) error {
	for _, a := range e.Attachments {
		f := &File{Entry: e.ID, Thread: e.Thread, In: e.In, Attachment: a, State: FilePending, At: d.now()}
		if err := tx.AddFile(f); err != nil {
			return err
		}
	}
	return nil
}
