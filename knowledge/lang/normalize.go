package lang

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Normalize returns text in the form in which questions and articles are
// compared: compatibility forms and case folded, accents, Arabic vowel signs
// and their like dropped, letters that are written in more than one way made
// one (ё and е; the alefs; Traditional and Simplified Chinese), digits of every
// script as 0-9, curly apostrophes straight, what is invisible removed, white
// space single. language is a primary tag; "" normalises what holds for all.
// Punctuation stays. It is meant for comparing, not for showing.
func Normalize(language, text string) string {
	text = apostrophes(text)
	if s, ok := normalizeASCII(text); ok {
		return german(language, s)
	}
	var b strings.Builder
	b.Grow(len(text))
	w := writer{out: &b, simplify: language == "zh" || language == ""}
	// The decomposition keeps runs of marks short (it inserts U+034F), so a
	// letter with ten thousand marks costs no more than ten thousand letters.
	for _, r := range norm.NFKD.String(strings.ToValidUTF8(text, " ")) {
		w.write(r)
	}
	s := norm.NFC.String(strings.TrimSuffix(b.String(), " "))
	if w.latin && w.cyrillic {
		s = oneScript(s)
	}
	return german(language, s)
}

// normalizeASCII does the most frequent case without tables.
func normalizeASCII(text string) (string, bool) {
	if !isASCII(text) {
		return "", false
	}
	out := make([]byte, 0, len(text))
	for i := range len(text) {
		c := text[i]
		switch {
		case c <= ' ' || c == 0x7f:
			if len(out) > 0 && out[len(out)-1] != ' ' {
				out = append(out, ' ')
			}
		case 'A' <= c && c <= 'Z':
			out = append(out, c|0x20)
		default:
			out = append(out, c)
		}
	}
	return strings.TrimSuffix(string(out), " "), true
}

// writer folds decomposed runes one by one.
type writer struct {
	out      *strings.Builder
	simplify bool
	space    bool // the last rune written was a space
	last     rune // the last rune written
	latin    bool // there was a letter from a to z
	cyrillic bool // there was a Cyrillic letter
}

func (w *writer) write(r rune) {
	switch {
	case unicode.IsSpace(r) || unicode.IsControl(r):
		if !w.space && w.out.Len() > 0 {
			w.out.WriteByte(' ')
			w.space, w.last = true, ' '
		}
		return
	case r == '\u0306' && w.last == 'и': // й is a letter of its own, not an accent
	case droppedMark(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r):
		return
	}
	if r >= utf8.RuneSelf && r <= lastSpelled {
		if s, ok := spelled[r]; ok {
			w.out.WriteString(s)
			w.space, w.last = false, 0
			return
		}
	}
	r = w.fold(r)
	w.latin = w.latin || 'a' <= r && r <= 'z'
	w.cyrillic = w.cyrillic || 0x400 <= r && r <= 0x52f
	w.out.WriteRune(r)
	w.space, w.last = false, r
}

func (w *writer) fold(r rune) rune {
	if r < utf8.RuneSelf {
		return unicode.ToLower(r)
	}
	if 0x400 <= r && r < 0x530 { // Cyrillic, of which the tables below have nothing
		return unicode.ToLower(r)
	}
	if f, ok := folded[r]; ok {
		return f
	}
	if d, ok := digit(r); ok {
		return d
	}
	if w.simplify && r >= 0x4e00 && r <= 0x9fff {
		if s, ok := simplified()[r]; ok {
			return s
		}
		return r
	}
	return unicode.ToLower(r)
}

// spelled are the letters that others are written for.
var spelled = map[rune]string{
	'ß': "ss", 'ẞ': "ss", 'æ': "ae", 'Æ': "ae", 'œ': "oe", 'Œ': "oe", 'þ': "th", 'Þ': "th",
}

// lastSpelled is the last of them.
const lastSpelled = 'ẞ'

// folded are letters that have no decomposition, or that a language writes in
// more than one way. The Arabic ones follow Lucene's ArabicNormalizer, with the
// Persian and Urdu forms that some keyboards produce; alef and waw with hamza
// have been decomposed before.
var folded = map[rune]rune{
	'ø': 'o', 'Ø': 'o', 'ł': 'l', 'Ł': 'l', 'đ': 'd', 'Đ': 'd', 'ð': 'd', 'Ð': 'd', 'ı': 'i', 'ſ': 's', 'ς': 'σ',
	'ٱ': 'ا', 'ى': 'ي', 'ی': 'ي', 'ې': 'ي', 'ة': 'ه', 'ۀ': 'ه', 'ہ': 'ه', 'ھ': 'ه', 'ک': 'ك',
	'’': '\'', '‘': '\'', 'ʼ': '\'', '′': '\'', '“': '"', '”': '"', '٫': '.', '٬': ',',
}

// droppedMark reports whether r is an accent, a point or the Arabic tatweel. The
// vowel signs of other scripts (Devanagari, Thai) are letters to their readers
// and stay.
func droppedMark(r rune) bool {
	switch {
	case r < 0x300:
		return false
	case r <= 0x36f, // combining diacritical marks
		r >= 0x591 && r <= 0x5c7, // Hebrew points
		r >= 0x610 && r <= 0x61a, r >= 0x64b && r <= 0x65f, r == 0x670, r >= 0x6d6 && r <= 0x6ed && unicode.Is(unicode.Mn, r),
		r == 'ـ',
		r >= 0x1ab0 && r <= 0x1aff, r >= 0x1dc0 && r <= 0x1dff, r >= 0x20d0 && r <= 0x20ff, r >= 0xfe20 && r <= 0xfe2f:
		return true
	}
	return false
}

// digit returns the ASCII digit for a decimal digit of any script. Unicode
// keeps the ten of each script together and in order, so the range tells the
// value.
func digit(r rune) (rune, bool) {
	if !unicode.IsDigit(r) {
		return 0, false
	}
	for _, s := range unicode.Nd.R16 {
		if rune(s.Lo) <= r && r <= rune(s.Hi) {
			return '0' + (r-rune(s.Lo))%10, true
		}
	}
	for _, s := range unicode.Nd.R32 {
		if rune(s.Lo) <= r && r <= rune(s.Hi) {
			return '0' + (r-rune(s.Lo))%10, true
		}
	}
	return 0, false
}

// german makes one of the two ways to write umlauts: they have been folded to a,
// o, u; so are ae, oe and ue, except where ue isn't one (neue, quer). It is
// Lucene's GermanNormalizationFilter.
func german(language, s string) string {
	if language != "de" || !strings.Contains(s, "e") {
		return s
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == 'e' && len(out) > 0 {
			switch out[len(out)-1] {
			case 'a', 'o':
				continue
			case 'u':
				if len(out) < 2 || !strings.ContainsRune("aeiouyq", rune(out[len(out)-2])) {
					continue
				}
			}
		}
		out = append(out, c)
	}
	return string(out)
}

// simplifiedPairs holds each Traditional character followed by its Simplified
// one: the first level of Big5 (the 5401 characters in daily use) with
// kSimplifiedVariant of the Unicode Han Database where the target is in GB 2312,
// and by hand the daily variants that it lacks (裡 里, 週 周, 帳 账).
//
//go:embed simplified.txt
var simplifiedPairs string

var simplified = sync.OnceValue(func() map[rune]rune {
	m := make(map[rune]rune, len(simplifiedPairs)/6)
	var from rune
	for _, r := range simplifiedPairs {
		switch {
		case r == '\n':
		case from == 0:
			from = r
		default:
			m[from], from = r, 0
		}
	}
	return m
})
