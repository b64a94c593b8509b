package knowledge

import (
	"cmp"
	"math"
	"slices"

	"firstline/knowledge/article"
)

// space holds the articles of one language as vectors of TF-IDF, with an index
// by term, so that a question is compared with all of them in microseconds.
type space struct {
	language string
	weights  weights
	articles []*article.Article
	places   map[string]int // id → place in articles
	speller  *speller

	terms   [blocks]map[string]int32 // → place in idf and postings
	idf     []float64                // by how many articles ask with the term
	rare    float64                  // the idf of a term that no question has
	vectors []vectorOf
	index   [][]weighted // by term: the vectors that have it
}

// vectorOf says what a vector is of.
type vectorOf struct {
	article int
	kind    vectorKind
	section int // of kinds ofSection and ofHeading
}

type vectorKind int

const (
	ofQuestions vectorKind = iota // the sum of title and questions
	ofBody                        // the sum of the sections
	ofSection
	ofHeading
	ofQuestion
	ofNotFor
)

// weighted is a term of a vector, or a vector of a term.
type weighted struct {
	at     int32
	weight float64
}

// vector is sorted by term and has length 1, or is empty.
type vector []weighted

func newSpace(language string, articles []*article.Article) *space {
	s := &space{language: language, weights: spaced, articles: articles,
		places: make(map[string]int, len(articles)), speller: newSpeller()}
	if byCharacters(language) {
		s.weights = characters
	}
	for b := range s.terms {
		s.terms[b] = map[string]int32{}
	}
	s.weigh()
	for i, a := range articles {
		s.places[a.ID] = i
		s.add(i, a)
	}
	return s
}

// asked are the texts that people find an article by.
func asked(a *article.Article) []string { return append([]string{a.Title}, a.Questions...) }

// weigh counts in how many articles each term is asked with.
func (s *space) weigh() {
	var articles []float64 // by term
	for _, a := range s.articles {
		seen := map[int32]bool{}
		for _, text := range asked(a) {
			for b, terms := range countTerms(s.language, split(s.language, text)) {
				for t := range terms {
					at, ok := s.terms[b][t]
					if !ok {
						at = int32(len(articles))
						s.terms[b][t] = at
						articles = append(articles, 0)
					}
					if !seen[at] {
						seen[at] = true
						articles[at]++
					}
				}
			}
		}
	}
	all := float64(len(s.articles))
	s.rare = math.Log(1 + all)
	s.idf = make([]float64, len(articles))
	for i, n := range articles {
		s.idf[i] = math.Log(1 + all/n)
	}
	s.index = make([][]weighted, len(articles))
}

func (s *space) add(place int, a *article.Article) {
	questions := map[int32]float64{}
	for _, text := range asked(a) {
		v := s.vector(text)
		s.keep(vectorOf{article: place, kind: ofQuestion}, v)
		sum(questions, v)
	}
	s.keep(vectorOf{article: place, kind: ofQuestions}, unit(questions))
	body := map[int32]float64{}
	for i, section := range a.Sections {
		v := s.vector(section.Heading + "\n" + section.Text)
		s.keep(vectorOf{article: place, kind: ofSection, section: i}, v)
		sum(body, v)
		if section.Heading != "" {
			s.keep(vectorOf{article: place, kind: ofHeading, section: i}, s.vector(section.Heading))
		}
	}
	s.keep(vectorOf{article: place, kind: ofBody}, unit(body))
	for _, text := range a.NotFor {
		s.keep(vectorOf{article: place, kind: ofNotFor}, s.vector(text))
	}
}

// vector makes the vector of a text of an article, learning its terms.
func (s *space) vector(text string) vector {
	v := map[int32]float64{}
	words := split(s.language, text)
	s.speller.learn(words)
	for b, terms := range countTerms(s.language, words) {
		scale := blockScale(b, terms, s.termIDF)
		for t, n := range terms {
			at, ok := s.terms[b][t]
			if !ok {
				at = int32(len(s.idf))
				s.terms[b][t] = at
				s.idf = append(s.idf, s.rare)
				s.index = append(s.index, nil)
			}
			v[at] = scale * frequency(n) * s.idf[at]
		}
	}
	return unit(v)
}

func (s *space) termIDF(block int, term string) (idf float64, at int32, known bool) {
	at, known = s.terms[block][term]
	if !known {
		return s.rare, -1, false
	}
	return s.idf[at], at, true
}

// blockScale makes every block of a text weigh the same, however many terms it
// has, but for its blockWeight.
func blockScale(block int, terms map[string]int, idf func(int, string) (float64, int32, bool)) float64 {
	squares := 0.0
	for t, n := range terms {
		weight, _, _ := idf(block, t)
		weight *= frequency(n)
		squares += weight * weight
	}
	if squares == 0 {
		return 0
	}
	return blockWeight[block] / math.Sqrt(squares)
}

// frequency is what a term is worth that occurs n times: a second time says
// little.
func frequency(n int) float64 { return 1 + math.Log(float64(n)) }

func (s *space) keep(of vectorOf, v vector) {
	at := int32(len(s.vectors))
	s.vectors = append(s.vectors, of)
	for _, t := range v {
		s.index[t.at] = append(s.index[t.at], weighted{at, t.weight})
	}
}

func sum(into map[int32]float64, v vector) {
	for _, t := range v {
		into[t.at] += t.weight
	}
}

// unit returns a vector of length 1, in the order of terms, so that the same
// text always gives the same sums.
func unit(weights map[int32]float64) vector {
	v := make(vector, 0, len(weights))
	for at, w := range weights {
		v = append(v, weighted{at, w})
	}
	slices.SortFunc(v, func(a, b weighted) int { return cmp.Compare(a.at, b.at) })
	squares := 0.0
	for _, t := range v {
		squares += t.weight * t.weight
	}
	if squares == 0 {
		return nil
	}
	length := math.Sqrt(squares)
	for i := range v {
		v[i].weight /= length
	}
	return v
}
