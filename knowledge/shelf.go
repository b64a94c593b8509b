package knowledge

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync/atomic"

	"firstline/knowledge/article"
	"firstline/knowledge/rank"
	"firstline/knowledge/search"
)

// shelf is what is made of the articles of one language: the index of their
// passages and the ranker learned from their questions. It doesn't change, and
// snapshots share it as long as its articles stay the same.
type shelf struct {
	language string
	print    fingerprint
	index    *search.Index
	model    *rank.Model
	exact    bool // the model's probabilities are its own, not those of an earlier one
	holders  *holders
}

// fingerprint tells whether the texts that a shelf is made of are the same.
type fingerprint [sha256.Size]byte

// maxHits is how many passages of a search count as evidence.
const maxHits = 40

// newShelf reads the articles of a language. The probabilities of its model are
// those of like, which may be nil, adjusted to the labelled messages; refined
// makes its own. The caller holds it.
func (s *snapshot) newShelf(ctx context.Context, language string, print fingerprint, like *shelf) (*shelf, error) {
	articles := s.on[language]
	found := make([]search.Article, len(articles))
	for i, a := range articles {
		found[i] = search.Article{ID: a.ID, Title: a.Title}
		for _, s := range a.Sections {
			found[i].Sections = append(found[i].Sections, search.Section{Heading: s.Heading, Text: s.Text})
		}
	}
	index, err := search.New(language, found)
	if err != nil {
		return nil, err
	}
	made := &shelf{language: language, print: print, index: index, holders: newHolders(index.Close)}
	o := rank.Options{Quick: true}
	if like != nil {
		o.Like = like.model
	}
	if made.model, err = s.train(ctx, made, o); err != nil {
		return nil, errors.Join(err, made.holders.release())
	}
	return made, nil
}

// refined returns a shelf with probabilities of its own, which takes some times
// as long as making it. The caller holds both.
func (s *snapshot) refined(ctx context.Context, of *shelf) (*shelf, error) {
	model, err := s.train(ctx, of, rank.Options{})
	if err != nil {
		return nil, err
	}
	of.holders.hold()
	exact := *of
	exact.model, exact.exact = model, true
	return &exact, nil
}

func (s *snapshot) train(ctx context.Context, of *shelf, o rank.Options) (*rank.Model, error) {
	o.Language, o.Stem, o.Search = of.language, search.Stem, of.find
	o.None, o.NoneShare = s.content.none(of.language), s.content.NoneShare
	model, err := rank.Train(ctx, learned(s.on[of.language]), o)
	if err != nil {
		return nil, err
	}
	return model.Adjusted(ctx, s.content.labelled(of.language), s.content.NoneShare)
}

// find is what the ranker searches with.
func (s *shelf) find(ctx context.Context, words []string) ([]rank.Hit, error) {
	hits, err := s.index.Search(ctx, words, maxHits)
	found := make([]rank.Hit, len(hits))
	for i, h := range hits {
		found[i] = rank.Hit{ID: h.Article, Section: h.Section, Share: h.Share}
	}
	return found, err
}

// learned is what the ranker learns from.
func learned(articles []*article.Article) []rank.Article {
	all := make([]rank.Article, len(articles))
	for i, a := range articles {
		all[i] = rank.Article{ID: a.ID, Title: a.Title, Questions: a.Questions, NotFor: a.NotFor}
		for _, s := range a.Sections {
			all[i].Sections = append(all[i].Sections, rank.Section{Heading: s.Heading, Text: s.Text})
		}
	}
	return all
}

// printOf hashes all that the shelf of a language is made of.
func (s *snapshot) printOf(language string) (p fingerprint) {
	h := sha256.New()
	write := func(texts ...string) {
		for _, t := range texts {
			_, _ = h.Write(binary.LittleEndian.AppendUint64(nil, uint64(len(t)))) // a hash takes everything
			_, _ = io.WriteString(h, t)
		}
	}
	for _, a := range s.on[language] {
		write("article", a.ID, a.Title)
		write(append([]string{"questions"}, a.Questions...)...)
		write(append([]string{"not for"}, a.NotFor...)...)
		for _, s := range a.Sections {
			write("section", s.Heading, s.Text)
		}
	}
	write(append([]string{"none", fmt.Sprint(s.content.NoneShare)}, s.content.none(language)...)...)
	for _, m := range s.content.labelled(language) {
		write("labelled", m.Text, m.ID)
	}
	h.Sum(p[:0])
	return p
}

// holders counts who uses a thing, which is closed when the last one lets go.
type holders struct {
	n     atomic.Int64
	close func() error
}

// newHolders counts one: who made the thing.
func newHolders(close func() error) *holders {
	h := &holders{close: close}
	h.n.Store(1)
	return h
}

// hold keeps the thing open until release; false when it has been closed.
func (h *holders) hold() bool {
	for {
		n := h.n.Load()
		if n == 0 {
			return false
		}
		if h.n.CompareAndSwap(n, n+1) {
			return true
		}
	}
}

// release lets go.
func (h *holders) release() error {
	if h.n.Add(-1) > 0 {
		return nil
	}
	return h.close()
}
