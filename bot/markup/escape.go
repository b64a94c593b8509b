package markup

import (
	"strings"
)

// text writes s so that Discord shows it literally. Every character escaped
// here must be in DiscordLimits.Escaped.
func (d *discordLine) text(s string) {
	for i, c := range s {
		if d.escape(s[i:], c) {
			d.out.WriteByte('\\')
		}
		if c == '.' && d.atStart && listNumber(d.out.String()) && spaceAfter(s[i+1:]) {
			d.out.WriteByte('\\') // "1. " would become a list and be renumbered
		}
		d.out.WriteRune(c)
		d.star = false
		if d.atStart && !strings.ContainsRune(" \t0123456789", c) {
			d.atStart = false
		}
	}
}

// escape reports whether the character c at the start of rest needs a backslash.
func (d *discordLine) escape(rest string, c rune) bool {
	switch c {
	case '\\', '*', '_', '~', '`', '|', '<', '[', ']':
		return true
	case '#', '>': // heading, quotation
		return d.atStart
	case '-', '+': // list, small print
		return d.atStart && (spaceAfter(rest[1:]) || rest[1] == '#')
	case '@':
		return hasPrefixFold(rest[1:], "everyone") || hasPrefixFold(rest[1:], "here")
	case ':':
		return strings.HasPrefix(rest[1:], "//") || emojiName(rest[1:])
	}
	return false
}

func spaceAfter(s string) bool { return s == "" || s[0] == ' ' || s[0] == '\t' }

// listNumber reports whether line is white space and then digits.
func listNumber(line string) bool {
	line = strings.TrimLeft(line, " \t")
	return line != "" && strings.Trim(line, "0123456789") == ""
}

// emojiName reports whether s goes on like ":smile:", after its first colon.
func emojiName(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case c == ':':
			return i > 0
		case !wordByte(c) && c != '+' && c != '-':
			return false
		}
	}
	return false
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}
