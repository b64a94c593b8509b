package markup

import (
	"strings"

	"firstline/bot/chat"
)

// DiscordLimits is the limit of a Discord message, 2000 characters with its
// markup, and an upper bound of what Discord adds: Escaped has every character
// that it ever escapes, SpanUnits is the fence around a code block. That no
// rendering is longer than measured is tested.
// https://discord.com/developers/docs/resources/message#create-message
var DiscordLimits = chat.Limits{Units: 2000, Escaped: "\\*_~`|<>[]@:#-+.", SpanUnits: 8}

// Discord renders r in Discord's markdown. All text is shown as it is: nothing
// in it becomes markup, a link, an emoji or a mention. Links are [text](<url>),
// or <url> when the text is the URL; headings are bold. A style that Discord
// can't express in its place (italics inside a word next to bold) is left out.
func Discord(r chat.Rich) string {
	var out strings.Builder
	for _, b := range blocks(r) {
		if b.pre && !strings.Contains(b.rich.Text, "```") {
			out.WriteString("```\n" + b.rich.Text + "\n```")
			continue
		}
		// Discord ends most styles at a line end: render line by line.
		for from := 0; ; {
			line, _, more := strings.Cut(b.rich.Text[from:], "\n")
			d := discordLine{rich: b.rich.Slice(from, from+len(line)), atStart: true}
			d.write(tree(d.rich), 0, len(line))
			out.WriteString(d.out.String())
			if !more {
				break
			}
			out.WriteByte('\n')
			from += len(line) + 1
		}
	}
	return out.String()
}

// discordLine renders one line.
type discordLine struct {
	rich    chat.Rich
	out     strings.Builder
	atStart bool // only white space written so far: a list or heading could start
	star    bool // the last thing written was a delimiter of stars
}

func (d *discordLine) write(nodes []node, from, to int) {
	for _, n := range nodes {
		d.text(d.rich.Text[from:n.Start])
		d.node(n)
		from = n.End
	}
	d.text(d.rich.Text[from:to])
}

func (d *discordLine) node(n node) {
	text := d.rich.Text[n.Start:n.End]
	switch n.Style {
	case chat.Link:
		d.link(n, text)
	case chat.Code, chat.Pre:
		if open, end := codeFence(text); open != "" {
			d.raw(open + text + end)
			return
		}
		d.text(text)
	default:
		mark := d.delimiter(n)
		d.mark(mark)
		d.write(n.kids, n.Start, n.End)
		d.mark(mark)
	}
}

func (d *discordLine) link(n node, text string) {
	switch {
	case strings.HasPrefix(n.URL, "mailto:"): // no mail links inside [](): write the address out
		d.write(n.kids, n.Start, n.End)
		if !bare(text, n.URL) {
			d.raw(" (`" + address(n.URL) + "`)")
		}
	case bare(text, n.URL):
		d.raw("<" + n.URL + ">")
	case strings.ContainsAny(text, "[]"): // Discord wants brackets in pairs, escaped or not
		d.write(n.kids, n.Start, n.End)
		d.raw(" (<" + n.URL + ">)")
	default:
		d.raw("[")
		d.write(n.kids, n.Start, n.End)
		d.raw("](<" + n.URL + ">)")
	}
}

// delimiter chooses the markup of a bold or italic node, "" when none works.
func (d *discordLine) delimiter(n node) string {
	inside := d.unescaped(n.kids)
	stars := !d.star && !strings.Contains(inside, "*")
	if group(n.Style) == chat.Bold {
		if stars {
			return "**"
		}
		return ""
	}
	before, after := d.out.String(), d.rich.Text[n.End:]
	// "_" counts only outside words; "*" is ambiguous beside "**".
	if !strings.Contains(inside, "_") && (before == "" || !wordByte(before[len(before)-1])) && (after == "" || !wordByte(after[0])) {
		return "_"
	}
	if stars && !d.boldAt(n.End) {
		return "*"
	}
	return ""
}

// unescaped returns what is written without escaping inside nodes: the text of
// code and the URLs of links.
func (d *discordLine) unescaped(nodes []node) string {
	var s string
	for _, n := range nodes {
		switch n.Style {
		case chat.Code, chat.Pre:
			s += d.rich.Text[n.Start:n.End]
		case chat.Link:
			s += n.URL
		}
		s += d.unescaped(n.kids)
	}
	return s
}

// boldAt reports whether a bold span starts or ends at offset i.
func (d *discordLine) boldAt(i int) bool {
	for _, s := range d.rich.Spans {
		if group(s.Style) == chat.Bold && (s.Start == i || s.End == i || trimSpan(d.rich.Text, s).End == i) {
			return true
		}
	}
	return false
}

func (d *discordLine) mark(m string) {
	if m != "" {
		d.out.WriteString(m)
		d.star = m[0] == '*'
	}
}

func (d *discordLine) raw(s string) {
	d.out.WriteString(s)
	d.atStart, d.star = false, false
}

// codeFence returns the delimiters of an inline code span around text: one
// backtick more than any run inside. "" when text has so long a run that the
// delimiters would cost more than DiscordLimits reckons with.
func codeFence(text string) (open, end string) {
	longest, run := 0, 0
	for i := range len(text) {
		if text[i] != '`' {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	if longest > 4 {
		return "", ""
	}
	open = strings.Repeat("`", longest+1)
	end = open
	if text[0] == '`' || text[len(text)-1] == '`' { // Discord takes one space off each side
		return open + " ", " " + end
	}
	return open, end
}

func wordByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
