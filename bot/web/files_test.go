package web_test

import (
	"bytes"
	"errors"
	"image"
	"image/png"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"firstline/bot/chat"
	"firstline/bot/web"
)

func t0() time.Time { return time.Now() }

func picture(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewRGBA(image.Rect(0, 0, 40, 30))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// kept returns the files below the uploads' folder, relative to it.
func (l *lab) kept() []string {
	l.t.Helper()
	var all []string
	root := filepath.Join(l.dir, "attachments")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			rel, _ := filepath.Rel(root, path)
			all = append(all, rel)
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	})
	l.must(err)
	return all
}

func TestUpload(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	b := l.browser().makeSession()
	img := picture(t)
	r := b.do("POST", "files", img)
	if r.status != 201 || r.field("kind") != "photo" {
		t.Fatalf("%d %s", r.status, r.body)
	}
	file := r.field("id")
	m := object{"id": clientID(t), "text": "look", "files": []object{{"id": file, "name": "my <b>pic</b>\u202e.png"}}}
	for range 2 {
		if r := b.do("POST", "messages", m); r.status != 200 {
			t.Fatalf("%d %s", r.status, r.body)
		}
	}
	shown := b.log()[0].data["files"].([]any)[0].(map[string]any)
	if shown["id"] != file || shown["kind"] != "photo" || strings.Contains(shown["name"].(string), "\u202e") || shown["size"] != float64(len(img)) {
		t.Errorf("in the log: %v", shown)
	}
	got := b.do("GET", "files/"+file, nil)
	if got.status != 200 || got.body != string(img) || got.header.Get("Content-Type") != "image/png" ||
		got.header.Get("X-Content-Type-Options") != "nosniff" || got.header.Get("Content-Disposition") != "" {
		t.Errorf("%d %v", got.status, got.header)
	}
	other := l.browser().makeSession()
	if r := other.do("GET", "files/"+file, nil); r.status != 404 {
		t.Errorf("for another session: %d", r.status)
	}
	if r := other.do("POST", "messages", m); r.status != 422 {
		t.Errorf("sent by another session: %d", r.status)
	}
	m["id"] = clientID(t)
	if r := b.do("POST", "messages", m); r.status != 422 || r.code() != "no_file" {
		t.Errorf("sent twice: %d %s", r.status, r.body)
	}
	kept := l.kept()
	if len(kept) != 1 || len(filepath.Base(kept[0])) != 64 {
		t.Fatalf("kept %v", kept)
	}
	info, err := os.Stat(filepath.Join(l.dir, "attachments", kept[0]))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}

	// As the desk gets it.
	a := chat.Attachment{Kind: "photo", Ref: file}
	var out bytes.Buffer
	if err := l.ch.Fetch(t.Context(), b.conversation(), a, &out, int64(len(img))); err != nil || !bytes.Equal(out.Bytes(), img) {
		t.Errorf("fetched %d bytes, %v", out.Len(), err)
	}
	out.Reset()
	if err := l.ch.Fetch(t.Context(), b.conversation(), a, &out, int64(len(img))-1); !errors.Is(err, chat.ErrTooLarge) || out.Len() > 0 {
		t.Errorf("with a smaller limit: %v", err)
	}
	for _, in := range []chat.ConversationID{other.conversation(), {Network: chat.Telegram, ID: b.session}} {
		if err := l.ch.Fetch(t.Context(), in, a, &out, 1e6); chat.AsSendError(err).Kind != chat.Rejected {
			t.Errorf("from %s: %v", in, err)
		}
	}
}

func TestUploadTypes(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	b := l.browser().makeSession()
	const seed = "legal winner thank year wave sausage worth useful legal winner thank yellow"
	for name, c := range map[string]struct {
		content string
		status  int
		want    string // type, or code
	}{
		"PNG":            {string(picture(t)), 201, "image/png"},
		"WebP":           {"RIFF\x24\x00\x00\x00WEBPVP8 \x18\x00\x00\x00", 201, "image/webp"},
		"PDF":            {"%PDF-1.7\n<script>alert(1)</script>", 201, "application/pdf"},
		"text":           {"just a log\nline 2 ü", 201, "text/plain; charset=utf-8"},
		"HTML":           {"<!DOCTYPE html><script>alert(1)</script>", 415, "file_type"},
		"SVG":            {`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`, 415, "file_type"},
		"cut PNG":        {string(picture(t)[:12]), 415, "file_type"},
		"program":        {"\x7fELF\x02\x01\x01\x00\x00", 415, "file_type"},
		"archive":        {"PK\x03\x04\x00\x00", 415, "file_type"},
		"nothing":        {"", 415, "file_type"},
		"text, then not": {strings.Repeat("a", 600) + "\x00\x01\x02", 415, "file_type"},
		"bad UTF-8":      {strings.Repeat("a", 600) + "\xff", 415, "file_type"},
		"secret":         {"backup of my wallet\n" + seed, 422, "file_secret"},
		"long text":      {strings.Repeat("a b\n", 300_000), 413, "file_size"},
	} {
		r := b.do("POST", "files", c.content)
		if r.status != c.status {
			t.Errorf("%s: %d %s, want %d", name, r.status, r.body, c.status)
			continue
		}
		if r.status != 201 {
			if r.code() != c.want {
				t.Errorf("%s: %s, want %s", name, r.code(), c.want)
			}
			continue
		}
		got := b.do("GET", "files/"+r.field("id"), nil)
		inline := got.header.Get("Content-Disposition") == ""
		if got.header.Get("Content-Type") != c.want || inline != strings.HasPrefix(c.want, "image/") || got.body != c.content ||
			!strings.Contains(got.header.Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("%s: %v", name, got.header)
		}
	}
	if kept := l.kept(); len(kept) != 4 {
		t.Errorf("kept %v", kept)
	}
	for _, f := range l.kept() {
		if strings.Contains(string(read(t, filepath.Join(l.dir, "attachments", f))), "sausage") {
			t.Error("a secret was kept")
		}
	}
}

