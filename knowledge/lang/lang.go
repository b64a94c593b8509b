// Package lang tells which language a message is in and brings text of any
// language to one form for matching.
//
// It knows scripts, the words that messages to a support are made of, and how
// letters follow one another; it knows no articles and no conversation. Whatever
// bytes it is given, it takes time linear in their number at most.
package lang

import "strings"

// Primary returns the primary language of a BCP 47 tag in lower case: "zh" of
// "zh-hans-CN", "pt" of "pt_BR". It returns "" when tag isn't one.
func Primary(tag string) string {
	p := strings.TrimSpace(tag)
	if i := strings.IndexAny(p, "-_"); i >= 0 {
		p = p[:i]
	}
	if len(p) < 2 || len(p) > 3 {
		return ""
	}
	for i := range len(p) {
		if c := p[i] | 0x20; c < 'a' || c > 'z' {
			return ""
		}
	}
	p = strings.ToLower(p)
	switch p {
	case "cmn", "yue", "wuu", "nan", "hak": // written with the same characters
		return "zh"
	case "arb", "arz", "apc", "ary": // dialects, answered in the written standard
		return "ar"
	}
	return p
}

// Decide returns the language to answer text in. The first of these that is
// among supported wins: forced, the language that text is surely in, the
// conversation's so far, the one that text is perhaps in, the network's hint; of
// few words, the hint comes before the guess.
// It returns "" when none is; then nothing is known about the language. The
// tags may be any BCP 47; nil supported allows every language.
func Decide(text, forced, conversation, hint string, supported []string) string {
	detected, sure := Detect(text)
	return Choose(text, detected, sure, forced, conversation, hint, supported)
}

// Choose is Decide for a text of which Detect has told the language.
func Choose(text, detected string, sure bool, forced, conversation, hint string, supported []string) string {
	allowed := func(tag string) string {
		p := Primary(tag)
		if p == "" || supported == nil {
			return p
		}
		for _, s := range supported {
			if Primary(s) == p {
				return p
			}
		}
		return ""
	}
	if l := allowed(forced); l != "" {
		return l
	}
	if l := allowed(detected); l != "" && sure {
		return l
	}
	if l := allowed(conversation); l != "" {
		return l
	}
	hinted := allowed(hint)
	if l := allowed(detected); l != "" && (hinted == "" || !short(text)) {
		return l
	}
	return hinted
}

// fewWords is how many words a message has at most whose language is guessed
// worse than the network hints it: one guess of eight on one or two words is
// wrong, of longer messages one of fifty.
const fewWords = 3

func short(text string) bool { return len(Words("", Normalize("", Head(text, 200)))) <= fewWords }
