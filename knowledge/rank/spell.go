package rank

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"firstline/knowledge/lang"
)

// speller corrects mistyped words to words that the articles use. It knows no
// dictionary, so what it makes of a word can be found; and what the articles use
// it leaves alone.
type speller struct {
	uses    map[string]int // how often the articles use a word
	words   []string       // those that others are corrected to
	deletes []deletion     // sorted, after finish
}

// deletion is the hash of a word less one or two letters. Two words that share
// one may be few edits apart. In an array of hashes it takes eight bytes; which
// words are near is checked afterwards.
type deletion struct {
	hash uint32
	word int32
}

// The lengths of words, in letters, that are corrected: shorter ones are one
// edit away from too much, longer ones are addresses and hashes. From twoEdits
// on a word may have two.
const (
	minSpelled = 4
	maxSpelled = 24
	twoEdits   = 8
)

func newSpeller() *speller { return &speller{uses: map[string]int{}} }

// learn takes words of an article; finish comes after the last ones.
func (s *speller) learn(words []string) {
	for _, w := range words {
		if s.uses[w]++; s.uses[w] > 1 || !spelled(w) {
			continue
		}
		at := int32(len(s.words))
		s.words = append(s.words, w)
		eachDeletion(w, mostEdits(w), func(hash uint32) { s.deletes = append(s.deletes, deletion{hash, at}) })
	}
}

func (s *speller) finish() {
	slices.SortFunc(s.deletes, func(a, b deletion) int {
		return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.word, b.word))
	})
	s.deletes = slices.Clip(slices.Compact(s.deletes))
}

// Correction is a word that was taken for another.
type Correction struct{ From, To string }

// correct returns the words with mistyped ones corrected. Words isn't changed.
func (s *speller) correct(words []string) (corrected []string, made []Correction) {
	corrected = words
	for i, w := range words {
		to := s.word(w)
		if made == nil && len(to) == 1 && to[0] == w {
			continue
		}
		if made == nil {
			corrected = slices.Clone(words[:i])
		}
		corrected = append(corrected, to...)
		if len(to) > 1 || to[0] != w {
			made = append(made, Correction{w, strings.Join(to, " ")})
		}
	}
	return corrected, made
}

// word returns the articles' words that w most likely should be, or w: a space
// that is missing first, if both words are familiar, then the nearest word.
func (s *speller) word(w string) []string {
	if s.uses[w] > 0 || !spelled(w) {
		return []string{w}
	}
	one, n := s.nearest(w)
	if n > 1 {
		if left, right, ok := s.apart(w); ok {
			return []string{left, right}
		}
	}
	return []string{one}
}

// apart finds two words of the articles that were written without the space
// between them: those of which the rarer one is most frequent.
func (s *speller) apart(w string) (left, right string, ok bool) {
	most := familiar - 1
	for i := range w {
		if n := min(s.uses[w[:i]], s.uses[w[i:]]); n > most {
			left, right, most = w[:i], w[i:], n
		}
	}
	return left, right, left != ""
}

// familiar is how often the articles must use both halves of a word that is
// taken apart. Fewer would find words in words.
const familiar = 3

// nearest returns the word with the fewest edits from w, and how many; w itself
// and a large number when there is none.
func (s *speller) nearest(w string) (best string, bestEdits int) {
	letters, most := []rune(w), mostEdits(w)
	best, bestEdits = w, maxSpelled
	eachDeletion(w, most, func(hash uint32) {
		i, _ := slices.BinarySearchFunc(s.deletes, hash, func(d deletion, h uint32) int { return cmp.Compare(d.hash, h) })
		for ; i < len(s.deletes) && s.deletes[i].hash == hash; i++ {
			c := s.words[s.deletes[i].word]
			if c == best {
				continue
			}
			n := edits(letters, []rune(c), most)
			if n > most || n > 1 && firstRune(c) != letters[0] {
				continue
			}
			if bestEdits > most || cmp.Or(
				cmp.Compare(bestEdits, n),
				// A first letter is seldom mistyped.
				boolCompare(firstRune(c) == letters[0], firstRune(best) == letters[0]),
				cmp.Compare(s.uses[c], s.uses[best]),
				cmp.Compare(best, c)) > 0 {
				best, bestEdits = c, n
			}
		}
	})
	return best, bestEdits
}

func boolCompare(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

func firstRune(w string) rune {
	r, _ := utf8.DecodeRuneInString(w)
	return r
}

// spelled reports whether a word is one to correct: letters only, no characters,
// neither short nor an address.
func spelled(word string) bool {
	n := 0
	for _, r := range word {
		if !unicode.IsLetter(r) && !unicode.IsMark(r) {
			return false
		}
		n++
	}
	return !lang.IsCharacter(word) && n >= minSpelled && n <= maxSpelled
}

func mostEdits(word string) int {
	if utf8.RuneCountInString(word) >= twoEdits {
		return 2
	}
	return 1
}

// eachDeletion calls f with the hashes of a word, of the word less each of its
// letters, and less each two of them if most is 2.
func eachDeletion(word string, most int, f func(hash uint32)) {
	f(hashLess(word, -1, -1))
	for i := range word {
		f(hashLess(word, i, -1))
		if most < 2 {
			continue
		}
		for j := range word[:i] {
			f(hashLess(word, i, j))
		}
	}
}

// hashLess is FNV-1a of a word without the letters that begin at i and j.
func hashLess(word string, i, j int) uint32 {
	h := uint32(2166136261)
	for at, r := range word {
		if at != i && at != j {
			h = (h ^ uint32(r)) * 16777619
		}
	}
	return h
}

// edits is the number of letters to add, leave out, replace or swap with the
// neighbour that makes b of a (optimal string alignment), or most+1 when it is
// more than most.
func edits(a, b []rune, most int) int {
	if len(a)-len(b) > most || len(b)-len(a) > most {
		return most + 1
	}
	var rows [3][maxSpelled + 1]int
	for j := range len(b) + 1 {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		row, up, upup := &rows[i%3], &rows[(i+2)%3], &rows[(i+1)%3]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			same := 1
			if a[i-1] == b[j-1] {
				same = 0
			}
			row[j] = min(up[j]+1, row[j-1]+1, up[j-1]+same)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], upup[j-2]+1)
			}
		}
	}
	return min(rows[len(a)%3][len(b)], most+1)
}
