package markup

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"firstline/bot/chat"
)

var allStyles = []chat.Style{chat.Bold, chat.Italic, chat.Code, chat.Pre, chat.Heading, chat.Link}

// richGen draws text full of things that mean something in some markup, with
// nested spans of the given styles in any order.
func richGen(styles ...chat.Style) *rapid.Generator[chat.Rich] {
	piece := rapid.OneOf(
		rapid.SampledFrom([]string{
			" ", "  ", "\n", "\n\n", "a", "b1", "_", "*", "**", "`", "``", "```", "``````", "~~", "||", "\\", "<", ">", "[", "]", "(", ")",
			"# ", "- ", "-# ", "1. ", "12. ", "> ", "@everyone", "<@123>", ":smile:", "https://x.example/a_b", "中文", "😀", "é", "&amp;", "\x1b[1m", ".", "+ ",
		}),
		rapid.StringOfN(rapid.Rune(), 1, 3, -1),
	)
	return rapid.Custom(func(t *rapid.T) chat.Rich {
		pieces := rapid.SliceOfN(piece, 0, 30).Draw(t, "text")
		at := []int{0}
		for _, p := range pieces {
			at = append(at, at[len(at)-1]+len(p))
		}
		r := chat.Rich{Text: strings.Join(pieces, "")}
		var add func(from, to, depth int)
		add = func(from, to, depth int) {
			for from < to && depth < 5 && rapid.Bool().Draw(t, "more") {
				i := rapid.IntRange(from, to-1).Draw(t, "start")
				j := rapid.IntRange(i+1, to).Draw(t, "end")
				s := chat.Span{Start: at[i], End: at[j], Style: rapid.SampledFrom(styles).Draw(t, "style")}
				if s.Style == chat.Link {
					s.URL = rapid.SampledFrom([]string{
						"https://x.example", "https://x.example/a_b*c?d=e&f=(g)", "mailto:a_b__c@x.example?subject=hi", "javascript:alert(1)",
						"https://x.example/>x", "http://" + strings.Repeat("long", 20) + ".example/",
					}).Draw(t, "url")
				}
				r.Spans = append(r.Spans, s)
				add(i, j, depth+1)
				from = j
			}
		}
		add(0, len(pieces), 0)
		if len(r.Spans) > 0 {
			r.Spans = rapid.Permutation(r.Spans).Draw(t, "order")
		}
		return r
	})
}

func TestDiscordNeverLongerThanMeasured(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := richGen(allStyles...).Draw(t, "rich")
		if out, n := Discord(r), DiscordLimits.Measure(r); utf16Len(out) > n {
			t.Fatalf("%q takes %d, measured %d", out, utf16Len(out), n)
		}
	})
}

// unescaped removes backslashes before punctuation, and unescaped marks.
func unescaped(s, marks string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s):
			i++
		case strings.IndexByte(marks, s[i]) >= 0:
			continue
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func TestDiscordKeepsText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := richGen(chat.Bold, chat.Italic, chat.Heading).Draw(t, "rich")
		if out := Discord(r); unescaped(out, "*_") != r.Text {
			t.Fatalf("%q shows %q, want %q", out, unescaped(out, "*_"), r.Text)
		}
	})
}

func TestTelegramProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := richGen(allStyles...).Draw(t, "rich")
		text, entities := TelegramEntities(r)
		if text != strings.TrimSpace(r.Text) {
			t.Fatalf("text %q of %q", text, r.Text)
		}
		u := newUnits(text)
		for i, e := range entities {
			if e.Length <= 0 || e.Offset < 0 || e.Offset+e.Length > len(u) {
				t.Fatalf("%+v is out of range", e)
			}
			s := u.slice(e)
			if e.Type != "pre" && s != strings.TrimSpace(s) || strings.ContainsRune(s, utf8.RuneError) != strings.ContainsRune(cut(text, e), utf8.RuneError) {
				t.Fatalf("%+v covers %q", e, s)
			}
			if (e.Type == "text_link") != safeURL(e.URL) {
				t.Fatalf("%+v", e)
			}
			for _, o := range entities[:i] {
				if o.Offset > e.Offset {
					t.Fatalf("%+v stands before %+v", o, e)
				}
				overlap := e.Offset < o.Offset+o.Length
				if overlap && (e.Offset+e.Length > o.Offset+o.Length || isCode(o) || isCode(e)) {
					t.Fatalf("%+v and %+v overlap", o, e)
				}
			}
		}
	})
}

