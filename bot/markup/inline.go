package markup

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"

	"firstline/bot/chat"
)

// inlines writes the text inside parent.
func (b *builder) inlines(parent ast.Node, indent string) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		b.inline(n, indent)
	}
}

func (b *builder) inline(n ast.Node, indent string) {
	switch n := n.(type) {
	case *ast.Text:
		b.out.WriteString(unescape(n.Value(b.src)))
		switch {
		case n.HardLineBreak():
			b.out.WriteString("\n" + indent)
		case n.SoftLineBreak():
			b.softBreak(n)
		}
	case *ast.String:
		b.out.Write(n.Value)
	case *ast.CodeSpan:
		b.span(chat.Code, "", func() { b.out.WriteString(b.codeText(n)) })
	case *ast.Emphasis:
		style := chat.Italic
		if n.Level == 2 {
			style = chat.Bold
		}
		b.span(style, "", func() { b.inlines(n, indent) })
	case *ast.Link:
		b.link(n, n.Destination, indent)
	case *ast.Image: // its description stands for it
		b.link(n, n.Destination, indent)
	case *ast.AutoLink:
		b.autoLink(n)
	case *ast.RawHTML:
		for i := range n.Segments.Len() {
			s := n.Segments.At(i)
			b.out.Write(s.Value(b.src))
		}
	default:
		b.inlines(n, indent)
	}
}

// link writes a link. An address for mail is written out after the text, since
// not every network opens mailto links.
func (b *builder) link(n ast.Node, destination []byte, indent string) {
	u := string(util.URLEscape(destination, true))
	from := b.out.Len()
	switch {
	case !safeURL(u):
		b.inlines(n, indent)
	case strings.HasPrefix(u, "mailto:"):
		b.inlines(n, indent)
		if b.out.String()[from:] != address(u) {
			b.out.WriteString(" (")
			b.span(chat.Link, u, func() { b.out.WriteString(address(u)) })
			b.out.WriteString(")")
			return
		}
		b.spans = append(b.spans, chat.Span{Start: from, End: b.out.Len(), Style: chat.Link, URL: u})
	default:
		b.span(chat.Link, u, func() { b.inlines(n, indent) })
	}
}

func (b *builder) autoLink(n *ast.AutoLink) {
	u := string(util.URLEscape(n.URL(b.src), false))
	if n.AutoLinkType == ast.AutoLinkEmail && !strings.HasPrefix(strings.ToLower(u), "mailto:") {
		u = "mailto:" + u
	}
	label := func() { b.out.Write(n.Label(b.src)) }
	if safeURL(u) {
		b.span(chat.Link, u, label)
		return
	}
	label()
}

// codeText returns the text of a code span, in which a line end is a space.
func (b *builder) codeText(n *ast.CodeSpan) string {
	var s strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			s.Write(bytes.ReplaceAll(t.Value(b.src), []byte("\n"), []byte(" ")))
		}
	}
	return s.String()
}

// softBreak joins two lines of a paragraph: by a space, except between
// characters of scripts that are written without spaces.
func (b *builder) softBreak(n *ast.Text) {
	last, _ := utf8.DecodeLastRuneInString(b.out.String())
	rest := b.src[n.Segment.Stop:]
	next, _ := utf8.DecodeRune(bytes.TrimLeft(rest, " \t\n"))
	if !wide(last) || !wide(next) {
		b.out.WriteByte(' ')
	}
}

// wide reports whether c is of a script without spaces between words.
func wide(c rune) bool {
	return unicode.In(c, unicode.Han, unicode.Hiragana, unicode.Katakana) ||
		c >= 0x3000 && c <= 0x303F || c >= 0xFF00 && c <= 0xFF60 // their punctuation
}

// unescape resolves backslash escapes and character references in one pass: an
// escaped "&" must not start a reference.
func unescape(s []byte) string {
	var out []byte
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s) && util.IsPunct(s[i+1]):
			i++
		case s[i] == '&':
			// 32 bytes hold the longest name that HTML knows.
			if end := bytes.IndexByte(s[i:min(len(s), i+34)], ';'); end > 0 {
				ref := s[i : i+end+1]
				if r := util.ResolveEntityNames(util.ResolveNumericReferences(ref)); !bytes.Equal(r, ref) {
					out = append(out, r...)
					i += end
					continue
				}
			}
		}
		out = append(out, s[i])
	}
	return string(out)
}
