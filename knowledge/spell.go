package knowledge

import (
	"unicode"
	"unicode/utf8"
)

// speller corrects words with one typing error to the words that the articles
// use: it knows no dictionary, so what it makes of a word can be found.
type speller struct {
	uses    map[string]int      // how often the articles use a word
	deletes map[string][]string // a word less one letter → the words it may be
}

// The lengths of words, in letters, that are corrected: shorter ones are one
// letter away from too much, longer ones are addresses and hashes.
const (
	minSpelled = 5
	maxSpelled = 24
)

func newSpeller() *speller {
	return &speller{uses: map[string]int{}, deletes: map[string][]string{}}
}

func (s *speller) learn(words []string) {
	for _, w := range words {
		s.uses[w]++
		if s.uses[w] > 1 || !spelled(w) {
			continue
		}
		eachDelete(w, func(d string) { s.deletes[d] = append(s.deletes[d], w) })
	}
}

// correct returns the word of the articles that word is most likely a mistyping
// of, or word itself.
func (s *speller) correct(word string) string {
	if s.uses[word] > 0 || !spelled(word) {
		return word
	}
	best, uses := word, 0
	try := func(candidate string) {
		if n := s.uses[candidate]; n > uses || n == uses && n > 0 && candidate < best {
			if first(candidate) == first(word) && oneEdit([]rune(word), []rune(candidate)) {
				best, uses = candidate, n
			}
		}
	}
	for _, w := range s.deletes[word] { // a letter is missing
		try(w)
	}
	eachDelete(word, func(d string) {
		try(d)                           // a letter too many
		for _, w := range s.deletes[d] { // another letter, or two swapped
			try(w)
		}
	})
	return best
}

func spelled(word string) bool {
	n := 0
	for _, r := range word {
		if !unicode.IsLetter(r) {
			return false
		}
		n++
	}
	return n >= minSpelled && n <= maxSpelled
}

func first(word string) rune {
	r, _ := utf8.DecodeRuneInString(word)
	return r
}

// eachDelete calls f with word less each of its letters.
func eachDelete(word string, f func(string)) {
	for i, r := range word {
		f(word[:i] + word[i+utf8.RuneLen(r):])
	}
}

// oneEdit reports whether b is a with one letter added, left out, replaced, or
// swapped with its neighbour.
func oneEdit(a, b []rune) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		return string(a[i:]) == string(b[i+1:])
	}
	if i+1 >= len(a) || string(a[i+1:]) == string(b[i+1:]) {
		return true
	}
	return a[i] == b[i+1] && a[i+1] == b[i] && string(a[i+2:]) == string(b[i+2:])
}
