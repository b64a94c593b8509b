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

// The keys of the file. All but filler must be there.
var kinds = []What{Greeting, Thanks, Goodbye, filler, Person}

// Load reads <language>/smalltalk.yaml of every language. When the problems hold
// more than warnings, the book is nil.
func Load(fsys fs.FS, languages []string) (*Book, lint.Problems) {
	b := &Book{languages: slices.Clone(languages)}
	var problems lint.Problems
	for i, l := range b.languages {
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
	keys := make([]string, len(kinds))
	for i, k := range kinds {
		keys[i] = string(k)
	}
	fields := root.Fields(keys...)
	if fields == nil {
		return
	}
	for _, k := range kinds {
		n := fields[string(k)]
		if !n.Present() && k != filler {
			src.Errorf(0, 0, "%s is missing: a list of phrases", k)
			continue
		}
		b.phrases(n, end{what: k, language: language})
	}
}

func (b *Book) phrases(list strict.Node, e end) {
	items := list.List()
	if list.Present() && items != nil && len(items) == 0 && e.what != filler {
		list.Errorf("%s needs at least one phrase", e.what)
	}
	seen := map[string]bool{}
	for _, item := range items {
		text, ok := item.Text()
		if !ok {
			continue
		}
		for n, form := range forms(text) {
			tokens := tokenize(form)
			switch key := joined(tokens); {
			case key == "":
				item.Errorf("%q has no letters or digits", text)
			case len(tokens) > maxPhrase:
				item.Errorf("%q is too long to be recognised: at most %d words", text, maxPhrase)
			case !seen[key]:
				seen[key] = true
				b.add(tokens, e)
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
