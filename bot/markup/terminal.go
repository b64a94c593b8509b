package markup

import (
	"regexp"
	"strings"
	"unicode"

	"firstline/bot/chat"
)

// Terminal renders r for a terminal, with ANSI styles when color is set. Escape
// sequences, control characters and changes of writing direction that the text
// itself holds are removed. A link is followed by its URL.
func Terminal(r chat.Rich, color bool) string {
	t := terminal{text: r.Text, color: color}
	t.write(tree(r), 0, len(r.Text))
	return t.out.String()
}

type terminal struct {
	text  string
	color bool
	out   strings.Builder
}

func (t *terminal) write(nodes []node, from, to int) {
	for _, n := range nodes {
		t.out.WriteString(printable(t.text[from:n.Start]))
		on, off := ansi(n.Style)
		t.style(on)
		t.write(n.kids, n.Start, n.End)
		t.style(off)
		if n.Style == chat.Link && !bare(t.text[n.Start:n.End], n.URL) {
			t.out.WriteString(" (" + address(n.URL) + ")")
		}
		from = n.End
	}
	t.out.WriteString(printable(t.text[from:to]))
}

func (t *terminal) style(sequence string) {
	if t.color {
		t.out.WriteString(sequence)
	}
}

// ansi returns what switches a style on and off, each leaving the others alone.
func ansi(s chat.Style) (on, off string) {
	switch s {
	case chat.Bold, chat.Heading:
		return "\x1b[1m", "\x1b[22m"
	case chat.Italic:
		return "\x1b[3m", "\x1b[23m"
	case chat.Link:
		return "\x1b[4m", "\x1b[24m"
	}
	return "\x1b[36m", "\x1b[39m"
}

// sequences matches whole escape sequences (CSI, OSC and friends, two-character
// ones), so that no visible rest of them remains.
var sequences = regexp.MustCompile("(?:\x1b\\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\x1b[]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\x07\x1b\u009c\n]*(?:\x07|\x1b\\\\|\u009c)?|\x1b[ -/]*[0-~]?")

// printable returns s without anything that could move the cursor, change the
// terminal or reorder what is read.
func printable(s string) string {
	s = sequences.ReplaceAllString(strings.ToValidUTF8(s, "\uFFFD"), "")
	return strings.Map(func(c rune) rune {
		switch {
		case c == '\n' || c == '\t':
			return c
		case unicode.IsControl(c), c >= 0x202A && c <= 0x202E, c >= 0x2066 && c <= 0x2069, c == 0x200E, c == 0x200F, c == 0x061C:
			return -1
		}
		return c
	}, s)
}
