package watch

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// folder is a content folder that a test changes.
type folder struct {
	t   *testing.T
	dir string
}

func newFolder(t *testing.T) folder {
	t.Helper()
	f := folder{t, filepath.Join(t.TempDir(), "content")}
	f.write("en/a/b.md", "one")
	return f
}

func (f folder) path(name string) string { return filepath.Join(f.dir, filepath.FromSlash(name)) }

func (f folder) must(err error) {
	f.t.Helper()
	if err != nil {
		f.t.Fatal(err)
	}
}

func (f folder) write(name, text string) {
	f.t.Helper()
	f.must(os.MkdirAll(filepath.Dir(f.path(name)), 0o755))
	f.must(os.WriteFile(f.path(name), []byte(text), 0o600))
}

func (f folder) age(name string, d time.Duration) {
	f.t.Helper()
	when := time.Now().Add(-d)
	f.must(os.Chtimes(f.path(name), when, when))
}

func (f folder) rename(from, to string) {
	f.t.Helper()
	f.must(os.Rename(f.path(from), f.path(to)))
}

func (f folder) remove(name string) {
	f.t.Helper()
	f.must(os.RemoveAll(f.path(name)))
}

// link makes or swaps a symlink as Kubernetes and deployment tools do: at once.
func (f folder) link(target, name string) {
	f.t.Helper()
	if err := os.Symlink(target, f.path(name+".new")); err != nil {
		f.t.Skip("no symlinks here:", err)
	}
	f.rename(name+".new", name)
}

// TestChanges looks at a folder before and after each change.
func TestChanges(t *testing.T) {
	t.Parallel()
	old := time.Now().Add(-time.Hour).Truncate(time.Second)
	tests := []struct {
		name          string
		setUp, change func(f folder)
		want          int // calls
	}{
		{"nothing", nil, func(folder) {}, 0},
		{"an edit", nil, func(f folder) { f.write("en/a/b.md", "two, longer") }, 1},
		{"an edit of the same length", nil, func(f folder) { f.write("en/a/b.md", "two") }, 1},
		{"an edit within one tick of the clock", nil, func(f folder) {
			info, err := os.Stat(f.path("en/a/b.md"))
			f.must(err)
			f.write("en/a/b.md", "two")
			f.must(os.Chtimes(f.path("en/a/b.md"), info.ModTime(), info.ModTime()))
		}, 1},
		{"an edit of an old file", func(f folder) { f.age("en/a/b.md", time.Hour) }, func(f folder) { f.write("en/a/b.md", "two") }, 1},
		{"a file written aside and renamed, with an old time", func(f folder) { f.must(os.Chtimes(f.path("en/a/b.md"), old, old)) }, func(f folder) {
			f.write("en/a/.b.md.tmp", "two")
			f.must(os.Chtimes(f.path("en/a/.b.md.tmp"), old, old))
			f.rename("en/a/.b.md.tmp", "en/a/b.md")
		}, 1},
		{"only a new time", nil, func(f folder) { f.age("en/a/b.md", time.Minute) }, 0},
		{"rewritten as it was", func(f folder) { f.age("en/a/b.md", time.Hour) }, func(f folder) { f.write("en/a/b.md", "one") }, 0},
		{"only permissions", nil, func(f folder) { f.must(os.Chmod(f.path("en/a/b.md"), 0o644)) }, 0},
		{"a file of an editor", nil, func(f folder) { f.write("en/a/.b.md.swp", "x"); f.write("en/a/b.md~", "x") }, 0},
		{"version control", nil, func(f folder) { f.write(".git/HEAD", "x") }, 0},
		{"a checkout", func(f folder) { f.write("en/a/c.md", "x") }, func(f folder) {
			f.write(".git/HEAD", "y")
			f.remove("en/a/c.md")
			f.write("en/a/b.md", "two")
			f.write("zh/a/b.md", "new")
		}, 1},
		{"a file less", nil, func(f folder) { f.remove("en/a/b.md") }, 1},
		{"a new folder with a file", nil, func(f folder) { f.write("en/b/c/d.md", "new") }, 1},
		{"a renamed folder", nil, func(f folder) { f.rename("en/a", "en/z") }, 1},
		{"a file that becomes a folder", nil, func(f folder) { f.remove("en/a/b.md"); f.write("en/a/b.md/x", "") }, 1},
		{"a long file", func(f folder) { f.write("en/a/b.md", string(make([]byte, maxHash+1))) }, func(f folder) { f.age("en/a/b.md", time.Hour) }, 1},
		{"a swapped ConfigMap", func(f folder) {
			f.write("..1/en/x.md", "one")
			f.link("..1", "..data")
			f.remove("en")
			f.link("..data/en", "en")
		}, func(f folder) {
			f.write("..2/en/x.md", "two")
			f.link("..2", "..data")
			f.remove("..1")
		}, 1},
		{"a link that leads elsewhere", func(f folder) { f.write("en/a/c.md", "one"); f.link("b.md", "en/a/l.md") }, func(f folder) { f.link("c.md", "en/a/l.md") }, 1},
		{"a swapped folder", func(f folder) {
			f.must(os.Rename(f.dir, f.dir+"1"))
			f.link(f.dir+"1", "")
		}, func(f folder) {
			folder{f.t, f.dir + "2"}.write("en/a/b.md", "two")
			f.link(f.dir+"2", "")
		}, 1},
		{"the folder vanishes", nil, func(f folder) { f.remove("") }, 0},
		{"the folder comes", func(f folder) { f.remove("") }, func(f folder) { f.write("en/a/b.md", "one") }, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			f := newFolder(t)
			if test.setUp != nil {
				test.setUp(f)
			}
			n := newNotices()
			defer n.close()
			calls := 0
			w := New(f.dir)
			w.check(t.Context(), n, func() { t.Error("called before anything changed") })
			test.change(f)
			for range 2 {
				w.check(t.Context(), n, func() { calls++ })
			}
			if calls != test.want {
				t.Errorf("%d calls, want %d", calls, test.want)
			}
		})
	}
}

