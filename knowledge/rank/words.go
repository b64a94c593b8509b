package rank

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"firstline/knowledge/lang"
)

const (
	// maxWord is the longest word, in bytes, that is looked at. What is longer is a
	// hash, an address or noise.
	maxWord = 64
	// maxWords is how many words of a question count. Longer ones are stories;
	// their beginning says what they are about.
	maxWords = 120
	// someNumber stands for every number of more than three digits: amounts and
	// references say nothing about what is asked.
	someNumber = "0000"
)

// split returns the words of a text of a language: runs of letters and digits,
// and each Chinese or Japanese character by itself. Apostrophes join (can't is
// cant), except that French elisions and the English possessive are cut off.
func split(language, text string) []string {
	text = lang.Normalize(language, text)
	words := make([]string, 0, len(text)/5+1)
	start := -1
	end := func(i int) {
		if start >= 0 {
			if w := trim(language, text[start:i]); w != "" && len(w) <= maxWord {
				words = append(words, w)
			}
			start = -1
		}
	}
	for i, r := range text {
		switch {
		case isCharacter(r):
			end(i)
			words = append(words, text[i:i+utf8.RuneLen(r)])
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == '\'' && start >= 0:
			if start < 0 {
				start = i
			}
		default:
			end(i)
		}
	}
	end(len(text))
	return words
}

// trim brings one word into the form in which it is compared.
func trim(language, w string) string {
	switch language {
	case "fr":
		if i := strings.IndexByte(w, '\''); i > 0 && i <= 2 {
			w = w[i+1:]
		}
	case "en":
		w = strings.TrimSuffix(w, "'s")
	}
	w = strings.ReplaceAll(w, "'", "")
	if len(w) > 3 && strings.Trim(w, "0123456789") == "" {
		return someNumber
	}
	return w
}

// isCharacter reports whether a rune is written without spaces around words.
func isCharacter(r rune) bool {
	return r >= 0x2e80 && (unicode.Is(unicode.Han, r) || unicode.Is(unicode.Hiragana, r) || unicode.Is(unicode.Katakana, r))
}

// startsWithCharacter reports whether a word is such a character.
func startsWithCharacter(word string) bool {
	r, _ := utf8.DecodeRuneInString(word)
	return isCharacter(r)
}
