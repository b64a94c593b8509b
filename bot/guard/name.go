package guard

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxName is the length in characters of a display name that is kept.
const maxName = 64

// Name returns a display name fit to be stored and shown: without secrets, line
// ends, control characters, what can't be seen or turns the writing direction,
// and with at most 64 characters.
func Name(name string) string {
	name = strings.Map(func(c rune) rune {
		switch {
		case unicode.IsSpace(c):
			return ' '
		case c == 0x200C || c == 0x200D: // joiners: parts of emoji and of Persian words
			return c
		case unicode.In(c, unicode.Cc, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp):
			return -1
		}
		return c
	}, strings.ToValidUTF8(name, "\uFFFD"))
	clean, _ := Clean(strings.Join(strings.Fields(name), " "))
	if utf8.RuneCountInString(clean) > maxName {
		clean = strings.TrimSpace(string([]rune(clean)[:maxName]))
	}
	return clean
}
