// Package search finds the articles that share words with a question: a bleve
// index over their titles, questions and sections.
//
// It knows text and languages; it doesn't know what a question deserves as an
// answer. Scores of two searches can't be compared with one another.
package search

import (
	"fmt"
	"strconv"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/mapping"
	blevesearch "github.com/blevesearch/bleve/v2/search"

	"firstline/knowledge/lang"
)

// lengthNorm is BM25's b. Length tells little in documents of one sentence, and
// bleve counts distinct terms only.
const lengthNorm = 0.2

func init() { blevesearch.BM25_b = lengthNorm } // bleve has one for the whole process

// Kind is what a document is of its article.
type Kind int

// The kinds of documents.
const (
	Question Kind = iota // a question that people ask
	Title
	Section
)

// Doc is a piece of an article to be found by.
type Doc struct {
	Language string // primary tag
	Article  string // id
	Kind     Kind
	Section  int // of Kind Section: which one, from 0
	Text     string
}

// Index is searched by any number of goroutines at once.
type Index struct {
	bleve bleve.Index
	docs  []Doc // without texts; a document's id in bleve is its place here
	vocab map[string]*vocabulary
}

// vocabulary is what titles and questions of a language are made of.
type vocabulary struct {
	docs  int
	stems map[string]int // how many of the docs have it
}

// New builds an index in memory. It fails only when bleve does.
func New(docs []Doc) (*Index, error) {
	x := &Index{docs: make([]Doc, len(docs)), vocab: map[string]*vocabulary{}}
	for i, d := range docs {
		v := x.vocab[d.Language]
		if v == nil {
			v = &vocabulary{stems: map[string]int{}}
			x.vocab[d.Language] = v
		}
		if d.Kind != Section {
			v.add(Stem(d.Language, Words(d.Language, lang.Normalize(d.Language, d.Text))))
		}
		x.docs[i] = Doc{Language: d.Language, Article: d.Article, Kind: d.Kind, Section: d.Section}
	}
	m, err := newMapping(x.vocab)
	if err != nil {
		return nil, err
	}
	if x.bleve, err = bleve.NewUsing("", m, scorch.Name, scorch.Name, nil); err != nil {
		return nil, fmt.Errorf("search: new index: %w", err)
	}
	if err := x.fill(docs); err != nil {
		_ = x.bleve.Close() // the first error tells more
		return nil, err
	}
	return x, nil
}

// fill indexes docs as one batch, which makes one segment: in memory nothing
// would ever merge several.
func (x *Index) fill(docs []Doc) error {
	batch := x.bleve.NewBatch()
	for i, d := range docs {
		fields := map[string]any{field(d.Language, partWords): d.Text}
		if d.Kind != Section && !charactersOnly(d.Language) {
			fields[field(d.Language, partPairs)] = d.Text
			fields[field(d.Language, partTrigrams)] = d.Text
		}
		if err := batch.Index(strconv.Itoa(i), fields); err != nil {
			return fmt.Errorf("search: index a document of %s: %w", d.Article, err)
		}
	}
	if err := x.bleve.Batch(batch); err != nil {
		return fmt.Errorf("search: build index: %w", err)
	}
	return nil
}

// Close frees the index. Searches that run end first; later ones fail.
func (x *Index) Close() error {
	if err := x.bleve.Close(); err != nil {
		return fmt.Errorf("search: close index: %w", err)
	}
	return nil
}

func (v *vocabulary) add(stems []string) {
	v.docs++
	seen := make(map[string]bool, len(stems))
	for _, s := range stems {
		if !seen[s] {
			seen[s] = true
			v.stems[s]++
		}
	}
}

// newMapping gives each language fields of its own: one field name in two
// analysers would be analysed by either, at random.
func newMapping(languages map[string]*vocabulary) (mapping.IndexMapping, error) {
	m := bleve.NewIndexMapping()
	m.ScoringModel = "bm25"
	m.StoreDynamic, m.IndexDynamic, m.DocValuesDynamic = false, false, false
	doc := bleve.NewDocumentStaticMapping()
	for l := range languages {
		for _, p := range []part{partWords, partPairs, partTrigrams} {
			name := field(l, p)
			config := map[string]any{"type": analyzerType, "language": l, "part": string(p)}
			if err := m.AddCustomAnalyzer(name, config); err != nil {
				return nil, fmt.Errorf("search: analyser of %s: %w", l, err)
			}
			f := bleve.NewTextFieldMapping()
			f.Analyzer = name
			f.Store, f.IncludeTermVectors, f.IncludeInAll, f.DocValues = false, false, false, false
			doc.AddFieldMappingsAt(name, f)
		}
	}
	m.DefaultMapping = doc
	return m, nil
}

func field(language string, p part) string { return language + "_" + string(p) }
