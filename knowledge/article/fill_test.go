package article

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/yuin/goldmark/ast"
	"pgregory.net/rapid"

	"firstline/knowledge/lint"
)

// filled returns a text with {{v}} filled in.
func filled(t interface {
	Helper()
	Fatal(...any)
}, text, value string) *document {
	t.Helper()
	src := lint.NewSource("x.md", text)
	d := newDocument(src, 0, text)
	d.fill(clean(map[string]string{"v": value}))
	if len(src.Problems) > 0 {
		t.Fatal(src.Problems)
	}
	return d
}

// shape returns the structure of markdown without its words.
func shape(markdown string) string {
	var b strings.Builder
	_ = ast.Walk(parse([]byte(markdown)), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if n.Kind() == ast.KindText {
			return ast.WalkContinue, nil
		}
		if entering {
			fmt.Fprintf(&b, "(%s", n.Kind())
		} else {
			b.WriteByte(')')
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}

func words(markdown string) string {
	p := plain{source: []byte(markdown)}
	p.node(parse([]byte(markdown)))
	return p.String()
}

// TestValuesStayText fills values made of markup into every kind of place; they
// must be shown as they are and change nothing around them. (Whether a * of
// the editor's beside a value begins bold text depends on the value in
// CommonMark, so that isn't among the places.)
func TestValuesStayText(t *testing.T) {
	t.Parallel()
	places := []string{
		"{{v}}", "a {{v}} b", "{{v}}. b", "{{v}}) b", "1{{v}} b", "-{{v}}", "#{{v}} b", "a\n{{v}}\nb", "a\n\n{{v}}\n\n- b",
		"- {{v}}\n- b", "1. {{v}} b", "> {{v}} b", "## {{v}}\n\nb", "## a {{v}} #\n\nb", "[a {{v}} b](https://x.example) c",
		"[{{v}}](https://x.example)", "[a]{{v}}", "{{v}}(b)", "{{v}}[b](https://x.example)", "[a](https://x.example){{v}}",
		"[{{v}}] b", "![{{v}}](https://x.example)", "[a](b {{v}} c)", "a {{v}}", "`a` {{v}} `b`", "a\\\n{{v}}",
		"a | {{v}} | b\n---", "{{v}}\n\n    code\n\n{{v}} a",
	}
	rapid.Check(t, func(t *rapid.T) {
		place := rapid.SampledFrom(places).Draw(t, "place")
		value := rapid.StringOfN(rapid.SampledFrom([]rune("ab1. \n\t!\"#$%&'()*+,-/:;<=>?@[\\]^_`{|}~中。\u00A0\x00")), 1, 12, -1).Draw(t, "value")
		value = "v" + value + "v"
		switch rapid.IntRange(0, 2).Draw(t, "ends") {
		case 0:
			value = value[1 : len(value)-1]
		case 1:
			value = value[1:]
		}
		want := clean(map[string]string{"v": value})["v"]
		if want == "" {
			t.Skip("an empty value is none")
		}
		got, plain := filled(t, place, value).filled, filled(t, place, "value").filled
		if shape(got) != shape(plain) {
			t.Fatalf("%q in %q gives %q:\n%s\nwant\n%s", value, place, got, shape(got), shape(plain))
		}
		if got, want := words(got), strings.ReplaceAll(words(plain), "value", want); got != want {
			t.Fatalf("%q in %q reads %q, want %q", value, place, got, want)
		}
	})
}

// TestLinksStayWhole fills addresses into links; they must lead to the same
// place.
func TestLinksStayWhole(t *testing.T) {
	t.Parallel()
	values := []string{
		"https://x.example", "https://x.example/a_b_c*d*?x=1&copy=2#f", "https://x.example/a_(b)_(c", "https://x.example/?a=&copy;b",
		"https://x.example/%20?q=[a]&b=~c!$'+,;=:@", "https://x.example/好", "https://x.example/&amp;#42;\\*`<>\"",
	}
	for _, value := range values {
		for _, text := range []string{"[a]({{v}})", "a [b](<{{v}}>) c", "- [b]({{v}} \"c\")", "a {{v}} b", "<{{v}}>", "[mail](mailto:{{v}})", "*[a]({{v}})* _b_"} {
			d := filled(t, text, value)
			var got string
			_ = ast.Walk(parse([]byte(d.filled)), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
				switch v := n.(type) {
				case *ast.Link:
					got = unescape(string(v.Destination))
				case *ast.AutoLink:
					got = string(v.URL([]byte(d.filled)))
				}
				return ast.WalkContinue, nil
			})
			want := value
			if strings.Contains(text, "mailto:") {
				want = "mailto:" + value
			}
			if strings.ContainsAny(value, "<>") && !strings.Contains(text, "(") {
				continue // no address: it stays text
			}
			if decode(t, got) != decode(t, want) {
				t.Errorf("%q in %q leads to %q (%s)", value, text, got, d.filled)
			}
		}
	}
}

func decode(t *testing.T, address string) string {
	t.Helper()
	decoded, err := url.PathUnescape(address)
	if err != nil {
		t.Fatal(err)
	}
	return decoded
}

func TestValues(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ text, value, want string }{
		{"Our team answers: {{v}}.", "24 hours a day, every day", "Our team answers: 24 hours a day, every day."},
		{"{{v}}", "Mon–Fri 09:00–18:00 (Europe/Berlin)", "Mon–Fri 09:00–18:00 \\(Europe/Berlin\\)"},
		{"{{v}}. b", "24", "&#50;4. b"},
		{"{{v}}", "1. a", "1\\. a"},
		{"Write to {{v}}", "a_b@x.example", "Write to a\\_b@x.example"},
		{"Write to <{{v}}>", "a_b@x.example", "Write to <a_b@x.example>"},
		{"See {{v}}.", "https://x.example/a_b", "See <https://x.example/a_b>."},
		{"[{{v}}]({{v}})", "https://x.example/a_b", "[https://x.example/a\\_b](https://x.example/a_b)"},
		{"[a](https://x.example/{{v}}/)", "my (new) wallet", "[a](https://x.example/my%20%28new%29%20wallet/)"},
		{"请用**{{v}}**登录", "tpWallet", "请用**tpWallet**登录"},
		{"{{{v}}}", "a", "{a}"},
	} {
		if got := filled(t, test.text, test.value).filled; got != test.want {
			t.Errorf("%q in %q gives %q, want %q", test.value, test.text, got, test.want)
		}
	}
}

func TestNormalise(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"  What's   THIS?! ": "whats this",
		"ＵＳＤＴ 没到账？":          "usdt 没到账",
		"2FA-code":           "2fa code",
		"Straße":             "strasse",
		"пароль №1":          "пароль no1",
		"🙂?":                 "",
		"क्या":               "क्या",
	} {
		if got := normalise(text); got != want {
			t.Errorf("normalise(%q) = %q, want %q", text, got, want)
		}
	}
}
