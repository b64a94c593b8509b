package rank

import (
	"strings"

	"firstline/knowledge/lang"
)

const (
	// maxWords is how many words of a question count. Longer ones are stories;
	// their beginning says what they are about.
	maxWords = 120
	// someNumber stands for every number of more than three digits: amounts and
	// references say nothing about what is asked.
	someNumber = "0000"
)

// split returns the words of a text of a language as they are compared.
func split(language, text string) []string {
	words := lang.Words(language, lang.Normalize(language, text))
	for i, w := range words {
		if len(w) > 3 && strings.Trim(w, "0123456789") == "" {
			words[i] = someNumber
		}
	}
	return words
}
