package markup

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"

	"firstline/bot/chat"
)

// parser reads CommonMark, and URLs and addresses without brackets as links.
var parser = goldmark.New(goldmark.WithExtensions(extension.Linkify)).Parser()

// FromMarkdown turns a passage of an article into rich text. Lists become lines
// that start with their number or "• ", nested ones indented; headings become
// Heading spans; raw HTML and links with another scheme than http, https or
// mailto stay as their literal text. Text is valid UTF-8 whatever md is.
func FromMarkdown(md string) chat.Rich {
	md = strings.ReplaceAll(strings.ToValidUTF8(md, "\uFFFD"), "\r\n", "\n")
	b := builder{src: []byte(md)}
	b.blocks(parser.Parse(text.NewReader(b.src)), "")
	r := chat.Rich{Text: b.out.String(), Spans: b.spans}
	end := len(strings.TrimRightFunc(r.Text, unicode.IsSpace))
	return r.Slice(0, end)
}

// builder writes the text and notes the spans while it walks a document.
type builder struct {
	src   []byte
	out   strings.Builder
	spans []chat.Span
}

// span calls write and puts what it wrote under a style.
func (b *builder) span(style chat.Style, url string, write func()) {
	s := chat.Span{Start: b.out.Len(), Style: style, URL: url}
	i := len(b.spans) // before the spans inside it
	b.spans = append(b.spans, s)
	write()
	b.spans[i].End = b.out.Len()
	if b.spans[i].Start == b.spans[i].End {
		b.spans = append(b.spans[:i], b.spans[i+1:]...)
	}
}

// blocks writes the blocks inside parent. indent starts each line but the first.
func (b *builder) blocks(parent ast.Node, indent string) {
	var before ast.Node
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		if n.Kind() == ast.KindThematicBreak || n.Kind() == ast.KindLinkReferenceDefinition {
			continue
		}
		if before != nil {
			b.out.WriteString(gap(parent, before))
			if n.Kind() != ast.KindFencedCodeBlock && n.Kind() != ast.KindCodeBlock {
				b.out.WriteString(indent) // code keeps its own
			}
		}
		b.block(n, indent)
		before = n
	}
}

// gap returns the line ends between a block and its next sibling.
func gap(parent, before ast.Node) string {
	switch {
	case parent.Kind() == ast.KindList, parent.Kind() == ast.KindListItem, before.Kind() == ast.KindHeading:
		return "\n"
	}
	return "\n\n"
}

func (b *builder) block(n ast.Node, indent string) {
	switch n := n.(type) {
	case *ast.Heading:
		b.span(chat.Heading, "", func() { b.inlines(n, indent) })
	case *ast.List:
		b.blocks(n, indent)
	case *ast.ListItem:
		start := marker(n)
		b.out.WriteString(start)
		b.blocks(n, indent+strings.Repeat(" ", utf8.RuneCountInString(start)))
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		b.span(chat.Pre, "", func() { b.lines(n.Lines()) })
	case *ast.HTMLBlock:
		b.lines(n.Lines())
		if n.HasClosure() {
			b.out.WriteString("\n" + strings.TrimRight(string(n.ClosureLine.Value(b.src)), "\n"))
		}
	case *ast.Paragraph, *ast.TextBlock:
		b.inlines(n, indent)
	default: // a quotation, or a block of an extension
		b.blocks(n, indent)
	}
}

// marker returns the number or bullet of a list item.
func marker(n *ast.ListItem) string {
	list, ok := n.Parent().(*ast.List)
	if !ok || !list.IsOrdered() {
		return "• "
	}
	at := list.Start
	for p := n.PreviousSibling(); p != nil; p = p.PreviousSibling() {
		at++
	}
	return strconv.Itoa(at) + ". "
}

// lines writes raw lines without the last line end.
func (b *builder) lines(segments *text.Segments) {
	var all []byte
	for i := range segments.Len() {
		s := segments.At(i)
		all = append(all, s.Value(b.src)...)
	}
	b.out.WriteString(strings.TrimRight(string(all), "\n"))
}
