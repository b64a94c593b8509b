package rank

import (
	"context"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// reader brings texts into the form in which they are learned and asked.
type reader struct {
	language string
	stem     func(language string, words []string) []string
}

func (r *reader) words(text string) []string {
	words := split(r.language, text)
	return words[:min(len(words), maxWords)]
}

// stems are the words without their endings.
func (r *reader) stems(words []string) []string {
	if r.stem != nil {
		if stems := r.stem(r.language, words); len(stems) == len(words) {
			return stems
		}
	}
	return words
}

func (r *reader) count(words []string) counted { return count(words, r.stems(words)) }

// role is what a text is for its article.
type role int

const (
	title role = iota
	question
	notFor
	heading
	body  // a section's text: only the speller learns from it
	never // a question that no article answers
)

// text is a text of an article, read.
type text struct {
	role  role
	class int32
	words []string
	terms counted
	place int // of a question among its article's
}

// texts are those of all articles.
type texts struct {
	all    []text
	ids    []string // of the articles, by class
	places map[string]int32
}

func (r *reader) read(articles []Article, nones []string) *texts {
	s := &texts{ids: make([]string, len(articles)), places: make(map[string]int32, len(articles))}
	var raw []string
	add := func(as role, class, place int, t string) {
		s.all = append(s.all, text{role: as, class: int32(class), place: place})
		raw = append(raw, t)
	}
	for i, a := range articles {
		s.ids[i], s.places[a.ID] = a.ID, int32(i)
		add(title, i, 0, a.Title)
		for j, q := range a.Questions {
			add(question, i, j, q)
		}
		for _, q := range a.NotFor {
			add(notFor, i, 0, q)
		}
		for _, sec := range a.Sections {
			add(heading, i, 0, sec.Heading)
			add(body, i, 0, sec.Text)
		}
	}
	for i, q := range nones {
		add(never, none, i, q)
	}
	inParallel(len(raw), func(i int) {
		t := &s.all[i]
		if t.role == body {
			t.words = split(r.language, raw[i])
			return
		}
		t.words = r.words(raw[i])
		t.terms = r.count(t.words)
	})
	s.all = slices.DeleteFunc(s.all, func(t text) bool { return len(t.words) == 0 })
	return s
}

// inParallel calls f with every number below n, from as many goroutines as there
// are processors.
func inParallel(n int, f func(i int)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n) {
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				f(i)
			}
		})
	}
	wg.Wait()
}

// core is what is learned, but for how scores become probabilities.
type core struct {
	reader     *reader
	ids        []string // of the articles, by class
	places     map[string]int32
	vocabulary *vocabulary
	svm        *linear
	centroids  *linear
	speller    *speller
	own        map[string]int32   // the words of a question or title → its article; none when several have it
	notFor     map[string][]int32 // the words of a question → articles that aren't for it
	search     Search
	scratch    sync.Pool // of *scores
}

func learn(ctx context.Context, r *reader, s *texts, o Options) (*core, error) {
	c := &core{
		reader: r, ids: s.ids, places: s.places, search: o.Search,
		speller: newSpeller(), own: map[string]int32{}, notFor: map[string][]int32{},
	}
	var vocabulary []counted
	for _, t := range s.all {
		if t.role != never {
			c.speller.learn(t.words)
		}
		k := sentence(t.words)
		switch t.role {
		case title, question:
			if at, ok := c.own[k]; ok && at != t.class {
				c.own[k] = none
			} else {
				c.own[k] = t.class
			}
		case notFor:
			c.notFor[k] = append(c.notFor[k], t.class)
		case body:
			continue
		}
		vocabulary = append(vocabulary, t.terms)
	}
	c.speller.finish()
	c.vocabulary = newVocabulary(vocabulary)
	examples, terms, classes := c.examples(s), len(c.vocabulary.idf), len(s.ids)
	centroid := centroids(examples, terms, classes)
	tune := tuned(s.perArticle(), o.Quick)
	t := &trainer{
		examples: examples, negatives: newNegatives(examples, centroid, terms, tune.pairs),
		terms: terms, classes: classes, tune: tune, seed: o.Seed,
	}
	c.svm = t.train(func() bool { return ctx.Err() != nil })
	c.centroids = newLinear(centroid, make([]float32, classes), terms)
	return c, ctx.Err()
}

// perArticle is how many questions, titles included, the articles that have any
// have on average.
func (s *texts) perArticle() float64 {
	have := make([]bool, len(s.ids))
	articles, questions := 0.0, 0.0
	for _, t := range s.all {
		if t.role != title && t.role != question {
			continue
		}
		questions++
		if !have[t.class] {
			have[t.class] = true
			articles++
		}
	}
	return questions / max(articles, 1)
}

func sentence(words []string) string { return strings.Join(words, " ") }

func (c *core) examples(s *texts) []example {
	var examples []example
	var terms []counted
	for _, t := range s.all {
		e := example{class: t.class, weight: 1}
		switch t.role {
		case body:
			continue
		case title:
			e.weight = titleWeight
		case heading:
			e.weight = headingWeight
		case notFor:
			e.weight, e.only = notForWeight, true
		}
		examples, terms = append(examples, e), append(terms, t.terms)
	}
	inParallel(len(examples), func(i int) { examples[i].vector, _ = c.vocabulary.vector(terms[i]) })
	return examples
}
