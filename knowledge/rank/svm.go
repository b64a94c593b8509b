package rank

import (
	"math"
	"math/rand/v2"
	"slices"
	"sync"
)

// example is a text that an article is trained on.
type example struct {
	vector vector
	class  int32 // the article that answers it; none when no article does
	only   bool  // it says only that class does not answer it
	weight float32
}

// none is the class of what no article answers.
const none = -1

// trainer holds what the training of all classes shares.
type trainer struct {
	examples  []example
	negatives *negatives
	squares   []float64 // of the lengths of the vectors, the bias's 1 included
	terms     int
	classes   int
	tune      tuning
	seed      uint64
}

// train learns the classes in parallel. It gives the same weights for the same
// examples whatever the number of processors. stopped is asked before each
// class.
func (t *trainer) train(stopped func() bool) *linear {
	t.squares = make([]float64, len(t.examples))
	for i, e := range t.examples {
		t.squares[i] = 1
		for _, x := range e.vector {
			t.squares[i] += float64(x.weight) * float64(x.weight)
		}
	}
	weights, bias := make([]vector, t.classes), make([]float32, t.classes)
	workers := sync.Pool{New: func() any { return newClassTrainer(t) }}
	inParallel(t.classes, func(class int) {
		if stopped() {
			return
		}
		c, _ := workers.Get().(*classTrainer)
		weights[class], bias[class] = c.learn(int32(class))
		workers.Put(c)
	})
	return newLinear(weights, bias, t.terms)
}

// classTrainer learns one class after the other in the same memory.
type classTrainer struct {
	*trainer
	w      []float32 // 0 between classes
	scores []float32 // 0 between classes
	bias   float32
	alpha  []float64
	sign   []float64
	diag   []float64 // 1/(2C) by example
}

func newClassTrainer(t *trainer) *classTrainer {
	n := len(t.examples)
	return &classTrainer{
		trainer: t, w: make([]float32, t.terms), scores: make([]float32, t.classes),
		alpha: make([]float64, n), sign: make([]float64, n), diag: make([]float64, n),
	}
}

// prepare sets the side and the cost of each example of a class. The two sides
// weigh in the proportion of tune.balance, or a class of five questions among
// five hundred others would hardly be learned. It reports whether the class has
// any example.
func (c *classTrainer) prepare(class int32, chosen []int32) bool {
	c.bias = 0
	var positive, negative float64
	for _, i := range chosen {
		e := &c.examples[i]
		c.alpha[i] = 0
		if e.only || e.class != class {
			c.sign[i] = -1
			negative += float64(e.weight)
		} else {
			c.sign[i] = 1
			positive += float64(e.weight)
		}
	}
	if positive == 0 {
		return false
	}
	up := max(1, math.Pow(negative/positive, c.tune.balance))
	for _, i := range chosen {
		cost := c.tune.cost * float64(c.examples[i].weight)
		if c.sign[i] > 0 {
			cost *= up
		}
		c.diag[i] = 1 / (2 * cost)
	}
	return true
}

// learn is dual coordinate descent for the squared hinge loss with shrinking
// (Hsieh et al. 2008, as in LIBLINEAR), in a seeded order.
func (c *classTrainer) learn(class int32) (vector, float32) {
	chosen := c.negatives.choose(class, c.scores)
	if !c.prepare(class, chosen) {
		return nil, -1 // nothing to learn: never its article
	}
	c.descend(slices.Clone(chosen), rand.New(rand.NewPCG(c.seed, uint64(class))))
	return collect(c.w, c.examples, chosen), c.bias
}

// descend moves the weights until the examples are on their sides.
func (c *classTrainer) descend(active []int32, r *rand.Rand) {
	limit := math.Inf(1)
	for range c.tune.epochs {
		r.Shuffle(len(active), func(i, j int) { active[i], active[j] = active[j], active[i] })
		steepest, largest := math.Inf(-1), 0.0
		kept := active[:0]
		for _, i := range active {
			e := &c.examples[i]
			dot := c.bias
			for _, x := range e.vector {
				dot += c.w[x.id] * x.weight
			}
			gradient := c.sign[i]*float64(dot) - 1 + c.diag[i]*c.alpha[i]
			if c.alpha[i] == 0 {
				if gradient > limit {
					continue // far on the right side: not looked at again
				}
				gradient = min(gradient, 0)
			}
			kept = append(kept, i)
			steepest = max(steepest, gradient)
			if gradient == 0 {
				continue
			}
			largest = max(largest, math.Abs(gradient))
			before := c.alpha[i]
			c.alpha[i] = max(0, before-gradient/(c.squares[i]+c.diag[i]))
			step := float32(c.sign[i] * (c.alpha[i] - before))
			for _, x := range e.vector {
				c.w[x.id] += step * x.weight
			}
			c.bias += step
		}
		if largest < c.tune.enough {
			return
		}
		active = kept
		limit = steepest
		if limit <= 0 {
			limit = math.Inf(1)
		}
	}
}
