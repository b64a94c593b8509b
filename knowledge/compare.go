package knowledge

import (
	"cmp"
	"math"
	"slices"
)

// similar returns the similarity of a question, in words, to each vector, and the
// share of its words, by weight, that any article has. Terms that no article has
// count in the question's length: the less of it is known, the less similar it is
// to anything.
func (s *space) similar(question []string) (cosines []float64, known float64) {
	cosines = make([]float64, len(s.vectors))
	var query vector
	squares, words, knownWords := 0.0, 0.0, 0.0
	for b, terms := range countTerms(s.language, question) {
		scale := blockScale(b, terms, s.termIDF)
		for t, n := range terms {
			idf, at, ok := s.termIDF(b, t)
			w := scale * frequency(n) * idf
			squares += w * w
			if ok {
				query = append(query, weighted{at, w})
			}
			if b == blockWords {
				words += idf
				if ok {
					knownWords += idf
				}
			}
		}
	}
	if words > 0 {
		known = knownWords / words
	}
	if squares == 0 {
		return cosines, known
	}
	length := math.Sqrt(squares)
	slices.SortFunc(query, func(a, b weighted) int { return cmp.Compare(a.at, b.at) })
	for _, t := range query {
		for _, p := range s.index[t.at] {
			cosines[p.at] += t.weight / length * p.weight
		}
	}
	return cosines, known
}

// question returns the words of a question as they are compared: typing errors
// corrected, and without the numbers that no article has.
func (s *space) question(text string) []string {
	words := split(s.language, text)
	if byCharacters(s.language) {
		return words
	}
	kept := words[:0]
	for _, w := range words {
		if isNumber(w) && s.speller.uses[w] == 0 {
			continue
		}
		kept = append(kept, s.speller.correct(w))
	}
	return kept
}
