package guard

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// seedCues are words that announce a phrase.
var seedCues = newCues(`助记词|助記詞|种子词|种子短语|恢复短语|恢复词|seed ?phrase|recovery ?phrase|secret ?phrase|mnemonic( phrase)?|seed words?`)

// hanPhrases finds phrases of Chinese characters without spaces. Most sentences
// consist of characters that are in the list, so it takes more than that: a
// stretch between other signs that has exactly a phrase's length, is not full
// of the particles that sentences need, and has a right checksum or stands
// after a cue.
func hanPhrases(v *view) []hit {
	words := wordsOf(v)
	cueEnds := map[int]bool{}
	for _, c := range seedCues.find(v) {
		cueEnds[afterSeparator(v.lower, c.end)] = true
	}
	var hits []hit
	for from := 0; from < len(words); {
		to := from
		for to < len(words) && isHanWord(words[to]) && (to == from || spaceOnly(v.lower[words[to-1].end:words[to].start])) {
			to++
		}
		if to == from {
			from++
			continue
		}
		hits = append(hits, hanBlock(v, words[from:to], cueEnds)...)
		from = to
	}
	return hits
}

// hanBlock looks for phrases in characters with at most white space in between:
// the whole block, what follows a cue, or what stands together without spaces.
func hanBlock(v *view, block []word, cueEnds map[int]bool) []hit {
	if besideBarrier(v.lower, block) {
		return nil
	}
	if h, ok := hanPhrase(block, cueEnds[block[0].start]); ok {
		return []hit{h}
	}
	for i := range block {
		if !cueEnds[block[i].start] {
			continue
		}
		rest := block[i:]
		for n := longest; n >= window; n -= 3 {
			if n > len(rest) {
				continue
			}
			if h, ok := hanPhrase(rest[:n], n == len(rest)); ok {
				return []hit{h}
			}
		}
	}
	var hits []hit
	for from := 0; from < len(block); {
		to := from + 1
		for to < len(block) && block[to-1].end == block[to].start {
			to++
		}
		if h, ok := hanPhrase(block[from:to], false); ok {
			hits = append(hits, h)
		}
		from = to
	}
	return hits
}

// hanPhrase reports whether words are a phrase. A cue makes up for a wrong
// checksum.
func hanPhrase(words []word, cue bool) (hit, bool) {
	h := hit{start: words[0].start, end: words[len(words)-1].end, kind: SeedPhrase}
	if !wholePhrase(len(words)) {
		return h, false
	}
	in, particles := hanLists, 0
	for _, w := range words {
		in &= w.in
		if strings.Contains(hanParticles, w.text) {
			particles++
		}
	}
	if in == 0 || particles > len(words)/6 {
		return h, false
	}
	return h, cue ||
		in&chineseSimplified != 0 && checksumOK(words, chineseSimplified) ||
		in&chineseTraditional != 0 && checksumOK(words, chineseTraditional)
}

// hanParticles are the most frequent characters of Chinese sentences as people
// write them to a support. Twelve random characters of the list hold more than
// two of them once in several hundred times; sentences hardly ever hold fewer.
const hanParticles = "的一是不了在人有我他这那个们中来上大为和国地到以说时要就出会可也你对能没都还么什怎吗呢吧啊请问把被给让得着过去很后用如何号码个下" +
	"這個們來為國說時會對沒還麼甚嗎請問給讓過後碼號"

func isHanWord(w word) bool {
	c, size := utf8.DecodeRuneInString(w.text)
	return size == len(w.text) && unicode.Is(unicode.Han, c)
}

func spaceOnly(s string) bool { return strings.Trim(s, " \n") == "" }

func besideBarrier(s string, block []word) bool {
	end := block[len(block)-1].end
	return block[0].start > 0 && s[block[0].start-1] == barrier || end < len(s) && s[end] == barrier
}
