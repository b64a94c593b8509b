package rank

import (
	"cmp"
	"math"
	"slices"
)

// linear scores every class of a vector: one against the rest. It is kept by
// term, and only weights that matter are, so that a question costs what its
// terms have, whatever the number of classes.
type linear struct {
	bias   []float32 // by class
	start  []int32   // by term, and one more: where its weights begin
	class  []int32
	weight []float32
}

const (
	// maxWeights is about how many weights all classes together keep: at eight
	// bytes each, 8 MB. On BANKING77 and CLINC150 with 10 questions a class, a
	// quarter of it ranks as well as all weights.
	maxWeights = 1 << 20
	// leastWeights is how many each class keeps in any case.
	leastWeights = 512
	// faint weights, compared with the class's strongest, are left out. They are
	// most of what training leaves of terms that tell nothing.
	faint = 0.02
)

// newLinear keeps the strongest weights of classes; it takes their vectors over.
func newLinear(classes []vector, bias []float32, terms int) *linear {
	l := &linear{bias: bias, start: make([]int32, terms+1)}
	most := max(leastWeights, maxWeights/max(1, len(classes)))
	total := 0
	for k := range classes {
		classes[k] = strongest(classes[k], most)
		total += len(classes[k])
		for _, t := range classes[k] {
			l.start[t.id+1]++
		}
	}
	for id := range terms {
		l.start[id+1] += l.start[id]
	}
	l.class, l.weight = make([]int32, total), make([]float32, total)
	next := slices.Clone(l.start[:terms])
	for k, v := range classes {
		for _, t := range v {
			at := next[t.id]
			next[t.id]++
			l.class[at], l.weight[at] = int32(k), t.weight
		}
	}
	return l
}

// strongest returns the terms with the greatest weights, at most n.
func strongest(v vector, n int) vector {
	top := float32(0)
	for _, t := range v {
		top = max(top, abs(t.weight))
	}
	v = slices.DeleteFunc(v, func(t term) bool { return abs(t.weight) < faint*top })
	if len(v) <= n {
		return slices.Clip(v)
	}
	slices.SortFunc(v, func(a, b term) int {
		return cmp.Or(cmp.Compare(abs(b.weight), abs(a.weight)), cmp.Compare(a.id, b.id))
	})
	return slices.Clone(v[:n])
}

func abs(x float32) float32 { return math.Float32frombits(math.Float32bits(x) &^ (1 << 31)) }

// score sets the score of every class.
func (l *linear) score(v vector, into []float32) {
	copy(into, l.bias)
	for _, x := range v {
		from, to := l.start[x.id], l.start[x.id+1]
		classes, weights := l.class[from:to], l.weight[from:to]
		for i, k := range classes {
			into[k] += x.weight * weights[i]
		}
	}
}

// at is the weight of a term for a class.
func (l *linear) at(term, class int32) float32 {
	from, to := l.start[term], l.start[term+1]
	if i, ok := slices.BinarySearch(l.class[from:to], class); ok {
		return l.weight[int(from)+i]
	}
	return 0
}

// size is how many bytes the weights take.
func (l *linear) size() int { return 8*len(l.class) + 4*len(l.start) + 4*len(l.bias) }
