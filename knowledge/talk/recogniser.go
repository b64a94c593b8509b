package talk

import (
	"context"

	"firstline/knowledge/rank"
)

// Recogniser tells by likeness to a language's phrases what a message is that
// none of them is to the word. It doesn't change, so any number of goroutines
// may use it; the zero Recogniser finds nothing.
type Recogniser struct {
	language  string
	model     *rank.Model
	phrases   map[string]bool // the words of all phrases but those of OffTopic
	questions map[string]bool // the words of questions that no phrase has
}

// cut is what a message must reach to be of a kind.
type cut struct {
	probability float64 // least
	words       float64 // most, a Chinese character counting as half of one
}

// The cuts follow what a mistake costs. A greeting, thanks or goodbye seen where
// a question was costs the asker a second message, and one that is missed a
// search for nothing. Who wants a person and is overheard feels stonewalled, and
// who gets one for nothing costs a minute; but what scammers say is told in the
// same words ("an agent wants my code"), and there the article is needed at
// once. A word about the last answer that isn't one hides a question behind that
// answer, so these need more; and nothing is worse than to call a question of a
// wallet none of ours.
//
// They were chosen on phrases left out in turn and on the shipped articles'
// questions, which the Recogniser then had not learned.
var cuts = map[What]cut{
	Greeting:  {0.45, 10},
	Thanks:    {0.45, 10},
	Goodbye:   {0.5, 10},
	Person:    {0.55, maxWords},
	Complaint: {0.5, 10},
	Failed:    {0.6, 12},
	Followup:  {0.6, 10},
	OffTopic:  {0.65, 30},
}

// What each word adds to the cut that no phrase has, or only questions have: a
// short message is as like "not working" with "my card is" before it as with
// "that is". Of Chinese, pairs of characters count, but what no phrase has may
// well be no word.
const (
	strangeWord  = 0.1
	questionWord = 0.15
	questionPair = 0.07
)

// Recognise tells what a message most probably is, and how probable that is,
// from 0 to 1: a cautious guess, to be compared within one kind. It is Nothing,
// with the probability of that, when no kind is probable enough or the message
// is too long for it. Text may be anything.
func (r *Recogniser) Recognise(text string) (What, float64) {
	if r.model == nil || len(firstRunes(text)) < len(text) {
		return Nothing, 1
	}
	ranking, err := r.model.Rank(context.Background(), text)
	if err != nil || len(ranking.Articles) == 0 {
		return Nothing, 1
	}
	first := ranking.Articles[0]
	what := What(first.ID)
	c := cuts[what]
	if !first.Own {
		c.probability += r.surcharge(what, ranking.Words)
	}
	if first.Probability < c.probability || words(tokenize(text)) > c.words {
		return Nothing, 1 - ranking.InScope
	}
	return what, first.Probability
}

// surcharge is what the words of a message add to the cut of a kind.
func (r *Recogniser) surcharge(what What, words []string) float64 {
	sum := 0.0
	for _, w := range pairs(words) {
		asked := r.questions[w]
		if isHan(w) {
			if asked {
				sum += questionPair
			}
			continue
		}
		if asked {
			sum += questionWord
		}
		if what != OffTopic && !r.phrases[w] {
			sum += strangeWord
		}
	}
	return sum
}
