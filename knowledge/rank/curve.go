package rank

import (
	"cmp"
	"slices"
)

// Point says what came of the questions that were left out in turn, had every
// one been answered whose first article is at least Cut probable. Shares are of
// the questions that an article answers, except Refused.
type Point struct {
	Cut     float64
	Right   float64 // answered rightly
	Wrong   float64 // answered with another article
	Refused float64 // share not answered of those that no article answers; NaN without any
}

// curveSteps is how many points a curve has, but for the one at 0.
const curveSteps = 20

// outcome is what was thought of a question that was left out: how probably it is
// answered rightly, and at all.
type outcome struct{ p, in float64 }

// nearlyAll is the share of the questions in scope that count as such.
const nearlyAll = 0.99

// least returns the scope that nearly all questions in scope reach.
func least(rights, wrongs []outcome) float64 {
	var in []float64
	for _, o := range append(slices.Clone(rights), wrongs...) {
		in = append(in, o.in)
	}
	if len(in) == 0 {
		return 0
	}
	slices.Sort(in)
	return in[int((1-nearlyAll)*float64(len(in)))]
}

// measure fills in the curve and the cut between what is in and out of scope.
// Scope has a sample for each question, right for those in scope, in the same
// order.
func (c *calibration) measure(scope, right []sample, noneShare float64) {
	var rights, wrongs, nones []outcome
	next := 0
	for _, s := range scope {
		in := c.scope.probability(s.signals)
		o := outcome{in * c.right.probability(s.signals), in}
		switch {
		case !s.yes:
			nones = append(nones, o)
		case right[next].yes:
			rights = append(rights, o)
			next++
		default:
			wrongs = append(wrongs, o)
			next++
		}
	}
	share := func(of []outcome, all int, above func(outcome) bool) float64 {
		n := 0
		for _, o := range of {
			if above(o) {
				n++
			}
		}
		return float64(n) / float64(all)
	}
	for i := range curveSteps + 1 {
		cut := float64(i) / curveSteps
		above := func(o outcome) bool { return o.p >= cut }
		c.curve = append(c.curve, Point{
			Cut: cut, Right: share(rights, len(right), above), Wrong: share(wrongs, len(right), above),
			Refused: 1 - share(nones, len(nones), above),
		})
	}
	c.least = least(rights, wrongs)
	c.scopeAt = defaultCalibration.scopeAt
	if len(nones) == 0 || len(rights) == 0 {
		return
	}
	// The most that is answered rightly or refused rightly, of all messages.
	type edge struct{ in, gain float64 }
	edges := make([]edge, 0, len(rights)+len(nones))
	for _, o := range rights {
		edges = append(edges, edge{o.in, -(1 - noneShare) / float64(len(right))})
	}
	for _, o := range nones {
		edges = append(edges, edge{o.in, noneShare / float64(len(nones))})
	}
	slices.SortFunc(edges, func(a, b edge) int { return cmp.Or(cmp.Compare(a.in, b.in), cmp.Compare(a.gain, b.gain)) })
	most, sum := 0.0, 0.0
	c.scopeAt = 0
	for i, e := range edges {
		sum += e.gain
		if sum > most && i+1 < len(edges) {
			most, c.scopeAt = sum, (e.in+edges[i+1].in)/2
		}
	}
}
