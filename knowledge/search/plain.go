package search

import (
	"context"
	"fmt"
	"strconv"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/search/query"

	"firstline/knowledge/lang"
)

// PlainDoc is an article as one document of a Plain index.
type PlainDoc struct {
	Article   string // id
	Title     string
	Questions []string
	Body      string
}

// Plain is a full text search as bleve does it when nothing is said about how:
// its default mapping, one document for each article. It is there to be measured
// against.
type Plain struct {
	bleve bleve.Index
	ids   []string
}

// NewPlain builds an index in memory.
func NewPlain(docs []PlainDoc) (*Plain, error) {
	b, err := bleve.NewUsing("", bleve.NewIndexMapping(), scorch.Name, scorch.Name, nil)
	if err != nil {
		return nil, fmt.Errorf("search: new plain index: %w", err)
	}
	p := &Plain{bleve: b}
	batch := b.NewBatch()
	for i, d := range docs {
		p.ids = append(p.ids, d.Article)
		fields := map[string]any{"title": d.Title, "questions": d.Questions, "body": d.Body}
		if err = batch.Index(strconv.Itoa(i), fields); err != nil {
			break
		}
	}
	if err == nil {
		err = b.Batch(batch)
	}
	if err != nil {
		_ = b.Close() // the first error tells more
		return nil, fmt.Errorf("search: build plain index: %w", err)
	}
	return p, nil
}

// Scored is an article that a plain search has found.
type Scored struct {
	Article string
	Score   float64 // comparable within one search only
}

// maxPlain is how much of a text a plain search looks for, in runes.
const maxPlain = 400

// Search returns the articles that match best, at most max, best first. Text may
// be anything; only its first 400 runes count.
func (p *Plain) Search(ctx context.Context, text string, max int) ([]Scored, error) {
	if max <= 0 {
		return nil, nil
	}
	req := bleve.NewSearchRequestOptions(query.NewMatchQuery(lang.Head(text, maxPlain)), max, 0, false)
	req.SortBy([]string{"-_score", "_id"}) // bleve numbers the documents of a batch at random
	res, err := p.bleve.SearchInContext(ctx, req)
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	hits := make([]Scored, 0, len(res.Hits))
	for _, h := range res.Hits {
		i, err := strconv.Atoi(h.ID)
		if err != nil || i < 0 || i >= len(p.ids) {
			return nil, fmt.Errorf("search: no document %q", h.ID)
		}
		hits = append(hits, Scored{p.ids[i], h.Score})
	}
	return hits, nil
}

// Close frees the index.
func (p *Plain) Close() error {
	if err := p.bleve.Close(); err != nil {
		return fmt.Errorf("search: close plain index: %w", err)
	}
	return nil
}
