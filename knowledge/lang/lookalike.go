package lang

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// lookalikes pairs small letters of Cyrillic with the Latin ones that they are
// taken for, by Unicode's table of confusables and what the capitals look like,
// as far as people and fraudsters use them in chats.
const lookalikes = "аaвbеeкkмmнhоoрpсcтtуyхxіiјjѕsԁdһhԛqԝw"

var toLatin, toCyrillic = func() (map[rune]rune, map[rune]rune) {
	l, c := map[rune]rune{}, map[rune]rune{}
	var from rune
	for _, r := range lookalikes {
		if from == 0 {
			from = r
			continue
		}
		l[from] = r
		// Russian has no і, ј, ѕ, and its keyboards no ԁ, һ, ԛ, ԝ.
		if !strings.ContainsRune("іјѕԁһԛԝ", from) {
			c[r] = from
		}
		from = 0
	}
	return l, c
}()

// oneScript makes words of mixed Latin and Cyrillic letters words of one: scam
// with a Cyrillic c and a is scam again, and a Russian word with a Latin e is
// Russian again. A word stays as it is when it has letters of both that look
// like no other (a Russian ending at a ticker). The text is in lower case.
func oneScript(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	for i := 0; i < len(text); {
		end := i
		for end < len(text) {
			r, size := utf8.DecodeRuneInString(text[end:])
			if !unicode.IsLetter(r) && !unicode.IsMark(r) {
				break
			}
			end += size
		}
		if end == i {
			_, size := utf8.DecodeRuneInString(text[i:])
			b.WriteString(text[i : i+size])
			i += size
			continue
		}
		b.WriteString(oneScriptWord(text[i:end]))
		i = end
	}
	return b.String()
}

// oneScriptWord is oneScript for one word.
func oneScriptWord(word string) string {
	var latins, cyrillics, ownLatin, ownCyrillic int
	for _, r := range word {
		switch {
		case 'a' <= r && r <= 'z':
			latins++
			if _, ok := toCyrillic[r]; !ok {
				ownLatin++
			}
		case unicode.Is(unicode.Cyrillic, r):
			cyrillics++
			if _, ok := toLatin[r]; !ok {
				ownCyrillic++
			}
		}
	}
	var to map[rune]rune
	switch {
	case latins == 0 || cyrillics == 0 || ownLatin > 0 && ownCyrillic > 0:
		return word
	case ownCyrillic > 0 || ownLatin == 0 && cyrillics > latins:
		to = toCyrillic
	default: // tickers are Latin
		to = toLatin
	}
	return strings.Map(func(r rune) rune {
		if t, ok := to[r]; ok {
			return t
		}
		return r
	}, word)
}
