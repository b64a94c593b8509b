package talk

import (
	"io/fs"
	"slices"
	"strings"

	"firstline/knowledge/lint"
	"firstline/knowledge/lint/strict"
)

// File is the name of the file of phrases in a language's folder.
const File = "smalltalk.yaml"

// maxPhrase is the most tokens that a phrase may have; a longer one would never
// be written in just these words.
const maxPhrase = 16

// key is a key of the file.
type key struct {
	what    What
	must    bool // be there
	learned bool // its phrases are only learned from, and may be sentences
}

var keys = []key{
	{what: Greeting, must: true}, {what: Thanks, must: true}, {what: Goodbye, must: true},
	{what: filler}, {what: Person, must: true},
	{what: Complaint}, {what: Failed}, {what: Followup},
	{what: OffTopic, learned: true}, {what: questions, learned: true},
}

// Load reads <language>/smalltalk.yaml of every language. When the problems hold
// more than warnings, the book is nil.
func Load(fsys fs.FS, languages []string) (*Book, lint.Problems) {
	b := &Book{languages: slices.Clone(languages), phrases: make([]map[What][]string, len(languages))}
	var problems lint.Problems
	for i, l := range b.languages {
		b.phrases[i] = map[What][]string{}
		problems = append(problems, b.load(fsys, l, i)...)
	}
	if problems.Err() != nil {
		return nil, problems
	}
	return b, problems
}

func (b *Book) load(fsys fs.FS, language string, index int) lint.Problems {
	file := language + "/" + File
	src, text, err := lint.Read(fsys, file)
	if err != nil {
		return src.Problems
	}
	b.read(src, strict.Parse(src, text), index)
	src.Problems.Sort()
	return src.Problems
}

func (b *Book) read(src *lint.Source, root strict.Node, language int) {
	if !root.Present() {
		if len(src.Problems) == 0 {
			src.Errorf(0, 0, "empty: want greeting, thanks, goodbye, filler and person")
		}
		return
	}
	names := make([]string, len(keys))
	for i, k := range keys {
		names[i] = string(k.what)
	}
	fields := root.Fields(names...)
	if fields == nil {
		return
	}
	for _, k := range keys {
		n := fields[string(k.what)]
		if !n.Present() {
			if k.must {
				src.Errorf(0, 0, "%s is missing: a list of phrases", k.what)
			}
			continue
		}
		b.list(n, k, language)
	}
}

func (b *Book) list(list strict.Node, k key, language int) {
	items := list.List()
	if items != nil && len(items) == 0 && k.what != filler {
		list.Errorf("%s needs at least one phrase", k.what)
	}
	most := maxPhrase
	if k.learned {
		most = maxTokens
	}
	seen := map[string]bool{}
	for _, item := range items {
		text, ok := item.Text()
		if !ok {
			continue
		}
		b.phrases[language][k.what] = append(b.phrases[language][k.what], text)
		for n, form := range forms(text) {
			tokens := tokenize(form)
			switch written := joined(tokens); {
			case written == "":
				item.Errorf("%q has no letters or digits", text)
			case len(tokens) > most:
				item.Errorf("%q is too long to be recognised: at most %d words", text, most)
			case !seen[written]:
				seen[written] = true
				if !k.learned {
					b.add(tokens, end{what: k.what, language: language})
				}
			case n == 0:
				item.Warnf("%q is there already (case, accents and punctuation don't matter)", text)
			}
		}
	}
}

// forms returns a phrase as written and, when it has umlauts, as people write it
// without them.
func forms(phrase string) []string {
	lower := strings.ToLower(phrase)
	if plain := umlauts.Replace(lower); plain != lower {
		return []string{phrase, plain}
	}
	return []string{phrase}
}

var umlauts = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue")

func joined(tokens []token) string {
	var words []string
	for _, t := range tokens {
		if t.mood == noMood {
			words = append(words, t.word)
		}
	}
	return strings.Join(words, " ")
}
