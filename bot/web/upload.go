package web

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"time"

	"firstline/bot/chat"
	"firstline/bot/web/weblog"
)

// transferFor is how long a file may take to come or go; the server's own
// timeouts are for small requests.
const transferFor = 5 * time.Minute

// maxUploaded is how many of the largest files a session may keep here.
const maxUploaded = 20

// postFile stores the body as a file of the session. What the browser calls it
// and says that it is counts for nothing here; its name comes with the message.
func (c *Channel) postFile(w http.ResponseWriter, r *http.Request) error {
	if err := c.pace.requests.takeFor(r); err != nil {
		return err
	}
	s, err := c.session(r)
	if err != nil {
		return err
	}
	if err := c.pace.uploads.take(s.ID); err != nil {
		return err
	}
	if c.to() == nil {
		return errStopped
	}
	if r.ContentLength > c.o.MaxFile {
		return errFileSize
	}
	had, err := c.o.Store.WebUploaded(r.Context(), s.ID)
	if err != nil {
		return err
	}
	if had >= maxUploaded*c.o.MaxFile {
		return errManyUploads
	}
	extend(w)
	d, err := c.files.write(&uploadReader{http.MaxBytesReader(w, r.Body, c.o.MaxFile)})
	if err != nil {
		return err
	}
	defer d.discard()
	mediaType, err := c.typeOf(d)
	if err != nil {
		return err
	}
	u := weblog.Upload{ID: newID(), Session: s.ID, Hash: d.hash, Type: mediaType, Size: d.size, At: c.o.Now()}
	if err := c.files.keep(d, func() error { return c.o.Store.AddWebUpload(r.Context(), u) }); err != nil {
		return err
	}
	answer(w, http.StatusCreated, wireFile{ID: u.ID, Kind: kindOf(u.Type), Size: u.Size})
	return nil
}

// extend gives a transfer its time.
func extend(w http.ResponseWriter) {
	rc := http.NewResponseController(w)
	until := time.Now().Add(transferFor)
	_ = rc.SetReadDeadline(until) // where it is not supported there is no timeout
	_ = rc.SetWriteDeadline(until.Add(time.Minute))
}

// uploadReader tells errors of the browser's from those of our disk.
type uploadReader struct{ io.Reader }

// Read implements io.Reader.
func (u *uploadReader) Read(p []byte) (int, error) {
	n, err := u.Reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return n, errFileSize
		}
		return n, errUploadStopped
	}
	return n, err
}

// getFile serves a file to the session that it belongs to. Only images are
// shown; the rest is saved.
func (c *Channel) getFile(w http.ResponseWriter, r *http.Request) error {
	s, err := c.session(r)
	if err != nil {
		return err
	}
	u, err := c.o.Store.WebUpload(r.Context(), s.ID, r.PathValue("id"))
	if errors.Is(err, weblog.ErrNotFound) {
		c.refused(r, "a file that the session does not have")
	}
	if err != nil {
		return err
	}
	f, err := os.Open(c.files.path(u.Hash))
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // it was only read from
	extend(w)
	h := w.Header()
	h.Set("Content-Type", u.Type)
	if u.Type == "text/plain" {
		h.Set("Content-Type", "text/plain; charset=utf-8")
	}
	if kindOf(u.Type) != "photo" {
		h.Set("Content-Disposition", "attachment")
	}
	h.Set("Cache-Control", "private, max-age=86400, immutable")
	http.ServeContent(w, r, "", u.At, f)
	return nil
}

// Fetch implements chat.Fetcher.
func (c *Channel) Fetch(ctx context.Context, in chat.ConversationID, a chat.Attachment, w io.Writer, max int64) error {
	if err := ours(in); err != nil {
		return err
	}
	u, err := c.o.Store.WebUpload(ctx, in.ID, a.Ref)
	if errors.Is(err, weblog.ErrNotFound) {
		return &chat.SendError{Kind: chat.Rejected, Reason: "there is no such file in this conversation"}
	}
	if err != nil {
		return &chat.SendError{Kind: chat.Temporary, Reason: "the database did not answer"}
	}
	if u.Size > max {
		return chat.ErrTooLarge
	}
	f, err := os.Open(c.files.path(u.Hash))
	if err != nil {
		return &chat.SendError{Kind: chat.Rejected, Reason: "the file is not on the disk any more"}
	}
	defer f.Close() //nolint:errcheck // it was only read from
	if _, err := io.Copy(w, f); err != nil {
		return &chat.SendError{Kind: chat.Temporary, Reason: "the file could not be copied"}
	}
	return nil
}

// purge removes uploads that came with no message.
func (c *Channel) purge(ctx context.Context) error {
	return c.files.remove(func() ([]string, error) {
		return c.o.Store.PurgeWebUploads(ctx, c.o.Now().Add(-looseFor))
	})
}
