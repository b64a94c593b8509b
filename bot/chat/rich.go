package chat

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Style is how a Span of text looks.
type Style string

// Styles. Link needs Span.URL. Heading is a line of its own.
const (
	Bold    Style = "bold"
	Italic  Style = "italic"
	Code    Style = "code"
	Pre     Style = "pre"
	Heading Style = "heading"
	Link    Style = "link"
)

// Span styles Text[Start:End] of its Rich; offsets are bytes on rune
// boundaries. Spans may nest but never cross.
type Span struct {
	Start int    `json:"start"`
	End   int    `json:"end"`
	Style Style  `json:"style"`
	URL   string `json:"url,omitempty"`
}

// Rich is text with styles, the form in which every message leaves the bot.
// Text is never interpreted as markup, so nothing in it needs escaping until an
// adapter renders it. Paragraphs are separated by a blank line, list items
// stand on lines of their own with their number or bullet.
type Rich struct {
	Text  string `json:"text"`
	Spans []Span `json:"spans,omitempty"`
}

// Plain returns text without styles.
func Plain(text string) Rich { return Rich{Text: text} }

// Styled returns text with one style over all of it.
func Styled(text string, style Style) Rich {
	if text == "" {
		return Rich{}
	}
	return Rich{Text: text, Spans: []Span{{End: len(text), Style: style}}}
}

// Join concatenates parts with sep between them, skipping empty parts.
func Join(sep string, parts ...Rich) Rich {
	var b strings.Builder
	var spans []Span
	for _, p := range parts {
		if p.Text == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteString(sep)
		}
		at := b.Len()
		b.WriteString(p.Text)
		for _, s := range p.Spans {
			s.Start, s.End = s.Start+at, s.End+at
			spans = append(spans, s)
		}
	}
	return Rich{Text: b.String(), Spans: spans}
}

// Slice returns r.Text[from:to] with the spans clipped to it.
func (r Rich) Slice(from, to int) Rich {
	out := Rich{Text: r.Text[from:to]}
	for _, s := range r.Spans {
		s.Start, s.End = max(s.Start, from)-from, min(s.End, to)-from
		if s.Start < s.End {
			out.Spans = append(out.Spans, s)
		}
	}
	return out
}

// Limits is how long one message may be on a network.
type Limits struct {
	// Units is the most UTF-16 code units of one rendered message; 0 means no
	// limit. UTF-16 is what Telegram counts; it is never less than runes, so a
	// network that counts runes is served too.
	Units int
	// Escaped lists the characters that cost one unit more because the
	// adapter writes a backslash before them.
	Escaped string
	// SpanUnits is what the markup of one span costs at most, besides a link's
	// URL, on each line that it touches. 0 when styles travel beside the text.
	SpanUnits int
}

// Measure returns the units that r takes when rendered.
func (l Limits) Measure(r Rich) int {
	n := 0
	for _, c := range r.Text {
		n += l.units(c)
	}
	if l.SpanUnits > 0 {
		for _, s := range r.Spans {
			// A style that crosses lines is closed and opened on each of them.
			lines := 1 + strings.Count(r.Text[s.Start:s.End], "\n")
			n += lines * (l.SpanUnits + len(s.URL))
		}
	}
	return n
}

func (l Limits) units(c rune) int {
	n := 1
	if c >= 0x10000 {
		n = 2
	}
	if l.Escaped != "" && strings.ContainsRune(l.Escaped, c) {
		n++
	}
	return n
}

// Split cuts r into messages that fit l, at the best place that there is: a
// paragraph, a line, a sentence, a word, and only then inside a word (never
// inside a rune). Nothing but white space at the cuts is dropped from the text;
// a style whose markup alone is over the limit (a link with an endless URL) is
// dropped. An empty r gives no message.
func (l Limits) Split(r Rich) []Rich {
	var parts []Rich
	for r = r.trim(); r.Text != ""; {
		if l.Units <= 0 || l.Measure(r) <= l.Units {
			return append(parts, r)
		}
		cut := l.fit(r)
		if cut == 0 {
			if costliest := l.costliest(r); costliest >= 0 {
				r.Spans = slices.Delete(slices.Clone(r.Spans), costliest, costliest+1)
				continue
			}
			// Not even one bare rune fits: no limit of a real network.
			_, cut = utf8.DecodeRuneInString(r.Text)
		}
		cut = boundary(r.Text, cut)
		parts = append(parts, r.Slice(0, cut).trim())
		r = r.Slice(cut, len(r.Text)).trim()
	}
	return parts
}

// trim returns r without spaces and line ends around it.
func (r Rich) trim() Rich {
	const space = " \n\r\t"
	end := len(strings.TrimRight(r.Text, space))
	start := end - len(strings.TrimLeft(r.Text[:end], space))
	return r.Slice(start, end)
}

// fit returns the length in bytes of the longest prefix of r that fits, 0 when
// not even one rune does. It is a little short where spans are dense.
func (l Limits) fit(r Rich) int {
	fit, n := 0, 0
	for fit < len(r.Text) {
		c, size := utf8.DecodeRuneInString(r.Text[fit:])
		if n += l.units(c); n > l.Units {
			break
		}
		fit += size
	}
	// Now the spans: a rune counts at most two units, so dropping half the
	// excess in runes never drops too much.
	for fit > 0 {
		over := l.Measure(r.Slice(0, fit)) - l.Units
		if over <= 0 {
			break
		}
		for ; over > 0 && fit > 0; over -= 2 {
			_, size := utf8.DecodeLastRuneInString(r.Text[:fit])
			fit -= size
		}
	}
	return fit
}

// costliest returns the index of the span at the start of r whose markup is
// longest, -1 when there is none or markup costs nothing.
func (l Limits) costliest(r Rich) int {
	found := -1
	for i, s := range r.Spans {
		if l.SpanUnits > 0 && s.Start == 0 && (found < 0 || len(s.URL) > len(r.Spans[found].URL)) {
			found = i
		}
	}
	return found
}

// boundary moves a cut of text back to the best boundary in its second half.
func boundary(text string, cut int) int {
	for _, seps := range [][]string{{"\n\n"}, {"\n"}, {". ", "? ", "! ", "。", "？", "！"}, {" "}} {
		best := 0
		for _, sep := range seps {
			// White space that a separator ends with may lie behind the cut: it
			// is not sent.
			visible := len(strings.TrimRight(sep, " \n"))
			end := min(cut+len(sep)-visible, len(text))
			if i := strings.LastIndex(text[:end], sep); i >= cut/2 {
				best = max(best, i+len(sep))
			}
		}
		if best > 0 {
			return best
		}
	}
	return cut
}
