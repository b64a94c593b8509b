package lang

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxWord is the longest word, in bytes, that Words returns. What is longer is a
// hash, an address or noise.
const maxWord = 64

// Words splits normalised text (Normalize) into words: runs of letters, digits
// and their marks, and each Chinese or Japanese character by itself, since
// nothing there shows where a word ends. Apostrophes join (can't is cant),
// except that French elisions and the English possessive are cut off.
func Words(language, normalized string) []string {
	words := make([]string, 0, len(normalized)/5+1)
	start := -1
	end := func(i int) {
		if start >= 0 {
			if w := withoutApostrophes(language, normalized[start:i]); w != "" && len(w) <= maxWord {
				words = append(words, w)
			}
			start = -1
		}
	}
	for i, r := range normalized {
		switch {
		case isCharacter(r):
			end(i)
			words = append(words, normalized[i:i+utf8.RuneLen(r)])
		case isWordRune(r) || r == '\'' && start >= 0:
			if start < 0 {
				start = i
			}
		default:
			end(i)
		}
	}
	end(len(normalized))
	return words
}

// withoutApostrophes brings a word into the form in which it is compared.
func withoutApostrophes(language, w string) string {
	i := strings.IndexByte(w, '\'')
	if i < 0 {
		return w
	}
	switch language {
	case "fr":
		if i > 0 && i <= 2 { // l', qu'; but not aujourd'hui
			w = w[i+1:]
		}
	case "en":
		w = strings.TrimSuffix(w, "'s")
	}
	return strings.ReplaceAll(w, "'", "")
}

// IsCharacter reports whether a word is a Chinese or Japanese character.
func IsCharacter(word string) bool {
	r, _ := utf8.DecodeRuneInString(word)
	return isCharacter(r)
}

func isCharacter(r rune) bool {
	return r >= 0x2e80 && (unicode.Is(unicode.Han, r) || unicode.Is(unicode.Hiragana, r) || unicode.Is(unicode.Katakana, r))
}

// isWordRune reports whether words are made of r.
func isWordRune(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || 'A' <= r && r <= 'Z'
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
}
