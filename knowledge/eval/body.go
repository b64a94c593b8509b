package eval

import (
	"strings"
	"unicode/utf8"

	"firstline/knowledge/article"
)

// sectionRunes is how long the sections of a body grow: about what an editor
// writes below one heading.
const sectionRunes = 600

// sections cuts a body at blank lines. A paragraph that begins with #s is the
// heading of a section; others are joined as long as they make a section of
// usual length.
func sections(body string) []article.Section {
	var all []article.Section
	heading, text := "", ""
	end := func() {
		if text != "" || heading != "" {
			all = append(all, article.Section{Heading: heading, Markdown: text, Text: text})
		}
		heading, text = "", ""
	}
	for _, p := range paragraphs(body) {
		if first, rest, _ := strings.Cut(p, "\n"); strings.HasPrefix(first, "#") {
			end()
			heading, text = strings.TrimSpace(strings.TrimLeft(first, "#")), strings.TrimSpace(rest)
			continue
		}
		if text != "" && utf8.RuneCountInString(text)+utf8.RuneCountInString(p) > sectionRunes {
			end()
		}
		if text != "" {
			text += "\n\n"
		}
		text += p
	}
	end()
	return all
}

// paragraphs splits text at lines with nothing but white space.
func paragraphs(text string) []string {
	var all, lines []string
	end := func() {
		if len(lines) > 0 {
			all = append(all, strings.Join(lines, "\n"))
		}
		lines = nil
	}
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line == "" {
			end()
			continue
		}
		lines = append(lines, line)
	}
	end()
	return all
}
