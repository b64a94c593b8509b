package talk

// The most that a message in which a person is asked for may have: 12 words, a
// Chinese character counting as half of one. Longer ones tell a story in which
// "customer service" is somebody else's.
const maxWords = 12

// person returns the languages in which a message asks for a person, nil when it
// doesn't.
//
// It is generous: who gets a person without having asked for one loses nothing,
// who asks and gets an article feels stonewalled. But a message in which somebody
// only occurs ("customer service called me and wanted my code, is that you?") is
// a question, and a dangerous one to pass over.
// Phrases so short that they may be a mention count only when weak is true.
func (b *Book) person(tokens []token, weak bool) []string {
	if words(tokens) > maxWords {
		return nil
	}
	votes := make([]int, len(b.languages))
	for i := range tokens {
		b.walk(tokens, i, func(length int, ends []end) {
			if negated(tokens, i) || ofBot(tokens, i) {
				return
			}
			most, short := wish(tokens[i : i+length])
			if goesOn(tokens, i+length) {
				most = min(most, float64(length-1), 1)
			}
			if short && (!weak || !clause(tokens, i, length) && b.others(tokens, i, length) > most) {
				return
			}
			for _, e := range ends {
				if e.what == Person {
					votes[e.language] += length
				}
			}
		})
	}
	return b.most(votes)
}

// wish reports whether a phrase is so short that it may be a mention ("real
// person", "representative", "人工"), and then how much else the message may be
// about, in words, for it to be a wish still. In other scripts than the Latin one
// two words are often a sentence ("позовите оператора"), and function words aren't
// known.
func wish(phrase []token) (most float64, short bool) {
	switch word := phrase[0].word; {
	case len(phrase) == 1, isHan(word) && len(phrase) == 2:
		return 1, true
	case isHan(word) || len(phrase) > 2:
		return 0, false
	case isLatin(word):
		return 2, true
	default:
		return 3, true
	}
}

// goesOn reports whether a message tells more after a phrase without a pause:
// whoever names somebody first and goes on tells of them ("customer service
// asked for my code").
func goesOn(tokens []token, from int) bool {
	for _, t := range tokens[from:] {
		if t.begins {
			return false
		}
		if isContent(t) {
			return true
		}
	}
	return false
}

// clause reports whether a phrase stands between punctuation, with something
// before or after it: "nothing works, real person".
func clause(tokens []token, from, length int) bool {
	end := from + length
	return length < len(tokens) && tokens[from].begins && (end == len(tokens) || tokens[end].begins)
}

// others is how many words the message is about besides a phrase.
func (b *Book) others(tokens []token, from, length int) float64 {
	var others []token
	for i, t := range tokens {
		if (i < from || i >= from+length) && isContent(t) && !b.isFiller(t) {
			others = append(others, t)
		}
	}
	return words(others)
}

// isFiller reports whether a token alone is small talk.
func (b *Book) isFiller(t token) bool {
	n := b.root.step(t)
	return n != nil && len(n.ends) > 0 && !onlyPerson(n.ends)
}

// negated reports whether the phrase that begins at a token is what somebody
// doesn't want: "i don't want to talk to a human", "不用转人工". Only words that
// can stand between the two are passed over, and no punctuation: "the bot does not
// help, talk to a human" is a wish.
func negated(tokens []token, from int) bool {
	const far = 5
	for i := from - 1; i >= 0 && from-i <= far; i-- {
		if tokens[i+1].begins {
			return false
		}
		switch w := tokens[i].word; {
		case negators[w]:
			return true
		case !between[w]:
			return false
		}
	}
	return false
}

// ofBot reports whether the phrase that begins at a token is asked about the bot
// itself: "are you a real person".
func ofBot(tokens []token, from int) bool {
	i := from - 1
	for i >= 0 && articles[tokens[i].word] {
		i--
	}
	return i >= 0 && areYou[tokens[i].word] || i >= 1 && areYou[tokens[i-1].word+" "+tokens[i].word]
}

// negators and between are written as tokenize leaves them: without accents and
// apostrophes.
var (
	negators = set("dont", "not", "never", "without", "neednt", "wont",
		"no", "sin", "nunca",
		"pas", "sans", "jamais",
		"nicht", "kein", "keine", "keinen", "ohne",
		"не", "без",
		"لا", "بدون", "ليس", "لست",
		"不", "别", "甭", "勿")
	between = set("want", "wanna", "need", "wish", "like", "have", "to", "a", "an", "the", "be", "any",
		"quiero", "necesito", "deseo", "que", "me", "un", "una",
		"veux", "besoin", "de", "d", "souhaite", "un", "une",
		"will", "mochte", "brauche", "mit", "einem", "einer", "einen", "zu",
		"хочу", "нужно", "нужен", "надо", "мне",
		"اريد", "احتاج", "الى", "ان", "بحاجه",
		"想", "要", "用", "需", "必", "给", "我", "再")
)

// areYou are the words, or pairs of them, before a phrase that make it one about
// the bot.
var (
	areYou = set("are you", "r u", "you are", "youre", "eres", "es usted", "es tu", "tu es", "tes", "etes vous",
		"vous etes", "bist du", "du bist", "sind sie", "seid ihr", "ты", "вы", "انت", "你 是", "您 是")
	articles = set("a", "an", "the", "un", "una", "une", "ein", "eine", "einen", "个", "一")
)

func set(words ...string) map[string]bool {
	m := make(map[string]bool, len(words))
	for _, w := range words {
		m[w] = true
	}
	return m
}
