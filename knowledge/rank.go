package knowledge

import (
	"cmp"
	"math"
	"slices"

	"firstline/knowledge/article"
	"firstline/knowledge/lang"
	"firstline/knowledge/search"
)

// ranker turns the candidates that a search found into probabilities. The one
// here is a first cut with fixed weights; one that is trained on the articles
// can take its place in newSnapshot.
type ranker interface {
	// rank orders the candidates, best first. Text is what was asked; candidates
	// that the ranker doesn't know are left out.
	rank(text string, candidates []search.Hit) ranking
}

// ranking is what a ranker makes of a question. The probabilities of all and of
// none add up to 1.
type ranking struct {
	ranked []ranked // best first
	none   float64  // that no article answers
	// word is true for a question of a single word, which says what it is about but
	// not what is wanted.
	word bool
	// offTopic is true when the question surely isn't about anything that the
	// articles are about.
	offTopic bool
}

// ranked is an article with the probability that it is the right one.
type ranked struct {
	article     *article.Article
	probability float64
	own         bool // the question is one of the article's own
	section     int  // the section below the lead that matches best; 0 when none does
	clear       bool // it matches clearly better than the lead
}

// evidence are the similarities of an article to a question.
type evidence struct {
	questions, body  float64 // to the sums of its questions and of its sections
	question, notFor float64 // to the nearest of each
	lead, below      float64 // to the lead, and to the nearest section below it
	section          int     // the section below the lead that matches best by
	match            float64 // its text and its heading
	heading          float64 // similarity to that heading
}

// rank is a softmax over the candidates' evidence and "none of them".
func (s *space) rank(text string, candidates []search.Hit) ranking {
	words := s.question(text)
	cosines, known := s.similar(words)
	all := s.gather(cosines)
	var r ranking
	strengths := []float64{s.weights.none + s.weights.unknown*(1-known)}
	for _, c := range candidates {
		place, ok := s.places[c.Article]
		if !ok {
			continue
		}
		e := all[place]
		r.ranked = append(r.ranked, ranked{
			article: s.articles[place], own: e.question >= ownQuestion,
			section: e.section, clear: e.clear(c.Section),
		})
		strengths = append(strengths, e.strength(s.weights))
	}
	probabilities := softmax(strengths)
	r.none = probabilities[0]
	r.word = oneWord(words)
	r.offTopic = r.none >= offTopicNone && s.familiar(words) <= offTopicFamiliar
	for i := range r.ranked {
		r.ranked[i].probability = probabilities[i+1]
	}
	slices.SortStableFunc(r.ranked, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(b.probability, a.probability), cmp.Compare(a.article.ID, b.article.ID))
	})
	return r
}

// oneWord reports whether a question is a single word: up to three characters in
// Chinese.
func oneWord(words []string) bool {
	n := 0
	for _, w := range words {
		if search.IsCharacter(w) {
			n++
		} else {
			n += 3
		}
	}
	return n <= 3
}

// familiar returns the share of a question's words, function words aside, that
// any article has.
func (s *space) familiar(words []string) float64 {
	terms := search.Stem(s.language, words)
	if byCharacters(s.language) {
		terms = search.Pairs(words)
	}
	content, have := 0, 0
	for i, t := range terms {
		if lang.IsFunctionWord(words[i]) {
			continue
		}
		content++
		if _, ok := s.terms[blockWords][t]; ok {
			have++
		}
	}
	if content == 0 {
		return 1 // "can you help me": who knows with what
	}
	return float64(have) / float64(content)
}

// gather collects the similarities by article.
func (s *space) gather(cosines []float64) []evidence {
	all := make([]evidence, len(s.articles))
	inSection := 0.0 // of the section whose heading comes next
	for i, of := range s.vectors {
		e, c := &all[of.article], cosines[i]
		switch of.kind {
		case ofQuestions:
			e.questions = c
		case ofBody:
			e.body = c
		case ofQuestion:
			e.question = max(e.question, c)
		case ofNotFor:
			e.notFor = max(e.notFor, c)
		case ofSection:
			if of.section == 0 {
				e.lead = c
			}
			e.below = max(e.below, c)
			inSection = c
		case ofHeading:
			if match := inSection + headingWeight*c; of.section > 0 && match > e.match {
				e.section, e.match, e.heading = of.section, match, c
			}
		}
	}
	return all
}

// clear reports whether the best section matches clearly better than the lead:
// its heading says so, or the full text search found the same one.
func (e evidence) clear(found int) bool {
	return e.section > 0 && e.match > e.lead && (e.heading >= headingSays || e.section == found)
}

func (e evidence) strength(w weights) float64 {
	return w.questions*e.questions + w.body*e.body + w.section*max(e.lead, e.below) +
		same*(max(0, e.question-sameFrom)-max(0, e.notFor-sameFrom)) + notFor*max(0, e.notFor-e.question)
}

func softmax(strengths []float64) []float64 {
	top := slices.Max(strengths)
	out := make([]float64, len(strengths))
	total := 0.0
	for i, s := range strengths {
		out[i] = math.Exp(s - top)
		total += out[i]
	}
	for i := range out {
		out[i] /= total
	}
	return out
}
