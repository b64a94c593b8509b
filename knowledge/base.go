package knowledge

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"firstline/knowledge/article"
	"firstline/knowledge/lang"
	"firstline/knowledge/talk"
)

// ErrClosed is returned by a Base after Close.
var ErrClosed = errors.New("knowledge: closed")

// Options is what a Base needs to know besides the articles.
type Options struct {
	// Languages are those that the bot speaks (primary tags); nil: those that
	// have articles.
	Languages []string
	// Fallback is the language whose articles serve a language that has none; ""
	// for none.
	Fallback string
	// Talk recognises small talk and the wish for a person; nil recognises
	// neither.
	Talk *talk.Book
}

// Base holds the live articles and answers questions from them. All methods may
// be called by any number of goroutines at once.
type Base struct {
	languages []string
	fallback  string
	talk      atomic.Pointer[talk.Book]

	writing sync.Mutex // one Replace or Close at a time
	current atomic.Pointer[snapshot]
}

// New returns a base without articles: until Replace it hands every question
// over.
func New(o Options) *Base {
	b := &Base{fallback: lang.Primary(o.Fallback)}
	b.SetTalk(o.Talk)
	for _, l := range o.Languages {
		if p := lang.Primary(l); p != "" && !slices.Contains(b.languages, p) {
			b.languages = append(b.languages, p)
		}
	}
	empty := &snapshot{}
	empty.holders.Store(1)
	b.current.Store(empty)
	return b
}

// Replace makes these the articles, drafts left out. Who asks meanwhile is
// answered from the old ones; nobody ever sees half of each. On an error the old
// ones stay. The articles must not be changed afterwards.
func (b *Base) Replace(ctx context.Context, articles []*article.Article) error {
	b.writing.Lock()
	defer b.writing.Unlock()
	if b.current.Load() == nil {
		return ErrClosed
	}
	next, err := newSnapshot(ctx, articles)
	if err != nil {
		return fmt.Errorf("knowledge: replace the articles: %w", err)
	}
	return b.current.Swap(next).release()
}

// SetTalk replaces the phrases of small talk; nil recognises none.
func (b *Base) SetTalk(t *talk.Book) {
	if t == nil {
		t = &talk.Book{}
	}
	b.talk.Store(t)
}

// Close frees the index when those who ask right now are done. Later calls
// return ErrClosed, and Article finds nothing.
func (b *Base) Close() error {
	b.writing.Lock()
	defer b.writing.Unlock()
	old := b.current.Swap(nil)
	if old == nil {
		return nil
	}
	return old.release()
}

// hold returns the current snapshot, to be released; nil after Close.
func (b *Base) hold() *snapshot {
	for {
		s := b.current.Load()
		if s == nil || s.hold() {
			return s
		}
		// It was replaced and closed in between: there is a newer one.
	}
}

// Article returns an article by id in a language, or in the fallback language
// when the language doesn't have it. Drafts aren't found.
func (b *Base) Article(language, id string) (*article.Article, bool) {
	s := b.current.Load()
	if s == nil {
		return nil, false
	}
	for _, l := range []string{lang.Primary(language), b.fallback} {
		if a := s.articles[key{l, id}]; a != nil {
			return a, true
		}
	}
	return nil, false
}

// supported are the languages that a question may be answered in.
func (b *Base) supported(s *snapshot) []string {
	if b.languages != nil {
		return b.languages
	}
	if s.languages == nil {
		return []string{}
	}
	return s.languages
}
