package knowledge

import (
	"context"
	"slices"

	"firstline/knowledge/article"
	"firstline/knowledge/lang"
	"firstline/knowledge/rank"
)

// found is the ranking of one language's articles.
type found struct {
	language string // "" when nothing was ranked
	shelf    *shelf
	ranking  rank.Ranking
	ranked   []ranked // best first
}

// ranked is an article with the probability that it is the right one.
type ranked struct {
	article     *article.Article
	probability float64
	own         bool // the question is one of the article's own
}

// rank ranks the articles of a language.
func (s *snapshot) rank(ctx context.Context, language, text string) (found, error) {
	shelf := s.shelves[language]
	if shelf == nil {
		return found{}, nil
	}
	r, err := shelf.model.Rank(ctx, text)
	if err != nil {
		return found{}, err
	}
	f := found{language: language, shelf: shelf, ranking: r, ranked: make([]ranked, 0, len(r.Articles))}
	for _, a := range r.Articles {
		f.ranked = append(f.ranked, ranked{s.articles[key{language, a.ID}], a.Probability, a.Own})
	}
	return f, nil
}

// top is the probability of the first article.
func (f found) top() float64 {
	if len(f.ranked) == 0 {
		return 0
	}
	return f.ranked[0].probability
}

// offTopic reports that the question isn't about anything that the articles are
// about, as far as one can tell.
func (f found) offTopic() bool {
	return f.shelf != nil && f.ranking.InScope < f.shelf.model.LeastScope()
}

// oneWord reports whether a question is a single word, which says what it is
// about but not what is wanted: up to three characters in Chinese.
func (f found) oneWord() bool {
	n := 0
	for _, w := range f.ranking.Words {
		if lang.IsCharacter(w) {
			n++
		} else {
			n += 3
		}
	}
	return n <= 3
}

// contentless reports that a question has function words only: whatever it is
// about isn't in it. Those of languages in Latin letters are known.
func (f found) contentless() bool {
	return !slices.ContainsFunc(f.ranking.Words, func(w string) bool { return !lang.IsFunctionWord(w) })
}

// always returns the most probable article that only people may handle, and the
// probability of all of them together.
func (f found) always() (most ranked, together float64) {
	for _, r := range f.ranked {
		if r.article.HandOff == article.Always {
			if most.article == nil {
				most = r
			}
			together += r.probability
		}
	}
	return most, together
}

// first is the probability that one of the n most probable articles is right.
func (f found) first(n int) (p float64) {
	for _, r := range f.ranked[:min(n, len(f.ranked))] {
		p += r.probability
	}
	return p
}

// choices returns the two or three articles to offer; withAlways sees to it that
// one that only people may handle is among them.
func (f found) choices(withAlways bool) []Choice {
	offered := slices.Clone(f.ranked[:2])
	if len(f.ranked) > 2 && f.ranked[2].probability > choiceCut*f.ranked[0].probability {
		offered = append(offered, f.ranked[2])
	}
	if only, _ := f.always(); withAlways && !slices.ContainsFunc(offered, func(r ranked) bool { return r.article == only.article }) {
		if len(offered) == 3 {
			offered = offered[:2]
		}
		offered = append(offered, only)
	}
	choices := make([]Choice, len(offered))
	for i, r := range offered {
		choices[i] = Choice{Article: r.article.ID, Title: r.article.Title, Confidence: r.probability}
	}
	return choices
}
