package markup

import (
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"firstline/bot/chat"
)

// units is a text as Telegram counts it.
type units []uint16

func newUnits(text string) units { return utf16.Encode([]rune(text)) }

func (u units) slice(e Entity) string {
	return string(utf16.Decode(u[e.Offset : e.Offset+e.Length]))
}

// TestDiscordLiteral checks that text without spans is shown as it is, by the
// escapes that it needs; want "" means that it needs none.
func TestDiscordLiteral(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text, want string }{
		{"plain", "Hello, world! It costs 1.5 BTC - or #1 (a+b).", ""},
		{"styles", "*a* **b** _c_ __d__ ~~e~~ ||f|| `g`", "\\*a\\* \\*\\*b\\*\\* \\_c\\_ \\_\\_d\\_\\_ \\~\\~e\\~\\~ \\|\\|f\\|\\| \\`g\\`"},
		{"backslash", `\*a\* \`, `\\\*a\\\* \\`},
		{"code block", "```go\nx\n```", "\\`\\`\\`go\nx\n\\`\\`\\`"},
		{"everyone", "@everyone @here @Everyone me@x.example", `\@everyone \@here \@Everyone me@x.example`},
		{"mentions", "<@123> <@!1> <@&2> <#3> </ask:4> <t:5:R> <:x:6> <a:x:7>", `\<@123> \<@!1> \<@&2> \<#3> \</ask:4> \<t\:5:R> \<\:x:6> \<a\:x:7>`},
		{"emoji", "ratio 1:2, :smile: and :+1:, done:", `ratio 1:2, \:smile: and \:+1:, done:`},
		{"shrug", `¯\_(ツ)_/¯`, `¯\\\_(ツ)\_/¯`},
		{"url", "see https://x.example/a_b and www.x.example", `see https\://x.example/a\_b and www.x.example`},
		{"masked link", "[a](https://x.example)", `\[a\](https\://x.example)`},
		{"headings", "# a\n  ## b\n-# c\na # b", "\\# a\n  \\## b\n\\-# c\na # b"},
		{"quotes", "> a\n>>> b\na > b", "\\> a\n\\>>> b\na > b"},
		{"lists", "- a\n + b\n* c\n-5 a\n-", "\\- a\n \\+ b\n\\* c\n-5 a\n\\-"},
		{"numbers", "1. a\n 20. b\n1.5 c\n3) d\n4.", "1\\. a\n 20\\. b\n1.5 c\n3) d\n4\\."},
		{"not utf-8", "a\xffb", "a\uFFFDb"},
	}
	for _, tt := range tests {
		want := tt.want
		if want == "" {
			want = tt.text
		}
		if got := Discord(chat.Plain(tt.text)); got != want {
			t.Errorf("%s: %q became %q, want %q", tt.name, tt.text, got, want)
		}
	}
}

func span(from, to int, style chat.Style) chat.Span {
	return chat.Span{Start: from, End: to, Style: style}
}

func link(from, to int, url string) chat.Span {
	return chat.Span{Start: from, End: to, Style: chat.Link, URL: url}
}

