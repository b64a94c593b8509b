package web

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"time"

	"firstline/bot/chat"
	"firstline/bot/web/weblog"
)

// wireMessage is a message as browsers get it.
type wireMessage struct {
	ID       chat.MessageID `json:"id"`
	Position int64          `json:"n"`
	Author   weblog.Author  `json:"by"`
	Body     []any          `json:"body,omitempty"`
	Choices  []chat.Choice  `json:"choices,omitempty"` // none once one was used
	Files    []wireFile     `json:"files,omitempty"`
	At       time.Time      `json:"at"`
	Edited   bool           `json:"edited,omitempty"`
	Deleted  bool           `json:"deleted,omitempty"`
}

type wireFile struct {
	ID   string `json:"id"`
	Name string `json:"name,omitempty"`
	Kind string `json:"kind"`
	Size int64  `json:"size"`
}

func wire(m weblog.Message) wireMessage {
	w := wireMessage{
		ID: m.ID, Position: m.Position, Author: m.Author, Body: nodes(m.Body), At: m.At.UTC(),
		Edited: m.Edited, Deleted: m.Deleted,
	}
	if m.Used == "" {
		w.Choices = m.Choices
	}
	for _, f := range m.Files {
		w.Files = append(w.Files, wireFile{ID: f.Ref, Name: f.Name, Kind: f.Kind, Size: f.Size})
	}
	return w
}

// element is styled text. Its kids are texts and elements.
type element struct {
	Style chat.Style `json:"s"`
	URL   string     `json:"u,omitempty"`
	Kids  []any      `json:"k"`
}

// nodes turns rich text into what the page makes DOM nodes of, so that scripts
// need to count no bytes: texts and elements. Spans that are not as chat.Rich
// says (crossing, out of range) and links that lead anywhere but to the web are
// left out; their text stays.
func nodes(r chat.Rich) []any {
	text := strings.ToValidUTF8(r.Text, "\uFFFD")
	if text != r.Text { // the offsets are of other bytes
		return []any{text}
	}
	spans := slices.DeleteFunc(slices.Clone(r.Spans), func(s chat.Span) bool {
		return s.Start < 0 || s.Start >= s.End || s.End > len(text) || s.Style == chat.Link && !webURL(s.URL)
	})
	slices.SortStableFunc(spans, func(a, b chat.Span) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End))
	})
	all, _ := build(text, spans, 0, len(text))
	return all
}

// build makes the nodes of text[from:to] of the spans that begin in it and
// returns the spans that are left.
func build(text string, spans []chat.Span, from, to int) (all []any, rest []chat.Span) {
	for len(spans) > 0 && spans[0].Start < to {
		s := spans[0]
		spans = spans[1:]
		if s.Start < from || s.End > to { // it crosses
			continue
		}
		if s.Start > from {
			all = append(all, text[from:s.Start])
		}
		e := element{Style: s.Style}
		if s.Style == chat.Link {
			e.URL = s.URL
		}
		e.Kids, spans = build(text, spans, s.Start, s.End)
		all = append(all, e)
		from = s.End
	}
	if from < to {
		all = append(all, text[from:to])
	}
	return all, spans
}

// webURL reports whether u may be a link on the page.
func webURL(u string) bool {
	p, err := url.Parse(u)
	return err == nil && (p.Scheme == "http" || p.Scheme == "https") && p.Host != ""
}
