package article

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// normalise returns what is left of a question when what a reader doesn't hear
// is taken away: case, width, punctuation, symbols and extra space. It is ""
// when there is no word in it.
func normalise(text string) string {
	text = cases.Fold().String(norm.NFKC.String(text))
	var b strings.Builder
	words := false
	for _, r := range text {
		switch {
		case unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r):
			b.WriteRune(r)
			words = true
		case r == '\'' || r == '’': // what's, whats
		case unicode.IsSpace(r) || unicode.IsPunct(r) || unicode.IsSymbol(r):
			b.WriteByte(' ')
		}
	}
	if !words {
		return ""
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
