package guard

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// barrier stands in a view for a marker of an earlier pass: nothing is found
// across it. A NUL of the text itself never gets into a view.
const barrier = '\x00'

// view is a text as detectors read it: without what can't be seen, wide and
// ornamental letters as plain ones, without accents, with a way back to the
// offsets of the text.
type view struct {
	text  string // letter case kept
	lower string // as long as text, byte by byte
	start []int  // by byte of text: where its character starts in the original
	end   []int  // and where that ends
	// Found when first needed, for all detectors:
	words  []word     // see wordsOf
	starts []cueStart // see cues
}

func newView(s string) *view {
	b := viewBuilder{}
	for i := 0; i < len(s); {
		if n := markerAt(s[i:]); n > 0 {
			b.add(barrier, barrier, i, i+n)
			i += n
			continue
		}
		c, size := utf8.DecodeRuneInString(s[i:])
		b.rune(c, i, i+size)
		i += size
	}
	return &view{text: string(b.text), lower: string(b.lower), start: b.start, end: b.end}
}

// original translates a hit from offsets in v to offsets in the original.
func (v *view) original(h hit) hit {
	return hit{start: v.start[h.start], end: v.end[h.end-1], kind: h.kind}
}

// markerAt returns the length of the marker that s starts with, or 0.
func markerAt(s string) int {
	if s[0] != '[' {
		return 0
	}
	for _, k := range kinds {
		if m := marker(k); strings.HasPrefix(s, m) {
			return len(m)
		}
	}
	return 0
}

type viewBuilder struct {
	text, lower []byte
	start, end  []int
}

// rune adds the character c that the original has at [start,end).
func (b *viewBuilder) rune(c rune, start, end int) {
	last, size := utf8.DecodeLastRune(b.text)
	if joined := compose(last, c); size > 0 && joined != 0 {
		at := len(b.text) - size
		start = b.start[at]
		b.text, b.lower, b.start, b.end = b.text[:at], b.lower[:at], b.start[:at], b.end[:at]
		c = joined
	}
	c = fold(c)
	if c < 0 { // it goes where the character before it goes
		for i := len(b.end) - size; size > 0 && i < len(b.end); i++ {
			b.end[i] = end
		}
		return
	}
	low := unicode.ToLower(c)
	if utf8.RuneLen(low) != utf8.RuneLen(c) {
		low = c
	}
	b.add(c, low, start, end)
}

func (b *viewBuilder) add(c, low rune, start, end int) {
	b.text = utf8.AppendRune(b.text, c)
	b.lower = utf8.AppendRune(b.lower, low)
	for len(b.start) < len(b.text) {
		b.start, b.end = append(b.start, start), append(b.end, end)
	}
}
