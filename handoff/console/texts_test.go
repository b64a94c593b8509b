package console

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// Every key that is asked for has a text, and every text is asked for.
func TestTextsAreComplete(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	prefixes := []string{"role.", "attachment.", "event.", "view.", "time.", "size."}
	literal := regexp.MustCompile(`"([a-z-]+(?:\.[a-z-]+)+)"`)
	find := func(source string) {
		for _, m := range literal.FindAllStringSubmatch(source, -1) {
			used[m[1]] = true
		}
	}
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range sources {
		if file == "texts.go" || strings.HasSuffix(file, "_test.go") {
			continue
		}
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		find(string(data))
	}
	scripts := ""
	for _, dir := range []fs.FS{templateFiles, staticFiles} {
		err := fs.WalkDir(dir, ".", func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			data, err := fs.ReadFile(dir, path)
			if strings.HasSuffix(path, ".html") {
				for _, m := range regexp.MustCompile(`\{\{t "([^"]+)"|\(t "([^"]+)"`).FindAllStringSubmatch(string(data), -1) {
					used[m[1]+m[2]] = true
				}
			} else {
				scripts += string(data)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for key := range used {
		if _, ok := texts[key]; !ok && strings.Contains(key, ".") && !strings.HasSuffix(key, ".html") {
			t.Errorf("there is no text %q", key)
		}
	}
	known := func(key string) bool {
		for _, p := range prefixes {
			if strings.HasPrefix(key, p) {
				return true
			}
		}
		name, script := strings.CutPrefix(key, "script.")
		return used[key] || script && (strings.Contains(scripts, "texts."+name) || strings.Contains(scripts, "texts['"+name+"']") ||
			strings.Contains(scripts, "status('"+name+"')"))
	}
	for key := range texts {
		if !known(key) {
			t.Errorf("nobody uses the text %q", key)
		}
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, got, want string }{
		{"no time", ago(-time.Hour), "under 1 min"},
		{"minutes", ago(59*time.Minute + 59*time.Second), "59 min"},
		{"hours", ago(3*time.Hour + 5*time.Minute), "3 h 5 min"},
		{"days", ago(51 * time.Hour), "2 d 3 h"},
		{"size unknown", fileSize(0), ""},
		{"bytes", fileSize(999), "999 bytes"},
		{"kilobytes", fileSize(1500), "2 kB"},
		{"megabytes", fileSize(2_340_000), "2.3 MB"},
		{"at", string(clock(time.Date(2026, 3, 4, 5, 6, 7, 0, time.FixedZone("", 3600)))), `<time datetime="2026-03-04T04:06:07Z" data-clock>4 Mar, 04:06 UTC</time>`},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, tt.got, tt.want)
		}
	}
}
