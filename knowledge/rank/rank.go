// Package rank learns from the articles' own questions which article answers a
// question, and how sure that is.
//
// It knows texts and numbers: no files, no search engine, no verdicts. A Model
// is of one language and doesn't change; the same articles and options give the
// same model, byte for byte, on one kind of processor.
package rank

import (
	"context"
	"errors"
	"fmt"
)

// Article is what is learned of an article.
type Article struct {
	ID        string // unique among the articles
	Title     string
	Questions []string // what people ask that it answers
	NotFor    []string // what people ask that it does not answer
	Sections  []Section
}

// Section is a part of an article's body. The heading is a weak example of what
// the article answers; of the text only the words are learned, to correct
// mistyped ones to.
type Section struct{ Heading, Text string }

// Search finds articles by their text: the passages that have most of a
// question's words, which are corrected but not stemmed. Several goroutines call
// it.
type Search func(ctx context.Context, words []string) ([]Hit, error)

// Hit is a passage that a Search found.
type Hit struct {
	ID      string  // of its article
	Section int     // which of the article's
	Share   float64 // how much of the question it has, 0 to 1: must mean the same in two searches
}

// Options change how a model is trained. The zero value is usable.
type Options struct {
	Language string // primary tag of the articles
	// Stem cuts the endings off words; nil leaves them, which costs about a percent
	// in English. It must return a word for a word, always the same, and several
	// goroutines call it.
	Stem func(language string, words []string) []string
	// Search is asked for every question, and what it finds counts as evidence; nil
	// finds nothing.
	Search Search
	// None are questions that no article answers, as examples.
	None []string
	// NoneShare is the share of the messages, from 0 to less than 1, that no article
	// answers; 0 assumes a fifth. Probabilities are only as right as it is: where
	// really nothing is out of scope, a fifth makes them 0.09 too low on average.
	NoneShare float64
	// Seed changes the order in which examples are learned, and hardly anything else.
	Seed uint64
	// Quick leaves cross-validation out, which takes five times as long as all else.
	// The probabilities are then those of Like, or cautious guesses without it.
	Quick bool
	Like  *Model
}

// Train learns articles. It returns an error for articles that aren't unique,
// for a share that is none, and when ctx ends.
func Train(ctx context.Context, articles []Article, o Options) (*Model, error) {
	if !(o.NoneShare >= 0 && o.NoneShare < 1) { // NaN is none either
		return nil, fmt.Errorf("rank: %v is no share of messages", o.NoneShare)
	}
	if o.NoneShare == 0 {
		o.NoneShare = defaultNoneShare
	}
	seen := make(map[string]bool, len(articles))
	for _, a := range articles {
		if a.ID == "" {
			return nil, errors.New("rank: an article has no id")
		}
		if seen[a.ID] {
			return nil, fmt.Errorf("rank: two articles %s", a.ID)
		}
		seen[a.ID] = true
	}
	r := &reader{language: o.Language, stem: o.Stem}
	s := r.read(articles, o.None)
	c, err := learn(ctx, r, s, o)
	if err != nil {
		return nil, err
	}
	m := &Model{core: c, calibration: defaultCalibration}
	switch {
	case o.Quick && o.Like != nil:
		m.calibration = o.Like.calibration
	case !o.Quick:
		if m.calibration, err = crossValidate(ctx, r, s, o); err != nil {
			return nil, err
		}
	}
	return m, nil
}
