package lang

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// detectRunes is how much of a message is looked at to tell its language: more
// tells nothing new.
const detectRunes = 1000

// Detect tells which language text is in, as a primary BCP 47 tag: one of ar,
// de, en, es, fr, ru, zh, or one of the neighbours that it can tell from these
// (fa, id, it, ja, ko, nl, pl, pt, tr, uk, vi). It returns "" when nothing tells.
// sure is false for a guess that the language of the conversation so far should
// overrule, as for a word or two that several languages share.
//
// The script tells Chinese, Russian and Arabic; function words and accented
// letters tell the languages in Latin letters.
func Detect(text string) (lang string, sure bool) {
	c := count(text)
	latin, latinSure := c.latinLanguage()
	script, letters := c.scriptLanguage()
	switch {
	case script == "":
		return latin, latinSure
	case 2*letters >= c.latin, !latinSure:
		// Names of coins and apps are in Latin letters in every language.
		return script, letters >= 2
	default:
		return latin, latinSure
	}
}

// counts are the letters of a message by script, and its Latin words' votes.
type counts struct {
	latin, han, kana, hangul, cyrillic, ukrainian, arabic, persian int
	votes                                                          map[string]float64
}

func count(text string) *counts {
	c := &counts{votes: map[string]float64{}}
	var word strings.Builder
	var name bool // the word has a digit or is in capitals: a ticker, a code
	end := func() {
		if word.Len() > 0 && !name {
			c.vote(word.String())
		}
		word.Reset()
		name = false
	}
	for _, r := range norm.NFC.String(strings.ToValidUTF8(Head(text, detectRunes), " ")) {
		switch {
		case r == '\'' || r == '’':
			if word.Len() > 0 {
				word.WriteByte('\'')
			}
		case unicode.Is(unicode.Latin, r):
			word.WriteRune(unicode.ToLower(r))
		case unicode.IsDigit(r):
			if word.Len() > 0 {
				name = true
			}
		case unicode.IsMark(r) || unicode.Is(unicode.Cf, r):
		default:
			end()
			c.letter(r)
		}
	}
	end()
	return c
}

func (c *counts) letter(r rune) {
	switch {
	case r == '¿' || r == '¡':
		c.votes["es"] += 0.5
	case unicode.Is(unicode.Han, r):
		c.han++
	case unicode.Is(unicode.Hiragana, r), unicode.Is(unicode.Katakana, r):
		c.kana++
	case unicode.Is(unicode.Hangul, r):
		c.hangul++
	case unicode.Is(unicode.Cyrillic, r):
		c.cyrillic++
		if strings.ContainsRune("іїєґІЇЄҐ", r) {
			c.ukrainian++
		}
	case unicode.Is(unicode.Arabic, r):
		c.arabic++
		if strings.ContainsRune("پچژگیکےہٹڑ", r) {
			c.persian++
		}
	}
}

// scriptLanguage returns the language that the characters other than Latin
// tell, and how many Latin letters they are worth: a Chinese character is about
// half a word.
func (c *counts) scriptLanguage() (lang string, letters int) {
	best := func(l string, n int) {
		if n > letters {
			lang, letters = l, n
		}
	}
	cjk := 3 * (c.han + c.kana)
	if c.kana*5 > c.han { // a lone の is decoration in Chinese
		best("ja", cjk)
	} else {
		best("zh", cjk)
	}
	best("ko", 2*c.hangul)
	if c.ukrainian > 0 {
		best("uk", c.cyrillic)
	} else {
		best("ru", c.cyrillic)
	}
	if c.persian*12 > c.arabic { // Iraqis write some of these letters too, but seldom
		best("fa", c.arabic)
	} else {
		best("ar", c.arabic)
	}
	return lang, letters
}

// vote counts a lower-case Latin word.
func (c *counts) vote(word string) {
	word = strings.ReplaceAll(strings.TrimRight(word, "'"), "’", "'")
	c.latin += utf8.RuneCountInString(word)
	if len(word) > 40 {
		return
	}
	if ls, ok := wordLanguages()[word]; ok {
		for _, l := range ls {
			c.votes[l] += 1 / float64(len(ls))
		}
		return
	}
	for _, r := range word {
		if r < utf8.RuneSelf {
			continue
		}
		if ls, ok := tellingLetters[r]; ok {
			for _, l := range ls {
				c.votes[l] += 0.5 / float64(len(ls))
			}
			return
		}
	}
}

// latinLanguage returns the language with most votes. It is sure when one
// telling word speaks for it and no other language comes near.
func (c *counts) latinLanguage() (lang string, sure bool) {
	var first, second float64
	for l, v := range c.votes {
		if !spoken[l] {
			v *= neighbour
		}
		switch {
		case v > first:
			lang, first, second = l, v, first
		case v > second:
			second = v
		}
	}
	if first < 0.3 || first-second < 0.1 {
		return "", false
	}
	return lang, first >= 0.75 && first >= 1.4*second
}

// spoken are the languages in Latin letters that Firstline ships for. What
// speaks for a neighbour as well is more likely one of these.
var spoken = map[string]bool{"de": true, "en": true, "es": true, "fr": true}

const neighbour = 0.7

// wordLanguages turns functionWords round.
var wordLanguages = sync.OnceValue(func() map[string][]string {
	m := map[string][]string{}
	for l, ws := range functionWords {
		seen := map[string]bool{}
		for _, w := range ws {
			if !seen[w] {
				seen[w] = true
				m[w] = append(m[w], l)
			}
		}
	}
	return m
})

// Head returns the first n runes of s, in time linear in n.
func Head(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}
