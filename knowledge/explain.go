package knowledge

import (
	"context"

	"firstline/knowledge/rank"
)

// Explanation is a ranking with what made it.
type Explanation struct {
	Ranking
	Words       []string          // of the question, as they were compared
	Corrections []rank.Correction // words that were taken for mistyped
	// Known is the share of the question's weight whose terms any article's
	// questions have, and InScope the probability that any article answers.
	Known, InScope float64
	Cut            float64 // from which probability on the first article is sent; 0 without one
	Samples        int     // messages left out or labelled that the probabilities were measured with; 0: they are cautious guesses
	Why            []Explained
}

// Explained is why an article stands where it does.
type Explained struct {
	Choice
	rank.Explanation
	Passages []Found // of the article, best first
}

// Found is a passage that the full text search found.
type Found struct {
	Section string  // its heading; "" for the lead
	Share   float64 // how much of the question it has, 0 to 1
}

// explained is how many articles an Explanation explains.
const explained = 3

// Explain ranks just as Ask does, and tells why the best articles stand where
// they do. Its errors are those of Ask.
func (b *Base) Explain(ctx context.Context, q Query) (Explanation, error) {
	s := b.hold()
	if s == nil {
		return Explanation{}, ErrClosed
	}
	defer func() { _ = s.release() }()
	v, f, err := b.decideIn(ctx, s, q)
	if err != nil {
		return Explanation{}, err
	}
	x := Explanation{
		Ranking: rankingOf(v, f), Words: f.ranking.Words, Corrections: f.ranking.Corrections,
		Known: f.ranking.Known, InScope: f.ranking.InScope,
	}
	if f.shelf == nil {
		return x, nil
	}
	x.Samples = f.shelf.model.Samples() + f.shelf.model.Labelled()
	for i, c := range x.Articles[:min(explained, len(x.Articles))] {
		if i == 0 {
			x.Cut = s.content.Costs.cut(c.Article)
		}
		e := Explained{Choice: c}
		if e.Explanation, err = f.shelf.model.Explain(ctx, clean(q.Text), c.Article); err != nil {
			return Explanation{}, err
		}
		a := s.articles[key{f.language, c.Article}]
		for _, h := range f.ranking.Hits {
			if h.ID == c.Article && h.Section < len(a.Sections) {
				e.Passages = append(e.Passages, Found{Section: a.Sections[h.Section].Heading, Share: h.Share})
			}
		}
		x.Why = append(x.Why, e)
	}
	return x, nil
}
