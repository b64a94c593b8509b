package lang

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// apostrophes makes apostrophes of the accents that people type for them between
// letters (can´t, j`ai). Unicode's compatibility forms would part the word there.
func apostrophes(text string) string {
	if strings.IndexByte(text, '`') < 0 && !strings.Contains(text, "´") {
		return text
	}
	var b strings.Builder
	b.Grow(len(text))
	last := rune(0)
	for i, r := range text {
		if r == '`' || r == '´' {
			next, _ := utf8.DecodeRuneInString(text[i+utf8.RuneLen(r):])
			if unicode.IsLetter(last) && unicode.IsLetter(next) {
				r = '\''
			}
		}
		b.WriteRune(r)
		last = r
	}
	return b.String()
}
