package knowledge

import (
	"context"
	"fmt"
	"sync/atomic"

	"firstline/knowledge/article"
	"firstline/knowledge/lang"
	"firstline/knowledge/search"
)

// snapshot is everything that is made of one set of articles. It doesn't change;
// its index is closed when the last who holds it lets go.
type snapshot struct {
	articles  map[key]*article.Article
	rankers   map[string]ranker // by language; those that have articles
	languages []string          // of rankers, in the order of the articles
	index     *search.Index     // nil without articles
	holders   atomic.Int64      // 1 for the Base while it is current; 0: closed
}

type key struct{ language, id string }

// newSnapshot builds the index and the rankers; drafts are left out. The caller
// holds it.
func newSnapshot(ctx context.Context, articles []*article.Article) (*snapshot, error) {
	s := &snapshot{articles: make(map[key]*article.Article, len(articles)), rankers: map[string]ranker{}}
	s.holders.Store(1)
	byLanguage := map[string][]*article.Article{}
	var docs []search.Doc
	for _, a := range articles {
		if a == nil || a.Draft {
			continue
		}
		l := lang.Primary(a.Language)
		if l == "" {
			return nil, fmt.Errorf("knowledge: article %s has no language but %q", a.ID, a.Language)
		}
		k := key{l, a.ID}
		if s.articles[k] != nil {
			return nil, fmt.Errorf("knowledge: two articles %s in %s", a.ID, l)
		}
		s.articles[k] = a
		if byLanguage[l] == nil {
			s.languages = append(s.languages, l)
		}
		byLanguage[l] = append(byLanguage[l], a)
		docs = append(docs, documents(l, a)...)
	}
	for _, l := range s.languages {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		s.rankers[l] = newSpace(l, byLanguage[l])
	}
	if len(docs) == 0 {
		return s, nil
	}
	var err error
	s.index, err = search.New(docs)
	return s, err
}

// documents are what the search finds an article by.
func documents(language string, a *article.Article) []search.Doc {
	docs := []search.Doc{{Language: language, Article: a.ID, Kind: search.Title, Text: a.Title}}
	for _, q := range a.Questions {
		docs = append(docs, search.Doc{Language: language, Article: a.ID, Kind: search.Question, Text: q})
	}
	for i, s := range a.Sections {
		docs = append(docs, search.Doc{
			Language: language, Article: a.ID, Kind: search.Section, Section: i, Text: s.Heading + "\n" + s.Text,
		})
	}
	return docs
}

// hold keeps the snapshot open until release; false when it has been closed.
func (s *snapshot) hold() bool {
	for {
		n := s.holders.Load()
		if n == 0 {
			return false
		}
		if s.holders.CompareAndSwap(n, n+1) {
			return true
		}
	}
}

// release lets go; the last one closes the index.
func (s *snapshot) release() error {
	if s.holders.Add(-1) > 0 || s.index == nil {
		return nil
	}
	return s.index.Close()
}

// rank searches the articles of a language and ranks what it finds.
func (s *snapshot) rank(ctx context.Context, language, text string) (ranking, error) {
	r := s.rankers[language]
	if r == nil {
		return ranking{none: 1}, nil
	}
	hits, err := s.index.Search(ctx, language, text, maxCandidates)
	if err != nil {
		return ranking{}, err
	}
	return r.rank(text, hits), nil
}
