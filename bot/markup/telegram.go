package markup

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"firstline/bot/chat"
)

// TelegramLimits is the limit of a Telegram message: 4096 UTF-16 code units of
// text; entities travel beside it.
// https://core.telegram.org/bots/api#sendmessage
var TelegramLimits = chat.Limits{Units: 4096}

// Entity is a MessageEntity of the Telegram Bot API. Offset and Length are in
// UTF-16 code units.
type Entity struct {
	Type   string `json:"type"`
	Offset int    `json:"offset"`
	Length int    `json:"length"`
	URL    string `json:"url,omitempty"`
}

// TelegramEntities renders r as a text to send without parse mode and its
// entities. Text is r's without white space around it, which Telegram would
// remove. As Telegram wants it, entities are in order, never empty, have no
// white space at their ends, and hold nothing inside code. Telegram ignores
// entities after the hundredth of a message.
func TelegramEntities(r chat.Rich) (text string, entities []Entity) {
	end := len(strings.TrimRightFunc(r.Text, unicode.IsSpace))
	start := end - len(strings.TrimLeftFunc(r.Text[:end], unicode.IsSpace))
	r = r.Slice(start, end)
	t := telegram{text: r.Text}
	for _, n := range tree(r) {
		t.add(n)
	}
	slices.SortStableFunc(t.spans, func(a, b chat.Span) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End))
	})
	units := offsets(r.Text)
	for _, s := range t.spans {
		entities = append(entities, Entity{
			Type: telegramType(s.Style), Offset: units(s.Start), Length: units(s.End) - units(s.Start), URL: s.URL,
		})
	}
	return r.Text, entities
}

func telegramType(s chat.Style) string {
	switch s {
	case chat.Heading:
		return "bold"
	case chat.Link:
		return "text_link"
	}
	return string(s)
}

type telegram struct {
	text  string
	spans []chat.Span
}

// add notes n's span and those inside it. Code can't be inside another entity:
// the others are cut around it, but a link stays whole and its code is dropped.
func (t *telegram) add(n node) {
	if n.Style == chat.Link {
		t.spans = append(t.spans, n.Span)
		for _, k := range n.kids {
			t.addStyles(k)
		}
		return
	}
	from := n.Start
	for _, c := range codes(n.kids) {
		t.piece(n.Span, from, c.Start)
		from = c.End
	}
	t.piece(n.Span, from, n.End)
	for _, k := range n.kids {
		t.add(k)
	}
}

// addStyles notes bold and italic spans inside a link.
func (t *telegram) addStyles(n node) {
	if n.Style != chat.Code {
		t.spans = append(t.spans, n.Span)
	}
	for _, k := range n.kids {
		t.addStyles(k)
	}
}

func (t *telegram) piece(s chat.Span, from, to int) {
	s.Start, s.End = from, to
	if s = trimSpan(t.text, s); s.Start < s.End {
		t.spans = append(t.spans, s)
	}
}

// codes returns the code spans in nodes that are not inside a link.
func codes(nodes []node) []chat.Span {
	var out []chat.Span
	for _, n := range nodes {
		switch n.Style {
		case chat.Code:
			out = append(out, n.Span)
		case chat.Link:
		default:
			out = append(out, codes(n.kids)...)
		}
	}
	return out
}

// offsets returns a function from byte offsets in text to UTF-16 offsets. It is
// called mostly with rising offsets and goes on from the last one then.
func offsets(text string) func(int) int {
	var at, units int
	return func(to int) int {
		if to < at {
			at, units = 0, 0
		}
		units += utf16Len(text[at:to])
		at = to
		return units
	}
}

func utf16Len(s string) int {
	n := 0
	for _, c := range s {
		n++
		if c >= 0x10000 {
			n++
		}
	}
	return n
}
