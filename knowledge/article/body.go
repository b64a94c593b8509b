package article

import (
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
)

// What is sane, in runes; beyond it stands a warning. A section goes out as one
// message, which on Discord has at most 2000 characters.
const (
	maxSection = 1200
	maxHeading = 120
)

// readBody returns the sections of an article's markdown, whose placeholders
// are filled in.
func (d *document) readBody() []Section {
	d.source = []byte(d.filled)
	tree := parse(d.source)
	d.checkMarkup(tree)
	headings := d.headings(tree)
	if len(headings) == 0 && tree.FirstChild() == nil {
		d.src.Errorf(d.before, 0, "there is no text below the front matter")
		return nil
	}

	var sections []Section
	first := tree.FirstChild()
	end := len(d.filled)
	if len(headings) > 0 {
		end = lineStart(d.filled, headings[0].Pos())
	}
	if lead := d.section(nil, first, 0, end); lead.Markdown != "" {
		lead.Line, _ = d.at(d.origin(len(d.filled) - len(strings.TrimLeft(d.filled, " \t\n"))))
		sections = append(sections, lead)
	}
	seen := make(map[string]bool)
	for i, h := range headings {
		start := lineEnd(d.filled, h.Pos())
		end := len(d.filled)
		if i+1 < len(headings) {
			end = lineStart(d.filled, headings[i+1].Pos())
		}
		s := d.section(h, h.NextSibling(), start, end)
		if s.Heading == "" {
			d.errorf(h.Pos(), "a heading without text")
		} else if seen[s.Heading] {
			d.warnf(h.Pos(), "a second section %q", s.Heading)
		}
		seen[s.Heading] = true
		if s.Markdown == "" {
			d.errorf(h.Pos(), "there is no text below this heading")
		}
		if utf8.RuneCountInString(s.Heading) > maxHeading {
			d.warnf(h.Pos(), "a heading of over %d characters", maxHeading)
		}
		sections = append(sections, s)
	}
	return sections
}

// section makes the section of filled[start:end], whose blocks are first and
// those behind it up to the next heading.
func (d *document) section(heading ast.Node, first ast.Node, start, end int) Section {
	s := Section{Markdown: strings.TrimRight(strings.TrimLeft(d.filled[start:end], "\n"), " \t\n")}
	at := start
	if heading != nil {
		title := plain{source: d.source}
		title.children(heading)
		s.Heading = title.String()
		at = heading.Pos()
		s.Line, _ = d.at(d.origin(at))
	}
	text := plain{source: d.source}
	for n := first; n != nil && n.Kind() != ast.KindHeading; n = n.NextSibling() {
		text.node(n)
	}
	s.Text = text.String()
	if length := utf8.RuneCountInString(s.Text); length > maxSection {
		d.warnf(at, "a section of %d characters: over %d it is hard to read in a chat", length, maxSection)
	}
	return s
}

// headings returns the headings that begin a section, and reports the others.
func (d *document) headings(tree ast.Node) []*ast.Heading {
	var list []*ast.Heading
	_ = ast.Walk(tree, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		h, ok := n.(*ast.Heading)
		if !ok || !entering {
			return ast.WalkContinue, nil
		}
		line := d.filled[lineStart(d.filled, h.Pos()):lineEnd(d.filled, h.Pos())]
		switch {
		case h.Parent() != tree:
			d.errorf(h.Pos(), "a heading within a list or quote")
			return ast.WalkContinue, nil
		case !strings.HasPrefix(strings.TrimLeft(line, " "), "#"):
			d.errorf(h.Pos(), "text underlined into a heading: write \"## \" before a heading, or a blank line before the line below")
		case h.Level != 2:
			d.errorf(h.Pos(), "a heading with %s: only ## is allowed", strings.Repeat("#", h.Level))
		}
		list = append(list, h)
		return ast.WalkContinue, nil
	})
	return list
}

var (
	noSpace   = regexp.MustCompile(`^##+[^#\s]`)
	looseBold = regexp.MustCompile(`\*\*`)
	looseLink = regexp.MustCompile(`\]\s?\(`)
)

// checkMarkup reports what must not be in an article, and what doesn't do what
// its writer meant.
func (d *document) checkMarkup(tree ast.Node) {
	_ = ast.Walk(tree, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch v := n.(type) {
		case *ast.HTMLBlock, *ast.RawHTML:
			d.errorf(n.Pos(), "HTML isn't allowed")
		case *ast.Image:
			d.errorf(n.Pos(), "an image isn't allowed")
			return ast.WalkSkipChildren, nil
		case *ast.LinkReferenceDefinition:
			d.errorf(n.Pos(), "an address set apart from its link: write [text](address)")
		case *ast.Link:
			d.checkLink(n.Pos(), unescape(string(v.Destination)))
		case *ast.AutoLink:
			if v.AutoLinkType == ast.AutoLinkURL {
				d.checkLink(n.Pos(), string(v.URL(d.source)))
			}
		case *ast.Text:
			d.checkText(v)
		}
		return ast.WalkContinue, nil
	})
}

func (d *document) checkLink(at int, address string) {
	u, err := url.Parse(address)
	switch {
	case err != nil || address == "":
		d.errorf(at, "a link without a valid address")
	case u.Scheme == "mailto" && u.Opaque != "":
	case u.Scheme == "https" && u.Host != "", u.Scheme == "http" && u.Host != "":
	case u.Scheme == "":
		d.errorf(at, "a link to %q: want a whole address, beginning with https://", address)
	default:
		d.errorf(at, "a link to %q: only http, https and mailto are allowed", address)
	}
}

func (d *document) checkText(v *ast.Text) {
	if around(v) == inCode {
		return
	}
	text := string(v.Value(d.source))
	start := v.Segment.Start
	if v.PreviousSibling() == nil && noSpace.MatchString(text) {
		d.errorf(start, "write a space after the #s of a heading")
	}
	if at := looseBold.FindStringIndex(text); at != nil {
		d.warnf(start+at[0], "these ** are shown as they stand: bold text begins and ends with a letter, not with a space or a sign")
	}
	if at := looseLink.FindStringIndex(text); at != nil {
		d.warnf(start+at[0], "this is no link: want [text](address) without spaces in the address")
	}
}
