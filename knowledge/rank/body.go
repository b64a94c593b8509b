package rank

import (
	"math"
	"slices"
)

// BM25's constants (Robertson and Zaragoza 2009): k1 is how soon more
// occurrences of a term stop to count, b how much the length of a section does.
const (
	bodyK1 = 1.2
	bodyB  = 0.75
)

// bodies finds articles by the text of their sections. The title counts as part
// of each section: sections often leave out what the article is about.
type bodies struct {
	classes  int
	sections []int32 // the class of each section
	index    map[key][]posting
	idf      map[key]float32
	unseen   float32
}

type posting struct {
	section int32
	weight  float32 // BM25's saturated frequency, below k1+1
}

// newBodies makes the index of sections; texts are their terms.
func newBodies(texts []counted, class []int32, classes int) *bodies {
	b := &bodies{classes: classes, sections: class, index: map[key][]posting{}, idf: map[key]float32{}}
	if len(texts) == 0 {
		return b
	}
	lengths := make([]float64, len(texts))
	mean := 0.0
	for i, text := range texts {
		for _, t := range text {
			lengths[i] += float64(t.n)
		}
		mean += lengths[i] / float64(len(texts))
	}
	for i, text := range texts {
		norm := bodyK1 * (1 - bodyB + bodyB*lengths[i]/max(mean, 1))
		for _, t := range text {
			n := float64(t.n)
			b.index[t.key] = append(b.index[t.key], posting{int32(i), float32(n * (bodyK1 + 1) / (n + norm))})
		}
	}
	for k, at := range b.index {
		b.idf[k] = bodyIDF(len(texts), len(at))
		b.index[k] = slices.Clip(at)
	}
	b.unseen = bodyIDF(len(texts), 0)
	return b
}

func bodyIDF(all, in int) float32 {
	return float32(math.Log(1 + (float64(all-in)+0.5)/(float64(in)+0.5)))
}

// score sets for every class how well its best section matches, by words and
// pairs of them, and by letters: the share of the question's weight that the
// section has, about 0 to 1.
func (b *bodies) score(text counted, byBlock *[blocks][]float64) {
	var sums [blocks][]float32
	var all [blocks]float32
	for i := range blocks {
		clear(byBlock[i])
		sums[i] = make([]float32, len(b.sections))
	}
	for _, t := range text {
		idf, ok := b.idf[t.key]
		if !ok {
			idf = b.unseen
		}
		block := t.kind.block()
		all[block] += idf
		for _, p := range b.index[t.key] {
			sums[block][p.section] += idf * p.weight
		}
	}
	for i := range blocks {
		if all[i] == 0 {
			continue
		}
		for s, class := range b.sections {
			byBlock[i][class] = max(byBlock[i][class], float64(sums[i][s]/(all[i]*(bodyK1+1))))
		}
	}
}
