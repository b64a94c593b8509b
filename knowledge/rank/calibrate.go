package rank

import (
	"context"
	"math"
)

// calibration is how scores become probabilities.
type calibration struct {
	weights evidence // what the evidence for an article is worth, in nats
	scope   logistic // that any article answers
	right   logistic // that the first article does, when any does
	curve   []Point
	scopeAt float64
	samples int // questions left out that it was fitted to; 0: a default
}

// defaultCalibration is for a base of which nothing can be measured. It follows
// what was fitted to the shipped English and Chinese articles with their bodies,
// rounded, with less confidence that there is an answer at all: where articles
// have one question each, little is known of what people ask.
var defaultCalibration = calibration{
	weights: evidence{bySVM: 3.5, byCentroid: 4.3, byBody: 10, byBodyLetters: 7},
	scope:   logistic{always: 0.3, topSVM: 2, topBody: 3, length: 0.4},
	right:   logistic{always: 0.5, margin: 0.6, topBody: 1, topShare: 0.9},
	scopeAt: 0.5,
}

// The signals that tell how sure a ranking is.
const (
	always      = iota // 1
	margin             // of the first article's strength over the second's, in nats
	topSVM             // what the first article's evidence is
	topCentroid        //
	topBody            //
	knownShare         // the share of the question that the articles' questions know
	length             // the logarithm of the number of words
	topShare           // the logarithm of the first article's share
	signals
)

// maxMargin is the margin, in nats, above which nothing gets surer.
const maxMargin = 6

// signalsOf are the signals of a question whose candidates, best first, have
// these strengths.
func signalsOf(a *asked, order []int, strengths []float64) [signals]float64 {
	x := [signals]float64{always: 1, knownShare: a.known, length: math.Log(float64(max(1, len(a.words))))}
	if len(order) == 0 {
		return x
	}
	x[margin] = maxMargin
	if len(order) > 1 {
		x[margin] = min(maxMargin, strengths[order[0]]-strengths[order[1]])
	}
	e := a.evidence[order[0]]
	x[topSVM], x[topCentroid], x[topBody] = e[bySVM], e[byCentroid], e[byBody]
	total := 0.0
	for _, k := range order {
		total += math.Exp(strengths[k] - strengths[order[0]])
	}
	x[topShare] = -math.Log(total)
	return x
}

// heldOut is a question that was left out of training and then asked.
type heldOut struct {
	asked
	class  int32   // the right one, or none
	weight float64 // in samples
}

// crossValidate asks the articles' questions of models that don't know them.
func crossValidate(ctx context.Context, r *reader, s *texts, o Options) (calibration, error) {
	if s.holdable() < fewest {
		return defaultCalibration, nil
	}
	var held []heldOut
	for fold := range folds {
		kept, out := s.split(fold)
		c, err := learn(ctx, r, kept, o.Seed)
		if err != nil {
			return calibration{}, err
		}
		for _, t := range out {
			h := heldOut{asked: c.ask(t.words), class: t.class}
			h.own, h.notFor = none, nil // two questions alike tell nothing about those that aren't
			h.narrow()
			held = append(held, h)
		}
	}
	weigh(held, o.NoneShare)
	return fit(held, o.NoneShare), nil
}

// holdable is how many questions may be left out: those of articles with others.
func (s *texts) holdable() int {
	n := 0
	for _, c := range s.questions() {
		if c > 1 {
			n += c
		}
	}
	return n
}

// questions is how many questions each article has.
func (s *texts) questions() []int {
	n := make([]int, s.classes)
	for _, t := range s.all {
		if t.role == question {
			n[t.class]++
		}
	}
	return n
}

// split leaves out every folds-th question, every folds-th article and every
// folds-th example of what no article answers. In out, the class of what no kept
// article answers is none.
func (s *texts) split(fold int) (kept *texts, out []text) {
	kept = &texts{classes: s.classes}
	questions := s.questions()
	for _, t := range s.all {
		gone := t.role != never && s.classes >= fewestArticles && int(t.class)%folds == fold
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

// narrow keeps the evidence of the best articles and the right one only: ten
// thousand questions times 300 articles would take much memory.
func (h *heldOut) narrow() {
	order := best(h.strengths(defaultCalibration.weights), maxRanked)
	var kept []evidence
	right := int32(none)
	for _, k := range order {
		if int32(k) == h.class {
			right = int32(len(kept))
		}
		kept = append(kept, h.evidence[k])
	}
	if h.class != none && right == none {
		right = int32(len(kept))
		kept = append(kept, h.evidence[h.class])
	}
	h.evidence, h.class = kept, right
}

// weigh makes what no article answers weigh its share of all.
func weigh(held []heldOut, noneShare float64) {
	nones := 0.0
	for _, h := range held {
		if h.class == none {
			nones++
		}
	}
	all := float64(len(held))
	for i := range held {
		switch {
		case nones == 0:
			held[i].weight = 1
		case held[i].class == none:
			held[i].weight = noneShare * all / nones
		case all > nones:
			held[i].weight = (1 - noneShare) * all / (all - nones)
		}
	}
}

// fit fits the weights of the evidence, then the probabilities.
func fit(held []heldOut, noneShare float64) calibration {
	c := calibration{weights: fitWeights(held), samples: len(held), scope: defaultCalibration.scope}
	var scope, right []sample
	nones := false
	for i := range held {
		h := &held[i]
		strengths := h.strengths(c.weights)
		order := best(strengths, maxRanked)
		x := signalsOf(&h.asked, order, strengths)
		scope = append(scope, sample{x, h.class != none, h.weight})
		if h.class != none {
			right = append(right, sample{x, int32(order[0]) == h.class, h.weight})
		} else {
			nones = true
		}
	}
	c.right = fitLogistic(right, logistic{})
	if nones {
		c.scope = fitLogistic(scope, logistic{})
	}
	c.measure(scope, right, noneShare)
	return c
}

// fitWeights finds the weights under which the right articles are most
// probable, by Newton's method on a softmax over each question's candidates.
// Two samples' worth of ridge hold them near the defaults.
func fitWeights(held []heldOut) evidence {
	w := defaultCalibration.weights
	for range 20 {
		gradient := make([]float64, kinds)
		hessian := make([][]float64, kinds)
		for i := range hessian {
			hessian[i] = make([]float64, kinds)
			hessian[i][i] = 2 * ridge
			gradient[i] = 2 * ridge * (defaultCalibration.weights[i] - w[i])
		}
		for i := range held {
			h := &held[i]
			if h.class == none {
				continue
			}
			p := shares(h.strengths(w))
			var mean evidence
			for k, e := range h.evidence {
				for i := range kinds {
					mean[i] += p[k] * e[i]
				}
			}
			for k, e := range h.evidence {
				for i := range kinds {
					for j := range i + 1 {
						hessian[i][j] += p[k] * (e[i] - mean[i]) * (e[j] - mean[j])
					}
				}
			}
			for i := range kinds {
				gradient[i] += h.evidence[h.class][i] - mean[i]
			}
		}
		mirror(hessian)
		moved := step(w[:], solve(hessian, gradient))
		for i := range w {
			w[i] = max(0, w[i]) // evidence can't speak against
		}
		if moved < 1e-4 {
			break
		}
	}
	return w
}
