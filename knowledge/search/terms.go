package search

import (
	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/analysis/lang/ar"
	"github.com/blevesearch/bleve/v2/analysis/lang/de"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"
	"github.com/blevesearch/bleve/v2/analysis/lang/es"
	"github.com/blevesearch/bleve/v2/analysis/lang/fr"
	"github.com/blevesearch/bleve/v2/analysis/lang/ru"

	"firstline/knowledge/lang"
)

// Terms returns what is looked up of words (lang.Words): their stems, and where
// characters are written without spaces each of them and each neighbouring two.
func Terms(language string, words []string) []string {
	terms := Stem(language, words)
	if language != "zh" && language != "ja" {
		return terms
	}
	all := append(make([]string, 0, 2*len(terms)), terms...)
	for i := 1; i < len(words); i++ {
		if lang.IsCharacter(words[i-1]) && lang.IsCharacter(words[i]) {
			all = append(all, words[i-1]+words[i])
		}
	}
	return all
}

// Stem returns the words with their endings cut off by the rules of the
// language, and as they are when it has none here. No word is dropped: how,
// what and can't tell questions apart.
func Stem(language string, words []string) []string {
	f := stemmers[language]
	if f == nil {
		return words
	}
	tokens := make([]analysis.Token, len(words))
	stream := make(analysis.TokenStream, len(words))
	for i, w := range words {
		tokens[i].Term = []byte(w)
		stream[i] = &tokens[i]
	}
	out := make([]string, len(words))
	for i, t := range f.Filter(stream) {
		out[i] = string(t.Term)
	}
	return out
}

// stemmers hold no state, so everybody shares them. The light ones don't depend
// on the accents that lang.Normalize has removed.
var stemmers = map[string]analysis.TokenFilter{
	"ar": ar.NewArabicStemmerFilter(),
	"de": de.NewGermanLightStemmerFilter(),
	"en": en.NewEnglishStemmerFilter(),
	"es": es.NewSpanishLightStemmerFilter(),
	"fr": fr.NewFrenchLightStemmerFilter(),
	"ru": ru.NewRussianStemmerFilter(),
}
