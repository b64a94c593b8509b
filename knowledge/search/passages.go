package search

import (
	"math"
	"slices"
)

// BM25's constants (Robertson and Zaragoza 2009): k1 is how soon more
// occurrences of a term stop to count, b how much the length of a passage does.
const (
	k1 = 1.2
	b  = 0.75
)

// passages weigh what bleve finds. Its own score can't be compared between two
// questions: it is scaled by the question's terms and by how many of them match,
// counts idf twice, and takes the number of distinct terms for a length.
type passages struct {
	ids     map[string]int32 // of terms
	in      []int32          // by term: how many passages have it
	article []int32          // by passage
	section []int32
	start   []int32 // by passage, and one more: where its terms begin
	term    []int32 // sorted within a passage
	count   []uint8
	length  []int32   // by passage, in terms
	mean    float64   // length
	heading [][]int32 // by passage: the terms of its heading, each once
}

func newPassages() *passages { return &passages{ids: map[string]int32{}, start: []int32{0}} }

// add takes a passage, whose terms are those of its heading too, and returns its
// place.
func (p *passages) add(article, section int32, terms, heading []string) int {
	ids := p.learn(terms)
	p.heading = append(p.heading, slices.Compact(p.learn(heading)))
	for i := 0; i < len(ids); {
		j := i
		for j < len(ids) && ids[j] == ids[i] {
			j++
		}
		p.term, p.count = append(p.term, ids[i]), append(p.count, uint8(min(j-i, math.MaxUint8)))
		p.in[ids[i]]++
		i = j
	}
	p.article, p.section = append(p.article, article), append(p.section, section)
	p.start, p.length = append(p.start, int32(len(p.term))), append(p.length, int32(len(terms)))
	return len(p.article) - 1
}

// learn returns the sorted ids of terms.
func (p *passages) learn(terms []string) []int32 {
	ids := make([]int32, len(terms))
	for i, t := range terms {
		id, ok := p.ids[t]
		if !ok {
			id = int32(len(p.in))
			p.ids[t] = id
			p.in = append(p.in, 0)
		}
		ids[i] = id
	}
	slices.Sort(ids)
	return ids
}

// finish comes after the last passage.
func (p *passages) finish() {
	total := 0.0
	for _, l := range p.length {
		total += float64(l)
	}
	p.mean = max(1, total/float64(max(1, len(p.length))))
	p.term, p.count = slices.Clip(p.term), slices.Clip(p.count)
}

// queried is a question's term.
type queried struct {
	term string
	id   int32 // -1 when no passage has it
	in   int32 // how many have it
	idf  float64
}

// question weighs the terms of a question, each once.
func (p *passages) question(terms []string) []queried {
	q := make([]queried, 0, len(terms))
	for _, t := range terms {
		if slices.ContainsFunc(q, func(o queried) bool { return o.term == t }) {
			continue
		}
		id, ok := p.ids[t]
		x := queried{term: t, id: -1}
		if ok {
			x.id, x.in = id, p.in[id]
		}
		x.idf = p.idf(x.in)
		q = append(q, x)
	}
	return q
}

// idf is BM25's weight of a term that so many passages have.
func (p *passages) idf(in int32) float64 {
	n := float64(len(p.article))
	return math.Log(1 + (n-float64(in)+0.5)/(float64(in)+0.5))
}

// likeness is the cosine of a question and the heading of a passage.
func (p *passages) likeness(at int, q []queried) float64 {
	common, asked, said := 0.0, 0.0, 0.0
	for _, t := range q {
		asked += t.idf * t.idf
		if slices.Contains(p.heading[at], t.id) {
			common += t.idf * t.idf
		}
	}
	for _, id := range p.heading[at] {
		idf := p.idf(p.in[id])
		said += idf * idf
	}
	if common == 0 {
		return 0
	}
	return common / math.Sqrt(asked*said)
}

// share is BM25 as the share of what a passage could score that has every term
// any number of times, 0 to 1. Terms that no passage has count.
func (p *passages) share(at int, q []queried) float64 {
	from, to := p.start[at], p.start[at+1]
	terms := p.term[from:to]
	norm := k1 * (1 - b + b*float64(p.length[at])/p.mean)
	sum, all := 0.0, 0.0
	for _, t := range q {
		all += t.idf
		if t.id < 0 {
			continue
		}
		if i, ok := slices.BinarySearch(terms, t.id); ok {
			n := float64(p.count[int(from)+i])
			sum += t.idf * n / (n + norm)
		}
	}
	if all == 0 {
		return 0
	}
	return sum / all
}
