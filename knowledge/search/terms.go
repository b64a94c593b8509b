package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/analysis/lang/ar"
	"github.com/blevesearch/bleve/v2/analysis/lang/de"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"
	"github.com/blevesearch/bleve/v2/analysis/lang/es"
	"github.com/blevesearch/bleve/v2/analysis/lang/fr"
	"github.com/blevesearch/bleve/v2/analysis/lang/ru"
)

// maxWord is the longest word, in bytes, that is looked up. What is longer is a
// hash, an address or noise.
const maxWord = 64

// Words splits normalised text (lang.Normalize) into words: runs of letters and
// digits, and each Chinese character by itself. Apostrophes join (can't is
// cant), except that French elisions and the English possessive are cut off.
func Words(language, normalized string) []string {
	words := make([]string, 0, len(normalized)/5+1)
	add := func(w string) {
		switch language {
		case "fr":
			if i := strings.IndexByte(w, '\''); i > 0 && i <= 2 {
				w = w[i+1:]
			}
		case "en":
			w = strings.TrimSuffix(w, "'s")
		}
		w = strings.ReplaceAll(w, "'", "")
		if w != "" && len(w) <= maxWord {
			words = append(words, w)
		}
	}
	start := -1
	for i, r := range normalized {
		switch {
		case isHan(r):
			if start >= 0 {
				add(normalized[start:i])
				start = -1
			}
			words = append(words, normalized[i:i+utf8.RuneLen(r)])
		case isWordRune(r) || r == '\'' && start >= 0:
			if start < 0 {
				start = i
			}
		default:
			if start >= 0 {
				add(normalized[start:i])
				start = -1
			}
		}
	}
	if start >= 0 {
		add(normalized[start:])
	}
	return words
}

func isWordRune(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || 'A' <= r && r <= 'Z'
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
}

func isHan(r rune) bool { return r >= 0x2e80 && unicode.Is(unicode.Han, r) }

// IsCharacter reports whether a word is a Chinese character.
func IsCharacter(w string) bool {
	r, _ := utf8.DecodeRuneInString(w)
	return isHan(r)
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
