package terminal

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// wrap breaks lines that are wider than columns at spaces, and between
// characters where a script has no spaces or a word is too long. ANSI
// sequences take no room. columns of 0 or less means no limit.
func wrap(s string, columns int) string {
	if columns <= 0 {
		return s
	}
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = wrapLine(line, columns)
	}
	return strings.Join(lines, "\n")
}

func wrapLine(line string, columns int) string {
	var b strings.Builder
	used := 0           // columns of the line so far
	word, wide := "", 0 // what has been read since the last place to break
	escape := false     // within an ANSI sequence
	flush := func() {
		if used > 0 && used+wide > columns {
			b.WriteByte('\n')
			used = 0
			trimmed := strings.TrimLeft(word, " ")
			wide -= len(word) - len(trimmed)
			word = trimmed
		}
		b.WriteString(word)
		used += wide
		word, wide = "", 0
	}
	for _, c := range line {
		switch {
		case c == '\x1b':
			escape = true
		case escape:
			escape = c != 'm'
		default:
			n := runeColumns(c)
			if c == ' ' || n == 2 || wide+n > columns {
				flush()
			}
			wide += n
		}
		word += string(c)
	}
	flush()
	return b.String()
}

func runeColumns(c rune) int {
	if unicode.In(c, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	switch width.LookupRune(c).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}
