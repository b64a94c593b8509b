package talk

import (
	"context"
	"maps"
	"slices"
	"strings"

	"firstline/knowledge/lang"
	"firstline/knowledge/rank"
)

// learned are the kinds that a Recogniser tells apart. Filler isn't one: it
// stands in all of them.
var learned = []What{Greeting, Thanks, Goodbye, Person, Complaint, Failed, Followup, OffTopic}

// mostQuestions is how many of the articles' questions are examples: more cost
// time and tell little more of what isn't small talk.
const mostQuestions = 400

// Learn trains a Recogniser for the phrases of one of the book's languages;
// without phrases in it the Recogniser finds nothing. asked are questions that
// the articles of that language answer, as examples of what is none of the
// kinds; there may be none. The same phrases and questions give the same
// Recogniser. The error is that of ctx.
func (b *Book) Learn(ctx context.Context, language string, asked []string) (*Recogniser, error) {
	at := slices.Index(b.languages, language)
	if at < 0 {
		return &Recogniser{}, ctx.Err()
	}
	var kinds []rank.Article
	for _, what := range learned {
		if phrases := b.phrases[at][what]; len(phrases) > 0 {
			kinds = append(kinds, rank.Article{ID: string(what), Questions: phrases})
		}
	}
	if len(kinds) == 0 {
		return &Recogniser{}, ctx.Err()
	}
	r := &Recogniser{language: language, phrases: map[string]bool{}, questions: map[string]bool{}}
	r.vocabulary(b.phrases[at], asked)
	// A section teaches the ranker's speller only: what questions use isn't
	// mistyped small talk.
	words := slices.Sorted(maps.Keys(r.questions))
	kinds[0].Sections = []rank.Section{{Text: strings.Join(words, " ")}}
	var err error
	r.model, err = rank.Train(ctx, kinds, rank.Options{
		Language: language,
		None:     b.negatives(at, asked),
		Quick:    true, // the cuts were chosen for its cautious guesses
	})
	if err != nil {
		return nil, err
	}
	return r, nil
}

// negatives are the examples of what is none of the kinds: questions, evenly
// chosen when there are many, and some after a greeting or thanks. Articles list
// some questions that are of a kind ("i want to talk to a human"): as examples
// against it they would do harm.
func (b *Book) negatives(language int, asked []string) []string {
	own := b.phrases[language]
	var none []string
	polite := slices.Concat(own[Greeting], own[Thanks])
	for i, q := range own[questions] {
		none = append(none, q)
		if len(polite) > 0 {
			none = append(none, polite[i*7%len(polite)]+", "+q)
		}
	}
	for i := range min(len(asked), mostQuestions) {
		q := asked[i*max(len(asked), mostQuestions)/mostQuestions]
		if what, _ := b.Recognise(q); what == Nothing {
			none = append(none, q)
		}
	}
	return none
}

// vocabulary notes the words of phrases, and those that only questions have.
func (r *Recogniser) vocabulary(phrases map[What][]string, asked []string) {
	offTopic := map[string]bool{}
	for what, ps := range phrases {
		known := r.phrases
		switch what {
		case questions:
			continue
		case OffTopic:
			known = offTopic
		}
		for _, p := range ps {
			for _, w := range wordsOf(r.language, p) {
				known[w] = true
			}
		}
	}
	for _, q := range slices.Concat(phrases[questions], asked) {
		for _, w := range wordsOf(r.language, q) {
			if !r.phrases[w] && !offTopic[w] {
				r.questions[w] = true
			}
		}
	}
}

// wordsOf returns the words of a text as the ranker compares them.
func wordsOf(language, text string) []string {
	return pairs(lang.Words(language, lang.Normalize(language, text)))
}

// pairs makes neighbouring Chinese characters pairs: alone nearly every one
// stands in some phrase.
func pairs(words []string) []string {
	out := make([]string, 0, len(words))
	for i, w := range words {
		switch {
		case !isHan(w):
			out = append(out, w)
		case i > 0 && isHan(words[i-1]):
			out = append(out, words[i-1]+w)
		case i+1 == len(words) || !isHan(words[i+1]):
			out = append(out, w)
		}
	}
	return out
}
