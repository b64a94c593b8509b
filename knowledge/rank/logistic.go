package rank

import (
	"math"
	"slices"
)

// logistic is a logistic regression: the weights of some signals.
type logistic []float64

// sample is what a logistic regression learns from.
type sample struct {
	signals []float64
	yes     bool
	weight  float64
}

// ridge keeps weights near their prior that few samples speak for, in units of one
// sample.
const ridge = 0.3

func (l logistic) probability(x []float64) float64 {
	z := 0.0
	for i, w := range l {
		z += w * x[i]
	}
	return 1 / (1 + math.Exp(-z))
}

// logit turns a probability into the z of which it is made.
func logit(p float64) float64 {
	const tiny = 1e-6
	p = min(max(p, tiny), 1-tiny)
	return math.Log(p / (1 - p))
}

// fitLogistic is Newton's method, damped by the ridge towards prior. It needs no
// order and no seed.
func fitLogistic(samples []sample, prior logistic) logistic {
	l := slices.Clone(prior)
	for range 25 {
		gradient := make([]float64, len(l))
		hessian := make([][]float64, len(l))
		for i := range hessian {
			hessian[i] = make([]float64, len(l))
			hessian[i][i] = ridge
			gradient[i] = ridge * (prior[i] - l[i])
		}
		for _, s := range samples {
			p := l.probability(s.signals)
			y := 0.0
			if s.yes {
				y = 1
			}
			slope := s.weight * max(p*(1-p), 1e-6)
			for i, a := range s.signals {
				gradient[i] += s.weight * (y - p) * a
				for j, b := range s.signals[:i+1] {
					hessian[i][j] += slope * a * b
				}
			}
		}
		mirror(hessian)
		if step(l, solve(hessian, gradient)) < 1e-6 {
			break
		}
	}
	return l
}

// step adds a step to weights, cut to a length of 5 so that Newton's method
// can't run away, and returns how long it was.
func step(weights, by []float64) float64 {
	length := 0.0
	for _, d := range by {
		length += d * d
	}
	length = math.Sqrt(length)
	scale := 1.0
	if length > 5 {
		scale = 5 / length
	}
	for i, d := range by {
		weights[i] += scale * d
	}
	return length
}

// mirror fills the upper half of a symmetric matrix.
func mirror(m [][]float64) {
	for i := range m {
		for j := range i {
			m[j][i] = m[i][j]
		}
	}
}

// solve is Gaussian elimination for a positive definite matrix, which it
// overwrites together with b.
func solve(m [][]float64, b []float64) []float64 {
	for i := range m {
		for j := i + 1; j < len(m); j++ {
			f := m[j][i] / m[i][i]
			for k := i; k < len(m); k++ {
				m[j][k] -= f * m[i][k]
			}
			b[j] -= f * b[i]
		}
	}
	for i := len(m) - 1; i >= 0; i-- {
		for k := i + 1; k < len(m); k++ {
			b[i] -= m[i][k] * b[k]
		}
		b[i] /= m[i][i]
	}
	return b
}
