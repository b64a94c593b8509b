package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"firstline/bot/chat"
)

// maxDownload is the most bytes of a file that Telegram lets bots download
// (core.telegram.org/bots/api#getfile).
const maxDownload = 20 << 20

// Fetch writes a file to w as it comes, at most max bytes of it. A file that is
// larger, or too large for Telegram to give it to a bot, is chat.ErrTooLarge.
// Its other errors are *chat.SendError. A download may take as long as it likes
// while bytes arrive; one that stands still for the request timeout ends.
func (c *Channel) Fetch(ctx context.Context, in chat.ConversationID, a chat.Attachment, w io.Writer, max int64) error {
	if _, err := parsePlace(in); err != nil {
		return err
	}
	if a.Ref == "" {
		return &chat.SendError{Kind: chat.Rejected, Reason: "this attachment is not a file"}
	}
	if a.Size > min(max, maxDownload) {
		return chat.ErrTooLarge
	}
	path, size, err := c.locate(ctx, a.Ref)
	if err != nil {
		return err
	}
	if size > max {
		return chat.ErrTooLarge
	}
	return c.download(ctx, path, w, max)
}

// locate asks where a file can be downloaded for the next hour.
func (c *Channel) locate(ctx context.Context, ref string) (path string, size int64, err error) {
	result, err := c.api.call(ctx, "getFile", tgbotapi.Params{"file_id": ref})
	if err != nil {
		if saysThat(err, "file is too big") {
			return "", 0, chat.ErrTooLarge
		}
		se := asCallError(err).sendError()
		if saysThat(err, "temporarily unavailable") {
			se.Kind = chat.Temporary
		}
		return "", 0, se
	}
	var f struct {
		Path string `json:"file_path"`
		Size int64  `json:"file_size"`
	}
	if err := json.Unmarshal(result, &f); err != nil || f.Path == "" {
		return "", 0, &chat.SendError{Kind: chat.Temporary, Reason: "Telegram does not say where the file is"}
	}
	if strings.HasPrefix(f.Path, "/") {
		return "", 0, &chat.SendError{Kind: chat.Rejected,
			Reason: "the Bot API server runs with --local and keeps files on its own disk: start it without --local"}
	}
	return f.Path, f.Size, nil
}

// download copies the file at path to w.
func (c *Channel) download(ctx context.Context, path string, w io.Writer, max int64) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stalled := time.AfterFunc(c.api.timeout, cancel)
	defer stalled.Stop()
	resp, err := c.api.get(ctx, path)
	if err != nil {
		return &chat.SendError{Kind: chat.Temporary, Reason: "the file did not come: " + plainWords(err)}
	}
	defer func() { _ = resp.Body.Close() }() // what was read counts
	if resp.StatusCode != http.StatusOK {
		return notServed(resp)
	}
	if resp.ContentLength > max {
		return chat.ErrTooLarge
	}
	body := &movingReader{r: resp.Body, moved: func() { stalled.Reset(c.api.timeout) }}
	n, err := io.Copy(w, io.LimitReader(body, max))
	switch {
	case body.failed != nil:
		return &chat.SendError{Kind: chat.Temporary, Reason: "the file did not come to its end: " + plainWords(body.failed)}
	case err != nil:
		return &chat.SendError{Kind: chat.Temporary, Reason: "the file could not be written"}
	case n < max:
		return nil
	}
	switch _, err := io.ReadFull(body, make([]byte, 1)); {
	case err == nil:
		return chat.ErrTooLarge
	case errors.Is(err, io.EOF):
		return nil
	default:
		return &chat.SendError{Kind: chat.Temporary, Reason: "the file did not come to its end: " + plainWords(err)}
	}
}

// notServed says what an answer means that is not a file.
func notServed(resp *http.Response) *chat.SendError {
	switch resp.StatusCode {
	case http.StatusUnauthorized:
		return &chat.SendError{Kind: chat.Temporary, Reason: "Telegram refuses the bot's token; the operator must correct it"}
	case http.StatusTooManyRequests:
		return &chat.SendError{Kind: chat.Temporary, RetryAfter: retryAfter(resp), Reason: "Telegram wants a pause before the file"}
	}
	return &chat.SendError{Kind: chat.Temporary, Reason: fmt.Sprintf("the server did not give the file (HTTP %d)", resp.StatusCode)}
}

// retryAfter reads Telegram's wish from the JSON of a 429; 0 when it has none.
func retryAfter(resp *http.Response) time.Duration {
	var a tgbotapi.APIResponse
	const enough = 4 << 10
	if json.NewDecoder(io.LimitReader(resp.Body, enough)).Decode(&a) != nil || a.Parameters == nil {
		return 0
	}
	return time.Duration(max(a.Parameters.RetryAfter, 0)) * time.Second
}

// movingReader tells of every read that brought something, and keeps the error
// that ended reading: io.Copy mixes it with those of writing.
type movingReader struct {
	r      io.Reader
	moved  func()
	failed error
}

// Read implements io.Reader.
func (m *movingReader) Read(p []byte) (int, error) {
	n, err := m.r.Read(p)
	if n > 0 {
		m.moved()
	}
	if err != nil && !errors.Is(err, io.EOF) {
		m.failed = err
	}
	return n, err
}

// get asks for a file. The path is Telegram's: it is escaped, so that it can't
// become another address.
func (a *api) get(ctx context.Context, path string) (*http.Response, error) {
	segments := strings.Split(path, "/")
	for i, s := range segments {
		if s == "." || s == ".." {
			return nil, errors.New("not a path of a file")
		}
		segments[i] = url.PathEscape(s)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, a.files+strings.Join(segments, "/"), http.NoBody)
	if err != nil {
		return nil, err
	}
	return a.client.Do(req)
}