func TestVanishAndReturn(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{"one": 0, "two": 1} {
		f := newFolder(t)
		n := newNotices()
		defer n.close()
		w := New(f.dir)
		calls := 0
		check := func() { w.check(t.Context(), n, func() { calls++ }) }
		f.remove("")
		check()
		f.write("en/a/b.md", text)
		check()
		check()
		if calls != want {
			t.Errorf("back with %q: %d calls, want %d", text, calls, want)
		}
	}
}

// start runs a watcher until the test ends and returns what receives its calls.
func start(t *testing.T, dir string, interval time.Duration) <-chan bool {
	t.Helper()
	w := New(dir)
	ctx, cancel := context.WithCancel(t.Context())
	calls, ended := make(chan bool), make(chan error, 1)
	go func() {
		ended <- w.Run(ctx, interval, func() {
			select {
			case calls <- true:
			case <-ctx.Done():
			}
		})
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("Run returned %v", err)
		}
	})
	return calls
}

func await(t *testing.T, calls <-chan bool, what string) {
	t.Helper()
	select {
	case <-calls:
	case <-time.After(30 * time.Second):
		t.Fatal("no call after", what)
	}
}

// TestNotices changes files while no look is due.
func TestNotices(t *testing.T) {
	t.Parallel()
	n := newNotices()
	n.close()
	if n.watcher == nil {
		t.Skip("this machine gives no notices")
	}
	f := newFolder(t)
	calls := start(t, f.dir, 24*time.Hour)
	f.write("en/a/b.md", "two")
	await(t, calls, "an edit")
	f.write("zh/new/b.md", "one")
	await(t, calls, "a new folder")
	f.write("zh/new/b.md", "two")
	await(t, calls, "an edit in the new folder")
	f.write("zh/new/tmp", "three")
	f.rename("zh/new/tmp", "zh/new/b.md")
	await(t, calls, "a rename")
}

// TestPolling changes what no notice tells of.
func TestPolling(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	f.must(os.Rename(f.dir, f.dir+"1"))
	f.link(f.dir+"1", "")
	calls := start(t, f.dir, 20*time.Millisecond)
	folder{t, f.dir + "2"}.write("en/a/b.md", "two")
	f.link(f.dir+"2", "")
	await(t, calls, "a swap")
	f.must(os.Remove(f.dir))
	f.write("en/a/b.md", "three")
	await(t, calls, "a return")
	f.write("en/a/b.md", "four")
	await(t, calls, "an edit")
}

func TestRunRefuses(t *testing.T) {
	t.Parallel()
	if err := Run(t.Context(), t.TempDir(), 0, func() {}); err == nil {
		t.Error("an interval of zero was taken")
	}
}

// BenchmarkScan is one look at a folder in which nothing has changed.
func BenchmarkScan(b *testing.B) {
	dir := b.TempDir()
	old := time.Now().Add(-time.Hour)
	for i := range 2000 {
		name := filepath.Join(dir, string(rune('a'+i%20)), string(rune('一'+i))+".md")
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(name, make([]byte, 3000), 0o600); err != nil {
			b.Fatal(err)
		}
		if err := os.Chtimes(name, old, old); err != nil {
			b.Fatal(err)
		}
	}
	known, err := scan(dir, nil)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if found, err := scan(dir, known); err != nil || !found.same(known) {
			b.Fatal("changed", err)
		}
	}
}
