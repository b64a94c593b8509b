package rank

import (
	"context"
	"math"
	"slices"
	"strings"
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

func (r *reader) count(words []string) counted {
	stems := words
	if r.stem != nil {
		stems = r.stem(r.language, words)
		if len(stems) != len(words) {
			stems = words
		}
	}
	return count(words, stems)
}

// role is what a text is for its article.
type role int

const (
	title role = iota
	question
	notFor
	heading
	body  // a section with its heading and the title
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
	all     []text
	classes int
}

func (r *reader) read(articles []Article, nones []string) *texts {
	s := &texts{classes: len(articles)}
	add := func(as role, class, place int, words []string) {
		if len(words) > 0 {
			s.all = append(s.all, text{role: as, class: int32(class), words: words, terms: r.count(words), place: place})
		}
	}
	for i, a := range articles {
		add(title, i, 0, r.words(a.Title))
		for j, q := range a.Questions {
			add(question, i, j, r.words(q))
		}
		for _, q := range a.NotFor {
			add(notFor, i, 0, r.words(q))
		}
		for _, sec := range a.Sections {
			add(heading, i, 0, r.words(sec.Heading))
			add(body, i, 0, split(r.language, a.Title+"\n"+sec.Heading+"\n"+sec.Text))
		}
	}
	for i, q := range nones {
		add(never, none, i, r.words(q))
	}
	return s
}

// core is what is learned, but for how scores become probabilities.
type core struct {
	reader     *reader
	classes    int
	vocabulary *vocabulary
	svm        *linear
	centroids  *linear
	bodies     *bodies
	speller    *speller
	own        map[string]int32   // the words of a question or title → its article; none when several have it
	notFor     map[string][]int32 // the words of a question → articles that aren't for it
}

func learn(ctx context.Context, r *reader, s *texts, seed uint64) (*core, error) {
	c := &core{reader: r, classes: s.classes, speller: newSpeller(), own: map[string]int32{}, notFor: map[string][]int32{}}
	var vocabulary, sections []counted
	var sectionOf []int32
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
			sections = append(sections, t.terms)
			sectionOf = append(sectionOf, t.class)
			continue
		}
		vocabulary = append(vocabulary, t.terms)
	}
	c.speller.finish()
	c.vocabulary = newVocabulary(vocabulary)
	c.bodies = newBodies(sections, sectionOf, s.classes)
	examples := c.examples(s)
	c.centroids = centroids(examples, len(c.vocabulary.idf), s.classes)
	t := &trainer{examples: examples, terms: len(c.vocabulary.idf), classes: s.classes, tune: tuned(s.perArticle()), seed: seed}
	c.svm = t.train(func() bool { return ctx.Err() != nil })
	return c, ctx.Err()
}

// perArticle is how many questions, titles included, the articles that have any
// have on average.
func (s *texts) perArticle() float64 {
	have := make([]bool, s.classes)
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
		e.vector, _ = c.vocabulary.vector(t.terms)
		examples = append(examples, e)
	}
	return examples
}

// The kinds of evidence for an article.
const (
	bySVM = iota
	byCentroid
	byBody
	byBodyLetters
	kinds
)

// evidence are the scores of an article for a question.
type evidence [kinds]float64

// asked is what is known of a question before its articles are ordered.
type asked struct {
	words       []string // corrected
	corrections []Correction
	evidence    []evidence // by class
	known       float64    // share of the question that the articles' questions know
	own         int32      // the class whose own question it is, or none
	notFor      []int32
}

// ask gathers the evidence for a question.
func (c *core) ask(words []string) asked {
	a := asked{own: none, evidence: make([]evidence, c.classes)}
	a.words, a.corrections = c.speller.correct(words)
	terms := c.reader.count(a.words)
	vec, known := c.vocabulary.vector(terms)
	a.known = known
	scores := make([]float64, c.classes)
	fill := func(kind int) {
		for k, s := range scores {
			a.evidence[k][kind] = s
		}
	}
	c.svm.score(vec, scores)
	fill(bySVM)
	c.centroids.score(vec, scores)
	fill(byCentroid)
	var byBlock [blocks][]float64
	for i := range byBlock {
		byBlock[i] = make([]float64, c.classes)
	}
	c.bodies.score(terms, &byBlock)
	for k := range c.classes {
		a.evidence[k][byBody], a.evidence[k][byBodyLetters] = byBlock[0][k], byBlock[1][k]
	}
	k := sentence(a.words)
	if at, ok := c.own[k]; ok {
		a.own = at
	}
	a.notFor = c.notFor[k]
	return a
}

// strengths weighs the evidence: a softmax of them gives each article's share.
func (a *asked) strengths(weights evidence) []float64 {
	out := make([]float64, len(a.evidence))
	for k, e := range a.evidence {
		for i, w := range weights {
			out[k] += w * e[i]
		}
	}
	if a.own != none {
		out[a.own] += ownBonus
	}
	for _, k := range a.notFor {
		out[k] -= ownBonus
	}
	return out
}

// best returns the classes in the order of strengths, at most n of them.
func best(strengths []float64, n int) []int {
	order := make([]int, len(strengths))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case strengths[a] > strengths[b]:
			return -1
		case strengths[a] < strengths[b]:
			return 1
		}
		return 0
	})
	return order[:min(n, len(order))]
}

// shares is the softmax of strengths.
func shares(strengths []float64) []float64 {
	out := make([]float64, len(strengths))
	if len(out) == 0 {
		return out
	}
	top, total := slices.Max(strengths), 0.0
	for i, s := range strengths {
		out[i] = math.Exp(s - top)
		total += out[i]
	}
	for i := range out {
		out[i] /= total
	}
	return out
}
