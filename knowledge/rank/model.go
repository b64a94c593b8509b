package rank

import "context"

// Model tells which article answers a question. It may be used by several
// goroutines at once.
type Model struct {
	core        *core
	calibration calibration
}

// Ranking is the order of the articles for a question, best first, and how sure
// it is.
type Ranking struct {
	Articles    []Scored     // some dozens at most
	Hits        []Hit        // what the full text search found
	InScope     float64      // the probability that any article answers, the sum over all
	Known       float64      // the share of the question's weight whose terms any article's questions have, 0 to 1
	Words       []string     // of the question, as they were compared: corrected
	Corrections []Correction // words that were taken for mistyped
}

// Scored is an article with the probability that it answers.
type Scored struct {
	ID          string
	Score       float64 // in nats, to be compared within one ranking only
	Probability float64
	Own         bool // the question is one of the article's own, to the word
}

// Rank orders the articles by how probably each answers a question, of which
// the first 120 words count. It takes time linear in how many articles have its
// terms. An error is the Search's.
func (m *Model) Rank(ctx context.Context, question string) (Ranking, error) {
	words := m.core.reader.words(question)
	if len(words) == 0 || len(m.core.ids) == 0 {
		return Ranking{}, nil
	}
	a, err := m.core.ask(ctx, words)
	if err != nil {
		return Ranking{}, err
	}
	strengths := a.order(m.calibration.weights)
	x := signalsOf(a, strengths)
	r := Ranking{
		Known: a.known, Corrections: a.corrections, Hits: a.hits, Words: a.words,
		InScope: m.calibration.inScope(x), Articles: make([]Scored, len(strengths)),
	}
	first := m.calibration.isRight(x)
	if a.candidates[0].class == a.own {
		r.InScope, first = max(r.InScope, ownProbability), max(first, ownProbability)
	}
	for i, p := range spread(first, shares(strengths)) {
		c := a.candidates[i]
		r.Articles[i] = Scored{ID: m.core.ids[c.class], Score: strengths[i], Probability: r.InScope * p, Own: c.class == a.own}
	}
	return r, nil
}

// spread gives the first article its probability and the others the rest, by
// their shares, which fall. Where the first would get less than the next ones,
// they get the mean of both, so that who is better never is less probable.
func spread(first float64, share []float64) []float64 {
	p := make([]float64, len(share))
	rest := 0.0
	for _, s := range share[1:] {
		rest += s
	}
	p[0] = first
	for i := 1; i < len(share); i++ {
		if rest > 0 {
			p[i] = (1 - first) * share[i] / rest
		}
	}
	if rest == 0 {
		p[0] = 1
	}
	for n := 1; n < len(p) && p[n] > p[n-1]; n++ {
		mean := (p[0]*float64(n) + p[n]) / float64(n+1)
		for i := range n + 1 {
			p[i] = mean
		}
	}
	return p
}

// ownProbability is how sure it is, at least, that an article answers its own
// question. By hand: nothing can be measured about it.
const ownProbability = 0.97

// Cut is the probability from which on answering costs less than handing over,
// when a wrong answer costs wrong times as much as a needless handoff. Any is
// worth answering when a wrong answer costs no more.
func Cut(wrong float64) float64 { return max(0, 1-1/max(wrong, 1)) }

// LeastScope is the InScope below which only one in a hundred of the questions
// fell that an article answers; 0 when nothing was measured.
func (m *Model) LeastScope() float64 {
	return m.calibration.adjustScope.adjusted(m.calibration.least)
}

// Samples is how many questions the probabilities were fitted to; 0 when there
// were too few, or the training was quick: then they are cautious guesses.
func (m *Model) Samples() int { return m.calibration.samples }

// Labelled is how many messages the probabilities were adjusted to.
func (m *Model) Labelled() int { return m.calibration.labelled }

// Size is about how many bytes the model takes.
func (m *Model) Size() int {
	c := m.core
	n := c.svm.size() + c.centroids.size()
	n += 40 * len(c.vocabulary.ids)
	n += 8 * len(c.speller.deletes)
	for w := range c.speller.uses {
		n += 40 + len(w)
	}
	for s := range c.own {
		n += 40 + len(s)
	}
	return n
}
