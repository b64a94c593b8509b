package rank

import (
	"cmp"
	"slices"
)

// Model tells which article answers a question. It may be used by several
// goroutines at once.
type Model struct {
	core        *core
	ids         []string // by class
	calibration calibration
}

// Lexical is a score that another ranker gives an article: of a full text
// search, or the cosine of sentence embeddings. Strength is in nats: an article
// with one more than another is e times as probable, other things being equal.
// The model can't check such scores, so give them little: 1 for the best.
type Lexical struct {
	ID       string
	Strength float64
}

// Ranking is the order of the articles for a question, best first, and how sure
// it is.
type Ranking struct {
	Articles    []Scored     // at most 20
	InScope     float64      // the probability that any article answers, the sum over all
	Known       float64      // the share of the question's weight whose terms any article's questions have, 0 to 1
	Corrections []Correction // words that were taken for mistyped
}

// Scored is an article with the probability that it answers.
type Scored struct {
	ID          string
	Score       float64 // in nats, to be compared within one ranking only
	Probability float64
	Own         bool // the question is one of the article's own, to the word
}

// Rank orders the articles by how probably each answers a question. It takes
// time linear in the number of articles times the words of the question, of
// which the first 120 count.
func (m *Model) Rank(question string, lexical []Lexical) Ranking {
	words := m.core.reader.words(question)
	if len(words) == 0 || len(m.ids) == 0 {
		return Ranking{}
	}
	a := m.core.ask(words)
	strengths := a.strengths(m.calibration.weights)
	for _, l := range lexical {
		if k := slices.Index(m.ids, l.ID); k >= 0 {
			strengths[k] += l.Strength
		}
	}
	order := best(strengths, maxRanked)
	x := signalsOf(&a, order, strengths)
	r := Ranking{
		Known: a.known, Corrections: a.corrections,
		InScope: m.calibration.scope.probability(x), Articles: make([]Scored, len(order)),
	}
	first := m.calibration.right.probability(x)
	if a.own != none && order[0] == int(a.own) {
		r.InScope, first = max(r.InScope, ownProbability), max(first, ownProbability)
	}
	best := make([]float64, len(order))
	for i, k := range order {
		best[i] = strengths[k]
	}
	share := shares(best)
	for i, k := range order {
		p := first
		switch {
		case len(order) == 1:
			p = 1
		case i > 0 && share[0] < 1:
			p = (1 - first) * share[i] / (1 - share[0])
		case i > 0:
			p = (1 - first) / float64(len(order)-1)
		}
		r.Articles[i] = Scored{ID: m.ids[k], Score: strengths[k], Probability: r.InScope * p, Own: int(a.own) == k}
	}
	return r
}

// ownProbability is how sure it is, at least, that an article answers its own
// question. By hand: nothing can be measured about it.
const ownProbability = 0.97

// Contribution is what a word of a question does for an article.
type Contribution struct {
	Word   string // corrected
	Weight float64
}

// Explain tells what each word of a question does for an article: by how many
// nats the article would be less likely than the average one without it, the
// strongest first. Unknown ids have no contributions.
func (m *Model) Explain(question, id string) []Contribution {
	class := slices.Index(m.ids, id)
	if class < 0 {
		return nil
	}
	a := m.core.ask(m.core.reader.words(question))
	words := a.words
	whole := m.lead(words, class)
	out := make([]Contribution, len(words))
	for i, w := range words {
		out[i] = Contribution{w, whole - m.lead(slices.Delete(slices.Clone(words), i, i+1), class)}
	}
	slices.SortStableFunc(out, func(a, b Contribution) int { return cmp.Compare(b.Weight, a.Weight) })
	return out
}

// lead is how much stronger an article is than the average one.
func (m *Model) lead(words []string, class int) float64 {
	a := m.core.ask(words)
	a.own, a.notFor = none, nil
	strengths := a.strengths(m.calibration.weights)
	sum := 0.0
	for _, s := range strengths {
		sum += s
	}
	return strengths[class] - sum/float64(len(strengths))
}

// Cut is the probability from which on answering costs less than handing over,
// when a wrong answer costs wrong times as much as a needless handoff. Any is
// worth answering when a wrong answer costs no more.
func Cut(wrong float64) float64 { return max(0, 1-1/max(wrong, 1)) }

// ScopeCut is the InScope that best told questions that an article answers from
// others, when questions were left out in turn: most messages were answered
// rightly or refused rightly there, at Options.NoneShare.
func (m *Model) ScopeCut() float64 { return m.calibration.scopeAt }

// Curve says what came of the questions that were left out in turn, from the
// lowest cut to the highest; nil when nothing was measured.
func (m *Model) Curve() []Point { return slices.Clone(m.calibration.curve) }

// Samples is how many questions the probabilities were fitted to; 0 when there
// were too few, or the training was quick: then they are cautious guesses.
func (m *Model) Samples() int { return m.calibration.samples }

// Size is about how many bytes the model takes.
func (m *Model) Size() int {
	c := m.core
	n := 4 * (len(c.svm.weights) + len(c.centroids.weights))
	n += 40 * len(c.vocabulary.ids)
	for _, at := range c.bodies.index {
		n += 60 + 8*len(at)
	}
	n += 8 * len(c.speller.deletes)
	for w := range c.speller.uses {
		n += 40 + len(w)
	}
	for s := range c.own {
		n += 40 + len(s)
	}
	return n
}
