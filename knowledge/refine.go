package knowledge

import (
	"context"
	"errors"
	"fmt"

	"firstline/knowledge/talk"
)

// Edited articles are live at once, with a model that takes over how its
// predecessor's scores became probabilities. Their own are measured behind it,
// by cross-validation.

// refining is one run of that.
type refining struct {
	cancel context.CancelFunc
	done   chan struct{}
	err    error // after done
}

// refine starts to refine what isn't exact and gives up an earlier run. The
// caller holds b.writing.
func (b *Base) refine(s *snapshot) {
	if b.refining != nil {
		b.refining.cancel()
	}
	ctx, cancel := context.WithCancel(context.Background())
	run := &refining{cancel: cancel, done: make(chan struct{})}
	b.refining = run
	s.hold()
	go func() {
		defer close(run.done)
		defer cancel()
		run.err = errors.Join(b.refineAll(ctx, s), s.release())
	}()
}

func (b *Base) refineAll(ctx context.Context, s *snapshot) error {
	if err := b.train(ctx, s); err != nil {
		return fmt.Errorf("knowledge: learn small talk: %w", err)
	}
	for _, l := range s.languages {
		if s.shelves[l].exact {
			continue
		}
		exact, err := s.refined(ctx, s.shelves[l])
		if err == nil {
			err = b.swap(ctx, func(next *snapshot) {
				exact, next.shelves[l] = next.shelves[l], exact
			})
			err = errors.Join(err, exact.holders.release()) // the one that isn't on
		}
		if err != nil {
			return fmt.Errorf("knowledge: calibrate the articles in %s: %w", l, err)
		}
	}
	return nil
}

// train learns small talk beside the articles' questions.
func (b *Base) train(ctx context.Context, s *snapshot) error {
	ears := map[string]*ear{}
	for _, l := range b.supported(s) {
		print := s.printOf(l)
		if old := s.ears[l]; old != nil && old.book == s.content.Talk && old.print == print {
			ears[l] = old
			continue
		}
		r, err := s.content.Talk.Learn(ctx, l, s.asked(l))
		if err != nil {
			return err
		}
		ears[l] = &ear{Recogniser: r, book: s.content.Talk, print: print}
	}
	return b.swap(ctx, func(next *snapshot) { next.ears = ears })
}

// ear hears small talk in one language.
type ear struct {
	*talk.Recogniser
	book  *talk.Book  // what it was learned from,
	print fingerprint // beside these articles
}

// aboutPeople is the share of an article's questions that sound like small talk
// from which on it is about people: as examples of what is no wish for a person
// its questions would do harm.
const aboutPeople = 0.1

// asked are the questions of a language's articles, but for those about people.
func (s *snapshot) asked(language string) (all []string) {
	for _, a := range s.on[language] {
		talks := 0
		for _, q := range a.Questions {
			if what, _ := s.content.Talk.Recognise(q); what != talk.Nothing {
				talks++
			}
		}
		if float64(talks) < aboutPeople*float64(max(1, len(a.Questions))) {
			all = append(append(all, a.Title), a.Questions...)
		}
	}
	return all
}

// swap makes a changed copy of the current snapshot current, unless there is
// another content meanwhile.
func (b *Base) swap(ctx context.Context, change func(next *snapshot)) error {
	b.writing.Lock()
	defer b.writing.Unlock()
	if err := ctx.Err(); err != nil { // set under the same lock
		return err
	}
	current := b.current.Load()
	next := current.copied()
	change(next)
	b.current.Store(next)
	return current.release()
}

// Refined waits until the probabilities of all articles are their own. The error
// is the context's, ErrClosed, or why they couldn't be measured: then those taken
// over stay.
func (b *Base) Refined(ctx context.Context) error {
	for {
		b.writing.Lock()
		run, closed := b.refining, b.current.Load() == nil
		b.writing.Unlock()
		switch {
		case closed:
			return ErrClosed
		case run == nil:
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-run.done:
		}
		if run.err == nil || !errors.Is(run.err, context.Canceled) {
			return run.err
		}
		// Given up for a later one.
	}
}