// endless is a body that never ends.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	copy(p, bytes.Repeat([]byte("x"), len(p)))
	return len(p), nil
}

func TestUploadSize(t *testing.T) {
	t.Parallel()
	l := newLab(t, func(o *web.Options) { o.MaxFile = 100_000 })
	b := l.browser().makeSession()
	pdf := "%PDF-" + strings.Repeat("x", 99_995)
	if r := b.do("POST", "files", pdf+"x"); r.status != 413 || r.code() != "file_size" {
		t.Errorf("too large: %d %s", r.status, r.body)
	}
	// Without a length, nobody knows before.
	r, err := l.server.Client().Do(b.request("POST", "files", io.MultiReader(strings.NewReader("%PDF-"), endless{})))
	if err == nil {
		r.Body.Close()
	}
	if err == nil && r.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("endless: %d", r.StatusCode)
	}
	l.eventually("what was refused to be gone", func() bool { return len(l.kept()) == 0 })
	for n := range 20 {
		if r := b.do("POST", "files", pdf); r.status != 201 {
			t.Fatalf("file %d: %d %s", n, r.status, r.body)
		}
	}
	if r := b.do("POST", "files", "one more"); r.status != 422 || r.code() != "too_many_files" {
		t.Errorf("beyond what a session may: %d %s", r.status, r.body)
	}
	if kept := l.kept(); len(kept) != 1 {
		t.Errorf("the same content is kept as %v", kept)
	}
}

// TestUploadBreaksOff: half a file is no file, and leaves nothing.
func TestUploadBreaksOff(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	b := l.browser().makeSession()
	in, out := io.Pipe()
	r := b.request("POST", "files", in)
	done := make(chan struct{})
	go func() {
		defer close(done)
		if res, err := l.server.Client().Do(r); err == nil {
			res.Body.Close()
			t.Errorf("answered %d", res.StatusCode)
		}
	}()
	if _, err := out.Write([]byte("%PDF-half of it")); err != nil {
		t.Fatal(err)
	}
	l.eventually("the upload to begin", func() bool { return len(l.kept()) == 1 })
	out.CloseWithError(io.ErrUnexpectedEOF)
	<-done
	l.eventually("the half to be gone", func() bool { return len(l.kept()) == 0 })
}

// TestUnusedUploads: what came with no message goes after a day; what did stays.
func TestUnusedUploads(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	b := l.browser().makeSession()
	used := b.do("POST", "files", "used").field("id")
	b.do("POST", "files", "used") // the same content, with no message
	b.do("POST", "files", "unused")
	if r := b.do("POST", "messages", object{"id": clientID(t), "files": []object{{"id": used, "name": "a.txt"}}}); r.status != 200 {
		t.Fatalf("%d %s", r.status, r.body)
	}
	l.must(os.MkdirAll(filepath.Join(l.dir, "attachments", "unfinished"), 0o700))
	l.must(os.WriteFile(filepath.Join(l.dir, "attachments", "unfinished", "upload-1"), []byte("of a dead process"), 0o600))
	l.stop()
	l.open()
	if kept := l.kept(); len(kept) != 2 {
		t.Errorf("at once: %v", kept)
	}
	l.stop()
	l.open(func(o *web.Options) { o.Now = func() time.Time { return time.Now().Add(25 * time.Hour) } })
	l.eventually("the unused file to be gone", func() bool { return len(l.kept()) == 1 })
	if r := b.do("GET", "files/"+used, nil); r.status != 200 || r.body != "used" {
		t.Errorf("the used one: %d", r.status)
	}
}
