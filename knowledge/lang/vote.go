package lang

import "unicode/utf8"

// tally is what the words of a message say together.
type tally struct {
	scores            scores
	letters           [otherScript + 1]int // by script
	words             [otherScript + 1]int // by script, those that may vote
	listed, hesitates int                  // Latin words that a list has; those that no list has
	loans             float32              // what borrowed words voted for English
}

const (
	// unlisted is what a word that no list of a language has counts against it: a
	// message in a language that nobody thought of here is then nobody's.
	unlisted = 0.25
	// shoutedShare is how many words in capitals there are for one that isn't when
	// capitals say nothing about a word.
	shoutedShare = 2
	// longestWord is how many letters of a word are looked at.
	longestWord = 40
	// elsewhere is what is left of the vote of a word that stands in capitals
	// among others that don't: a name or a ticker as likely as not.
	elsewhere = 0.4
	// confirming is how much the letters of a listed noun count: a noun that looks
	// like its language is less likely another's too.
	confirming = 0.5
	// otherAccents is what is left of the vote of a word that the list has with
	// other accents.
	otherAccents = 0.4
	// loanWeight is the vote of an English word that every language borrows.
	loanWeight = 1.1
)

// count lets the words of a message vote: those outside quotations, those within.
func (m *message) count() (outside, inside tally) {
	capitals, small := 0, 0
	for i := range m.words {
		switch w := &m.words[i]; {
		case w.script != latin || w.digits || w.runes < 2:
		case w.capitals:
			capitals++
		default:
			small++
		}
	}
	v := voter{lexicon: words(), letters: letters(), shouting: capitals >= shoutedShare*small}
	for i := range m.words {
		w := &m.words[i]
		v.tally = &outside
		if w.quoted {
			v.tally = &inside
		}
		v.word(m.text[w.start:w.end], w)
	}
	return outside, inside
}

// voter lets words vote.
type voter struct {
	*tally
	lexicon  map[string]set
	letters  *trigrams
	shouting bool
	low      [4 * longestWord]byte // the word in lower case
	bare     [4 * longestWord]byte // and without accents
}

// word lets a word vote by the rules of its script.
func (v *voter) word(text string, w *word) {
	v.tally.letters[w.script] += w.runes
	if w.runes > longestWord {
		return
	}
	low, bare := v.low[:0], v.bare[:0]
	var own, foreign bool // letters of the word's script and of the other
	for _, r := range text {
		r = lower(r)
		low = utf8.AppendRune(low, r)
		if len(low) > len(v.low)-8 {
			return
		}
		bare = appendPlain(bare, r)
		if r != '\'' && w.script <= cyrillic {
			same := scriptOf(r) == w.script
			own, foreign = own || same, foreign || !same
		}
	}
	if own && foreign && !w.digits {
		s := oneScriptWord(string(low))
		low = append(low[:0], s...)
		bare = append(bare[:0], plain(s)...)
		if r, _ := utf8.DecodeRuneInString(s); scriptOf(r) != w.script {
			v.tally.letters[w.script] -= w.runes
			w.script = scriptOf(r)
			v.tally.letters[w.script] += w.runes
		}
	}
	switch w.script {
	case latin:
		v.latin(low, bare, w)
	case cyrillic, arabic:
		v.words[w.script]++
		v.evidence(low)
		if s := v.lookUp(low, bare); s != 0 {
			v.add(s, weight(s, w.runes))
		} else if w.script == arabic && w.runes > 3 && startsWithArticle(bare) {
			v.add(setOf("ar"), 1)
		}
	default:
		v.words[w.script]++
	}
}

func startsWithArticle(bare []byte) bool {
	return len(bare) > 4 && string(bare[:4]) == "ال"
}

// latin lets a word in Latin letters vote.
func (v *voter) latin(low, bare []byte, w *word) {
	s := v.lexicon[string(low)]
	times := float32(1)
	if s == 0 {
		if s = v.lexicon[string(bare)]; s != 0 && s&neutral == 0 && len(low) != len(bare) {
			// Whoever writes accents writes those of his language: límites is no
			// Portuguese, diários no Spanish.
			times = otherAccents
		}
	}
	switch {
	case s&neutral != 0:
		return
	case w.digits:
		if s != 0 { // 3ayez
			v.words[latin]++
			v.add(s, 2.3)
		} else if isArabizi(low) {
			v.words[latin]++
			v.add(setOf("ar-Latn"), 1.2)
		}
		return
	case w.camel && s == 0:
		return
	case w.capitals && !v.shouting:
		if s == 0 || w.runes < 4 {
			return
		}
		times *= elsewhere
	case w.capitals && s == 0 && w.runes < 6: // a ticker
		return
	}
	if s == 0 {
		if a, b, ok := cutApostrophe(low); ok && v.joined(a, b, times) {
			return
		}
	}
	v.words[latin]++
	v.evidence(low)
	v.plainWord(s, bare, w.runes, times)
}

func (v *voter) plainWord(s set, bare []byte, runes int, times float32) {
	switch {
	case s&loan != 0:
		v.listed++
		v.loans += loanWeight * times
		v.add(s, loanWeight*times)
	case s != 0:
		v.listed++
		v.add(s, weight(s, runes)*times)
		v.others(s, times)
		if s&function == 0 {
			v.letters.vote(&v.scores, bare, confirming*times)
		}
	default:
		v.hesitates++
		v.vote(bare, times)
	}
}

// others makes languages that lack a word less likely.
func (v *voter) others(s set, times float32) {
	for i := range v.scores {
		if !s.has(i) {
			v.scores[i] -= unlisted * times
		}
	}
}

func (v *voter) vote(bare []byte, times float32) {
	v.letters.vote(&v.scores, bare, times)
	for i := range v.scores {
		v.scores[i] -= unlisted * times
	}
}

// joined lets the two parts of l'argent or they're vote.
func (v *voter) joined(a, b []byte, times float32) bool {
	var buf [longestWord]byte
	if len(a) > 8 && len(b) > 8 {
		return false
	}
	if s := v.lexicon[string(append(append(buf[:0], a...), '\''))]; s != 0 && len(a) <= 8 {
		v.words[latin]++
		v.evidence(b)
		v.add(s, 1.5*times)
		rest := []byte(plain(string(b)))
		v.plainWord(v.lookUp(b, rest)&^(neutral|loan), rest, utf8.RuneCount(b), times)
		return true
	}
	if s := v.lexicon[string(append(append(buf[:0], '\''), b...))]; s != 0 && len(b) <= 8 {
		v.words[latin]++
		v.evidence(a)
		v.add(s, 1.5*times)
		rest := []byte(plain(string(a)))
		v.plainWord(v.lookUp(a, rest)&^(neutral|loan), rest, utf8.RuneCount(a), times)
		return true
	}
	return false
}

// lookUp returns the languages of a word: as it is written, when it has accents
// that a list has, else without them.
func (v *voter) lookUp(low, bare []byte) set {
	if s := v.lexicon[string(low)]; s != 0 {
		return s
	}
	return v.lexicon[string(bare)]
}

func (v *voter) add(s set, weight float32) {
	for i := range v.scores {
		if s.has(i) {
			v.scores[i] += weight
		}
	}
}

// evidence lets the letters vote that not every language of the script has.
func (v *voter) evidence(low []byte) {
	n := 0
	for i := 0; i < len(low) && n < 3; {
		if low[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRune(low[i:])
		i += size
		if e, ok := evidence()[r]; ok {
			n++
			v.add(e.in, e.plus)
			v.add(e.script, -against)
		}
	}
}
