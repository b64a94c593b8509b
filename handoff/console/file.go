package console

import (
	"errors"
	"io/fs"
	"mime"
	"net/http"
	"strings"
	"time"
	"unicode"

	"firstline/handoff"
	"firstline/handoff/files"
)

// filePolicy lets an attachment do nothing, should a browser ever take it for a
// page.
const filePolicy = "default-src 'none'; sandbox; frame-ancestors 'none'; base-uri 'none'"

// fileTime is how long sending an attachment may take, to a slow connection.
const fileTime = 5 * time.Minute

// file serves a kept attachment to an agent: pictures to be seen in the page, all
// else to be saved.
func (c *console) file(w http.ResponseWriter, r *http.Request, a *handoff.Agent) error {
	f, err := c.desk.File(r.Context(), r.PathValue("file"), a.ID)
	if err != nil {
		return err
	}
	if f.State != handoff.FileKept || c.files == nil {
		return handoff.ErrNotFound
	}
	content, err := c.files.Open(f.Hash)
	if errors.Is(err, fs.ErrNotExist) {
		c.log.Error("the content of an attachment is missing", "file", f.ID)
		return handoff.ErrNotFound
	}
	if err != nil {
		return err
	}
	defer func() { _ = content.Close() }()
	err = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(fileTime))
	if err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	disposition := "attachment"
	if files.Inline(f.Type) {
		disposition = "inline"
	}
	h := w.Header()
	h.Set("Content-Security-Policy", filePolicy)
	h.Set("Content-Type", f.Type)
	h.Set("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": fileName(f)}))
	h.Set("Cache-Control", "private, no-cache") // whoever may see it is asked each time
	h.Set("ETag", `"`+f.Hash+`"`)
	http.ServeContent(w, r, "", time.Time{}, content)
	return nil
}

// fileName is what a browser calls an attachment when it saves it: the asker's
// name for it without what could mislead, ending as its content says.
func fileName(f *handoff.File) string {
	name := strings.Map(func(r rune) rune {
		if !unicode.IsGraphic(r) || strings.ContainsRune(`/\:*?"<>|%`, r) {
			return -1
		}
		return r
	}, f.Attachment.Name)
	name = strings.Trim(name, ". ")
	if r := []rune(name); len(r) > 100 {
		name = string(r[:100])
	}
	if name == "" {
		name = "attachment-" + f.ID
	}
	end := extensions[f.Type]
	if e := strings.ToLower(name); strings.HasSuffix(e, end) || f.Type == "image/jpeg" && strings.HasSuffix(e, ".jpeg") {
		return name
	}
	return name + end
}

// extensions are the endings of the types that are kept.
var extensions = map[string]string{
	"image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "image/webp": ".webp", "image/bmp": ".bmp",
	"application/pdf": ".pdf", "text/plain; charset=utf-8": ".txt", "audio/ogg": ".ogg", "video/mp4": ".mp4",
}
