// Package search finds the passages that have a question's words: a bleve index
// over the sections of one language's articles.
//
// It knows text and languages; it doesn't know what a question deserves as an
// answer.
package search

import (
	"fmt"
	"strconv"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/mapping"

	"firstline/knowledge/lang"
)

// Article is what is searched of an article.
type Article struct {
	ID       string // unique among the articles
	Title    string
	Sections []Section // an article without any is found by its title
}

// Section is a part of an article's body. It is found by its text, its heading
// and the article's title: sections often leave out what the article is about.
type Section struct{ Heading, Text string }

// Index is searched by any number of goroutines at once.
type Index struct {
	language string
	bleve    bleve.Index
	ids      []string         // of the articles
	place    map[string]int32 // of an article in ids
	passages *passages        // a document's id in bleve is its place here
}

// field is the one field of a document.
const field = "text"

// New builds an index in memory. It fails only when bleve does.
func New(language string, articles []Article) (*Index, error) {
	x := &Index{language: language, place: make(map[string]int32, len(articles)), passages: newPassages()}
	m, err := newMapping(language)
	if err != nil {
		return nil, err
	}
	if x.bleve, err = bleve.NewUsing("", m, scorch.Name, scorch.Name, nil); err != nil {
		return nil, fmt.Errorf("search: new index: %w", err)
	}
	if err := x.fill(articles); err != nil {
		_ = x.bleve.Close() // the first error tells more
		return nil, err
	}
	return x, nil
}

// fill indexes the articles as one batch, which makes one segment: in memory
// nothing would ever merge several.
func (x *Index) fill(articles []Article) error {
	batch := x.bleve.NewBatch()
	for i, a := range articles {
		x.ids = append(x.ids, a.ID)
		x.place[a.ID] = int32(i)
		sections := a.Sections
		if len(sections) == 0 {
			sections = []Section{{}}
		}
		for j, s := range sections {
			text := a.Title + "\n" + s.Heading + "\n" + s.Text
			id := x.passages.add(int32(i), int32(j), x.terms(text), x.terms(s.Heading))
			if err := batch.Index(strconv.Itoa(id), map[string]any{field: text}); err != nil {
				return fmt.Errorf("search: index a section of %s: %w", a.ID, err)
			}
		}
	}
	x.passages.finish()
	if err := x.bleve.Batch(batch); err != nil {
		return fmt.Errorf("search: build index: %w", err)
	}
	return nil
}

func (x *Index) terms(text string) []string {
	return Terms(x.language, lang.Words(x.language, lang.Normalize(x.language, text)))
}

// Close frees the index. Searches that run end first; later ones fail.
func (x *Index) Close() error {
	if err := x.bleve.Close(); err != nil {
		return fmt.Errorf("search: close index: %w", err)
	}
	return nil
}

func newMapping(language string) (mapping.IndexMapping, error) {
	m := bleve.NewIndexMapping()
	m.ScoringModel = "bm25"
	m.StoreDynamic, m.IndexDynamic, m.DocValuesDynamic = false, false, false
	config := map[string]any{"type": analyzerType, "language": language}
	if err := m.AddCustomAnalyzer(field, config); err != nil {
		return nil, fmt.Errorf("search: analyser of %s: %w", language, err)
	}
	f := bleve.NewTextFieldMapping()
	f.Analyzer = field
	f.Store, f.IncludeTermVectors, f.IncludeInAll, f.DocValues = false, false, false, false
	doc := bleve.NewDocumentStaticMapping()
	doc.AddFieldMappingsAt(field, f)
	m.DefaultMapping = doc
	return m, nil
}
