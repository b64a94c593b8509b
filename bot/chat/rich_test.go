package chat

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestJoin(t *testing.T) {
	t.Parallel()
	got := Join(" / ", Plain("a"), Rich{}, Styled("né", Bold), Rich{Text: "c d", Spans: []Span{{2, 3, Link, "https://x.example"}}})
	want := Rich{Text: "a / né / c d", Spans: []Span{{4, 7, Bold, ""}, {12, 13, Link, "https://x.example"}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got := Join("\n"); got.Text != "" || got.Spans != nil {
		t.Errorf("Join of nothing = %+v", got)
	}
	if got := Styled("", Bold); len(got.Spans) != 0 {
		t.Errorf("Styled of nothing = %+v", got)
	}
}

func TestSlice(t *testing.T) {
	t.Parallel()
	r := Rich{Text: "0123456789", Spans: []Span{{0, 10, Bold, ""}, {2, 4, Italic, ""}, {4, 6, Code, ""}, {6, 9, Italic, ""}}}
	want := Rich{Text: "4567", Spans: []Span{{0, 4, Bold, ""}, {0, 2, Code, ""}, {2, 4, Italic, ""}}}
	if diff := cmp.Diff(want, r.Slice(4, 8)); diff != "" {
		t.Error(diff)
	}
}

func TestMeasure(t *testing.T) {
	t.Parallel()
	discordish := Limits{Units: 10, Escaped: "*_", SpanUnits: 4}
	tests := []struct {
		name string
		l    Limits
		r    Rich
		want int
	}{
		{"empty", discordish, Rich{}, 0},
		{"utf-16", Limits{}, Plain("né😀中"), 5},
		{"not utf-8", Limits{}, Plain("a\xff\xfe"), 3},
		{"escaped", discordish, Plain("a*b_"), 6},
		{"span", discordish, Styled("abc", Bold), 7},
		{"span over lines", discordish, Styled("a\nb", Bold), 11},
		{"link", discordish, Rich{Text: "a", Spans: []Span{{0, 1, Link, "12345"}}}, 10},
		{"spans are free beside the text", Limits{Units: 10}, Styled("abc", Bold), 3},
	}
	for _, tt := range tests {
		if got := tt.l.Measure(tt.r); got != tt.want {
			t.Errorf("%s: Measure = %d, want %d", tt.name, got, tt.want)
		}
	}
}

func TestSplit(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("u", 50)
	tests := []struct {
		name string
		l    Limits
		r    Rich
		want []Rich
	}{
		{"empty", Limits{Units: 5}, Rich{}, nil},
		{"white space only", Limits{Units: 5}, Plain(" \n\t "), nil},
		{"no limit", Limits{}, Plain("a b c"), []Rich{Plain("a b c")}},
		{"paragraph before line", Limits{Units: 12}, Plain("one\n\ntwo\nthree four"), []Rich{Plain("one\n\ntwo"), Plain("three four")}},
		{"paragraph", Limits{Units: 13}, Plain("one two\n\nthr four five"), []Rich{Plain("one two"), Plain("thr four five")}},
		{"sentence", Limits{Units: 14}, Plain("Is it so? Yes it is"), []Rich{Plain("Is it so?"), Plain("Yes it is")}},
		{"latest sentence of any kind", Limits{Units: 14}, Plain("One. Two! Three four"), []Rich{Plain("One. Two!"), Plain("Three four")}},
		{"chinese sentence", Limits{Units: 6}, Plain("一二三。四五六"), []Rich{Plain("一二三。"), Plain("四五六")}},
		{"word that just fits", Limits{Units: 7}, Plain("one two three"), []Rich{Plain("one two"), Plain("three")}},
		{"inside a word", Limits{Units: 4}, Plain("abcdefg"), []Rich{Plain("abcd"), Plain("efg")}},
		{"surrogate pairs stay whole", Limits{Units: 3}, Plain("😀😀😀"), []Rich{Plain("😀"), Plain("😀"), Plain("😀")}},
		{"not utf-8", Limits{Units: 2}, Plain("\xff\xfe\xfd"), []Rich{Plain("\xff\xfe"), Plain("\xfd")}},
		{"style in both", Limits{Units: 3}, Styled("ab cd", Bold), []Rich{Styled("ab", Bold), Styled("cd", Bold)}},
		{"markup counts", Limits{Units: 8, SpanUnits: 4}, Styled("abcd efgh", Bold), []Rich{Styled("abcd", Bold), Styled("efgh", Bold)}},
		{
			"a link that never fits", Limits{Units: 20, SpanUnits: 4},
			Rich{Text: "go on", Spans: []Span{{0, 5, Bold, ""}, {0, 5, Link, long}}}, []Rich{Styled("go on", Bold)},
		},
		{"not even a rune fits", Limits{Units: 1}, Plain("😀a"), []Rich{Plain("😀"), Plain("a")}},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, tt.l.Split(tt.r)); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
}

// richGen draws text with nested spans.
func richGen() *rapid.Generator[Rich] {
	return rapid.Custom(func(t *rapid.T) Rich {
		runes := rapid.SliceOfN(rapid.SampledFrom([]rune("aab  \n\n.。*_`é中😀\u0301")), 0, 60).Draw(t, "text")
		at := []int{0}
		for _, c := range runes {
			at = append(at, at[len(at)-1]+utf8.RuneLen(c))
		}
		r := Rich{Text: string(runes)}
		var add func(from, to, depth int)
		add = func(from, to, depth int) {
			for from < to && depth < 4 && rapid.Bool().Draw(t, "more") {
				i := rapid.IntRange(from, to-1).Draw(t, "start")
				j := rapid.IntRange(i+1, to).Draw(t, "end")
				s := Span{Start: at[i], End: at[j], Style: rapid.SampledFrom([]Style{Bold, Italic, Code, Pre, Heading, Link}).Draw(t, "style")}
				if s.Style == Link {
					s.URL = "https://x.example/" + rapid.StringMatching(`[a-z]{0,30}`).Draw(t, "path")
				}
				r.Spans = append(r.Spans, s)
				add(i, j, depth+1)
				from = j
			}
		}
		add(0, len(runes), 0)
		return r
	})
}

// TestSplitProperties checks what Split promises: nothing but white space is
// lost, every part fits, and the spans of parts are valid and are the original
// ones, cut.
func TestSplitProperties(t *testing.T) {
	t.Parallel()
	visible := strings.NewReplacer(" ", "", "\n", "")
	rapid.Check(t, func(t *rapid.T) {
		r := richGen().Draw(t, "rich")
		l := Limits{
			Units:     rapid.IntRange(2, 80).Draw(t, "units"),
			Escaped:   rapid.SampledFrom([]string{"", "*_`"}).Draw(t, "escaped"),
			SpanUnits: rapid.SampledFrom([]int{0, 4}).Draw(t, "span units"),
		}
		parts := l.Split(r)
		var all strings.Builder
		styled := map[Style]int{}
		for _, p := range parts {
			if n := l.Measure(p); n > l.Units {
				t.Fatalf("part %q measures %d of %d", p.Text, n, l.Units)
			}
			if p.Text == "" || p.Text != strings.Trim(p.Text, " \n") {
				t.Fatalf("part %q has white space around it", p.Text)
			}
			if !utf8.ValidString(p.Text) {
				t.Fatalf("part %q is cut inside a rune", p.Text)
			}
			checkSpans(t, p)
			for _, s := range p.Spans {
				styled[s.Style] += len(visible.Replace(p.Text[s.Start:s.End]))
			}
			all.WriteString(visible.Replace(p.Text))
		}
		if got, want := all.String(), visible.Replace(r.Text); got != want {
			t.Fatalf("text became %q, want %q", got, want)
		}
		want := map[Style]int{}
		for _, s := range r.Spans {
			want[s.Style] += len(visible.Replace(r.Text[s.Start:s.End]))
		}
		for style, n := range styled {
			if n > want[style] || l.SpanUnits == 0 && n < want[style] {
				t.Fatalf("%d visible bytes are %s, want %d", n, style, want[style])
			}
		}
	})
}

func checkSpans(t *rapid.T, r Rich) {
	for i, s := range r.Spans {
		if s.Start < 0 || s.Start >= s.End || s.End > len(r.Text) {
			t.Fatalf("span %+v of %q is out of range", s, r.Text)
		}
		if !utf8.ValidString(r.Text[s.Start:s.End]) {
			t.Fatalf("span %+v of %q is off a rune boundary", s, r.Text)
		}
		for _, o := range r.Spans[:i] {
			if o.Start < s.Start && s.Start < o.End && o.End < s.End || s.Start < o.Start && o.Start < s.End && s.End < o.End {
				t.Fatalf("spans %+v and %+v cross", o, s)
			}
		}
	}
}

func TestJoinProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(richGen(), 0, 4).Draw(t, "parts")
		got := Join("\n\n", parts...)
		checkSpans(t, got)
		at := 0
		for _, p := range parts {
			if p.Text == "" {
				continue
			}
			back := got.Slice(at, at+len(p.Text))
			if back.Text != p.Text || len(back.Spans) != len(p.Spans) {
				t.Fatalf("part %+v came back as %+v", p, back)
			}
			at += len(p.Text) + 2
		}
	})
}
