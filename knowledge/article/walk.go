package article

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"firstline/knowledge/lint"
	"firstline/knowledge/site"
)

// file is an article's file before it is read.
type file struct {
	path     string // within the content folder
	language string
	id       string // as the path has it, not always a good one
	problem  string // what is wrong with its name; "" when nothing
}

// walker finds the articles of a content folder.
type walker struct {
	fsys     fs.FS
	files    []file
	problems lint.Problems
}

// walk returns the files of the site's languages in the order of their paths.
func walk(fsys fs.FS, s *site.Site) ([]file, lint.Problems) {
	w := &walker{fsys: fsys}
	for _, entry := range w.list(".") {
		name := entry.Name()
		if !w.isDir(name, entry) {
			continue // site.yaml, a read-me
		}
		if slices.Contains(s.Languages, name) {
			w.language(name)
		} else if count := len(w.articlesBelow(name)); count > 0 {
			w.problem(name, true, "%d articles aren't used: %q is not in the languages of %s", count, name, site.File)
		}
	}
	if len(w.files) == 0 {
		w.problem(s.Fallback, true, "there is no article in any language")
	}
	return w.files, w.problems
}

func (w *walker) language(language string) {
	for _, entry := range w.list(language) {
		at := path.Join(language, entry.Name())
		switch {
		case w.isDir(at, entry):
			w.topic(language, entry.Name())
		case isArticle(at):
			w.problem(at, false, "want <language>/<topic>/<slug>.md: this one is in no topic")
		}
	}
}

var word = regexp.MustCompile(`^[a-z0-9-]+$`)

func (w *walker) topic(language, topic string) {
	folder := path.Join(language, topic)
	entries := w.list(folder)
	if !word.MatchString(topic) && slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return isArticle(e.Name()) }) {
		w.problem(folder, false, "folder name %q: only a-z, 0-9 and - are allowed", topic)
	}
	for _, entry := range entries {
		at := path.Join(folder, entry.Name())
		if w.isDir(at, entry) {
			for _, deep := range w.articlesBelow(at) {
				w.problem(deep, false, "want <language>/<topic>/<slug>.md: this one is too deep")
			}
			continue
		}
		if !isArticle(at) {
			continue
		}
		extension := path.Ext(at)
		slug := strings.TrimSuffix(entry.Name(), extension)
		f := file{path: at, language: language, id: topic + "/" + slug}
		switch {
		case extension != ".md":
			f.problem = fmt.Sprintf("the name must end in .md, not %s", extension)
		case !word.MatchString(slug):
			f.problem = fmt.Sprintf("file name %q: only a-z, 0-9 and - are allowed", entry.Name())
		}
		w.files = append(w.files, f)
	}
}

// isArticle reports whether a file's name is one of an article, be it wrongly
// written.
func isArticle(name string) bool {
	extension := path.Ext(name)
	return strings.EqualFold(extension, ".md") || strings.EqualFold(extension, ".markdown")
}

// articlesBelow returns the articles in a folder and its subfolders.
func (w *walker) articlesBelow(folder string) []string {
	var list []string
	for _, entry := range w.list(folder) {
		at := path.Join(folder, entry.Name())
		switch {
		case entry.IsDir(): // a symlink could lead in a circle
			list = append(list, w.articlesBelow(at)...)
		case isArticle(at):
			list = append(list, at)
		}
	}
	return list
}

// list returns what is in a folder without hidden files.
func (w *walker) list(folder string) []fs.DirEntry {
	entries, err := fs.ReadDir(w.fsys, folder)
	if err != nil {
		w.problem(folder, false, "can't be read: %v", reason(err))
	}
	return slices.DeleteFunc(entries, func(e fs.DirEntry) bool { return strings.HasPrefix(e.Name(), ".") })
}

// isDir reports whether an entry is a folder, or a symlink to one within the
// content folder.
func (w *walker) isDir(at string, entry fs.DirEntry) bool {
	if entry.Type()&fs.ModeSymlink == 0 {
		return entry.IsDir()
	}
	err := inside(w.fsys, at)
	var info fs.FileInfo
	if err == nil {
		info, err = fs.Stat(w.fsys, at)
	}
	if err != nil && !isArticle(at) { // an article is reported when it is read
		w.problem(at, false, "can't be read: %v", reason(err))
	}
	return err == nil && info.IsDir()
}

func (w *walker) problem(at string, warning bool, format string, args ...any) {
	w.problems = append(w.problems, lint.Problem{File: at, Warning: warning, Message: fmt.Sprintf(format, args...)})
}

// reason returns an error of a file system without the path, which is told
// anyway.
func reason(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}
