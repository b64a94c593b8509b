package article

import (
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"firstline/knowledge/lint"
	"firstline/knowledge/lint/strict"
)

// What is sane; beyond it stands a warning.
const (
	minQuestions = 8
	maxTitle     = 80  // runes; what fits on a button
	maxQuestion  = 200 // runes
)

// split returns the YAML and the markdown of an article, and how many lines of
// the file stand before the markdown. The YAML begins with a blank line in
// place of the "---", so its line numbers are those of the file.
func split(src *lint.Source, text string) (yaml, body string, before int, ok bool) {
	rest, found := cutFence(text)
	if !found {
		src.Errorf(1, 1, `no front matter: the first line must be "---"`)
		return "", "", 0, false
	}
	var b strings.Builder
	b.WriteByte('\n')
	for before = 2; rest != ""; before++ {
		if body, found = cutFence(rest); found {
			return b.String(), body, before, true
		}
		end := lineEnd(rest, 0)
		b.WriteString(rest[:end])
		rest = rest[end:]
	}
	src.Errorf(1, 1, `the front matter is not closed: a line "---" must follow it`)
	return "", "", 0, false
}

// cutFence returns what follows a line "---".
func cutFence(text string) (rest string, found bool) {
	end := lineEnd(text, 0)
	if strings.TrimRight(text[:end], " \t\n") != "---" {
		return "", false
	}
	return text[end:], true
}

// entry is a question, or a related id, with its place in the file.
type entry struct {
	text         string
	key          string // of a question, the same for all that a reader would call the same
	line, column int
}

// front is what the front matter says, with what the checks across articles
// need.
type front struct {
	title     string
	questions []entry
	notFor    []entry
	handOff   Policy
	related   []entry // text is the id
	updated   time.Time
	draft     bool
}

func readFront(src *lint.Source, yaml string, values map[string]string) (f front) {
	root := strict.Parse(src, yaml)
	if !root.Present() {
		if len(src.Problems) == 0 {
			src.Errorf(1, 1, "the front matter is empty: want at least title and questions")
		}
		return f
	}
	fields := root.Fields("title", "questions", "not_for", "handoff", "related", "updated", "draft")
	if fields == nil {
		return f
	}
	f.title = readTitle(src, fields["title"], values)
	q := fields["questions"]
	items := q.List()
	f.questions = readQuestions(items, values)
	if len(f.questions) < minQuestions && (items != nil || !q.Present()) {
		line, column := q.At()
		src.Warnf(max(line, 1), max(column, 1), "%d questions: people find an article by them, want at least %d", len(f.questions), minQuestions)
	}
	f.notFor = readQuestions(fields["not_for"].List(), values)
	checkOwn(src, f.questions, f.notFor)
	f.handOff = readPolicy(fields["handoff"])
	f.related = readRelated(fields["related"])
	f.updated = readDate(fields["updated"])
	f.draft, _ = fields["draft"].Bool()
	return f
}

func readTitle(src *lint.Source, n strict.Node, values map[string]string) string {
	if !n.Present() {
		src.Errorf(1, 1, "title is missing")
		return ""
	}
	text, ok := n.Text()
	if !ok {
		return ""
	}
	title := fillPlain(text, values, func(message string) { n.Errorf("%s", message) })
	if length := utf8.RuneCountInString(title); length > maxTitle {
		n.Warnf("the title has %d characters: over %d it is cut off on buttons", length, maxTitle)
	}
	return title
}

func readQuestions(items []strict.Node, values map[string]string) []entry {
	var list []entry
	for _, item := range items {
		text, ok := item.Text()
		if !ok {
			continue
		}
		text = fillPlain(text, values, func(message string) { item.Errorf("%s", message) })
		q := entry{text: text, key: normalise(text)}
		q.line, q.column = item.At()
		if q.key == "" {
			item.Errorf("%q has no word in it", text)
			continue
		}
		if utf8.RuneCountInString(text) > maxQuestion {
			item.Warnf("a question of over %d characters: nobody asks like this", maxQuestion)
		}
		list = append(list, q)
	}
	return list
}

// checkOwn reports questions that the article has twice, or has and denies.
func checkOwn(src *lint.Source, questions, notFor []entry) {
	lines := make(map[string]int)
	for _, q := range questions {
		if first, twice := lines[q.key]; twice {
			src.Errorf(q.line, q.column, "the same question is in line %d", first)
			continue
		}
		lines[q.key] = q.line
	}
	for _, q := range notFor {
		if first, twice := lines[q.key]; twice {
			src.Errorf(q.line, q.column, "the same question is in line %d: it can't be for this article and not for it", first)
		}
	}
}

func readPolicy(n strict.Node) Policy {
	text, ok := n.Text()
	switch p := Policy(text); {
	case !ok || p == Offer:
		return Offer
	case p == Always:
		return Always
	default:
		n.Errorf("handoff %q: want %s or %s", text, Offer, Always)
		return Always // the careful one
	}
}

// id is what the id of an article looks like.
var id = regexp.MustCompile(`^[a-z0-9-]+/[a-z0-9-]+$`)

func readRelated(n strict.Node) []entry {
	var list []entry
	seen := make(map[string]bool)
	for _, item := range n.List() {
		text, ok := item.Text()
		switch {
		case !ok:
		case !id.MatchString(text):
			item.Errorf("related %q: want the id of an article, topic/slug", text)
		case seen[text]:
			item.Warnf("related %q is in the list twice", text)
		default:
			seen[text] = true
			q := entry{text: text}
			q.line, q.column = item.At()
			list = append(list, q)
		}
	}
	return list
}

func readDate(n strict.Node) time.Time {
	text, ok := n.Text()
	if !ok {
		return time.Time{}
	}
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		n.Errorf("updated %q: want a date such as 2026-11-22", text)
	}
	return t
}
