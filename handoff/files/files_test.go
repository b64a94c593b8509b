package files_test

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"firstline/handoff/files"
)

func open(t *testing.T, path string, total int64) *files.Folder {
	t.Helper()
	f, err := files.OpenFolder(path, total)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// keep writes a file and returns its hash.
func keep(t *testing.T, f *files.Folder, content string) (string, error) {
	t.Helper()
	d, err := f.Draft()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(d, strings.NewReader(content)); err != nil {
		d.Discard()
		return "", err
	}
	return d.Keep()
}

func read(t *testing.T, f *files.Folder, sum string) string {
	t.Helper()
	file, err := f.Open(sum)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	b, err := io.ReadAll(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestFolder(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "deep", "attachments")
	f := open(t, path, 100)
	sums := map[string]string{}
	for _, content := range []string{"one", "two", strings.Repeat("3", 40)} {
		sum, err := keep(t, f, content)
		if err != nil {
			t.Fatal(err)
		}
		sums[content] = sum
	}
	if again, err := keep(t, f, "one"); err != nil || again != sums["one"] {
		t.Errorf("the same content again: %s, %v", again, err)
	}
	for content, sum := range sums {
		if got := read(t, f, sum); got != content {
			t.Errorf("%s holds %q", sum, got)
		}
	}
	if _, err := keep(t, f, strings.Repeat("x", 60)); !errors.Is(err, files.ErrFull) {
		t.Errorf("over the limit: %v", err)
	}
	if err := f.Remove(sums["two"]); err != nil {
		t.Fatal(err)
	}
	if err := f.Remove(sums["two"]); err != nil {
		t.Errorf("removing twice: %v", err)
	}
	if _, err := f.Open(sums["two"]); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("opening what was removed: %v", err)
	}

	// A process died while it wrote; the next one counts what is there.
	d, err := f.Draft()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Write([]byte("half")); err != nil {
		t.Fatal(err)
	}
	f = open(t, path, 100)
	defer d.Discard()
	if drafts, err := filepath.Glob(filepath.Join(path, "draft-*")); err != nil || len(drafts) > 0 {
		t.Errorf("left behind: %v, %v", drafts, err)
	}
	if all, err := f.All(); err != nil || len(all) != 2 {
		t.Errorf("kept: %v, %v", all, err)
	}
	if _, err := keep(t, f, strings.Repeat("x", 58)); !errors.Is(err, files.ErrFull) {
		t.Errorf("over the limit after a restart: %v", err)
	}
	if _, err := keep(t, f, strings.Repeat("x", 57)); err != nil {
		t.Errorf("up to the limit: %v", err)
	}
}

// TestFolderTakesNoPaths: what is no hash leads nowhere.
func TestFolderTakesNoPaths(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	if err := os.WriteFile(filepath.Join(root, "secret"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	f := open(t, filepath.Join(root, "attachments"), 0)
	for _, name := range []string{"", "..", "../secret", "/etc/passwd", strings.Repeat("A", 64), strings.Repeat("a", 63), strings.Repeat(".", 64), "\x00"} {
		if _, err := f.Open(name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%q: %v", name, err)
		}
		if err := f.Remove(name); err == nil {
			t.Errorf("%q could be removed", name)
		}
	}
}

func TestFolderTogether(t *testing.T) {
	t.Parallel()
	f := open(t, t.TempDir(), 0)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for i := range 20 {
				content := bytes.Repeat([]byte{byte('a' + i%5)}, 1000)
				sum, err := keep(t, f, string(content))
				if err != nil {
					t.Error(err)
					return
				}
				if i%5 != 0 && read(t, f, sum) != string(content) {
					t.Error("another content")
				}
				if i%5 == 0 {
					if err := f.Remove(sum); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	wg.Wait()
}
