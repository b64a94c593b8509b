package eval

import (
	"cmp"
	"encoding/json"
	"math"
	"slices"
)

// Figure is one measured number; NaN when there was nothing to measure, as the
// recall of what is out of scope where everything is in scope.
type Figure float64

// MarshalJSON writes six digits behind the point, and null for NaN, which JSON
// doesn't have.
func (f Figure) MarshalJSON() ([]byte, error) {
	if math.IsNaN(float64(f)) {
		return []byte("null"), nil
	}
	return json.Marshal(math.Round(float64(f)*1e6) / 1e6)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (f *Figure) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		*f = Figure(math.NaN())
		return nil
	}
	return json.Unmarshal(data, (*float64)(f))
}

// answered is what became of one query.
type answered struct {
	query       *Query
	place       int     // of the first right article in the ranking, from 1; 0 when it isn't there
	probability float64 // of the article ranked first; 0 without one
	kind        outcome
	micros      float64
}

// outcome is what a verdict is worth.
type outcome int

const (
	silent outcome = iota // not answered: handed over, or small talk
	asked                 // asked back with a choice of articles
	alarm                 // handed over as the matter of an article that it isn't about
	wrong                 // answered with another article than a right one
	right                 // answered with a right one
)

// bins is how many bins of equal mass the calibration error is taken over.
const bins = 10

// mean returns the mean of value over those that it knows.
func mean(all []answered, value func(answered) (v float64, counts bool)) Figure {
	sum, n := 0.0, 0
	for _, a := range all {
		if v, counts := value(a); counts {
			sum += v
			n++
		}
	}
	if n == 0 {
		return Figure(math.NaN())
	}
	return Figure(sum / float64(n))
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// auroc is the probability that a query whose first article is right has a
// higher probability than one whose first article isn't, ties half. It is the
// rank sum of Mann and Whitney.
func auroc(all []answered) Figure {
	sorted := byProbability(all)
	ranks, positive := 0.0, 0
	for i := 0; i < len(sorted); {
		j := i
		for j < len(sorted) && sorted[j].probability == sorted[i].probability {
			j++
		}
		for _, a := range sorted[i:j] {
			if a.place == 1 {
				positive++
				ranks += float64(i+1+j) / 2 // the mean of the ranks i+1 to j
			}
		}
		i = j
	}
	negative := len(sorted) - positive
	if positive == 0 || negative == 0 {
		return Figure(math.NaN())
	}
	p := float64(positive)
	return Figure((ranks - p*(p+1)/2) / (p * float64(negative)))
}

// ece is the expected calibration error: the mean distance between the
// probability of the first article and how often it is right, over bins of as
// many queries each. Queries of one probability share their rightness, so that
// their order doesn't matter.
func ece(all []answered) Figure {
	sorted := byProbability(all)
	if len(sorted) == 0 {
		return Figure(math.NaN())
	}
	isRight := make([]float64, len(sorted))
	for i := 0; i < len(sorted); {
		j, sum := i, 0.0
		for ; j < len(sorted) && sorted[j].probability == sorted[i].probability; j++ {
			sum += truth(sorted[j].place == 1)
		}
		for k := i; k < j; k++ {
			isRight[k] = sum / float64(j-i)
		}
		i = j
	}
	total := 0.0
	for b := range bins {
		gap := 0.0
		for i := b * len(sorted) / bins; i < (b+1)*len(sorted)/bins; i++ {
			gap += sorted[i].probability - isRight[i]
		}
		total += math.Abs(gap)
	}
	return Figure(total / float64(len(sorted)))
}

func byProbability(all []answered) []answered {
	return slices.SortedStableFunc(slices.Values(all), func(a, b answered) int { return cmp.Compare(a.probability, b.probability) })
}

// quantile returns the value that a share of the values is at most.
func quantile(all []answered, share float64) Figure {
	if len(all) == 0 {
		return Figure(math.NaN())
	}
	sorted := slices.SortedFunc(slices.Values(all), func(a, b answered) int { return cmp.Compare(a.micros, b.micros) })
	return Figure(sorted[max(0, int(math.Ceil(share*float64(len(sorted))))-1)].micros)
}
