package eval

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"firstline/knowledge/article"
	"firstline/knowledge/search"
)

// plain is a full text search over the articles of one language.
type plain interface {
	// Search returns at most max articles, best first.
	Search(ctx context.Context, text string, max int) ([]search.Scored, error)
	Close() error
}

// Baselines are the names that RunBaseline knows.
var Baselines = []string{"bleve", "fts5"}

// depth is how many articles a baseline ranks, as many as the first step of the
// knowledge base.
const depth = 50

// RunBaseline asks a set of a plain full text search: "bleve" with its default
// mapping or SQLite's "fts5". It gets each query's language told, and answers
// with what it finds first whenever it finds anything, because its scores are no
// probabilities to draw a line by; for that reason there is no ECE.
func RunBaseline(ctx context.Context, name string, s Set) (Result, error) {
	indexes, millis := map[string]plain{}, map[string]Figure{}
	defer func() {
		for _, x := range indexes {
			_ = x.Close() // only memory is left
		}
	}()
	total := Figure(0)
	for _, l := range s.languages() {
		begin := time.Now()
		x, err := newPlain(ctx, name, l, s.Articles)
		if err != nil {
			return Result{}, err
		}
		indexes[l], millis[l] = x, Figure(micros(time.Since(begin))/1e3)
		total += millis[l]
	}
	all := make([]answered, len(s.Queries))
	for i := range s.Queries {
		q := &s.Queries[i]
		var hits []search.Scored
		begin := time.Now()
		if x := indexes[q.Lang]; x != nil {
			var err error
			if hits, err = x.Search(ctx, q.Text, depth); err != nil {
				return Result{}, fmt.Errorf("eval: query %d: %w", i+1, err)
			}
		}
		all[i] = judgeHits(q, hits)
		all[i].micros = micros(time.Since(begin))
	}
	res := result(all)
	res.TrainMS, res.ECE, res.HeapBytes = total, Figure(math.NaN()), heap()
	for l, f := range res.ByLang {
		f.TrainMS, f.ECE = millis[l], Figure(math.NaN())
		res.ByLang[l] = f
	}
	return res, nil
}

func newPlain(ctx context.Context, name, language string, articles []*article.Article) (plain, error) {
	articles = slices.DeleteFunc(slices.Clone(articles), func(a *article.Article) bool { return a.Draft || a.Language != language })
	switch name {
	case "bleve":
		docs := make([]search.PlainDoc, len(articles))
		for i, a := range articles {
			docs[i] = search.PlainDoc{Article: a.ID, Title: a.Title, Questions: a.Questions, Body: body(a)}
		}
		return search.NewPlain(docs)
	case "fts5":
		return newFTS5(ctx, language, articles)
	}
	return nil, fmt.Errorf("eval: no baseline %q: there are %s", name, strings.Join(Baselines, ", "))
}

// body is the text of an article in one piece.
func body(a *article.Article) string {
	var parts []string
	for _, s := range a.Sections {
		parts = append(parts, s.Heading, s.Text)
	}
	return strings.Join(parts, "\n")
}

func judgeHits(q *Query, hits []search.Scored) answered {
	a := answered{query: q, kind: silent}
	for i, h := range hits {
		if q.right(h.Article) {
			a.place = i + 1
			break
		}
	}
	if len(hits) == 0 {
		return a
	}
	a.probability, a.kind = round(hits[0].Score), wrong
	if a.place == 1 {
		a.kind = right
	}
	return a
}
