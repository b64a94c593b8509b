package lang

import "strings"

// written is what the letters other than Latin tell.
type written struct {
	language string
	letters  int  // how many Latin letters they are worth
	sure     bool // that it is this one of the script's languages
	sentence bool // more than a name or two
	spaced   bool // with spaces between words
}

// script returns the language that the letters other than Latin tell. A Chinese
// character is about half a word.
func (t *tally) script(c cjk, text string) written {
	var best written
	take := func(w written) {
		if w.letters > best.letters {
			best = w
		}
	}
	if n := 3 * (c.han + c.kana); n > 0 {
		w := written{language: "zh", letters: n, sure: true, sentence: c.grammar >= 2}
		switch {
		case c.kana*5 > c.han, c.shinjitai*8 > c.han: // a lone の is decoration in Chinese
			w.language, w.sentence = "ja", c.kana >= 3
		case c.grammar == 0 && c.han < 16 && isJapanese(text):
			w.language, w.sure = "ja", false
		}
		take(w)
	}
	if n := t.letters[hangul]; n > 0 {
		take(written{language: "ko", letters: 2 * n, sure: true, sentence: t.words[hangul] >= 2, spaced: true})
	}
	if n := t.letters[cyrillic]; n > 0 {
		l, sure := t.among(cyrillicTongues)
		take(written{language: l, letters: n, sure: sure && n >= 2, sentence: t.words[cyrillic] >= 2, spaced: true})
	}
	if n := t.letters[arabic]; n > 0 {
		l, sure := t.among(arabicTongues)
		take(written{language: l, letters: n, sure: sure && n >= 2, sentence: t.words[arabic] >= 2, spaced: true})
	}
	if n := t.letters[otherScript]; n > best.letters {
		return written{}
	}
	return best
}

var (
	cyrillicTongues = setOf("ru", "uk", "bg", "sr", "be", "kk")
	arabicTongues   = setOf("ar", "fa", "ur")
)

const (
	// scriptPrior is what Russian and Arabic start with: most that is written in
	// their letters to this support is theirs.
	scriptPrior = 1.5
	arabicPrior = 0.6
	// scriptLead is the lead that makes sure among the languages of a script.
	scriptLead = 0.5
)

// among returns the language of a script that most speaks for.
func (t *tally) among(of set) (language string, sure bool) {
	first, second := -1, float32(-100)
	at := func(i int) float32 {
		if tongues[i] == "ru" {
			return t.scores[i] + scriptPrior
		}
		if tongues[i] == "ar" {
			return t.scores[i] + arabicPrior
		}
		return t.scores[i]
	}
	for i := range tongues {
		if !of.has(i) {
			continue
		}
		if first < 0 || at(i) > at(first) {
			if first >= 0 {
				second = max(second, at(first))
			}
			first = i
		} else {
			second = max(second, at(i))
		}
	}
	return tongues[first], at(first)-second >= scriptLead
}

// japaneseWords are words of wallets that Japanese writes in Chinese characters
// only, and Chinese writes otherwise.
var japaneseWords = strings.Fields(`送金 手数料 残高 口座 取引 暗証番号 本人確認 申込 振込 引出 履歴 復元 携帯 秘密鍵 削除`)

func isJapanese(text string) bool {
	for _, w := range japaneseWords {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}
