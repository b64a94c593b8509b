// Package labelled reads messages of which people know what answers them: those
// that test the articles, and those that calibrate how sure answers are.
//
// It knows files and articles; what the messages are used for is others' matter.
package labelled

import (
	"errors"
	"io/fs"
	"strings"

	"firstline/knowledge/article"
	"firstline/knowledge/lang"
	"firstline/knowledge/lint"
	"firstline/knowledge/lint/strict"
)

// The files of messages in a language's folder of the content: lists of messages
// by article id, and by "none" those that no article answers.
const (
	Test        = "questions.yaml"
	Calibration = "calibration.yaml"
)

// none is the key of messages that no article answers.
const none = "none"

// Message is a message with what answers it.
type Message struct {
	Text     string
	Language string // primary tag
	Article  string // id; "" when no article answers
}

// Read reads a file of every language; one that doesn't have it has no messages.
// A message that is an article's own example question or title is left out:
// those are learned from, so nothing is measured with them, and editors may well
// have added it since. The file Test gets a warning for each, and an error for an
// article that there isn't, of which the file Calibration only warns. When the
// problems hold more than warnings, the messages must not be used.
func Read(fsys fs.FS, name string, languages []string, articles []*article.Article) ([]Message, lint.Problems) {
	var all []Message
	var problems lint.Problems
	for _, l := range languages {
		file := l + "/" + name
		src, text, err := lint.Read(fsys, file)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			problems = append(problems, src.Problems...)
			continue
		}
		r := &reader{language: l, src: src, lines: map[string]int{}, test: name == Test}
		r.know(articles)
		r.read(text)
		r.src.Problems.Sort()
		problems = append(problems, r.src.Problems...)
		all = append(all, r.messages...)
	}
	return all, problems
}

// reader reads the file of one language.
type reader struct {
	language string
	src      *lint.Source
	articles map[string]*article.Article // by id
	learned  map[string]string           // normal form of a title or question → id
	lines    map[string]int              // normal form of a held-out question → its line
	messages []Message
	test     bool
}

func (r *reader) know(articles []*article.Article) {
	r.articles, r.learned = map[string]*article.Article{}, map[string]string{}
	for _, a := range articles {
		if a.Language != r.language {
			continue
		}
		r.articles[a.ID] = a
		r.learned[r.normal(a.Title)] = a.ID
		for _, q := range a.Questions {
			r.learned[r.normal(q)] = a.ID
		}
	}
}

// normal is what is left of a question without case, accents and punctuation.
func (r *reader) normal(text string) string {
	folded := lang.Normalize(r.language, text)
	if words := lang.Words(r.language, folded); len(words) > 0 {
		return strings.Join(words, " ")
	}
	return folded
}

func (r *reader) read(text string) {
	root := strict.Parse(r.src, text)
	if !root.Present() && len(r.src.Problems) == 0 {
		r.src.Errorf(0, 0, "empty: want lists of questions by article id")
	}
	for _, p := range root.Pairs() {
		if p.Key != none {
			report := p.Name.Errorf
			if !r.test {
				report = p.Name.Warnf // the rest still calibrates
			}
			a := r.articles[p.Key]
			if a == nil {
				report("there is no article %s/%s.md", r.language, p.Key)
				continue
			}
			if a.Draft {
				report("the article %s/%s.md is a draft: nobody is answered from it", r.language, p.Key)
				continue
			}
		}
		items := p.Value.List()
		if items != nil && len(items) == 0 {
			p.Value.Errorf("%s needs at least one question", p.Key)
		}
		for _, item := range items {
			r.question(item, p.Key)
		}
	}
}

func (r *reader) question(item strict.Node, gold string) {
	text, ok := item.Text()
	if !ok {
		return
	}
	key := r.normal(text)
	if first := r.lines[key]; first > 0 {
		item.Errorf("the same question is in line %d (case, accents and punctuation don't matter)", first)
		return
	}
	r.lines[key], _ = item.At()
	if by, taken := r.learned[key]; taken {
		if !r.test {
			return
		}
		item.Warnf("%s/%s.md has the same question or title: it is not asked, because what is learned from can't be measured with", r.language, by)
		return
	}
	if gold == none {
		gold = ""
	}
	r.messages = append(r.messages, Message{Text: text, Language: r.language, Article: gold})
}
