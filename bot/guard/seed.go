package guard

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The shortest phrases have twelve words. Ten of a window of twelve must be in
// one list, the others may be misspelt but no small words; or ten in a row. Nearly
// all sentences stay below: no list has the small words that they are full of.
// For the few that don't, the words of the list that sentences need are counted:
// with more of them than one random phrase in two hundred has, or with the same
// words again and again, it takes a right checksum.
const (
	window    = 12
	inWindow  = 10
	inARow    = 10
	longest   = 24 // words of a phrase
	longWord  = 40 // bytes; longer "words" are no words
	widestGap = 40 // bytes between two words of one phrase
)

// wholePhrase reports whether a phrase can have n words.
func wholePhrase(n int) bool { return n >= window && n <= longest && n%3 == 0 }

// word is a word of a view, or one Chinese character.
type word struct {
	start, end int
	text       string
	in         listSet
	cut        bool // what is before it can't belong to the same phrase
}

// wordsOf returns the words of v. Short letters glued to a number (1st, 2nd)
// are left out.
func wordsOf(v *view) []word {
	if v.words != nil {
		return v.words
	}
	var words []word
	d := dict()
	lastEnd, cut := 0, true
	for i := 0; i < len(v.lower); {
		c, size := utf8.DecodeRuneInString(v.lower[i:])
		if !unicode.IsLetter(c) {
			cut = cut || c == barrier
			i += size
			continue
		}
		end := wordEnd(v.lower, i)
		w := word{start: i, end: end, text: v.lower[i:end], cut: cut || i-lastEnd > widestGap}
		i = end
		if ordinal(v.lower, w) || label(v.lower, w) {
			continue
		}
		if len(w.text) <= longWord {
			w.in = d.words[w.text]
		}
		words = append(words, w)
		lastEnd, cut = end, false
	}
	v.words = words
	return words
}

// wordEnd returns where the word at i ends; a Chinese character is a word.
func wordEnd(s string, i int) int {
	c, size := utf8.DecodeRuneInString(s[i:])
	han := unicode.Is(unicode.Han, c)
	for i += size; i < len(s) && !han; i += size {
		c, size = utf8.DecodeRuneInString(s[i:])
		if !unicode.IsLetter(c) || unicode.Is(unicode.Han, c) {
			break
		}
	}
	return i
}

func ordinal(s string, w word) bool {
	return len(w.text) <= 2 && w.start > 0 && s[w.start-1] >= '0' && s[w.start-1] <= '9'
}

// label reports whether w only announces the next word: "word 3: zebra".
func label(s string, w word) bool {
	rest := strings.TrimLeft(upTo(s, w.end, 3), " #")
	return rest != "" && digit(rest[0]) && slices.Contains(labels, w.text)
}

var labels = []string{"word", "w", "palabra", "mot", "parola", "wort", "слово", "単語", "단어", "词"}

// seedPhrases finds phrases whose words are apart: by spaces, commas, line ends,
// numbers or any other signs.
func seedPhrases(v *view) []hit {
	words := slices.Clone(wordsOf(v))
	// Chinese characters are words of a phrase here only when they stand alone.
	for i := range words {
		if words[i].in&hanLists != 0 && (i > 0 && words[i-1].end == words[i].start || i+1 < len(words) && words[i].end == words[i+1].start) {
			words[i].in = 0
		}
	}
	var hits []hit
	for from := 0; from < len(words); {
		to := from + 1
		for to < len(words) && !words[to].cut {
			to++
		}
		for l := range lists {
			hits = append(hits, phrases(words[from:to], listSet(1)<<l)...)
		}
		from = to
	}
	return hits
}

// phrases returns what in words is a phrase of the list.
func phrases(words []word, list listSet) []hit {
	need, row := inWindow, inARow
	if list == english4 { // beginnings are found in prose more easily
		need, row = window, window
	}
	marked := make([]bool, len(words)+1)
	members, run, since := 0, 0, 0 // since: words since the last small one
	found := func(from, to int) {
		if random(words[from:to]) {
			mark(marked, from, to-1)
			return
		}
		for n := window; n <= min(longest, run); n += 3 {
			if checked(words[to-n:to], list) {
				mark(marked, to-n, to-1)
			}
		}
	}
	for i, w := range words {
		run, since = run+1, since+1
		switch {
		case w.in&list != 0:
			members++
		case stopWords()[w.text] || linkWords()[w.text]:
			run, since = 0, 0
		default:
			run = 0
		}
		if i >= window && words[i-window].in&list != 0 {
			members--
		}
		switch {
		case members >= need && since >= window:
			found(i+1-window, i+1)
		case run >= row:
			found(i+1-row, i+1)
		}
	}
	var hits []hit
	for i := 0; i < len(words); i++ {
		if !marked[i] {
			continue
		}
		last := i
		for marked[last+1] {
			last++
		}
		hits = append(hits, grown(words, i, last, list))
		i = last
	}
	return hits
}

// random reports whether words could have been drawn by lot: few words of
// sentences, few of them twice.
func random(words []word) bool {
	seen := make(map[string]bool, len(words))
	for _, w := range words {
		seen[w.text] = true
	}
	return len(seen) >= len(words)-1 && prosaic(words) <= len(words)/4
}

// prosaic counts the words of sentences.
func prosaic(words []word) int {
	n := 0
	for _, w := range words {
		if prose()[w.text] {
			n++
		}
	}
	return n
}

// checked reports whether words, all of the list, are a phrase with a right
// checksum that is no sentence by chance.
func checked(words []word, list listSet) bool {
	return prosaic(words) <= len(words)/2 && checksumOK(words, list)
}

func mark(marked []bool, from, to int) {
	for i := from; i <= to; i++ {
		marked[i] = true
	}
}

// grown returns words[from..to] without the ordinary words at both ends and
// with the misspelt words of the phrase beside them.
func grown(words []word, from, to int, list listSet) hit {
	d := dict()
	belongs := func(i int) bool {
		return i >= 0 && i < len(words) && (words[i].in&list != 0 || d.like(words[i].text, list))
	}
	for from < to && !belongs(from) {
		from++
	}
	for to > from && !belongs(to) {
		to--
	}
	for !wholePhrase(to-from+1) && to-from < longest && belongs(from-1) {
		from--
	}
	for !wholePhrase(to-from+1) && to-from < longest && belongs(to+1) {
		to++
	}
	return hit{start: words[from].start, end: words[to].end, kind: SeedPhrase}
}
