package knowledge

import (
	"strings"

	"firstline/knowledge/lang"
	"firstline/knowledge/search"
)

// A text is compared by three blocks of terms.
const (
	blockWords = iota
	blockPairs
	blockLetters
	blocks
)

// termCounts are a text's terms with how often each occurs, by block.
type termCounts [blocks]map[string]int

// split returns the words of a text of a language.
func split(language, text string) []string {
	return search.Words(language, lang.Normalize(language, text))
}

// countTerms counts the terms of words. Inflection is cut off, no word is left
// out, and typing errors leave most letter trigrams standing.
func countTerms(language string, words []string) termCounts {
	if byCharacters(language) {
		return countCharacters(words)
	}
	stems := search.Stem(language, words)
	return termCounts{count(stems), count(search.Pairs(stems)), count(search.Trigrams(words))}
}

// byCharacters reports whether a language has no spaces between words.
func byCharacters(language string) bool { return language == "zh" || language == "ja" }

// countCharacters is countTerms for a language without spaces: pairs of
// characters are its words.
func countCharacters(words []string) termCounts {
	pairs := search.Pairs(words)
	threes := make([]string, 0, len(words))
	for i := 2; i < len(words); i++ {
		threes = append(threes, words[i-2]+words[i-1]+words[i])
	}
	for _, w := range words {
		if !search.IsCharacter(w) {
			pairs = append(pairs, w)
		}
	}
	return termCounts{count(pairs), count(threes), count(words)}
}

func count(terms []string) map[string]int {
	m := make(map[string]int, len(terms))
	for _, t := range terms {
		m[t]++
	}
	return m
}

// isNumber reports whether a word is digits only: how much or how long says
// nothing about what a question is about.
func isNumber(word string) bool {
	return word != "" && strings.Trim(word, "0123456789") == ""
}
