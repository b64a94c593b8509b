package article_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"firstline/knowledge/article"
)

// write makes files in a new folder and returns it.
func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		at := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func link(t *testing.T, target, name string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, name); err != nil {
		t.Skip("no symlinks here:", err)
	}
}

func TestSymlinks(t *testing.T) {
	t.Parallel()
	outside := write(t, map[string]string{"secret.md": md("secrets", "", "Text.\n"), "a/b.md": md("secrets", "", "Text.\n")})
	// Kubernetes mounts a ConfigMap as links to a folder that it swaps.
	dir := write(t, map[string]string{
		"..2026_11_22/en/a/b.md": md("coins", "", "Text.\n"),
		"..2026_11_22/x.md":      md("cards", "", "Text.\n"),
	})
	link(t, "..2026_11_22", filepath.Join(dir, "..data"))
	link(t, filepath.Join("..data", "en"), filepath.Join(dir, "en"))
	link(t, filepath.Join("..", "..", "..data", "x.md"), filepath.Join(dir, "zh", "a", "b.md"))
	for name, target := range map[string]string{
		"zh/a/absolute.md": filepath.Join(outside, "secret.md"),
		"zh/a/relative.md": "../../../" + filepath.Base(outside) + "/secret.md",
		"zh/a/via.md":      "../../..out/secret.md",
		"..out":            outside,
		"zh/a/circle.md":   "circle.md",
		"zh/a/gone.md":     "nowhere.md",
		"zh/topic":         filepath.Join(outside, "a"),
	} {
		link(t, target, filepath.Join(dir, filepath.FromSlash(name)))
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = root.Close() })

	want := `zh/a/absolute.md: can't be read: a symlink that leads out of the content folder
zh/a/circle.md: can't be read: symlinks that lead in a circle
zh/a/gone.md: can't be read: no such file or directory
zh/a/relative.md: can't be read: a symlink that leads out of the content folder
zh/a/via.md: can't be read: a symlink that leads out of the content folder
zh/topic: can't be read: a symlink that leads out of the content folder`
	for name, fsys := range map[string]fs.FS{"DirFS": os.DirFS(dir), "Root": root.FS()} {
		articles, problems := article.Load(fsys, testSite(), func(string) map[string]string { return nil })
		var kept []string
		for _, p := range strings.Split(problems.Error(), "\n") {
			if !strings.Contains(p, "fallback") { // which warns of the broken ones
				kept = append(kept, p)
			}
		}
		if diff := cmp.Diff(want, strings.Join(kept, "\n")); diff != "" {
			t.Errorf("%s: problems (-want +got):\n%s", name, diff)
		}
		if len(articles) != 2 || articles[0].File != "en/a/b.md" || articles[1].File != "zh/a/b.md" {
			t.Errorf("%s: %d articles, want those of the linked folder and file", name, len(articles))
		}
	}
}

// FuzzLoad looks for text that makes a parser panic or a problem lie about its
// place.
func FuzzLoad(f *testing.F) {
	f.Add(md("coins", "not_for: [a, 'b']\nrelated: [a/c]\n", "Lead {{product}}.\n\n## H\n\n- **a** [b]({{link.fees}})\n"))
	f.Add("\uFEFF---\r\ntitle: |\r\n  x\r\n---\r\nT\r\n===\r\n[a]: b\r\n<a>\r\n![x](y)\r\n```\r\n{{x}}\r\n")
	f.Add("---\nquestions:\n- &a b\n- *a\n- !c d\n- {e: f}\n- ? g\n---\n> ## {{hours}}\n")
	f.Fuzz(func(t *testing.T, text string) {
		s := testSite()
		articles, problems := article.Load(fstest.MapFS{"en/a/b.md": {Data: []byte(text)}}, s, func(string) map[string]string {
			return article.SiteValues(s)
		})
		lines := strings.Count(text, "\n") + strings.Count(text, "\r") + 1
		for _, p := range problems {
			if strings.Contains(p.Message, "can't be parsed") {
				t.Errorf("panic: %s", p)
			}
			if p.Line < 0 || p.Line > lines || p.Column < 0 || p.Column > len(text)+1 {
				t.Errorf("no such place: %s", p)
			}
		}
		if problems.Err() != nil {
			return
		}
		if len(articles) != 1 || articles[0].Title == "" || len(articles[0].Sections) == 0 {
			t.Errorf("an article without title or text: %+v", articles)
		}
		for _, section := range articles[0].Sections {
			if section.Markdown == "" || section.Line < 1 || section.Line > lines {
				t.Errorf("section %+v", section)
			}
		}
	})
}

func BenchmarkLoad(b *testing.B) {
	fsys := fstest.MapFS{}
	for i := range 2000 {
		topic := fmt.Sprintf("thing number %d", i)
		body := strings.Repeat("Ask {{product}}, see [this]({{link.fees}}).\n\n## About "+topic+"\n\n1. **Open** it.\n2. Shut it.\n\n", 6) + "End.\n"
		fsys[fmt.Sprintf("en/t%d/a%d.md", i%20, i)] = &fstest.MapFile{Data: []byte(md(topic, "", body))}
	}
	s := testSite()
	for b.Loop() {
		articles, problems := article.Load(fsys, s, func(string) map[string]string { return article.SiteValues(s) })
		if len(articles) != 2000 || problems.Err() != nil {
			b.Fatal(len(articles), problems)
		}
	}
}
