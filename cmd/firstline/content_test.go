package main

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"firstline/content"
)

// fewArticles are the shipped articles that tests of processes ask for, and some
// that those could be taken for.
var fewArticles = []string{
	"deposit/deposit-not-arrived", "deposit/make-a-deposit",
	"privacy/data-we-collect", "privacy/delete-my-data",
	"registration/close-account", "registration/create-account", "registration/verify-identity",
	"security/lost-2fa-device", "security/reset-password", "security/turn-on-2fa",
	"using/change-language-or-currency", "using/swap-tokens", "using/transaction-history",
	"withdrawal/cancel-withdrawal",
}

// fewQuestions is how many questions each of them keeps, of more than a hundred.
const fewQuestions = 12

// fewContent copies a part of the shipped content: all of it takes a process
// seconds to learn, and most tests of processes are about delivery. The site, the
// phrases and the small talk are whole.
func fewContent(t testing.TB) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "content")
	kept := 0
	err := fs.WalkDir(content.FS, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			return os.MkdirAll(filepath.Join(dir, name), 0o700)
		}
		data, err := fs.ReadFile(content.FS, name)
		if err != nil {
			return err
		}
		switch _, id, _ := strings.Cut(strings.TrimSuffix(name, ".md"), "/"); {
		case path.Ext(name) == ".md" && !slices.Contains(fewArticles, id):
			return nil
		case path.Ext(name) == ".md":
			data, kept = shorten(data), kept+1
		case id == "calibration.yaml" || id == "questions.yaml": // they name all articles
			return nil
		}
		return os.WriteFile(filepath.Join(dir, name), data, 0o600)
	})
	if err != nil || kept != 2*len(fewArticles) {
		t.Fatalf("%d articles, %v", kept, err)
	}
	return dir
}

// shorten takes most questions out of an article, and the list of related ones,
// which may be left out.
func shorten(data []byte) []byte {
	var b strings.Builder
	list, n := "", 0
	for line := range strings.Lines(string(data)) {
		if !strings.HasPrefix(line, "  - ") {
			list, n = strings.TrimSpace(line), 0
		}
		if n++; list != "related:" && (list != "questions:" || n <= 1+fewQuestions) {
			b.WriteString(line)
		}
	}
	return []byte(b.String())
}
