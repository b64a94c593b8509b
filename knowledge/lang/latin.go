package lang

// The bars for the languages in Latin letters, in nats, chosen on one half of
// the public texts that detection was measured on.
const (
	// guessBar is the least evidence for a guess, and guessLead by how much it must
	// beat the next language.
	guessBar, guessLead = 0.6, 0.25
	// sureBar is the least evidence to be sure, and sureLead the lead: more than a
	// single noun gives, which the list of another language may just lack.
	sureBar, sureLead = 1.8, 2.6
	// strangeBar is how much more must be there when more words are in no list than
	// in one.
	strangeBar = 1.5
)

// prior is what a language in Latin letters starts with, in nats. What speaks for
// a neighbour as well is more likely one of the shipped.
func prior(i int) float32 {
	switch {
	case i < shipped:
		return 0
	case tongues[i] == "fi" || tongues[i] == "ca" || tongues[i] == "sw" || tongues[i] == "tl" || tongues[i] == "hr":
		return -0.8
	default:
		return -0.4
	}
}

var latinTongues = func() set {
	s := setOf("ar-Latn", "ru-Latn", "zh-Latn", "hi-Latn")
	for l := range alphabets {
		s |= setOf(l)
	}
	return s
}()

// latin returns the language in Latin letters that most speaks for.
func (t *tally) latin() (language string, sure bool) {
	if t.words[latin] == 0 {
		return "", false
	}
	first, best := -1, float32(guessBar)
	for i := range tongues {
		if at := t.scores[i] + prior(i); latinTongues.has(i) && at >= best {
			first, best = i, at
		}
	}
	if first < 0 {
		return "", false
	}
	// Words that every language borrows from English are no reason to doubt that a
	// Spanish message with them is Spanish.
	english := tongue("en")
	next, nextUnborrowed := float32(-100), float32(0)
	for i := range tongues {
		if i == first || !latinTongues.has(i) {
			continue
		}
		at := t.scores[i] + prior(i)
		next = max(next, at)
		if i == english {
			at -= t.loans
		}
		nextUnborrowed = max(nextUnborrowed, at)
	}
	if best-next < guessLead {
		return "", false
	}
	bar := float32(sureBar)
	if t.hesitates > t.listed {
		bar += strangeBar
	}
	language = tongues[first]
	if n := len(language); n > 2 { // in other letters than its own
		return map[string]string{"ar-Latn": "ar", "ru-Latn": "ru", "zh-Latn": "zh", "hi-Latn": "hi"}[language], false
	}
	return language, best >= bar && best-nextUnborrowed >= sureLead
}
