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
)

// ErrClosed is returned by a Base after Close.
var ErrClosed = errors.New("knowledge: closed")

// Options are what a Base keeps for life.
type Options struct {
	// Languages are those that the bot speaks (primary tags); nil: those that
	// have articles.
	Languages []string
	// Fallback is the language whose articles serve a language that has none; ""
	// for none.
	Fallback string
}

// Base holds the live articles and answers questions from them. All methods may
// be called by any number of goroutines at once.
type Base struct {
	languages []string
	fallback  string

	writing  sync.Mutex // one Replace or Close at a time
	current  atomic.Pointer[snapshot]
	refining *refining // the last one
}

// New returns a base without articles: until Replace it hands every question
// over.
func New(o Options) *Base {
	b := &Base{fallback: lang.Primary(o.Fallback)}
	for _, l := range o.Languages {
		if p := lang.Primary(l); p != "" && !slices.Contains(b.languages, p) {
			b.languages = append(b.languages, p)
		}
	}
	b.current.Store(newSnapshot(Content{}))
	return b
}

// Replace makes this the content. Who asks meanwhile is answered from the old
// one; nobody ever sees half of each. Only languages whose articles differ are
// read anew, and what takes long, the measuring of probabilities, goes on after
// Replace has returned (see Refined). On an error the old content stays.
func (b *Base) Replace(ctx context.Context, c Content) error {
	b.writing.Lock()
	defer b.writing.Unlock()
	old := b.hold()
	if old == nil {
		return ErrClosed
	}
	next := newSnapshot(c)
	if err := next.fill(ctx, old); err != nil {
		return errors.Join(fmt.Errorf("knowledge: replace the articles: %w", err), next.release(), old.release())
	}
	b.current.Store(next)
	b.refine(next)
	return errors.Join(old.release(), old.release()) // what this held, and the Base
}

// Close frees the index when those who ask right now are done. Later calls
// return ErrClosed, and Article finds nothing.
func (b *Base) Close() error {
	b.writing.Lock()
	old, run := b.current.Swap(nil), b.refining
	if run != nil {
		run.cancel()
	}
	b.writing.Unlock()
	if run != nil {
		<-run.done
	}
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
