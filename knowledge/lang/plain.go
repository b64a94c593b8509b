package lang

import (
	"sync"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// plain returns a lower-case word as people write it who leave accents out, and
// an Arabic one without the differences that few keep.
func plain(word string) string {
	if isASCII(word) {
		return word
	}
	var buf [64]byte
	out := buf[:0]
	for _, r := range word {
		out = appendPlain(out, r)
	}
	return string(out)
}

// appendPlain appends a lower-case letter without its accent.
func appendPlain(out []byte, r rune) []byte {
	if r < utf8.RuneSelf {
		return append(out, byte(r))
	}
	switch {
	case r == 'ё':
		return utf8.AppendRune(out, 'е')
	case 0x400 <= r && r < 0x530:
		return utf8.AppendRune(out, r)
	}
	if p := withoutAccent(r); p != 0 {
		return append(out, p)
	}
	if s, ok := spelled[r]; ok {
		return append(out, s...)
	}
	switch r {
	case 'أ', 'إ', 'آ':
		r = 'ا'
	case 'ؤ':
		r = 'و'
	case 'ئ':
		r = 'ي'
	default:
		if f, ok := folded[r]; ok {
			r = f
		}
	}
	return utf8.AppendRune(out, r)
}

// withoutAccent returns the ASCII letter that a Latin letter has as its base.
func withoutAccent(r rune) byte {
	switch {
	case 0xc0 <= r && r < 0x250:
		return bases().low[r-0xc0]
	case 0x1e00 <= r && r < 0x1f00:
		return bases().high[r-0x1e00]
	}
	return 0
}

type baseTable struct {
	low  [0x250 - 0xc0]byte
	high [0x100]byte
}

var bases = sync.OnceValue(func() *baseTable {
	base := func(r rune) byte {
		if f, ok := folded[r]; ok && f < utf8.RuneSelf {
			return byte(f)
		}
		if spelled[r] != "" {
			return 0
		}
		if b := norm.NFD.String(string(r))[0] | 0x20; 'a' <= b && b <= 'z' {
			return b
		}
		return 0
	}
	t := &baseTable{}
	for i := range t.low {
		t.low[i] = base(rune(0xc0 + i))
	}
	for i := range t.high {
		t.high[i] = base(rune(0x1e00 + i))
	}
	return t
})

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
