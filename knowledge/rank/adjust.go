package rank

import "context"

// Labelled is a message with the article that answers it.
type Labelled struct {
	Text string
	ID   string // "" when no article answers
}

// fewestLabelled is how many messages must be labelled to tell anything.
const fewestLabelled = 40

// Adjusted returns the model with probabilities that are right for messages as
// they really come, of which these are a sample. The articles' own questions
// tell what makes a ranking sure; but editors write them to be unlike one
// another, so that those left out are harder than what people ask. With few
// messages, the adjustment is small; with fewer than 40, there is none. Messages
// that are an article's own questions are left out, as are those of unknown
// articles. An error is the Search's.
func (m *Model) Adjusted(ctx context.Context, messages []Labelled, noneShare float64) (*Model, error) {
	if noneShare == 0 {
		noneShare = defaultNoneShare
	}
	var held []heldOut
	for _, l := range messages {
		class, ok := m.core.places[l.ID]
		words := m.core.reader.words(l.Text)
		if !ok && l.ID != "" || len(words) == 0 {
			continue
		}
		if l.ID == "" {
			class = none
		}
		a, err := m.core.ask(ctx, words)
		if err != nil {
			return nil, err
		}
		if a.own == none {
			held = append(held, heldOut{asked: a, right: class, example: class == none})
		}
	}
	if len(held) < fewestLabelled {
		return m, nil
	}
	weigh(held, noneShare)
	c := m.calibration
	var scope, right []sample
	for _, h := range held {
		strengths := h.order(c.weights)
		x := signalsOf(h.asked, strengths)
		scope = append(scope, sample{[]float64{1, logit(c.scope.probability(x))}, h.right != none, h.weight})
		if h.right != none {
			first := len(h.candidates) > 0 && h.candidates[0].class == h.right
			right = append(right, sample{[]float64{1, logit(c.right.probability(x))}, first, h.weight})
		}
	}
	if len(right) == 0 {
		return m, nil
	}
	c.adjustRight = fitLogistic(right, unadjusted)
	if len(right) < len(scope) {
		c.adjustScope = fitLogistic(scope, unadjusted)
	}
	c.labelled = len(held)
	return &Model{core: m.core, calibration: c}, nil
}

// unadjusted leaves a logit as it is: the weights of 1 and of the logit. What is
// fitted is Platt's scaling (1999) of probabilities that are calibrated for other
// questions.
var unadjusted = logistic{0, 1}

// inScope is the probability that any article answers.
func (c *calibration) inScope(x []float64) float64 {
	return c.adjustScope.adjusted(c.scope.probability(x))
}

// isRight is the probability that the first article does, when any does.
func (c *calibration) isRight(x []float64) float64 {
	return c.adjustRight.adjusted(c.right.probability(x))
}

func (l logistic) adjusted(p float64) float64 {
	if l == nil {
		return p
	}
	return l.probability([]float64{1, logit(p)})
}
