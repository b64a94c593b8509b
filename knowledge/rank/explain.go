package rank

import (
	"cmp"
	"context"
	"slices"
)

// Explanation tells why an article stands where it does in a ranking.
type Explanation struct {
	Words []Contribution // the strongest first
	Terms []Contribution // the words, pairs of words and runs of letters that the learned weights know, the strongest first
	// Evidence is what each kind of it adds, in nats: of the classifier, of the
	// likeness to its questions, of its passages.
	Classifier, Centroid, Text float64
}

// Contribution is what a part of a question does for an article, in nats.
type Contribution struct {
	Part   string
	Weight float64
}

// maxExplained is how many terms an Explanation has.
const maxExplained = 12

// Explain tells what each word of a question does for an article, by how many
// nats the article would be weaker without it, and each term. An unknown id has
// no explanation. An error is the Search's.
func (m *Model) Explain(ctx context.Context, question, id string) (Explanation, error) {
	class, ok := m.core.places[id]
	words := m.core.reader.words(question)
	if !ok || len(words) == 0 {
		return Explanation{}, nil
	}
	a, err := m.core.ask(ctx, words)
	if err != nil {
		return Explanation{}, err
	}
	words = a.words
	whole, err := m.evidence(ctx, words, class)
	if err != nil {
		return Explanation{}, err
	}
	w := m.calibration.weights
	x := Explanation{Classifier: w[bySVM] * whole[bySVM], Centroid: w[byCentroid] * whole[byCentroid], Text: w[byText] * whole[byText]}
	for i, word := range words {
		less, err := m.evidence(ctx, slices.Delete(slices.Clone(words), i, i+1), class)
		if err != nil {
			return Explanation{}, err
		}
		c := Contribution{Part: word}
		for kind := range w {
			c.Weight += w[kind] * (whole[kind] - less[kind])
		}
		x.Words = append(x.Words, c)
	}
	byWeight(x.Words)
	x.Terms = m.terms(words, class)
	return x, nil
}

func byWeight(all []Contribution) {
	slices.SortStableFunc(all, func(a, b Contribution) int { return cmp.Compare(b.Weight, a.Weight) })
}

// evidence is what speaks for a class; words are corrected already.
func (m *Model) evidence(ctx context.Context, words []string, class int32) (evidence, error) {
	if len(words) == 0 {
		return evidence{}, nil
	}
	a, err := m.core.ask(ctx, words)
	if err != nil {
		return evidence{}, err
	}
	vec, _ := m.core.vocabulary.vector(m.core.reader.count(words))
	s := m.core.scored(vec)
	defer m.core.scratch.Put(s)
	return a.candidates[a.add(class, s)].evidence, nil
}

// terms are the terms whose weights speak most for a class.
func (m *Model) terms(words []string, class int32) []Contribution {
	c := m.core
	names := map[key]string{}
	stems := c.reader.stems(words)
	eachTerm(words, stems, func(k kind, a, b string) {
		name := a
		if b != "" {
			name += " " + b
		}
		names[hash(k, a, b)] = name
	})
	byID := map[int32]string{}
	for k, name := range names {
		if id, ok := c.vocabulary.ids[k]; ok {
			byID[id] = name
		}
	}
	vec, _ := c.vocabulary.vector(c.reader.count(words))
	w := m.calibration.weights
	var all []Contribution
	for _, t := range vec {
		nats := w[bySVM]*float64(c.svm.at(t.id, class)) + w[byCentroid]*float64(c.centroids.at(t.id, class))
		if nats != 0 {
			all = append(all, Contribution{byID[t.id], nats * float64(t.weight)})
		}
	}
	byWeight(all)
	return all[:min(len(all), maxExplained)]
}
