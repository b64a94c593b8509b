package lang

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// isArabizi reports whether a word is likely Arabic in Latin letters, where
// digits stand for sounds that these lack: 3 for ع, 7 for ح, 2 for the glottal
// stop, 5 for خ, 9 for ق or ص. A digit between letters does, as in as7ab; one at
// the beginning is a number as often (3days), and one at the end a version.
func isArabizi(low []byte) bool {
	if len(low) < 4 || len(low) > 14 {
		return false
	}
	inside, digits := false, 0
	for i, c := range low {
		switch {
		case '0' <= c && c <= '9':
			if digits++; digits > 2 {
				return false
			}
			if (c == '3' || c == '7' || c == '2' || c == '5' || c == '9') && i > 0 && i < len(low)-1 && isSmall(low[i-1]) && isSmall(low[i+1]) {
				inside = true
			}
		case !isSmall(c):
			return false
		}
	}
	return inside
}

func isSmall(c byte) bool { return 'a' <= c && c <= 'z' }

// cutApostrophe cuts a word at its first apostrophe.
func cutApostrophe(low []byte) (before, after []byte, ok bool) {
	before, after, ok = bytes.Cut(low, []byte{'\''})
	return before, after, ok && len(before) > 0 && len(after) > 0
}

// lower is unicode.ToLower, quickly for ASCII.
func lower(r rune) rune {
	if r < utf8.RuneSelf {
		if 'A' <= r && r <= 'Z' {
			return r | 0x20
		}
		return r
	}
	return unicode.ToLower(r)
}
