package search

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/search/query"
)

const (
	// maxTerms and maxPostings bound what one search looks up: the rarest of a
	// question's terms, until so many passages have been seen. On public sets of
	// articles with bodies that ranks as well as looking up all, several times as
	// fast.
	maxTerms    = 8
	maxPostings = 600
	// leastTerms are looked up in any case.
	leastTerms = 3
	// maxFound is how many passages are found and weighed.
	maxFound = 60
)

// Hit is a passage that a search has found.
type Hit struct {
	Article string
	Section int     // which of the article's sections
	Share   float64 // how much of the question it has, 0 to 1: BM25 as a share of its maximum
}

// Search returns the passages that have most of a question's words
// (lang.Words), at most max, best first. The words may be anything, in any
// number.
func (x *Index) Search(ctx context.Context, words []string, max int) ([]Hit, error) {
	q := x.passages.question(Terms(x.language, words[:min(len(words), maxWords)]))
	rare := x.passages.rarest(q)
	if len(rare) == 0 || max <= 0 {
		return nil, nil
	}
	req := bleve.NewSearchRequestOptions(anyOf(rare), maxFound, 0, false)
	res, err := x.bleve.SearchInContext(ctx, req)
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	hits := make([]Hit, 0, len(res.Hits))
	for _, h := range res.Hits {
		at, err := strconv.Atoi(h.ID)
		if err != nil || at < 0 || at >= len(x.passages.article) {
			return nil, fmt.Errorf("search: no document %q", h.ID)
		}
		hits = append(hits, Hit{
			Article: x.ids[x.passages.article[at]], Section: int(x.passages.section[at]), Share: x.passages.share(at, q),
		})
	}
	slices.SortFunc(hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(b.Share, a.Share), cmp.Compare(a.Article, b.Article), cmp.Compare(a.Section, b.Section))
	})
	return hits[:min(len(hits), max)], nil
}

// maxWords is how much of a question is looked at: nobody's needs more.
const maxWords = 120

// rarest chooses the terms to look up.
func (p *passages) rarest(q []queried) []queried {
	rare := slices.DeleteFunc(slices.Clone(q), func(t queried) bool { return t.id < 0 })
	slices.SortStableFunc(rare, func(a, b queried) int { return cmp.Compare(a.in, b.in) })
	seen := 0
	for i, t := range rare {
		if seen += int(t.in); i >= maxTerms || i >= leastTerms && seen > maxPostings {
			return rare[:i]
		}
	}
	return rare
}

// anyOf asks for terms as they stand in the index: user text must never reach a
// query language.
func anyOf(terms []queried) query.Query {
	all := make([]query.Query, len(terms))
	for i, t := range terms {
		q := query.NewTermQuery(t.term)
		q.SetField(field)
		// bleve multiplies by idf twice; the boost takes one of them back.
		q.SetBoost(1 / max(t.idf, 0.01))
		all[i] = q
	}
	return query.NewDisjunctionQuery(all)
}

// Match is how well a section fits a question.
type Match struct {
	Share   float64 // as Hit.Share
	Heading float64 // the cosine of the question and the section's heading
}

// Sections returns how well each section of an article fits a question; nil for
// an article that isn't there.
func (x *Index) Sections(article string, words []string) []Match {
	place, ok := x.place[article]
	if !ok {
		return nil
	}
	q := x.passages.question(Terms(x.language, words[:min(len(words), maxWords)]))
	at, _ := slices.BinarySearch(x.passages.article, place)
	var all []Match
	for ; at < len(x.passages.article) && x.passages.article[at] == place; at++ {
		all = append(all, Match{x.passages.share(at, q), x.passages.likeness(at, q)})
	}
	return all
}
