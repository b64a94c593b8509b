package search

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/blevesearch/bleve/v2"
	blevesearch "github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/query"

	"firstline/knowledge/lang"
)

// The shape of a query. The weights of the fields and the sum of an article's
// best documents, rather than the best one alone, are what ranked best on public
// question sets. Looking up the trigrams of every word would rank a few per cent
// better still and take four times as long; who ranks the hits again (package
// knowledge does) gains nothing from it, so only unknown words are looked up by
// trigrams: those are the mistyped ones.
const (
	trigramBoost = 0.5
	pairBoost    = 0.2
	bestDocs     = 5
	// maxHits is how many documents are ranked: the right article is among them
	// for 99 of 100 held-out questions of the shipped content.
	maxHits = 100
	// maxRunes is how much of a text is searched for: nobody's question needs
	// more, and each of its words costs time.
	maxRunes = 400
	// commonWord is the share of questions from which on a word finds nearly
	// everything; it is left out when at least minRare others remain.
	commonWord = 0.2
	minRare    = 3
)

// Hit is an article that a search has found.
type Hit struct {
	Article string
	Score   float64 // comparable within one search only
	Section int     // the section that matches best; -1 when none does
}

// Search returns the articles of a language that match text best, at most max,
// best first. Text may be anything; only its first 400 runes count. An unknown
// language has no articles.
func (x *Index) Search(ctx context.Context, language, text string, max int) ([]Hit, error) {
	v := x.vocab[language]
	if v == nil || max <= 0 {
		return nil, nil
	}
	req := bleve.NewSearchRequestOptions(v.query(language, lang.Head(text, maxRunes)), maxHits, 0, false)
	res, err := x.bleve.SearchInContext(ctx, req)
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	hits, err := x.articles(res.Hits)
	if err != nil {
		return nil, err
	}
	return hits[:min(len(hits), max)], nil
}

// query makes match queries only: user text must never reach a query language.
func (v *vocabulary) query(language, text string) query.Query {
	if charactersOnly(language) {
		return match(text, language, partWords, 1)
	}
	words := Words(language, lang.Normalize(language, text))
	var rare, unknown []string
	for i, stem := range Stem(language, words) {
		switch n := v.stems[stem]; {
		case n == 0:
			unknown = append(unknown, words[i])
		case float64(n) < commonWord*float64(v.docs):
			rare = append(rare, words[i])
		}
	}
	if len(rare) < minRare {
		rare = words
	} else {
		rare = append(rare, unknown...) // perhaps a section has them
	}
	parts := []query.Query{match(strings.Join(rare, " "), language, partWords, 1), match(text, language, partPairs, pairBoost)}
	if len(unknown) > 0 {
		parts = append(parts, match(strings.Join(unknown, " "), language, partTrigrams, trigramBoost))
	}
	return query.NewDisjunctionQuery(parts)
}

func match(text, language string, p part, boost float64) query.Query {
	q := query.NewMatchQuery(text)
	q.SetField(field(language, p))
	q.SetBoost(boost)
	return q
}

// articles adds up the documents, best first, of each article.
func (x *Index) articles(found blevesearch.DocumentMatchCollection) ([]Hit, error) {
	type sum struct {
		Hit
		docs int
	}
	sums := map[string]*sum{}
	for _, h := range found {
		i, err := strconv.Atoi(h.ID)
		if err != nil || i < 0 || i >= len(x.docs) {
			return nil, fmt.Errorf("search: no document %q", h.ID)
		}
		d := x.docs[i]
		s := sums[d.Article]
		if s == nil {
			s = &sum{Hit: Hit{Article: d.Article, Section: -1}}
			sums[d.Article] = s
		}
		if s.docs < bestDocs {
			s.Score += h.Score
			s.docs++
		}
		if d.Kind == Section && s.Section < 0 {
			s.Section = d.Section
		}
	}
	hits := make([]Hit, 0, len(sums))
	for _, s := range sums {
		hits = append(hits, s.Hit)
	}
	slices.SortFunc(hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Article, b.Article))
	})
	return hits, nil
}
