package article

import (
	"bufio"
	"html"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	render "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
)

// parse returns the syntax tree of CommonMark without extensions.
func parse(markdown []byte) ast.Node {
	return goldmark.DefaultParser().Parse(text.NewReader(markdown))
}

// plain writes markdown without its markup.
type plain struct {
	source []byte
	b      strings.Builder
}

func (p *plain) String() string { return strings.TrimSpace(p.b.String()) }

// node writes a node and what is in it; every block ends its line.
func (p *plain) node(n ast.Node) {
	switch v := n.(type) {
	case *ast.Text:
		p.text(v)
		return
	case *ast.AutoLink:
		p.b.Write(v.Label(p.source))
		return
	case *ast.RawHTML, *ast.HTMLBlock, *ast.LinkReferenceDefinition:
		return
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		for i := range n.Lines().Len() {
			line := n.Lines().At(i)
			p.b.Write(line.Value(p.source))
		}
	}
	p.children(n)
	if n.Type() == ast.TypeBlock && n.ChildCount() > 0 && n.FirstChild().Type() == ast.TypeInline {
		p.b.WriteByte('\n')
	}
}

func (p *plain) children(n ast.Node) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		p.node(c)
	}
}

func (p *plain) text(v *ast.Text) {
	value := string(v.Value(p.source))
	if _, code := v.Parent().(*ast.CodeSpan); !code && !v.IsRaw() {
		value = unescape(value)
	}
	p.b.WriteString(value)
	switch {
	case v.HardLineBreak():
		p.b.WriteByte('\n')
	case v.SoftLineBreak():
		if next, ok := v.NextSibling().(*ast.Text); ok && glued(value, string(next.Value(p.source))) {
			return
		}
		p.b.WriteByte(' ')
	}
}

// glued reports whether a line break between two texts is no space: Chinese
// and Japanese are written without.
func glued(before, after string) bool {
	last, _ := utf8.DecodeLastRuneInString(before)
	first, _ := utf8.DecodeRuneInString(after)
	return wide(last) && wide(first)
}

func wide(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) ||
		0x3000 <= r && r <= 0x303F || 0xFF00 <= r && r <= 0xFF65 // their punctuation
}

// unescape resolves backslash escapes and character references as CommonMark
// does. Only goldmark's renderer can do both in one pass, and it writes HTML.
func unescape(markdown string) string {
	if !strings.ContainsAny(markdown, `\&`) {
		return markdown
	}
	var b strings.Builder
	w := bufio.NewWriter(&b)
	render.DefaultWriter.Write(w, []byte(markdown))
	if err := w.Flush(); err != nil { // a strings.Builder never fails
		return markdown
	}
	return html.UnescapeString(b.String())
}
