package knowledge

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"

	"firstline/knowledge/article"
	"firstline/knowledge/lang"
	"firstline/knowledge/talk"
)

// snapshot is everything that is made of one content. It doesn't change once it
// is current; it lets go of its shelves when the last who holds it does.
type snapshot struct {
	content   Content
	articles  map[key]*article.Article
	on        map[string][]*article.Article // by language, in order
	shelves   map[string]*shelf             // by language; those that have articles
	ears      map[string]*ear               // by language; missing until they are trained
	languages []string                      // those that have articles, in their order
	*holders                                // 1 for the Base while it is current
}

type key struct{ language, id string }

// newSnapshot returns a snapshot that has no shelves yet. The caller holds it.
func newSnapshot(c Content) *snapshot {
	if c.Talk == nil {
		c.Talk = &talk.Book{}
	}
	s := &snapshot{
		content: c, articles: map[key]*article.Article{}, on: map[string][]*article.Article{},
		shelves: map[string]*shelf{}, ears: map[string]*ear{},
	}
	s.holders = newHolders(func() error {
		var errs []error
		for _, shelf := range s.shelves {
			errs = append(errs, shelf.holders.release())
		}
		return errors.Join(errs...)
	})
	return s
}

// fill sorts the articles, drafts left out, and makes the shelves that before
// doesn't have. The caller holds before.
func (s *snapshot) fill(ctx context.Context, before *snapshot) error {
	for _, a := range s.content.Articles {
		if a == nil || a.Draft {
			continue
		}
		l := lang.Primary(a.Language)
		if l == "" {
			return fmt.Errorf("knowledge: article %s has no language but %q", a.ID, a.Language)
		}
		k := key{l, a.ID}
		if s.articles[k] != nil {
			return fmt.Errorf("knowledge: two articles %s in %s", a.ID, l)
		}
		s.articles[k] = a
		if s.on[l] == nil {
			s.languages = append(s.languages, l)
		}
		s.on[l] = append(s.on[l], a)
	}
	var missing []string
	for _, l := range s.languages {
		if old := before.shelves[l]; old != nil && old.print == s.printOf(l) {
			old.holders.hold()
			s.shelves[l] = old
			continue
		}
		missing = append(missing, l)
	}
	if err := s.build(ctx, missing, before); err != nil {
		return err
	}
	// Until new ones are trained, old ears are better than none.
	maps.Copy(s.ears, before.ears)
	return nil
}

// build makes the shelves of languages, all at once. Their probabilities are those
// of the ones before.
func (s *snapshot) build(ctx context.Context, languages []string, before *snapshot) error {
	shelves, errs := make([]*shelf, len(languages)), make([]error, len(languages))
	var wg sync.WaitGroup
	for i, l := range languages {
		wg.Go(func() { shelves[i], errs[i] = s.newShelf(ctx, l, s.printOf(l), before.shelves[l]) })
	}
	wg.Wait()
	for i, l := range languages {
		if errs[i] == nil {
			s.shelves[l] = shelves[i]
		}
	}
	return errors.Join(errs...)
}

// copied returns a copy to be changed before it becomes current; the caller
// holds it, and s.
func (s *snapshot) copied() *snapshot {
	c := newSnapshot(s.content)
	c.articles, c.on, c.languages, c.ears = s.articles, s.on, s.languages, maps.Clone(s.ears)
	for l, shelf := range s.shelves {
		shelf.holders.hold()
		c.shelves[l] = shelf
	}
	return c
}
