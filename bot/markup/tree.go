package markup

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"firstline/bot/chat"
)

// node is a span with the spans inside it.
type node struct {
	chat.Span
	kids []node
}

// tree returns the spans of r as renderers need them: in order and nested; of
// known styles with safe links; without white space at their ends; no style
// inside itself; nothing inside code; Pre only outermost (within another style
// it becomes Code); touching spans of one style joined. Invalid spans are
// dropped, those out of range or crossing are cut: a wrong style must not cost
// the text.
func tree(r chat.Rich) []node {
	spans := make([]chat.Span, 0, len(r.Spans))
	for _, s := range r.Spans {
		s.Start, s.End = max(s.Start, 0), min(s.End, len(r.Text))
		if validSpan(r.Text, s) {
			spans = append(spans, s)
		}
	}
	slices.SortStableFunc(spans, func(a, b chat.Span) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End))
	})
	nodes, _ := nest(r.Text, spans, len(r.Text), nil)
	return nodes
}

func validSpan(text string, s chat.Span) bool {
	if s.Start >= s.End || !utf8.RuneStart(text[s.Start]) || s.End < len(text) && !utf8.RuneStart(text[s.End]) {
		return false
	}
	return group(s.Style) != "" && (s.Style != chat.Link || safeURL(s.URL))
}

// group maps styles that can't be told apart once rendered to one of them; ""
// for an unknown style.
func group(s chat.Style) chat.Style {
	switch s {
	case chat.Heading:
		return chat.Bold
	case chat.Pre:
		return chat.Code
	case chat.Bold, chat.Italic, chat.Code, chat.Link:
		return s
	}
	return ""
}

// nest takes the spans that start before end, which lie inside the styles of
// outer, and returns them nested with the spans left.
func nest(text string, spans []chat.Span, end int, outer []chat.Style) ([]node, []chat.Span) {
	var nodes []node
	for len(spans) > 0 && spans[0].Start < end {
		s := spans[0]
		s.End = min(s.End, end)
		var kids []node
		// Inside itself or inside code a style is dropped, what it holds is kept.
		if slices.Contains(outer, group(s.Style)) || slices.Contains(outer, chat.Code) {
			kids, spans = nest(text, spans[1:], s.End, outer)
			nodes = join(nodes, kids...)
			continue
		}
		if s.Style == chat.Pre && len(outer) > 0 {
			s.Style = chat.Code
		}
		kids, spans = nest(text, spans[1:], s.End, append(slices.Clip(outer), group(s.Style)))
		if s = trimSpan(text, s); s.Start < s.End {
			nodes = join(nodes, node{Span: s, kids: kids})
		}
	}
	return nodes, spans
}

// join appends kids to nodes, uniting what touches and looks the same: most
// markup can't express the boundary.
func join(nodes []node, kids ...node) []node {
	for _, k := range kids {
		if n := len(nodes); n > 0 && k.Style != chat.Pre {
			last := &nodes[n-1]
			if last.End == k.Start && last.Style == k.Style && last.URL == k.URL {
				last.End = k.End
				last.kids = join(last.kids, k.kids...)
				continue
			}
		}
		nodes = append(nodes, k)
	}
	return nodes
}

// trimSpan returns s without white space at its ends; Pre keeps its indentation.
func trimSpan(text string, s chat.Span) chat.Span {
	space := unicode.IsSpace
	if s.Style == chat.Pre {
		space = func(c rune) bool { return c == '\n' || c == '\r' }
	}
	s.End = s.Start + len(strings.TrimRightFunc(text[s.Start:s.End], space))
	s.Start = s.End - len(strings.TrimLeftFunc(text[s.Start:s.End], space))
	return s
}

// block is a stretch of text that is either preformatted or not.
type block struct {
	pre  bool
	rich chat.Rich
}

// blocks cuts r at its outermost Pre spans. A block that is not pre holds no
// Pre span.
func blocks(r chat.Rich) []block {
	var out []block
	from := 0
	for _, n := range tree(r) {
		if n.Style != chat.Pre {
			continue
		}
		if from < n.Start {
			out = append(out, block{rich: r.Slice(from, n.Start)})
		}
		out = append(out, block{pre: true, rich: chat.Plain(r.Text[n.Start:n.End])})
		from = n.End
	}
	if from < len(r.Text) {
		out = append(out, block{rich: r.Slice(from, len(r.Text))})
	}
	return out
}
