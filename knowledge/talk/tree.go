package talk

import "firstline/knowledge/lang"

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
