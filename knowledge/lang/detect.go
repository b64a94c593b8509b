package lang

// detectRunes is how much of a message is looked at to tell its language: more
// tells nothing new.
const detectRunes = 1000

// Detect tells which language text is in, as a primary BCP 47 tag: one of ar,
// de, en, es, fr, ru, zh, or one of the others that it can tell from these
// (be, bg, ca, cs, da, fa, fi, hi in Latin letters, hr, hu, id, it, ja, kk, ko,
// nl, pl, pt, ro, sr, sv, sw, tl, tr, uk, ur, vi). It returns "" when nothing
// tells. sure is false for a guess that the language of the conversation so far
// should overrule, as for a word or two that several languages share, and for
// Arabic or Russian in Latin letters.
//
// The script tells Chinese, Russian and Arabic from the rest; words, letters and
// the way that letters follow one another tell the languages of one script
// apart. Links, addresses, code, numbers and names of coins have no say, and
// quotations little.
func Detect(text string) (lang string, sure bool) {
	var m message
	m.read(text)
	outside, inside := m.count()
	t, c := merge(&outside, &inside, m.cjk)
	latinTongue, latinSure := t.latin()
	other := t.script(c, m.text)
	switch {
	case other.language == "":
		return latinTongue, latinSure
	case 2*other.letters >= t.letters[latin], !latinSure:
		// Names of coins and apps are in Latin letters in every language.
		return other.language, other.sure
	case other.sentence, other.spaced && 4*other.letters >= t.letters[latin]:
		// A Chinese or Russian sentence around an English error message, or the other
		// way round: the conversation knows better.
		return other.language, false
	default:
		return latinTongue, latinSure && 3*other.letters < t.letters[latin]
	}
}

// quotedShare is what is left of words that somebody quotes: an error message, a
// name of a button.
const quotedShare = 0.1

// merge puts quotations and what is outside of them together. When there is
// hardly anything outside, the quotation is the message.
func merge(outside, inside *tally, chars [2]cjk) (*tally, cjk) {
	share := float32(quotedShare)
	if said(outside, chars[0]) == 0 {
		share = 1
	}
	for i := range outside.scores {
		outside.scores[i] += share * inside.scores[i]
	}
	for i := range outside.letters {
		outside.letters[i] += int(share * float32(inside.letters[i]))
		outside.words[i] += int(share * float32(inside.words[i]))
	}
	outside.listed += int(share * float32(inside.listed))
	outside.hesitates += int(share * float32(inside.hesitates))
	c := chars[0]
	c.han += int(share * float32(chars[1].han))
	c.kana += int(share * float32(chars[1].kana))
	c.shinjitai += int(share * float32(chars[1].shinjitai))
	if share == 1 {
		c.grammar = chars[1].grammar
	}
	return outside, c
}

func said(t *tally, c cjk) int {
	n := c.han + c.kana
	for _, w := range t.words {
		n += w
	}
	return n
}
