package lang

import (
	_ "embed"
	"math"
	"strings"
	"sync"
	"unicode"
)

// samples holds a language in Latin letters and a text in it a line.
//
//go:embed samples.txt
var samples string

const (
	// buckets is how many groups of three letters are kept apart. There are 19,683
	// of them, most of which occur nowhere; with twice as many buckets 0.5 % more
	// messages got a guess, and as many more of the guesses were wrong.
	buckets = 2048
	// belief is how many trigrams of the average language are mixed into those that
	// are known of one, which are a few thousand each. From 300 to 1500 the figures
	// hardly change.
	belief = 600
	// sureLetters scales the sum over a word: neighbouring trigrams share letters,
	// and count twice otherwise. From 0.3 to 0.6 the figures hardly change.
	sureLetters = 0.45
	// mostLetters is the most that a word's letters are worth: less than a listed
	// word.
	mostLetters = 1.6
	// leastLetters is the least: names look strange in every language.
	leastLetters = -0.8
	// step is the unit in which the table keeps logarithms.
	step = 1.0 / 32
)

// trigrams tells how much likelier each language makes three letters in a row
// than the languages do on average, in steps. It is for the words that no list
// has: without it nearly twice as many messages in Latin letters stay unknown.
type trigrams struct {
	known set // the languages with a sample
	of    [buckets][len(tongues)]int8
}

var letters = sync.OnceValue(learnLetters)

func learnLetters() *trigrams {
	t := &trigrams{}
	var counts [len(tongues)][buckets]float64
	var totals [len(tongues)]float64
	learn := func(l, text string) {
		i := tongue(l)
		t.known |= 1 << i
		count := func(b int) {
			counts[i][b]++
			totals[i]++
		}
		w := make([]byte, 0, 64)
		for _, r := range text {
			if unicode.IsLetter(r) {
				w = appendPlain(w, unicode.ToLower(r))
				continue
			}
			if len(w) > 0 {
				eachTrigram(w, count)
			}
			w = w[:0]
		}
		if len(w) > 0 {
			eachTrigram(w, count)
		}
	}
	for line := range strings.Lines(samples) {
		l, text, _ := strings.Cut(line, " ")
		learn(l, text)
	}
	for line := range strings.Lines(vocabulary) {
		if l, text, _ := strings.Cut(line, " "); tongue(l) >= 0 && t.known.has(tongue(l)) {
			learn(l, text)
		}
	}
	for l, ws := range functionWords {
		learn(l, strings.Join(ws, " "))
	}
	for b := range buckets {
		average, n := 0.0, 0.0
		for i := range tongues {
			if t.known.has(i) {
				average += counts[i][b] / totals[i]
				n++
			}
		}
		if average == 0 {
			continue
		}
		average /= n
		for i := range tongues {
			if t.known.has(i) {
				p := (counts[i][b] + belief*average) / (totals[i] + belief)
				t.of[b][i] = int8(max(-127, min(127, math.Round(math.Log(p/average)/step))))
			}
		}
	}
	return t
}

// eachTrigram calls f with the bucket of each three letters in a row of a plain
// word, its ends counting as letters.
func eachTrigram(word []byte, f func(bucket int)) {
	a, b := 0, 0 // the ends
	for i := 0; i <= len(word); i++ {
		c := 0
		if i < len(word) {
			if c = int(word[i]) - 'a' + 1; c < 1 || c > 26 {
				c = 27
			}
		}
		if i > 0 {
			f(bucket(a, b, c))
		}
		a, b = b, c
	}
}

// bucket spreads trigrams evenly (Fibonacci hashing).
func bucket(a, b, c int) int {
	return int(uint32((a*28+b)*28+c) * 2654435769 >> (32 - 11))
}

// vote adds what the letters of a plain word say, times weight.
func (t *trigrams) vote(s *scores, word []byte, weight float32) {
	var sum [len(tongues)]int32
	eachTrigram(word, func(b int) {
		row := &t.of[b]
		for i := range row {
			sum[i] += int32(row[i])
		}
	})
	for i := range sum {
		v := float32(sum[i]) * (step * sureLetters)
		s[i] += weight * max(leastLetters, min(mostLetters, v))
	}
}
