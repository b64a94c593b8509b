package rank

import "math"

// centroids are the mean directions of the classes' questions, in the layout of
// linear. The bias stays 0.
func centroids(examples []example, terms, classes int) *linear {
	l := &linear{classes: classes, weights: make([]float32, terms*classes), bias: make([]float32, classes)}
	for _, e := range examples {
		if e.only || e.class == none {
			continue
		}
		for _, x := range e.vector {
			l.weights[int(x.id)*classes+int(e.class)] += e.weight * x.weight
		}
	}
	squares := make([]float64, classes)
	for i, w := range l.weights {
		squares[i%classes] += float64(w) * float64(w)
	}
	for i := range l.weights {
		if s := squares[i%classes]; s > 0 {
			l.weights[i] /= float32(math.Sqrt(s))
		}
	}
	return l
}
