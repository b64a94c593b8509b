package rank

import (
	"math"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
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

// linear scores every class of a vector: one against the rest.
type linear struct {
	classes int
	weights []float32 // by term, then by class
	bias    []float32 // by class
}

// trainer holds what the training of all classes shares.
type trainer struct {
	examples []example
	squares  []float64 // of the lengths of the vectors, the bias's 1 included
	terms    int
	classes  int
	tune     tuning
	seed     uint64
}

// train learns the classes in parallel. It takes time linear in the total
// number of the examples' terms times the classes, and gives the same weights
// for the same examples whatever the number of processors. stopped is asked
// before each class.
func (t *trainer) train(stopped func() bool) *linear {
	t.squares = make([]float64, len(t.examples))
	for i, e := range t.examples {
		t.squares[i] = 1
		for _, x := range e.vector {
			t.squares[i] += float64(x.weight) * float64(x.weight)
		}
	}
	l := &linear{classes: t.classes, weights: make([]float32, t.terms*t.classes), bias: make([]float32, t.classes)}
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), t.classes) {
		wg.Go(func() {
			c := newClassTrainer(t)
			for {
				class := int(next.Add(1)) - 1
				if class >= t.classes || stopped() {
					return
				}
				c.learn(int32(class))
				for id, w := range c.w {
					l.weights[id*t.classes+class] = w
				}
				l.bias[class] = c.bias
			}
		})
	}
	wg.Wait()
	return l
}

// classTrainer learns one class after the other in the same memory.
type classTrainer struct {
	*trainer
	w     []float32
	bias  float32
	alpha []float64
	sign  []float64
	diag  []float64 // 1/(2C) by example
	order []int32
}

func newClassTrainer(t *trainer) *classTrainer {
	n := len(t.examples)
	return &classTrainer{
		trainer: t, w: make([]float32, t.terms), alpha: make([]float64, n),
		sign: make([]float64, n), diag: make([]float64, n), order: make([]int32, 0, n),
	}
}

// prepare sets the side and the cost of each example for a class. The two sides
// weigh in the proportion of tune.balance, or a class of five questions among
// five hundred others would hardly be learned. It reports whether the class has
// any example.
func (c *classTrainer) prepare(class int32) bool {
	clear(c.w)
	c.bias = 0
	clear(c.alpha)
	c.order = c.order[:0]
	var positive, negative float64
	for i, e := range c.examples {
		switch {
		case e.only && e.class != class:
			continue
		case e.only || e.class != class:
			c.sign[i] = -1
			negative += float64(e.weight)
		default:
			c.sign[i] = 1
			positive += float64(e.weight)
		}
		c.order = append(c.order, int32(i))
	}
	if positive == 0 {
		return false
	}
	up := max(1, math.Pow(negative/positive, c.tune.balance))
	for _, i := range c.order {
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
func (c *classTrainer) learn(class int32) {
	if !c.prepare(class) {
		c.bias = -1 // nothing to learn: never its article
		return
	}
	r := rand.New(rand.NewPCG(c.seed, uint64(class)))
	active := c.order
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

// score adds up the weights of a vector for every class.
func (l *linear) score(v vector, into []float64) {
	for k := range into {
		into[k] = float64(l.bias[k])
	}
	for _, x := range v {
		row := l.weights[int(x.id)*l.classes:][:l.classes]
		w := float64(x.weight)
		for k, y := range row {
			into[k] += w * float64(y)
		}
	}
}
