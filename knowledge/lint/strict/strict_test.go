package strict_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"firstline/knowledge/lint"
	"firstline/knowledge/lint/strict"
)

func TestProblems(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ text, want string }{
		"fine":              {"text: 好 # remark\nlist: [a, 'b']\nbool: true\n", ""},
		"empty":             {"", ""},
		"remark":            {"# nothing\n", ""},
		"brace":             {"text: {{product}} x\n", `f:1:8: not valid YAML: text with { at its beginning must be in quotes`},
		"colon":             {"text: a: b\n", `f:1:7: not valid YAML: text with ": " in it must be in quotes`},
		"tab":               {"list:\n\t- a\n", "f:2:1: not valid YAML: a tab: YAML is indented with spaces"},
		"reserved":          {"text: @me\n", "f:1:7: not valid YAML: '@' is a reserved character: put the text in quotes"},
		"quote":             {"text: \"a\nbool: true\n", "f:1:7: not valid YAML: could not find end character of double-quoted text"},
		"anchor":            {"text: &a b\nlist: [*a]\n", "f:1:7: text is an anchor or alias (& or *), which is not supported: want text\nf:2:8: a value of list is an anchor or alias (& or *), which is not supported: want text"},
		"tag":               {"text: !!str 5\n", "f:1:7: text is a tag (!), which is not supported: want text"},
		"merge":             {"<<: {text: a}\n", "f:1:1: a key must be plain text"},
		"number as key":     {"1: a\n", "f:1:1: a key must be plain text"},
		"documents":         {"text: a\n---\ntext: b\n", "f:2:1: a second YAML document: one is allowed"},
		"scalar":            {"hello\n", "f:1:1: this is text: want a mapping (key: value)"},
		"numbers":           {"text: 0x1F\nlist: [.inf, 1.5]\nbool: yes\n", "f:1:7: text is a number: want text; put it in quotes\nf:2:8: a value of list is a number: want text; put it in quotes\nf:2:14: a value of list is a number: want text; put it in quotes\nf:3:7: bool is text: want true or false"},
		"space behind":      {"list:\n  -  a a   \n  - b b  # c\n  - c c c #d   \n", "f:4:5: warning: the text ends before the #, which begins a comment: put the text in quotes if it belongs to it"},
		"mapping as text":   {"text:\n  a: b\n", `f:2:3: text is a mapping: want text; text with ": " in it must be in quotes`},
		"list as text":      {"text:\n  - b\n", `f:2:3: text is a list: want text`},
		"blank text":        {"text: \"  \"\nlist:\nbool:\n", "f:1:7: text is empty: want text\nf:2:6: list is empty: want a list\nf:3:7: bool is empty: want true or false"},
		"unknown, repeated": {"texts: a\nbool: true\nbool: false\n", "f:1:1: unknown key \"texts\": known are text, list, bool\nf:3:1: key \"bool\" is already in line 2"},
		"nested":            {strings.Repeat("[", 5000), "f: too many [ and { in the YAML, at most 1000"},
		"nested a bit":      {"text: " + strings.Repeat("[", 999) + "\n", "f:1:1005: not valid YAML: sequence end token ']' not found"},
		"long":              {"text: |\n" + strings.Repeat(" a\n", 30000), "f: too long: 90008 bytes of YAML, at most 65536"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			src := lint.NewSource("f", test.text)
			f := strict.Parse(src, test.text).Fields("text", "list", "bool")
			f["text"].Text()
			for _, item := range f["list"].List() {
				item.Text()
			}
			f["bool"].Bool()
			src.Problems.Sort()
			for i := range src.Problems {
				src.Problems[i].Source = ""
			}
			if diff := cmp.Diff(test.want, src.Problems.Error()); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func TestValues(t *testing.T) {
	t.Parallel()
	text := "\n\na: >\n  folded\n   text\nb: [x, \"y z\"]\nc: {d: 'it''s', e: on}\nf: false\ng: ''\nh: ~\n"
	src := lint.NewSource("f", text)
	f := strict.Parse(src, text).Fields("a", "b", "c", "f", "g", "h", "i")
	if got, ok := f["a"].Text(); got != "folded text" || !ok {
		t.Errorf("a is %q", got)
	}
	var list []string
	for _, item := range f["b"].List() {
		text, _ := item.Text()
		list = append(list, text)
	}
	if !slices.Equal(list, []string{"x", "y z"}) {
		t.Errorf("b is %q", list)
	}
	pairs := f["c"].Pairs()
	if len(pairs) != 2 || pairs[0].Key != "d" || pairs[1].Key != "e" {
		t.Fatalf("c is %v", pairs)
	}
	if got, _ := pairs[0].Value.Text(); got != "it's" {
		t.Errorf("d is %q", got)
	}
	if line, column := pairs[1].Value.At(); line != 7 || column != 20 {
		t.Errorf("e is at %d:%d, want 7:20", line, column)
	}
	if value, ok := f["f"].Bool(); value || !ok {
		t.Error("f isn't false")
	}
	if !f["g"].Blank() || !f["h"].Blank() || !f["i"].Blank() || f["a"].Blank() || f["c"].Blank() {
		t.Error("Blank is wrong")
	}
	if !f["h"].Present() || f["i"].Present() || !f["a"].IsText() || !f["g"].IsText() || f["c"].IsText() || f["i"].IsText() {
		t.Error("Present or IsText is wrong")
	}
	if len(src.Problems) > 0 {
		t.Error(src.Problems)
	}
	var absent strict.Node
	absent.Text()
	absent.Bool()
	absent.List()
	absent.Pairs()
	if line, column := absent.At(); line != 0 || column != 0 {
		t.Errorf("what is absent is at %d:%d", line, column)
	}
}
