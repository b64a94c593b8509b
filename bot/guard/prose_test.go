package guard

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestProse cleans the shipped articles, questions and phrases, by line and
// whole: they speak about secrets all the time and hold none.
func TestProse(t *testing.T) {
	t.Parallel()
	var bytes, lines int
	err := filepath.WalkDir("../../content", func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".md" && filepath.Ext(path) != ".yaml" {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		bytes += len(data)
		texts := append(strings.Split(string(data), "\n"), string(data))
		lines += len(texts) - 1
		for _, text := range texts {
			for _, h := range scan(text) {
				t.Errorf("%s: %q is taken for a %s in %q", path, text[h.start:h.end], h.kind, text[max(0, h.start-40):min(len(text), h.end+20)])
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if lines < 1000 {
		t.Errorf("only %d lines of content found", lines)
	}
	t.Logf("no finding expected in %d lines, %d bytes", lines, bytes)
}
