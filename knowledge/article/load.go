package article

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"runtime"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/sync/errgroup"

	"firstline/knowledge/lint"
	"firstline/knowledge/site"
)

// Load reads the articles of the site's languages and checks them, each and
// against each other. values returns, for a language, what stands for
// {{name}} in titles, questions and texts; see SiteValues.
//
// Articles are in the order of the site's languages, then of their ids. One
// with an error is left out; when the problems hold an error, none should be
// used, as a link or a translation may be missing. Drafts are among them. The
// problems are in the order of files and lines.
//
// fsys should be the FS of an os.Root: no symlink leads out of it. With
// os.DirFS, Load itself refuses such symlinks, but one that is made while it
// reads could deceive it.
func Load(fsys fs.FS, s *site.Site, values func(language string) map[string]string) ([]*Article, lint.Problems) {
	files, problems := walk(fsys, s)
	byLanguage := make(map[string]map[string]string)
	for _, language := range s.Languages {
		byLanguage[language] = clean(values(language))
	}
	all := make([]*parsed, len(files))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, f := range files {
		group.Go(func() error {
			all[i] = read(fsys, f, s, byLanguage[f.language])
			return nil
		})
	}
	_ = group.Wait() // what is wrong is in the problems

	checkAll(all, s)
	var articles []*Article
	for _, p := range all {
		problems = append(problems, p.src.Problems...)
		if p.src.Problems.Err() == nil {
			articles = append(articles, p.article)
		}
	}
	problems.Sort()
	slices.SortStableFunc(articles, func(a, b *Article) int {
		if a.Language != b.Language {
			return slices.Index(s.Languages, a.Language) - slices.Index(s.Languages, b.Language)
		}
		return strings.Compare(a.ID, b.ID)
	})
	return articles, problems
}

// parsed is an article with what the checks across articles need.
type parsed struct {
	file    file
	src     *lint.Source
	front   front
	article *Article // nil when there is nothing worth checking
}

// read reads one file. What is wrong with it is in the problems of its source.
func read(fsys fs.FS, f file, s *site.Site, values map[string]string) (p *parsed) {
	p = &parsed{file: f, src: lint.NewSource(f.path, "")}
	defer func() {
		if r := recover(); r != nil { // of the markdown parser: one article must not stop the others
			p.src.Errorf(0, 0, "can't be parsed: %v", r)
		}
	}()
	data, err := readFile(fsys, f.path)
	if err != nil {
		p.src.Errorf(0, 0, "can't be read: %v", reason(err))
		return p
	}
	text := strings.TrimPrefix(string(data), "\uFEFF") // the mark that some Windows editors put
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	p.src = lint.NewSource(f.path, text)
	if f.problem != "" {
		p.src.Errorf(0, 0, "%s", f.problem)
	}
	if !checkEncoding(p.src, text) {
		return p
	}
	yaml, body, before, ok := split(p.src, text)
	if !ok {
		return p
	}
	p.front = readFront(p.src, yaml, values)
	if !checkParagraphs(p.src, before, body) {
		return p
	}
	d := newDocument(p.src, before, body)
	d.fill(values)
	sections := d.readBody()
	if p.front.handOff == Always && len(sections) > 0 && sections[0].Heading != "" {
		p.src.Errorf(before+1, 0, "handoff: %s sends the text before the first heading, and there is none", Always)
	}
	p.article = p.front.article()
	p.article.ID, p.article.Language, p.article.File = f.id, f.language, f.path
	p.article.Sections = sections
	sum := sha256.Sum256(data)
	p.article.Hash = hex.EncodeToString(sum[:])
	p.article.URL = strings.NewReplacer("{lang}", f.language, "{id}", f.id).Replace(s.ArticleURL)
	return p
}

// checkEncoding reports what isn't text, at the first place where it isn't.
func checkEncoding(src *lint.Source, text string) bool {
	for i, line := range strings.Split(text, "\n") {
		at := strings.IndexByte(line, 0)
		what := "a NUL byte"
		if !utf8.ValidString(line) {
			what = "not valid UTF-8: save the file as UTF-8"
			at = 0
			for at < len(line) {
				r, size := utf8.DecodeRuneInString(line[at:])
				if r == utf8.RuneError && size == 1 {
					break
				}
				at += size
			}
		}
		if at >= 0 {
			src.Errorf(i+1, utf8.RuneCountInString(line[:at])+1, "%s", what)
			return false
		}
	}
	return true
}

// checkParagraphs reports the first paragraph that is too long to be parsed.
func checkParagraphs(src *lint.Source, before int, body string) bool {
	length, first := 0, 0
	for i, line := range strings.Split(body, "\n") {
		if strings.TrimSpace(line) == "" {
			length = 0
			continue
		}
		if length == 0 {
			first = i
		}
		if length += len(line) + 1; length > maxParagraph {
			src.Errorf(before+first+1, 1, "over %d KiB without a blank line", maxParagraph>>10)
			return false
		}
	}
	return true
}

// article returns what the front matter says of an article.
func (f front) article() *Article {
	return &Article{
		Title: f.title, Questions: texts(f.questions), NotFor: texts(f.notFor), HandOff: f.handOff,
		Related: texts(f.related), Updated: f.updated, Draft: f.draft,
	}
}

func texts(entries []entry) []string {
	list := make([]string, len(entries))
	for i, e := range entries {
		list[i] = e.text
	}
	return list
}
