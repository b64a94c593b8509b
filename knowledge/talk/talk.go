// Package talk recognises messages that aren't questions: greetings, thanks and
// goodbyes, and the wish for a person, from phrases that editors keep in
// <language>/smalltalk.yaml of a content folder.
//
// It knows phrases; it knows no articles and no conversation.
package talk

import (
	"slices"

	"firstline/knowledge/lang"
)

// What is what a message is.
type What string

// What messages can be. Person, the wish for one, is the only one that is also
// found inside a longer message.
const (
	Nothing  What = "" // a question, as far as can be told here
	Greeting What = "greeting"
	Thanks   What = "thanks"
	Goodbye  What = "goodbye"
	Person   What = "person"

	filler What = "filler" // goes with the others and says nothing alone
)

// A message of more than this many tokens is neither small talk nor a short
// message that asks for a person.
const maxTokens = 64

// The most that a message in which a person is asked for may have: 12 words, a
// Chinese character counting as half of one. Longer ones tell a story in which
// "customer service" is somebody else's.
const maxWords = 12

// Book holds the phrases of all languages. It isn't changed after Load, so any
// number of goroutines may use it; the zero Book recognises emoji only.
type Book struct {
	root      node
	languages []string
}

// node is a step in the tree of phrases by tokens.
type node struct {
	next map[string]*node
	ends []end
}

// end says that a phrase ends here.
type end struct {
	what     What
	language int // index into Book.languages
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

// small recognises messages that are made of small talk and nothing else; what is
// filler when there is only that. The last phrase decides: who thanks and says
// goodbye is leaving.
func (b *Book) small(tokens []token) (what What, languages []string) {
	n := len(tokens)
	covered := make([]bool, n+1) // whether the tokens from here on are all small talk
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
	votes := make([]int, len(b.languages))
	for i := 0; i < n; i += step[i] {
		if w := tokens[i].mood; w != noMood {
			if w != filler {
				what = w
			}
			continue
		}
		said := filler
		ends := b.ends(tokens, i, step[i])
		for j, e := range ends {
			if e.what != filler && e.what != Person && said == filler {
				said = e.what
			}
			// A language votes once, even where a phrase is two things in it.
			if !slices.ContainsFunc(ends[:j], func(f end) bool { return f.language == e.language }) {
				votes[e.language] += step[i]
			}
		}
		if said != filler {
			what = said
		}
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

// walk calls found for every phrase that begins at a token.
func (b *Book) walk(tokens []token, from int, found func(length int, ends []end)) {
	at := &b.root
	for i := from; i < len(tokens); i++ {
		next := at.step(tokens[i])
		if next == nil {
			return
		}
		at = next
		if len(at.ends) > 0 {
			found(i-from+1, at.ends)
		}
	}
}

// ends returns what the phrase of that length at a token is.
func (b *Book) ends(tokens []token, from, length int) (ends []end) {
	b.walk(tokens, from, func(l int, e []end) {
		if l == length {
			ends = e
		}
	})
	return ends
}

// step follows a token, as it is written or, for one drawn out ("helloooo"),
// without its repeated letters.
func (n *node) step(t token) *node {
	if next := n.next[t.word]; next != nil {
		return next
	}
	if t.squeezed == "" {
		return nil
	}
	return n.next[squeezedMark+t.squeezed]
}

// add puts a phrase into the tree. A step can be found by its word and by the
// word squeezed.
func (b *Book) add(tokens []token, e end) {
	at := &b.root
	for _, t := range tokens {
		next := at.next[t.word]
		if next == nil {
			next = &node{}
			if at.next == nil {
				at.next = map[string]*node{}
			}
			at.next[t.word] = next
		}
		if s := squeezedMark + squeeze(t.word); at.next[s] == nil {
			at.next[s] = next // the first word of two that squeeze alike has it
		}
		at = next
	}
	at.ends = append(at.ends, e)
}

func onlyPerson(ends []end) bool {
	for _, e := range ends {
		if e.what != Person {
			return false
		}
	}
	return true
}

// normalize is how phrases and messages are compared, whatever their language.
func normalize(text string) string { return lang.Normalize("", text) }
