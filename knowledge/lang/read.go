package lang

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// script is the kind of letters that a word is made of.
type script uint8

const (
	noScript script = iota
	latin
	cyrillic
	arabic
	hangul
	otherScript
)

// word is one word of a message, as bytes of its text.
type word struct {
	start, end int
	runes      int
	script     script
	capitals   bool // all of it, and more than one
	camel      bool // capitals inside: a brand, an identifier
	digits     bool
	quoted     bool
}

// message is a message taken apart: words of scripts that put spaces between
// them, and counts of the characters of those that don't.
type message struct {
	text  string
	words []word
	space [48]word // backs words: more than most messages have
	cjk   [2]cjk   // outside and inside quotes
}

// cjk counts Chinese and Japanese characters.
type cjk struct {
	han, kana int
	grammar   int // characters that a sentence is held together by
	shinjitai int // characters that only Japanese writes so
}

const (
	// chineseGrammar are characters that Chinese sentences are full of, and that
	// names of buttons and pages, which others quote, have not.
	chineseGrammar = "我的了吗嗎怎么麼没沒不是为為什请請呢啊吧在有这這那能会會要给給到还還哪谁誰多被把就都也"
	// japaneseOnly are frequent characters that Japan simplified in its own way.
	japaneseOnly = "込払円続戻売読対発実験済処変単択図帰査価駅観覚働枠広駐齢毎"
)

// read takes a message apart, in one go.
func (m *message) read(text string) {
	m.text = norm.NFKC.String(apostrophes(strings.ToValidUTF8(Head(text, detectRunes), " ")))
	m.words = m.space[:0]
	quoteEnd := 0 // where the present quotation ends
	lineStart := true
	for i := 0; i < len(m.text); {
		r, size := utf8.DecodeRuneInString(m.text[i:])
		switch {
		case r == '\n':
			lineStart = true
			i += size
			continue
		case lineStart && r == '>':
			quoteEnd = i + lineLength(m.text[i:])
		case r == '`' && i >= quoteEnd:
			if n := closing(m.text[i+size:], "`"); n >= 0 { // code
				i += size + n + 1
				continue
			}
		case i >= quoteEnd && quotation(r) != "":
			end := quotation(r)
			if n := closing(m.text[i+size:], end); n >= 0 {
				quoteEnd = i + size + n + len(end)
			}
		case r >= 0x2e80 && m.character(r, i < quoteEnd):
		case isWordRune(r):
			i += m.token(i, i < quoteEnd)
			lineStart = false
			continue
		case strings.ContainsRune("@#$/<:", r):
			if n := marked(m.text[i:]); n > 0 {
				i += n
				continue
			}
		}
		if !unicode.IsSpace(r) {
			lineStart = false
		}
		i += size
	}
}

// quotation returns what ends a quotation that r opens, and "" when it opens
// none. Single marks are apostrophes too often.
func quotation(r rune) string {
	switch r {
	case '"':
		return `"`
	case '“':
		return "”"
	case '„':
		return "“"
	case '«':
		return "»"
	case '»':
		return "«"
	case '「':
		return "」"
	case '『':
		return "』"
	case '《':
		return "》"
	case '【':
		return "】"
	}
	return ""
}

// farthest is how many bytes away the end of a quotation is looked for.
const farthest = 300

func closing(text, end string) int { return strings.Index(text[:min(len(text), farthest)], end) }

func lineLength(text string) int {
	if n := strings.IndexByte(text, '\n'); n >= 0 {
		return n
	}
	return len(text)
}

// character counts a character that is a word, or part of one, by itself.
func (m *message) character(r rune, quoted bool) bool {
	c := &m.cjk[0]
	if quoted {
		c = &m.cjk[1]
	}
	switch {
	case unicode.Is(unicode.Han, r):
		c.han++
		if strings.ContainsRune(chineseGrammar, r) {
			c.grammar++
		}
		if strings.ContainsRune(japaneseOnly, r) {
			c.shinjitai++
		}
	case unicode.Is(unicode.Hiragana, r), unicode.Is(unicode.Katakana, r):
		c.kana++
	default:
		return false
	}
	return true
}

// token reads from i what stands without a space, up to a Chinese or Japanese
// character, and returns its length. What looks like an address, a link or code
// has no words.
func (m *message) token(i int, quoted bool) int {
	end := i
	for end < len(m.text) {
		r, size := utf8.DecodeRuneInString(m.text[end:])
		if endsToken(r) {
			break
		}
		end += size
	}
	if !isCode(m.text[i:end]) {
		m.split(i, end, quoted)
	}
	return end - i
}

func endsToken(r rune) bool {
	switch {
	case r < utf8.RuneSelf:
		return r <= ' ' || r == '"' || r == '`'
	case 0x400 <= r && r < 0x700:
		return false
	}
	return unicode.IsSpace(r) || isCharacter(r) || r >= 0x2e80 && !isWordRune(r) || r == '”' || quotation(r) != ""
}

// split adds the words of a token.
func (m *message) split(from, to int, quoted bool) {
	w := word{start: -1}
	var seen [otherScript + 1]int
	upper, lower := 0, 0
	flush := func(end int) {
		if w.start < 0 {
			return
		}
		w.end, w.quoted = end, quoted
		w.capitals = lower == 0 && upper > 1
		best := 0
		for s := latin; s <= otherScript; s++ {
			if seen[s] > best {
				w.script, best = s, seen[s]
			}
		}
		if best > 0 {
			m.words = append(m.words, w)
		}
		w, seen, upper, lower = word{start: -1}, [otherScript + 1]int{}, 0, 0
	}
	for i := from; i < to; {
		r, size := utf8.DecodeRuneInString(m.text[i:])
		switch {
		case r == '\'': // within a word it joins, elsewhere it is nothing
		case isWordRune(r):
			if w.start < 0 {
				w.start = i
			}
			switch {
			case unicode.IsDigit(r):
				w.digits = true
			case unicode.IsLetter(r):
				w.runes++
				seen[scriptOf(r)]++
				if isUpper(r) {
					w.camel = w.camel || lower > 0
					upper++
				} else {
					lower++
				}
			}
		case unicode.Is(unicode.Cf, r): // a joiner or a mark of direction
		default:
			flush(i)
		}
		i += size
	}
	flush(to)
}

func isUpper(r rune) bool {
	if r < utf8.RuneSelf {
		return 'A' <= r && r <= 'Z'
	}
	return unicode.IsUpper(r)
}

func scriptOf(r rune) script {
	switch {
	case r < 0x250: // the blocks of these scripts first: they are most of what comes in
		return latin
	case 0x400 <= r && r < 0x530:
		return cyrillic
	case 0x620 <= r && r < 0x700:
		return arabic
	case unicode.Is(unicode.Latin, r):
		return latin
	case unicode.Is(unicode.Cyrillic, r):
		return cyrillic
	case unicode.Is(unicode.Arabic, r):
		return arabic
	case unicode.Is(unicode.Hangul, r):
		return hangul
	}
	return otherScript
}
