package knowledge

import "context"

// Ranking is what a verdict is made from, for measuring and for explaining it.
type Ranking struct {
	// Language is that of the articles ranked; "" when none were. The verdict may
	// show a translation of what was found.
	Language string
	// Articles are all that were considered, best first, with the probability of
	// each to be the right one. Nil for small talk and for what isn't a question.
	Articles []Choice
	None     float64 // the probability that no article answers; 1 with no Articles
	Verdict  Verdict // the same that Ask gives
}

// Ranking ranks the articles for a question just as Ask does, and tells how. Its
// errors are those of Ask.
func (b *Base) Ranking(ctx context.Context, q Query) (Ranking, error) {
	v, f, err := b.decide(ctx, q)
	if err != nil {
		return Ranking{}, err
	}
	return rankingOf(v, f), nil
}

func rankingOf(v Verdict, f found) Ranking {
	r := Ranking{None: 1 - f.ranking.InScope, Verdict: v}
	if len(f.ranked) > 0 {
		r.Language = f.language
	}
	for _, a := range f.ranked {
		r.Articles = append(r.Articles, Choice{Article: a.article.ID, Title: a.article.Title, Confidence: a.probability})
	}
	return r
}
