package markup

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"firstline/bot/chat"
)

var update = flag.Bool("update", false, "write what is rendered into testdata")

// TestMarkdown renders the markdown of every file in testdata in every way. A
// file's comment says what it is about.
func TestMarkdown(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if len(archive.Files) == 0 || archive.Files[0].Name != "markdown" {
				t.Fatal("the first section must be markdown")
			}
			got := sections(FromMarkdown(string(archive.Files[0].Data)))
			if *update {
				archive.Files = append(archive.Files[:1], got...)
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(asText(archive.Files[1:]), asText(got)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// sections renders r in every way that there is.
func sections(r chat.Rich) []txtar.File {
	var spans, entities strings.Builder
	for _, s := range r.Spans {
		fmt.Fprintf(&spans, "%-7s %q %s\n", s.Style, r.Text[s.Start:s.End], s.URL)
	}
	text, es := TelegramEntities(r)
	units := newUnits(text)
	for _, e := range es {
		fmt.Fprintf(&entities, "%-9s %d+%d %q %s\n", e.Type, e.Offset, e.Length, units.slice(e), e.URL)
	}
	file := func(name, data string) txtar.File {
		return txtar.File{Name: name, Data: []byte(strings.TrimSuffix(data, "\n") + "\n")}
	}
	return []txtar.File{
		file("text", r.Text),
		file("spans", spans.String()),
		file("telegram", entities.String()),
		file("discord", Discord(r)),
		file("html", string(HTML(r))),
		file("terminal", strings.ReplaceAll(Terminal(r, true), "\x1b", "␛")),
		file("plain", Plain(r)),
	}
}

func asText(files []txtar.File) map[string]string {
	m := map[string]string{}
	for _, f := range files {
		m[f.Name] = string(f.Data)
	}
	return m
}
