package search

import (
	"fmt"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/registry"

	"firstline/knowledge/lang"
)

// A language has up to three fields in the index, each with its own analyser:
// its stemmed words, the pairs of neighbouring ones, and the letter trigrams
// within words, which find what is mistyped or inflected beyond the stemmer.
// The words of Chinese are its characters and pairs of them; it has no others.
type part string

const (
	partWords    part = "words"
	partPairs    part = "pairs"
	partTrigrams part = "trigrams"
)

// analyzerType is the name under which bleve finds newAnalyzer.
const analyzerType = "firstline"

func init() {
	if err := registry.RegisterAnalyzer(analyzerType, newAnalyzer); err != nil {
		panic(err) // two packages of one name: a mistake in the program
	}
}

// newAnalyzer makes the analyser of one field. bleve's own analysers of
// languages drop stop words, and with them the difference between questions.
func newAnalyzer(config map[string]any, _ *registry.Cache) (analysis.Analyzer, error) {
	language, _ := config["language"].(string)
	p, _ := config["part"].(string)
	var terms func(language string, words []string) []string
	switch part(p) {
	case partWords:
		terms = Stem
	case partPairs:
		terms = func(l string, words []string) []string { return Pairs(Stem(l, words)) }
	case partTrigrams:
		terms = func(_ string, words []string) []string { return Trigrams(words) }
	default:
		return nil, fmt.Errorf("search: no analyser for %q", p)
	}
	if charactersOnly(language) && part(p) == partWords {
		terms = func(_ string, words []string) []string { return append(Pairs(words), words...) }
	}
	return analyzer(func(text string) []string {
		return terms(language, Words(language, lang.Normalize(language, text)))
	}), nil
}

// charactersOnly reports whether a language has no spaces between words, so that
// characters and pairs of them stand for words.
func charactersOnly(language string) bool { return language == "zh" || language == "ja" }

// analyzer makes terms of text; it is bleve's analysis.Analyzer.
type analyzer func(text string) []string

// Analyze returns the terms as tokens without places in the text: nothing here
// highlights or searches phrases.
func (a analyzer) Analyze(text []byte) analysis.TokenStream {
	terms := a(string(text))
	tokens := make([]analysis.Token, len(terms))
	stream := make(analysis.TokenStream, len(terms))
	for i, t := range terms {
		tokens[i] = analysis.Token{Term: []byte(t), Position: i + 1}
		stream[i] = &tokens[i]
	}
	return stream
}

// Pairs returns each two neighbouring words as one term: Chinese characters
// joined, other words with a space between them.
func Pairs(words []string) []string {
	if len(words) < 2 {
		return nil
	}
	pairs := make([]string, 0, len(words)-1)
	for i := 1; i < len(words); i++ {
		if IsCharacter(words[i-1]) && IsCharacter(words[i]) {
			pairs = append(pairs, words[i-1]+words[i])
		} else {
			pairs = append(pairs, words[i-1]+" "+words[i])
		}
	}
	return pairs
}

// Trigrams returns every three neighbouring letters within each word, its
// boundaries counting as one, so that the beginnings of words weigh more.
func Trigrams(words []string) []string {
	grams := make([]string, 0, 5*len(words))
	for _, w := range words {
		if IsCharacter(w) {
			continue
		}
		marked := "^" + w + "$"
		var ends [3]int // where the last three runes began
		n := 0
		for i, r := range marked {
			ends[n%3] = i
			n++
			if n >= 3 {
				grams = append(grams, marked[ends[n%3]:i+utf8.RuneLen(r)])
			}
		}
	}
	return grams
}
