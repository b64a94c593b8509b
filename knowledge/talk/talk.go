// Package talk recognises messages that aren't questions of their own:
// greetings, thanks and goodbyes, the wish for a person, discontent, and words
// about the last answer. It does so from phrases that editors keep in
// <language>/smalltalk.yaml of a content folder: to the word (Book), and by
// likeness to them (Recogniser).
//
// It knows phrases; it knows no articles and no conversation.
package talk

import "slices"

// What is what a message is.
type What string

// What messages can be. Person, the wish for one, is the only one that is also
// found inside a longer message.
const (
	Nothing   What = "" // a question, as far as can be told here
	Greeting  What = "greeting"
	Thanks    What = "thanks"
	Goodbye   What = "goodbye"
	Person    What = "person"
	Complaint What = "complaint" // discontent, with no question in it
	Failed    What = "failed"    // the last answer did not help
	Followup  What = "followup"  // a question that only the last answer explains
	// OffTopic is what the support surely has nothing to do with. Only a Recogniser
	// finds it: nobody can list it.
	OffTopic What = "offtopic"

	filler    What = "filler"    // goes with the others and says nothing alone
	questions What = "questions" // what is none of the others, to learn from
)

// A message of more than this many tokens is neither small talk nor a short
// message that asks for a person.
const maxTokens = 64

// Book holds the phrases of all languages. It isn't changed after Load, so any
// number of goroutines may use it; the zero Book recognises emoji only.
type Book struct {
	root      node
	languages []string
	phrases   []map[What][]string // by language as its file has them, to learn from
}

// Recognise tells what a message is, and in which languages it is that: those
// whose phrases cover most of it, in the order given to Load; none for an emoji.
// All languages are looked at at once, as people greet in any of them. Text may
// be anything.
func (b *Book) Recognise(text string) (what What, languages []string) {
	if head := firstRunes(text); len(head) < len(text) {
		return Nothing, nil
	}
	tokens := tokenize(text)
	if len(tokens) == 0 || len(tokens) > maxTokens {
		return Nothing, nil
	}
	asks := b.person(tokens, false)
	if asks != nil {
		return Person, asks
	}
	what, languages = b.small(tokens)
	if what == Nothing || what == filler {
		if asks = b.person(tokens, true); asks != nil {
			return Person, asks
		}
	}
	if what == filler {
		what = Greeting // "bot?", "team": nothing was asked yet
	}
	return what, languages
}

// weight orders what a message may be several of: who thanks and says that it
// didn't work is told the latter's answer.
func (w What) weight() int {
	switch w {
	case Complaint:
		return 4
	case Failed:
		return 3
	case Followup:
		return 2
	case Greeting, Thanks, Goodbye:
		return 1
	default:
		return 0
	}
}

// small recognises messages that are made of phrases and nothing else; what is
// filler when there is only that. Of small talk the last phrase decides: who
// thanks and says goodbye is leaving.
func (b *Book) small(tokens []token) (what What, languages []string) {
	n := len(tokens)
	covered := make([]bool, n+1) // whether the tokens from here on are all phrases
	step := make([]int, n)       // how many the phrase at a token takes
	covered[n] = true
	for i := n - 1; i >= 0; i-- {
		if tokens[i].mood != noMood {
			covered[i], step[i] = covered[i+1], 1
		}
		b.walk(tokens, i, func(length int, ends []end) {
			if covered[i+length] && length >= step[i] && !onlyPerson(ends) {
				covered[i], step[i] = true, length
			}
		})
	}
	if !covered[0] {
		return Nothing, nil
	}
	say := func(w What) {
		if w.weight() > 0 && w.weight() >= what.weight() {
			what = w
		}
	}
	votes := make([]int, len(b.languages))
	for i := 0; i < n; i += step[i] {
		say(tokens[i].mood)
		said := filler
		ends := b.ends(tokens, i, step[i])
		for j, e := range ends {
			if e.what.weight() > said.weight() {
				said = e.what
			}
			// A language votes once, even where a phrase is two things in it.
			if !slices.ContainsFunc(ends[:j], func(f end) bool { return f.language == e.language }) {
				votes[e.language] += step[i]
			}
		}
		say(said)
	}
	languages = b.most(votes)
	if what == Nothing && len(languages) > 0 {
		what = filler
	}
	return what, languages
}

// most returns the languages with most votes.
func (b *Book) most(votes []int) []string {
	best := 0
	for _, v := range votes {
		best = max(best, v)
	}
	var languages []string
	for i, v := range votes {
		if v == best && best > 0 {
			languages = append(languages, b.languages[i])
		}
	}
	return languages
}

// Phrases returns a copy of a language's phrases of a kind, as its file has them.
func (b *Book) Phrases(language string, what What) []string {
	if i := slices.Index(b.languages, language); i >= 0 {
		return slices.Clone(b.phrases[i][what])
	}
	return nil
}

// Whole reports whether a message is one phrase of a kind and nothing else.
func (b *Book) Whole(text string, what What) bool {
	tokens := tokenize(firstRunes(text))
	return slices.ContainsFunc(b.ends(tokens, 0, len(tokens)), func(e end) bool { return e.what == what })
}
