package markup

import (
	"html/template"
	"strings"

	"firstline/bot/chat"
)

// HTML renders r as paragraphs for a web page. All text is escaped; links open
// in a new tab that can't reach back, and tell search engines not to follow.
func HTML(r chat.Rich) template.HTML {
	var out strings.Builder
	for _, b := range blocks(r) {
		if b.pre {
			out.WriteString("<pre>" + template.HTMLEscapeString(b.rich.Text) + "</pre>")
			continue
		}
		for from := 0; from < len(b.rich.Text); {
			text, _, _ := strings.Cut(b.rich.Text[from:], "\n\n")
			p := trimLines(b.rich.Slice(from, from+len(text)))
			from += len(text) + 2
			if p.Text == "" {
				continue
			}
			out.WriteString("<p>")
			writeHTML(&out, p.Text, tree(p), 0, len(p.Text))
			out.WriteString("</p>")
		}
	}
	return template.HTML(out.String()) // #nosec G203 -- every part is escaped above
}

// trimLines returns r without line ends around it and without white space after it.
func trimLines(r chat.Rich) chat.Rich {
	end := len(strings.TrimRight(r.Text, " \t\r\n"))
	start := end - len(strings.TrimLeft(r.Text[:end], "\r\n"))
	return r.Slice(start, end)
}

func writeHTML(out *strings.Builder, text string, nodes []node, from, to int) {
	for _, n := range nodes {
		out.WriteString(escapeHTML(text[from:n.Start]))
		open, end := tags(n.Span)
		out.WriteString(open)
		writeHTML(out, text, n.kids, n.Start, n.End)
		out.WriteString(end)
		from = n.End
	}
	out.WriteString(escapeHTML(text[from:to]))
}

func tags(s chat.Span) (open, end string) {
	switch s.Style {
	case chat.Bold, chat.Heading:
		return "<strong>", "</strong>"
	case chat.Italic:
		return "<em>", "</em>"
	case chat.Link:
		return `<a href="` + template.HTMLEscapeString(s.URL) + `" rel="noopener noreferrer nofollow" target="_blank">`, "</a>"
	}
	return "<code>", "</code>"
}

// escapeHTML escapes text; the indentation of its lines would otherwise be lost.
func escapeHTML(s string) string {
	lines := strings.Split(template.HTMLEscapeString(strings.ToValidUTF8(s, "\uFFFD")), "\n")
	for i, line := range lines[1:] {
		rest := strings.TrimLeft(line, " ")
		lines[i+1] = strings.Repeat("&nbsp;", len(line)-len(rest)) + rest
	}
	return strings.Join(lines, "<br>\n")
}
