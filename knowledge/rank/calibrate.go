package rank

import (
	"context"
	"math"
	"slices"
)

// calibration is how scores become probabilities.
type calibration struct {
	weights evidence // what the evidence for an article is worth, in nats
	scope   logistic // that any article answers
	right   logistic // that the first article does, when any does
	least   float64  // the scope that nearly all questions in scope reach
	samples int      // questions left out that it was fitted to; 0: a default
	// How the probabilities are adjusted to labelled messages; nil: not at all.
	adjustScope, adjustRight logistic
	labelled                 int // messages adjusted to
}

// defaultCalibration is for a base of which nothing can be measured. It follows
// what was fitted to the shipped English and Chinese articles with their bodies,
// rounded, with less confidence that there is an answer at all: where articles
// have one question each, little is known of what people ask.
var defaultCalibration = calibration{
	weights: evidence{bySVM: 3.5, byCentroid: 4.3, byText: 12},
	scope:   logistic{always: 0.3, topSVM: 2, topText: 3, length: 0.4, topShare: 0},
	right:   logistic{always: 0.5, margin: 0.6, topText: 1, topShare: 0.9},
}

// The signals that tell how sure a ranking is.
const (
	always      = iota // 1
	margin             // of the first article's strength over the second's, in nats
	topSVM             // what the first article's evidence is
	topCentroid        //
	topText            //
	knownShare         // the share of the question that the articles' questions know
	length             // the logarithm of the number of words
	topShare           // the logarithm of the first article's share
	signals
)

// maxMargin is the margin, in nats, above which nothing gets surer.
const maxMargin = 6

// signalsOf are the signals of a question whose candidates, in order, have these
// strengths.
func signalsOf(a *asked, strengths []float64) []float64 {
	x := []float64{always: 1, knownShare: a.known, length: math.Log(float64(max(1, len(a.words)))), topShare: 0}
	if len(strengths) == 0 {
		return x
	}
	x[margin] = maxMargin
	if len(strengths) > 1 {
		x[margin] = min(maxMargin, strengths[0]-strengths[1])
	}
	e := a.candidates[0].evidence
	x[topSVM], x[topCentroid], x[topText] = e[bySVM], e[byCentroid], e[byText]
	total := 0.0
	for _, s := range strengths {
		total += math.Exp(s - strengths[0])
	}
	x[topShare] = -math.Log(total)
	return x
}

// heldOut is a question that was left out of training and then asked.
type heldOut struct {
	*asked
	right   int32   // the class that answers it, or none
	example bool    // it is one of Options.None
	weight  float64 // in samples
}

// crossValidate asks the articles' questions of models that don't know them.
func crossValidate(ctx context.Context, r *reader, s *texts, o Options) (calibration, error) {
	if !Measurable(s.questions()) {
		return defaultCalibration, nil
	}
	var held []heldOut
	for fold := 0; fold < folds && len(held) < mostHeld; fold++ {
		kept, out := s.split(fold)
		gone := s.without(fold)
		c, err := learn(ctx, r, kept, o)
		if err != nil {
			return calibration{}, err
		}
		for i := 0; i < len(out); i += 1 + len(out)/mostHeld {
			if err := ctx.Err(); err != nil {
				return calibration{}, err
			}
			a, err := c.ask(ctx, out[i].words)
			if err != nil {
				return calibration{}, err
			}
			a.own, a.notFor = none, nil // two questions alike tell nothing about those that aren't
			a.candidates = slices.DeleteFunc(a.candidates, func(c candidate) bool { return gone(c.class) })
			held = append(held, heldOut{asked: a, right: out[i].class, example: out[i].role == never})
		}
	}
	weigh(held, o.NoneShare)
	return fit(held), nil
}

// Measurable reports whether articles with so many questions each have enough of
// them to measure probabilities by leaving some out.
func Measurable(questions []int) bool {
	n := 0
	for _, c := range questions {
		if c > 1 { // of the others none can be left out
			n += c
		}
	}
	return n >= fewest
}

// questions is how many questions each article has.
func (s *texts) questions() []int {
	n := make([]int, len(s.ids))
	for _, t := range s.all {
		if t.role == question {
			n[t.class]++
		}
	}
	return n
}

// without tells which articles a fold leaves out altogether.
func (s *texts) without(fold int) func(class int32) bool {
	return func(class int32) bool { return len(s.ids) >= fewestArticles && int(class)%folds == fold }
}

// split leaves out every folds-th question, every folds-th article and every
// folds-th example of what no article answers. In out, the class of what no kept
// article answers is none.
func (s *texts) split(fold int) (kept *texts, out []text) {
	kept = &texts{ids: s.ids, places: s.places}
	questions, without := s.questions(), s.without(fold)
	for _, t := range s.all {
		gone := t.role != never && without(t.class)
		ask := t.role == question && (t.place+int(t.class)/folds)%folds == fold
		switch {
		case gone && t.role == question, t.role == never && t.place%folds == fold:
			t.class = none
			out = append(out, t)
		case gone:
		case ask && questions[t.class] > 1:
			out = append(out, t)
		default:
			kept.all = append(kept.all, t)
		}
	}
	return kept, out
}

// weigh makes what no article answers weigh its share of all: half of it the
// examples of that, which are what really comes, when there are some, and the
// rest the questions of articles left out, which are like those that are there.
func weigh(held []heldOut, noneShare float64) {
	examples, gone, all := 0.0, 0.0, float64(len(held))
	for _, h := range held {
		switch {
		case h.example:
			examples++
		case h.right == none:
			gone++
		}
	}
	share := 0.0 // of the examples
	switch {
	case gone == 0:
		share = 1
	case examples > 0:
		share = 0.5 * examples / (examples + fewExamples)
	}
	for i := range held {
		h := &held[i]
		switch {
		case examples+gone == 0:
			h.weight = 1
		case h.example:
			h.weight = share * noneShare * all / examples
		case h.right == none:
			h.weight = (1 - share) * noneShare * all / gone
		default:
			h.weight = (1 - noneShare) * all / (all - examples - gone)
		}
	}
}

// fewExamples is how many examples of what no article answers count half as much
// as any number.
const fewExamples = 25

// fit fits the weights of the evidence, then the probabilities.
func fit(held []heldOut) calibration {
	c := calibration{weights: fitWeights(held), samples: len(held), scope: defaultCalibration.scope}
	var scope, right []sample
	nones := false
	for _, h := range held {
		strengths := h.order(c.weights)
		x := signalsOf(h.asked, strengths)
		scope = append(scope, sample{x, h.right != none, h.weight})
		if h.right != none {
			first := len(h.candidates) > 0 && h.candidates[0].class == h.right
			right = append(right, sample{x, first, h.weight})
		} else {
			nones = true
		}
	}
	c.right = fitLogistic(right, make(logistic, signals))
	if nones {
		c.scope = fitLogistic(scope, make(logistic, signals))
	}
	c.least = c.leastScope(scope)
	return c
}
