package rank

import (
	"cmp"
	"math"
	"slices"
	"unicode/utf8"

	"firstline/knowledge/lang"
)

// kind tells the terms of a text apart.
type kind uint8

const (
	aWord   kind = iota
	aPair        // two neighbouring words
	letters      // a run of two to four letters within a word; three characters
)

// The kinds form two blocks, which weigh the same however many terms each has.
const blocks = 2

func (k kind) block() int { return int(k) / 2 }

// pairWeight is what a pair of words weighs next to a word: pairs are rare, so
// their idf overstates them. Measured on questions held out of BANKING77 and
// CLINC150, from 0.5 to 1 it makes little difference.
const pairWeight = 0.7

// key is the hash of a term. 64 bits make collisions so rare that none has been
// seen; one would add a little noise to a score.
type key uint64

// hash is FNV-1a over the kind and both halves of a term.
func hash(k kind, a, b string) key {
	const prime = 1099511628211
	h := (uint64(14695981039346656037) ^ uint64(k)) * prime
	for i := range len(a) {
		h = (h ^ uint64(a[i])) * prime
	}
	h = (h ^ 0xff) * prime // no byte of UTF-8
	for i := range len(b) {
		h = (h ^ uint64(b[i])) * prime
	}
	return key(h)
}

// eachTerm calls f with every term of words, of which stems are the same words
// without endings. A term is given as its parts, so that hashing it allocates
// nothing.
func eachTerm(words, stems []string, f func(k kind, a, b string)) {
	for i, s := range stems {
		f(aWord, s, "")
		if i > 0 {
			f(aPair, stems[i-1], s)
		}
	}
	for i, w := range words {
		if !lang.IsCharacter(w) {
			eachLetters("^"+w+"$", f)
		} else if i >= 2 && lang.IsCharacter(words[i-1]) && lang.IsCharacter(words[i-2]) {
			f(letters, words[i-2]+words[i-1], w)
		}
	}
}

// The lengths of the runs of letters that are terms; the ends of a word count as
// letters.
const (
	minLetters = 2
	maxLetters = 4
)

func eachLetters(marked string, f func(k kind, a, b string)) {
	var starts [maxLetters]int // where the last runes begin
	n := 0
	for i, r := range marked {
		starts[n%maxLetters] = i
		n++
		for length := minLetters; length <= min(n, maxLetters); length++ {
			f(letters, marked[starts[(n-length)%maxLetters]:i+utf8.RuneLen(r)], "")
		}
	}
}

// term is a term of a vector.
type term struct {
	id     int32
	weight float32
}

// vector is sorted by id. The length is 1 where every term is known, less
// where some aren't: those count, but aren't kept.
type vector []term

func byID(a, b term) int { return cmp.Compare(a.id, b.id) }

// vocabulary gives the terms of the articles' questions their ids and weights.
type vocabulary struct {
	ids    map[key]int32
	idf    []float32
	kind   []kind
	unseen float32 // the idf of a term that no question has
}

// counted are the terms of a text, not yet weighed, sorted by key.
type counted []countedTerm

type countedTerm struct {
	key  key
	kind kind
	n    int32
}

func count(words, stems []string) counted {
	terms := make(counted, 0, 24*len(words))
	eachTerm(words, stems, func(k kind, a, b string) {
		terms = append(terms, countedTerm{key: hash(k, a, b), kind: k, n: 1})
	})
	slices.SortFunc(terms, func(a, b countedTerm) int { return cmp.Compare(a.key, b.key) })
	out := terms[:0]
	for _, t := range terms {
		if k := len(out) - 1; k >= 0 && out[k].key == t.key {
			out[k].n++
		} else {
			out = append(out, t)
		}
	}
	return out
}

// newVocabulary counts in how many texts each term occurs. Ids are given in the
// order of texts, so the same texts give the same vocabulary.
func newVocabulary(texts []counted) *vocabulary {
	v := &vocabulary{ids: map[key]int32{}}
	var in []int32
	for _, text := range texts {
		for _, t := range text {
			id, ok := v.ids[t.key]
			if !ok {
				id = int32(len(in))
				v.ids[t.key] = id
				in = append(in, 0)
				v.kind = append(v.kind, t.kind)
			}
			in[id]++
		}
	}
	v.idf = make([]float32, len(in))
	for id, n := range in {
		v.idf[id] = idf(len(texts), int(n))
	}
	v.unseen = idf(len(texts), 0)
	return v
}

func idf(all, in int) float32 {
	return float32(1 + math.Log(float64(1+all)/float64(1+in)))
}

// frequency is what a term is worth that occurs n times: a second time says
// little.
func frequency(n int32) float32 {
	if n == 1 {
		return 1
	}
	return float32(1 + math.Log(float64(n)))
}

// weight is what a term of a text weighs before its block is scaled.
func (k kind) weight(idf float32, n int32) float32 {
	if k == aPair {
		idf *= pairWeight
	}
	return idf * frequency(n)
}

// vector weighs the terms of a text; known is the share of its squared length
// that known terms make up.
func (v *vocabulary) vector(text counted) (vec vector, known float64) {
	vec = make(vector, 0, len(text))
	var squares, all [blocks]float64
	for _, t := range text {
		id, ok := v.ids[t.key]
		if !ok {
			w := float64(t.kind.weight(v.unseen, t.n))
			all[t.kind.block()] += w * w
			continue
		}
		w := t.kind.weight(v.idf[id], t.n)
		squares[t.kind.block()] += float64(w) * float64(w)
		vec = append(vec, term{id, w})
	}
	used := 0.0
	for b := range blocks {
		all[b] += squares[b]
		if all[b] > 0 {
			used++
		}
	}
	var scale [blocks]float32
	for b := range blocks {
		if all[b] > 0 {
			scale[b] = float32(1 / math.Sqrt(all[b]*used))
			known += squares[b] / all[b] / used
		}
	}
	for i := range vec {
		vec[i].weight *= scale[v.kind[vec[i].id].block()]
	}
	slices.SortFunc(vec, byID)
	return vec, known
}
