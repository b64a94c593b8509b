// Package markup translates between the ways in which text with styles is
// written: an article's markdown into chat.Rich, and chat.Rich into Telegram
// entities, Discord markdown, HTML, terminal output and plain text.
//
// In a chat.Rich nothing is markup; every renderer shows its text literally and
// adds only the styles of its spans. The package knows no network library and
// sends nothing.
package markup

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"firstline/bot/chat"
)

// safeURL reports whether u may become a link: http, https or mailto, and only
// characters that RFC 3986 allows, so that no renderer has to escape it.
func safeURL(u string) bool {
	for i := range len(u) {
		if c := u[i]; c <= ' ' || c >= utf8.RuneSelf || strings.IndexByte("\"<>\\^`{|}\x7f", c) >= 0 {
			return false
		}
	}
	p, err := url.Parse(u)
	if err != nil {
		return false
	}
	switch p.Scheme {
	case "http", "https":
		return p.Host != ""
	case "mailto":
		return strings.Contains(p.Opaque, "@")
	}
	return false
}

// address returns what a person reads of a link's destination: the address
// alone for mailto.
func address(u string) string {
	if rest, ok := strings.CutPrefix(u, "mailto:"); ok {
		rest, _, _ = strings.Cut(rest, "?")
		return rest
	}
	return u
}

// bare reports whether a link's text already says where it leads.
func bare(text, u string) bool { return text == u || text == address(u) }

// Plain renders r without styles; a link becomes "text (url)".
func Plain(r chat.Rich) string {
	var b strings.Builder
	var write func(nodes []node, from, to int)
	write = func(nodes []node, from, to int) {
		for _, n := range nodes {
			b.WriteString(r.Text[from:n.Start])
			write(n.kids, n.Start, n.End)
			if n.Style == chat.Link && !bare(r.Text[n.Start:n.End], n.URL) {
				b.WriteString(" (" + address(n.URL) + ")")
			}
			from = n.End
		}
		b.WriteString(r.Text[from:to])
	}
	write(tree(r), 0, len(r.Text))
	return b.String()
}