func TestDiscordStyles(t *testing.T) {
	t.Parallel()
	const u = "https://x.example/a_b"
	tests := []struct {
		name, text string
		spans      []chat.Span
		want       string
	}{
		{"bold", "a b c", []chat.Span{span(2, 3, chat.Bold)}, "a **b** c"},
		{"white space goes outside", "a b c", []chat.Span{span(1, 4, chat.Bold)}, "a **b** c"},
		{"lines", "ab\n\ncd", []chat.Span{span(0, 6, chat.Bold)}, "**ab**\n\n**cd**"},
		{"heading holding bold", "a b", []chat.Span{span(0, 3, chat.Heading), span(2, 3, chat.Bold)}, "**a b**"},
		{"italic", "a b", []chat.Span{span(2, 3, chat.Italic)}, "a _b_"},
		{"italic inside a word", "abc", []chat.Span{span(1, 2, chat.Italic)}, "a*b*c"},
		{"italic inside bold", "a b", []chat.Span{span(0, 3, chat.Bold), span(0, 1, chat.Italic)}, "**_a_ b**"},
		{"italic inside a word and bold", "ab", []chat.Span{span(0, 2, chat.Bold), span(0, 1, chat.Italic)}, "**ab**"},
		{"bold touching bold", "ab", []chat.Span{span(0, 1, chat.Bold), span(1, 2, chat.Bold)}, "**ab**"},
		{"bold touching italic", "a.b", []chat.Span{span(0, 2, chat.Bold), span(2, 3, chat.Italic)}, "**a.**_b_"},
		{"italic around code with its mark", "a_b", []chat.Span{span(0, 3, chat.Italic), span(0, 3, chat.Code)}, "*`a_b`*"},
		{"code", "a*b", []chat.Span{span(0, 3, chat.Code)}, "`a*b`"},
		{"code with backticks", "a`b", []chat.Span{span(0, 3, chat.Code)}, "``a`b``"},
		{"code between backticks", "``a`", []chat.Span{span(0, 4, chat.Code)}, "``` ``a` ```"},
		{"code with too many backticks", "a`````", []chat.Span{span(0, 6, chat.Code)}, "a\\`\\`\\`\\`\\`"},
		{"pre", "a\n  *b*\n\nc", []chat.Span{span(0, 7, chat.Pre)}, "```\na\n  *b*\n```\n\nc"},
		{"pre with a fence", "```\n# a", []chat.Span{span(0, 7, chat.Pre)}, "\\`\\`\\`\n\\# a"},
		{"pre inside bold", "a\nb", []chat.Span{span(0, 3, chat.Bold), span(0, 3, chat.Pre)}, "**`a`**\n**`b`**"},
		{"link", "go", []chat.Span{link(0, 2, u)}, "[go](<" + u + ">)"},
		{"link that is its text", u + "。", []chat.Span{link(0, len(u), u)}, "<" + u + ">。"},
		{"link with brackets", "[go]", []chat.Span{link(0, 4, u)}, "\\[go\\] (<" + u + ">)"},
		{"styles inside a link", "a b", []chat.Span{link(0, 3, u), span(2, 3, chat.Bold)}, "[a **b**](<" + u + ">)"},
		{"italic around a link with its mark", "a b", []chat.Span{span(0, 3, chat.Italic), link(2, 3, u)}, "*a [b](<" + u + ">)*"},
		{"mail", "write us", []chat.Span{link(0, 8, "mailto:a_b@x.example?subject=x")}, "write us (`a_b@x.example`)"},
		{"mail that is its text", "a_b@x.example", []chat.Span{link(0, 13, "mailto:a_b@x.example")}, "a\\_b@x.example"},
		{"unsafe link", "a", []chat.Span{link(0, 1, "javascript:alert(1)")}, "a"},
		{"link that leaves its brackets", "a", []chat.Span{link(0, 1, "https://x.example/>) @everyone")}, "a"},
		{"heading mark in a style", "# a", []chat.Span{span(0, 3, chat.Bold)}, "**\\# a**"},
		{"crossing spans", "abc", []chat.Span{span(0, 2, chat.Bold), span(1, 3, chat.Code)}, "**a`b`**c"},
		{"invalid spans", "né", []chat.Span{span(2, 3, chat.Bold), span(-1, 1, chat.Bold), span(1, 1, chat.Bold), span(0, 3, "blink")}, "**n**é"},
	}
	for _, tt := range tests {
		if got := Discord(chat.Rich{Text: tt.text, Spans: tt.spans}); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestTelegramEntities(t *testing.T) {
	t.Parallel()
	const u = "https://x.example/"
	tests := []struct {
		name, text string
		spans      []chat.Span
		want       []Entity
	}{
		{"utf-16", "😀 né", []chat.Span{span(5, 8, chat.Bold)}, []Entity{{"bold", 3, 2, ""}}},
		{"trimmed text", "\n a b \n", []chat.Span{span(0, 7, chat.Bold), span(3, 5, chat.Italic)}, []Entity{{"bold", 0, 3, ""}, {"italic", 2, 1, ""}}},
		{"white space only", "a   b", []chat.Span{span(1, 4, chat.Bold)}, nil},
		{"heading", "a", []chat.Span{span(0, 1, chat.Heading)}, []Entity{{"bold", 0, 1, ""}}},
		{"code cuts bold", "a b c", []chat.Span{span(0, 5, chat.Bold), span(2, 3, chat.Code)}, []Entity{{"bold", 0, 1, ""}, {"code", 2, 1, ""}, {"bold", 4, 1, ""}}},
		{"code is all of it", "a", []chat.Span{span(0, 1, chat.Bold), span(0, 1, chat.Code)}, []Entity{{"code", 0, 1, ""}}},
		{"code in a link", "a b", []chat.Span{span(0, 3, chat.Bold), link(0, 3, u), span(2, 3, chat.Code)}, []Entity{{"bold", 0, 3, ""}, {"text_link", 0, 3, u}}},
		{"bold in a link", "a b", []chat.Span{link(0, 3, u), span(2, 3, chat.Bold)}, []Entity{{"text_link", 0, 3, u}, {"bold", 2, 1, ""}}},
		{"pre", "  a\n", []chat.Span{span(0, 4, chat.Pre)}, []Entity{{"pre", 0, 1, ""}}},
		{"unsorted", "a b", []chat.Span{span(2, 3, chat.Bold), span(0, 1, chat.Italic)}, []Entity{{"italic", 0, 1, ""}, {"bold", 2, 1, ""}}},
	}
	for _, tt := range tests {
		text, got := TelegramEntities(chat.Rich{Text: tt.text, Spans: tt.spans})
		if diff := cmp.Diff(tt.want, got); diff != "" || text != strings.TrimSpace(tt.text) {
			t.Errorf("%s: text %q, entities (-want +got)\n%s", tt.name, text, diff)
		}
	}
}

func TestTerminal(t *testing.T) {
	t.Parallel()
	const bad = "a\x1b[31mred\x1b[0m\x1b]0;title\x07b\x1b]8;;https://evil.example\x1b\\c\x1bc\x9b2J\u009b2Jd\r\be\x00\u202ef\u2066g\tok\nnext\x1b"
	want := "aredbc\uFFFD2Jdefg\tok\nnext"
	if got := Terminal(chat.Plain(bad), false); got != want {
		t.Errorf("controls: %q, want %q", got, want)
	}
	r := chat.Rich{Text: "a b \x1b[2Jc", Spans: []chat.Span{span(0, 1, chat.Heading), link(2, 9, "https://x.example/")}}
	if got, want := Terminal(r, false), "a b c (https://x.example/)"; got != want {
		t.Errorf("without color: %q, want %q", got, want)
	}
	// A sequence cut by a span must not come together again.
	cut := chat.Rich{Text: "\x1b[31m", Spans: []chat.Span{span(0, 1, chat.Bold)}}
	if got := Terminal(cut, false); strings.ContainsRune(got, '\x1b') {
		t.Errorf("cut sequence: %q", got)
	}
}

func TestHTML(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		spans      []chat.Span
		want       string
	}{
		{"escaped", `<script>"&'` + "\x00", nil, "<p>&lt;script&gt;&#34;&amp;&#39;\uFFFD</p>"},
		{"paragraphs", "a\nb\n\n\n\nc\n\n\nd", nil, "<p>a<br>\nb</p><p>c</p><p>d</p>"},
		{"empty", "\n\n \n", nil, ""},
		{"style over paragraphs", "a\n\nb", []chat.Span{span(0, 4, chat.Italic)}, "<p><em>a</em></p><p><em>b</em></p>"},
		{"pre", "a\n\n<b>\n\n  c\n\nd", []chat.Span{span(3, 11, chat.Pre)}, "<p>a</p><pre>&lt;b&gt;\n\n  c</pre><p>d</p>"},
		{"script link", "a", []chat.Span{link(0, 1, "javascript:alert(1)")}, "<p>a</p>"},
		{"link that breaks out", "a", []chat.Span{link(0, 1, `https://x.example/"onclick="x`)}, "<p>a</p>"},
		{"not utf-8", "a\xff", nil, "<p>a\uFFFD</p>"},
	}
	for _, tt := range tests {
		if got := HTML(chat.Rich{Text: tt.text, Spans: tt.spans}); string(got) != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestLinkify(t *testing.T) {
	t.Parallel()
	text := "见https://x.example/a_b。or (http://y.example/c), http:// and https://z.example/(d)?"
	want := []chat.Span{link(3, 26, "https://x.example/a_b"), link(33, 51, "http://y.example/c"), link(65, 86, "https://z.example/(d)")}
	got := Linkify(text)
	var urls []string
	for _, s := range got.Spans {
		if got.Text[s.Start:s.End] != s.URL {
			t.Errorf("%q links to %q", got.Text[s.Start:s.End], s.URL)
		}
		urls = append(urls, s.URL)
	}
	var wanted []string
	for _, s := range want {
		wanted = append(wanted, s.URL)
	}
	if diff := cmp.Diff(wanted, urls); diff != "" {
		t.Error(diff)
	}
}
