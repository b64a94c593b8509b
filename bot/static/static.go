// Package static serves scripts, styles and pictures that the binary carries.
//
// It knows no page: whoever embeds files has it serve them.
package static

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"time"
)

// contentTypes are fixed: what the system's tables say may differ.
var contentTypes = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
}

// Folder serves the files of a folder of fsys by the wildcard {file} of the
// route. They are revalidated on each use, so that a new version of the binary
// is not met by old scripts.
func Folder(fsys fs.FS, folder string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		name := r.PathValue("file")
		data, err := fs.ReadFile(fsys, path.Join(folder, name))
		if err != nil || path.Base(name) != name {
			http.NotFound(w, r)
			return
		}
		Serve(w, r, name, data, "no-cache")
	}
}

// Serve answers with data as a file of that name, under a fingerprint by which a
// browser that has it already gets nothing. cache is the Cache-Control header.
func Serve(w http.ResponseWriter, r *http.Request, name string, data []byte, cache string) {
	sum := sha256.Sum256(data)
	h := w.Header()
	h.Set("Content-Type", contentTypes[path.Ext(name)])
	h.Set("Cache-Control", cache)
	h.Set("ETag", `"`+hex.EncodeToString(sum[:8])+`"`)
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(data))
}
