package telegramtest

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// file is what a file_id stands for.
type file struct {
	path string
	data []byte
	size int64 // what getFile says
}

// maxFile is the most bytes that bots can download.
const maxFile = 20 << 20

// AddFile makes a file that the bot can fetch by its id.
func (s *Server) AddFile(id string, data []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.files[id] = file{path: fmt.Sprintf("documents/file %d.dat", len(s.files)), data: data, size: int64(len(data))}
}

// AddHugeFile makes a file that is larger than bots can download.
func (s *Server) AddHugeFile(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.files[id] = file{size: maxFile + 1}
}

func (s *Server) getFile(_ context.Context, params url.Values) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := params.Get("file_id")
	f, known := s.files[id]
	switch {
	case !known:
		return badRequest("wrong file_id or the file is temporarily unavailable")
	case f.size > maxFile:
		return badRequest("file is too big")
	}
	return ok(map[string]any{"file_id": id, "file_unique_id": "u" + id, "file_size": f.size, "file_path": f.path})
}

// serveFile answers GET /file/bot<token>/<path>. Faults of it are those of the
// method "file".
func (s *Server) serveFile(w http.ResponseWriter, r *http.Request, rest string) {
	token, path, _ := strings.Cut(rest, "/")
	s.mu.Lock()
	s.requests = append(s.requests, Request{Method: "file", Params: url.Values{"path": {path}}})
	fault := s.nextFault("file")
	var found *file
	for _, f := range s.files {
		if f.path == path && path != "" {
			found = &f
		}
	}
	refused := token != s.Token || s.revoked
	s.notify()
	s.mu.Unlock()
	if fault != nil && !s.before(w, r, fault) {
		return
	}
	switch {
	case refused:
		write(w, failed(401, "Unauthorized"))
	case found == nil:
		write(w, failed(404, "Not Found"))
	case fault != nil && fault.after != nil:
		fault.after(s, w, r, ok(string(found.data)))
	default:
		_, _ = w.Write(found.data) // the client may be gone
	}
}
