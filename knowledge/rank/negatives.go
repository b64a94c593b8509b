package rank

import (
	"cmp"
	"slices"
)

// negatives chooses what each class is told apart from. With few classes that
// is every other example. With many it would take time that grows with the
// square of their number, and most of it for examples that no one would take
// for the class: then it is the examples of the classes most like it, and some
// from everywhere.
type negatives struct {
	examples []example
	of       [][]int32 // by class: its examples
	only     [][]int32 // by class: what it doesn't answer
	never    []int32   // what no class answers
	most     int       // how many examples a class is told apart from
	near     *linear   // the centroids; nil when all examples are used
	centroid []vector
}

const (
	// allNegatives is up to how many pairs of a class and an example all are looked
	// at; leastNegatives is how many examples are for each class in any case.
	allNegatives   = 3 << 20
	leastNegatives = 500
	// A class's likeness is taken from its tellingTerms strongest terms, those
	// aside that more than commonTerm classes have.
	tellingTerms = 32
	commonTerm   = 1000
)

func newNegatives(examples []example, centroid []vector, terms, pairs int) *negatives {
	n := &negatives{examples: examples, centroid: centroid, most: max(leastNegatives, pairs/max(1, len(centroid)))}
	n.of, n.only = make([][]int32, len(centroid)), make([][]int32, len(centroid))
	for i, e := range examples {
		switch {
		case e.class == none:
			n.never = append(n.never, int32(i))
		case e.only:
			n.only[e.class] = append(n.only[e.class], int32(i))
		default:
			n.of[e.class] = append(n.of[e.class], int32(i))
		}
	}
	if len(examples) > n.most {
		top := make([]vector, len(centroid))
		for k, v := range centroid {
			top[k] = strongest(slices.Clone(v), tellingTerms)
		}
		n.near = newLinear(top, make([]float32, len(centroid)), terms)
	}
	return n
}

// choose returns the examples that a class is learned from, its own first;
// scores is 0 for every class, before and after.
func (n *negatives) choose(class int32, scores []float32) []int32 {
	chosen := append(slices.Clone(n.of[class]), n.only[class]...)
	if n.near == nil {
		for i, e := range n.examples {
			if e.class != class && !e.only {
				chosen = append(chosen, int32(i))
			}
		}
		return chosen
	}
	most := len(chosen) + n.most
	chosen = append(chosen, n.never[:min(len(n.never), n.most/4)]...)
	for _, k := range n.like(class, scores) {
		if room := most - n.most/8 - len(chosen); room <= 0 {
			break
		}
		chosen = append(chosen, n.of[k]...)
	}
	// The rest from everywhere, so that what all classes have in common is known.
	for i := int(class) % 7; len(chosen) < most && i < len(n.examples); i += max(1, 8*len(n.examples)/n.most) {
		if e := n.examples[i]; e.class != class && !e.only {
			chosen = append(chosen, int32(i)) // some twice: they weigh more, which does no harm
		}
	}
	return chosen
}

// like returns the other classes that share telling terms with one, most alike
// first.
func (n *negatives) like(class int32, scores []float32) []int32 {
	var found []int32
	for _, t := range strongest(slices.Clone(n.centroid[class]), tellingTerms) {
		from, to := n.near.start[t.id], n.near.start[t.id+1]
		if to-from > commonTerm {
			continue
		}
		for at := from; at < to; at++ {
			k := n.near.class[at]
			if scores[k] == 0 && k != class {
				found = append(found, k)
			}
			if k != class {
				scores[k] += t.weight * n.near.weight[at]
			}
		}
	}
	slices.SortFunc(found, func(a, b int32) int {
		return cmp.Or(cmp.Compare(scores[b], scores[a]), cmp.Compare(a, b))
	})
	for _, k := range found {
		scores[k] = 0
	}
	return found
}
