package rank

import (
	"math"
	"slices"
)

// centroids returns the mean direction of each class's questions, of length 1.
func centroids(examples []example, terms, classes int) []vector {
	of := make([][]int32, classes)
	for i, e := range examples {
		if !e.only && e.class != none {
			of[e.class] = append(of[e.class], int32(i))
		}
	}
	out := make([]vector, classes)
	sums := make([]float32, terms)
	for k, mine := range of {
		for _, i := range mine {
			for _, x := range examples[i].vector {
				sums[x.id] += examples[i].weight * x.weight
			}
		}
		out[k] = collect(sums, examples, mine)
		squares := 0.0
		for _, x := range out[k] {
			squares += float64(x.weight) * float64(x.weight)
		}
		for i := range out[k] {
			out[k][i].weight /= float32(math.Sqrt(squares))
		}
	}
	return out
}

// collect takes what isn't 0 out of sums, which is 0 everywhere afterwards; only
// terms of the examples may not be.
func collect(sums []float32, examples []example, of []int32) vector {
	var v vector
	take := func(id int32) {
		if w := sums[id]; w != 0 {
			v = append(v, term{id, w})
			sums[id] = 0
		}
	}
	terms := 0
	for _, i := range of {
		terms += len(examples[i].vector)
	}
	if terms > len(sums)/8 { // sorting takes longer than looking at all
		for id := range sums {
			take(int32(id))
		}
		return v
	}
	for _, i := range of {
		for _, x := range examples[i].vector {
			take(x.id)
		}
	}
	slices.SortFunc(v, byID)
	return v
}