func isCode(e Entity) bool { return e.Type == "code" || e.Type == "pre" }

// cut is the text of e found by counting runes rather than by UTF-16.
func cut(text string, e Entity) string {
	var b strings.Builder
	at := 0
	for _, c := range text {
		if at >= e.Offset && at < e.Offset+e.Length {
			b.WriteRune(c)
		}
		at += len(newUnits(string(c)))
	}
	return b.String()
}

var tag = regexp.MustCompile(`<(/?)([a-z]+)[^>]*>`)

func TestHTMLProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := richGen(allStyles...).Draw(t, "rich")
		out := string(HTML(r))
		var open []string
		for _, m := range tag.FindAllStringSubmatch(out, -1) {
			switch {
			case !slices.Contains([]string{"p", "br", "strong", "em", "code", "pre", "a"}, m[2]):
				t.Fatalf("tag %s in %q", m[0], out)
			case m[2] == "br":
			case m[1] == "":
				open = append(open, m[2])
			case len(open) == 0 || open[len(open)-1] != m[2]:
				t.Fatalf("%s closes %v in %q", m[0], open, out)
			default:
				open = open[:len(open)-1]
			}
		}
		if len(open) != 0 {
			t.Fatalf("%v left open in %q", open, out)
		}
		shown := html.UnescapeString(tag.ReplaceAllString(out, ""))
		if got, want := visible(shown), visible(strings.ReplaceAll(r.Text, "\x00", "\uFFFD")); got != want {
			t.Fatalf("%q shows %q, want %q", out, got, want)
		}
	})
}

func visible(s string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsSpace(c) {
			return -1
		}
		return c
	}, s)
}

func TestTerminalProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := richGen(allStyles...).Draw(t, "rich")
		plain := Terminal(r, false)
		for _, c := range plain {
			if unicode.IsControl(c) && c != '\n' && c != '\t' {
				t.Fatalf("%q holds %q", plain, c)
			}
		}
		styles := regexp.MustCompile(`\x1b\[\d+m`)
		if color := styles.ReplaceAllString(Terminal(r, true), ""); color != plain {
			t.Fatalf("with color %q, without %q", color, plain)
		}
	})
}

func FuzzFromMarkdown(f *testing.F) {
	f.Add("**a** *b* `c` [d](https://x.example)\n\n1. e\n   - f\n\n# g\n\n```\nh\n```\n<i>j</i>&amp;\\*")
	f.Add("[a*b](mailto:x@y.example)*c\r\n\t- d\n>1) e\xff")
	f.Fuzz(func(t *testing.T, md string) {
		r := FromMarkdown(md)
		if !utf8.ValidString(r.Text) {
			t.Errorf("text %q is not valid", r.Text)
		}
		for i, s := range r.Spans {
			if s.Start < 0 || s.Start >= s.End || s.End > len(r.Text) || !utf8.ValidString(r.Text[s.Start:s.End]) || s.Style == chat.Link && !safeURL(s.URL) {
				t.Errorf("span %+v of %q", s, r.Text)
			}
			for _, o := range r.Spans[:i] {
				if o.Start < s.Start && s.Start < o.End && o.End < s.End || s.Start < o.Start && o.Start < s.End && s.End < o.End {
					t.Errorf("spans %+v and %+v of %q cross", o, s, r.Text)
				}
			}
		}
		if n := utf16Len(Discord(r)); n > DiscordLimits.Measure(r) {
			t.Errorf("%d units, measured %d", n, DiscordLimits.Measure(r))
		}
		TelegramEntities(r)
		HTML(r)
		Terminal(r, true)
		Plain(r)
	})
}
