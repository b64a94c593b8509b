package static_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/fstest"

	"firstline/bot/static"
)

func TestFolder(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{"static/a.js": {Data: []byte("let a;")}, "secret.js": {Data: []byte("let b;")}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /static/{file}", static.Folder(files, "static"))
	get := func(path, fingerprint string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Header.Set("If-None-Match", fingerprint)
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		return w
	}
	first := get("/static/a.js", "")
	if first.Code != http.StatusOK || first.Body.String() != "let a;" || first.Header().Get("Content-Type") != "text/javascript; charset=utf-8" ||
		first.Header().Get("Cache-Control") != "no-cache" {
		t.Errorf("%d %v %q", first.Code, first.Header(), first.Body)
	}
	if again := get("/static/a.js", first.Header().Get("ETag")); again.Code != http.StatusNotModified || again.Body.Len() > 0 {
		t.Errorf("again: %d %q", again.Code, again.Body)
	}
	if changed := get("/static/a.js", `"another"`); changed.Code != http.StatusOK {
		t.Errorf("a new version: %d", changed.Code)
	}
	for _, path := range []string{"/static/b.js", "/static/..%2fsecret.js", "/static/.", "/static/%00"} {
		if w := get(path, ""); w.Code == http.StatusOK || w.Body.String() == "let b;" {
			t.Errorf("%s: %d %q", path, w.Code, w.Body)
		}
	}
}
