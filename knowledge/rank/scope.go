package rank

import "slices"

// nearlyAll is the share of the questions in scope that count as such.
const nearlyAll = 0.99

// leastScope returns the scope that nearly all questions in scope reach; 0 when there
// are none.
func (c *calibration) leastScope(asked []sample) float64 {
	var in []float64
	for _, s := range asked {
		if s.yes {
			in = append(in, c.scope.probability(s.signals))
		}
	}
	if len(in) == 0 {
		return 0
	}
	slices.Sort(in)
	return in[int((1-nearlyAll)*float64(len(in)))]
}
