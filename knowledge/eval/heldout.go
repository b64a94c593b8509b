package eval

import (
	"errors"
	"io/fs"
	"strings"

	"firstline/knowledge/article"
	"firstline/knowledge/lang"
	"firstline/knowledge/lint"
	"firstline/knowledge/lint/strict"
	"firstline/knowledge/search"
)

// File is the name of the file of held-out questions in a language's folder of
// the content: a list of questions for each article id, and for "none" those
// that no article answers.
const File = "questions.yaml"

// HeldOut reads <language>/questions.yaml of every language; one that has no such
// file has no held-out questions. One that is an article's own example question or
// title is left out with a warning: those are learned from, and editors may well
// have added it since. When the problems hold more than warnings, the queries must
// not be used.
func HeldOut(fsys fs.FS, languages []string, articles []*article.Article) ([]Query, lint.Problems) {
	var queries []Query
	var problems lint.Problems
	for _, l := range languages {
		file := l + "/" + File
		src, text, err := lint.Read(fsys, file)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			problems = append(problems, src.Problems...)
			continue
		}
		h := &heldOut{language: l, src: src, lines: map[string]int{}}
		h.know(articles)
		h.read(text)
		h.src.Problems.Sort()
		problems = append(problems, h.src.Problems...)
		queries = append(queries, h.queries...)
	}
	return queries, problems
}

// heldOut reads the file of one language.
type heldOut struct {
	language string
	src      *lint.Source
	articles map[string]*article.Article // by id
	learned  map[string]string           // normal form of a title or question → id
	lines    map[string]int              // normal form of a held-out question → its line
	queries  []Query
}

func (h *heldOut) know(articles []*article.Article) {
	h.articles, h.learned = map[string]*article.Article{}, map[string]string{}
	for _, a := range articles {
		if a.Language != h.language {
			continue
		}
		h.articles[a.ID] = a
		h.learned[h.normal(a.Title)] = a.ID
		for _, q := range a.Questions {
			h.learned[h.normal(q)] = a.ID
		}
	}
}

// normal is what is left of a question without case, accents and punctuation.
func (h *heldOut) normal(text string) string {
	folded := lang.Normalize(h.language, text)
	if words := search.Words(h.language, folded); len(words) > 0 {
		return strings.Join(words, " ")
	}
	return folded
}

func (h *heldOut) read(text string) {
	root := strict.Parse(h.src, text)
	if !root.Present() && len(h.src.Problems) == 0 {
		h.src.Errorf(0, 0, "empty: want lists of questions by article id")
	}
	for _, p := range root.Pairs() {
		if p.Key != None {
			a := h.articles[p.Key]
			if a == nil {
				p.Name.Errorf("there is no article %s/%s.md", h.language, p.Key)
				continue
			}
			if a.Draft {
				p.Name.Errorf("the article %s/%s.md is a draft: nobody is answered from it", h.language, p.Key)
				continue
			}
		}
		items := p.Value.List()
		if items != nil && len(items) == 0 {
			p.Value.Errorf("%s needs at least one question", p.Key)
		}
		for _, item := range items {
			h.question(item, p.Key)
		}
	}
}

func (h *heldOut) question(item strict.Node, gold string) {
	text, ok := item.Text()
	if !ok {
		return
	}
	key := h.normal(text)
	if first := h.lines[key]; first > 0 {
		item.Errorf("the same question is in line %d (case, accents and punctuation don't matter)", first)
		return
	}
	h.lines[key], _ = item.At()
	if by, taken := h.learned[key]; taken {
		item.Warnf("%s/%s.md has the same question or title: it is not asked, because what is learned from can't be measured with", h.language, by)
		return
	}
	h.queries = append(h.queries, Query{Text: text, Lang: h.language, Gold: gold})
}
