package rank

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// The kinds of evidence for an article.
const (
	bySVM      = iota
	byCentroid // the cosine of the mean direction of its questions
	byText     // how much of the question its best passage has, 0 to 1
	kinds
)

// evidence are the scores of an article for a question.
type evidence [kinds]float64

// candidate is an article that may answer a question.
type candidate struct {
	class    int32
	evidence evidence
}

// asked is what is known of a question before its articles are ordered.
type asked struct {
	words       []string // corrected
	corrections []Correction
	candidates  []candidate
	hits        []Hit
	known       float64 // share of the question that the articles' questions know
	own         int32   // the class whose own question it is, or none
	notFor      []int32
}

// scores is memory for the scores of all classes.
type scores struct{ svm, centroid []float32 }

// ask gathers the evidence for a question: for what the learned weights find and
// what the full text search finds.
func (c *core) ask(ctx context.Context, words []string) (*asked, error) {
	a := &asked{own: none}
	a.words, a.corrections = c.speller.correct(words)
	vec, known := c.vocabulary.vector(c.reader.count(a.words))
	a.known = known
	if c.search != nil {
		hits, err := c.search(ctx, a.words)
		if err != nil {
			return nil, err
		}
		a.hits = hits
	}
	s := c.scored(vec)
	defer c.scratch.Put(s)
	for _, k := range s.best(maxRanked) {
		a.add(k, s)
	}
	for _, h := range a.hits {
		if k, ok := c.places[h.ID]; ok {
			at := a.add(k, s)
			a.candidates[at].evidence[byText] = max(a.candidates[at].evidence[byText], h.Share)
		}
	}
	k := sentence(a.words)
	if at, ok := c.own[k]; ok {
		a.own = at
		if at != none {
			a.add(at, s)
		}
	}
	a.notFor = c.notFor[k]
	return a, nil
}

// scored returns the scores of all classes, to be put back.
func (c *core) scored(v vector) *scores {
	s, ok := c.scratch.Get().(*scores)
	if !ok {
		s = &scores{make([]float32, len(c.ids)), make([]float32, len(c.ids))}
	}
	c.svm.score(v, s.svm)
	c.centroids.score(v, s.centroid)
	return s
}

// add makes a class a candidate, if it isn't, and returns where it stands.
func (a *asked) add(class int32, s *scores) int {
	at := slices.IndexFunc(a.candidates, func(c candidate) bool { return c.class == class })
	if at < 0 {
		at = len(a.candidates)
		a.candidates = append(a.candidates, candidate{class: class, evidence: evidence{
			bySVM: float64(s.svm[class]), byCentroid: float64(s.centroid[class]),
		}})
	}
	return at
}

// best returns the n classes with the best scores, in no particular order, in
// time linear in their number.
func (s *scores) best(n int) []int32 {
	w := defaultCalibration.weights
	type scored struct {
		class int32
		score float32
	}
	top := make([]scored, 0, 2*n)
	limit := float32(math.Inf(-1))
	shrink := func() {
		slices.SortFunc(top, func(a, b scored) int {
			return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.class, b.class))
		})
		if len(top) > n {
			top = top[:n]
			limit = top[n-1].score
		}
	}
	for k, svm := range s.svm {
		score := float32(w[bySVM])*svm + float32(w[byCentroid])*s.centroid[k]
		if score <= limit {
			continue
		}
		if top = append(top, scored{int32(k), score}); len(top) == cap(top) {
			shrink()
		}
	}
	shrink()
	out := make([]int32, len(top))
	for i, t := range top {
		out[i] = t.class
	}
	return out
}

// order weighs the evidence and sorts the candidates by it, best first. A
// softmax of the strengths, in nats, gives each one's share.
func (a *asked) order(weights evidence) (strengths []float64) {
	type weighed struct {
		candidate
		strength float64
	}
	all := make([]weighed, len(a.candidates))
	for i, c := range a.candidates {
		all[i].candidate = c
		for j, w := range weights {
			all[i].strength += w * c.evidence[j]
		}
		if c.class == a.own {
			all[i].strength += ownBonus
		}
		if slices.Contains(a.notFor, c.class) {
			all[i].strength -= ownBonus
		}
	}
	slices.SortFunc(all, func(x, y weighed) int {
		return cmp.Or(cmp.Compare(y.strength, x.strength), cmp.Compare(x.class, y.class))
	})
	strengths = make([]float64, len(all))
	for i, w := range all {
		a.candidates[i], strengths[i] = w.candidate, w.strength
	}
	return strengths
}

// shares is the softmax of strengths, of which the first is the greatest.
func shares(strengths []float64) []float64 {
	out := make([]float64, len(strengths))
	total := 0.0
	for i, s := range strengths {
		out[i] = math.Exp(s - strengths[0])
		total += out[i]
	}
	for i := range out {
		out[i] /= total
	}
	return out
}
