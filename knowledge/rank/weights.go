package rank

import "slices"

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
		for _, h := range held {
			p := shares(h.order(w))
			right := slices.IndexFunc(h.candidates, func(c candidate) bool { return c.class == h.right })
			if h.right == none || right < 0 {
				continue
			}
			var mean evidence
			for k, c := range h.candidates {
				for i, e := range c.evidence {
					mean[i] += p[k] * e
				}
			}
			for k, c := range h.candidates {
				for i := range kinds {
					for j := range i + 1 {
						hessian[i][j] += p[k] * (c.evidence[i] - mean[i]) * (c.evidence[j] - mean[j])
					}
				}
			}
			for i, e := range h.candidates[right].evidence {
				gradient[i] += e - mean[i]
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
