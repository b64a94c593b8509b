package talk

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"firstline/knowledge/lang"
)

// token is a word, a Chinese character or an emoji of a message.
type token struct {
	word     string // normalised
	squeezed string // without repeated letters, when the word is drawn out; else ""
	mood     What   // of an emoji
	begins   bool   // punctuation stands before it
}

const noMood = Nothing

// squeezedMark begins the keys of squeezed words; no word has it.
const squeezedMark = "~"

// maxRunes is how long a message may be to be looked at: a longer one can't be
// short.
const maxRunes = 400

// firstRunes returns as much of text as is looked at.
func firstRunes(text string) string {
	if len(text) <= maxRunes {
		return text
	}
	n := 0
	for i := range text {
		if n == maxRunes {
			return text[:i]
		}
		n++
	}
	return text
}

// tokenize splits text into tokens. Apostrophes join words: what's is whats.
func tokenize(text string) []token {
	var tokens []token
	var word strings.Builder
	begins := true
	end := func() {
		if word.Len() == 0 {
			return
		}
		w := word.String()
		word.Reset()
		t := token{word: w, begins: begins}
		if drawnOut(w) {
			t.squeezed = squeeze(w)
		}
		tokens, begins = append(tokens, t), false
	}
	for _, r := range normalize(text) {
		switch {
		case unicode.Is(unicode.Han, r):
			end()
			tokens, begins = append(tokens, token{word: string(r), begins: begins}), false
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			word.WriteRune(r)
		case r == '\'':
		case r == ' ':
			end()
		case isEmoji(r):
			end()
			tokens = append(tokens, token{word: string(r), mood: mood(r)})
		default:
			end()
			begins = true
		}
	}
	end()
	return tokens
}

// drawnOut reports whether a letter stands three times in a row, as no word is
// spelled.
func drawnOut(word string) bool {
	var last rune
	n := 0
	for _, r := range word {
		if r == last && unicode.IsLetter(r) {
			n++
		} else {
			last, n = r, 1
		}
		if n == 3 {
			return true
		}
	}
	return false
}

// squeeze writes every run of one letter once.
func squeeze(word string) string {
	var b strings.Builder
	var last rune
	for _, r := range word {
		if r != last {
			b.WriteRune(r)
		}
		last = r
	}
	return b.String()
}

func isEmoji(r rune) bool {
	return r >= 0x2190 && (unicode.Is(unicode.So, r) || unicode.Is(unicode.Sk, r))
}

// mood is what an emoji says alone; most only colour what is said.
func mood(r rune) What {
	switch r {
	case '👋', '🙋', '🖐', '✋':
		return Greeting
	case '👍', '🙏', '❤', '👌', '💯', '🥰', '😍', '🤝', '👏', '💪', '🎉', '💖', '💕', '🙌', '✅', '😊', '☺', '🤗':
		return Thanks
	}
	return filler
}

// words is how long tokens are, a Chinese character counting as half a word and
// an emoji as nothing.
func words(tokens []token) float64 {
	n := 0.0
	for _, t := range tokens {
		switch {
		case t.mood != noMood:
		case isHan(t.word):
			n += 0.5
		default:
			n++
		}
	}
	return n
}

func isHan(word string) bool {
	r, _ := utf8.DecodeRuneInString(word)
	return unicode.Is(unicode.Han, r)
}

func isLatin(word string) bool {
	r, _ := utf8.DecodeRuneInString(word)
	return unicode.Is(unicode.Latin, r)
}

// isContent reports whether a token carries the matter of a message, as far as
// its language can be told without knowing it.
func isContent(t token) bool { return t.mood == noMood && !lang.IsFunctionWord(t.word) }
