package eval_test

import (
	"errors"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"firstline/knowledge/article"
	"firstline/knowledge/eval"
)

const articleLines = "\uFEFF" + `{"id": "pay", "lang": "en", "title": "Pay", "questions": ["how do I pay"], "body": "Tap Pay.\nThen confirm.\n\n## Fees\nThere are none.", "source": "x"}

{"id": "pay", "lang": "de-AT", "title": "Zahlen", "questions": [], "body": ""}
{"id": "close", "lang": "en", "title": "", "questions": ["close my account"], "body": ""}
`

func readArticles(t *testing.T) []*article.Article {
	t.Helper()
	articles, err := eval.ReadArticles("a.jsonl", strings.NewReader(articleLines))
	if err != nil {
		t.Fatal(err)
	}
	return articles
}

func TestReadArticles(t *testing.T) {
	t.Parallel()
	want := []*article.Article{
		{ID: "pay", Language: "en", Title: "Pay", Questions: []string{"how do I pay"}, HandOff: article.Offer, File: "a.jsonl", Sections: []article.Section{
			{Markdown: "Tap Pay.\nThen confirm.", Text: "Tap Pay.\nThen confirm."}, {Heading: "Fees", Markdown: "There are none.", Text: "There are none."},
		}},
		{ID: "pay", Language: "de", Title: "Zahlen", Questions: []string{}, HandOff: article.Offer, File: "a.jsonl"},
		{ID: "close", Language: "en", Questions: []string{"close my account"}, HandOff: article.Offer, File: "a.jsonl"},
	}
	if diff := cmp.Diff(want, readArticles(t)); diff != "" {
		t.Errorf("articles (-want +got):\n%s", diff)
	}
}

func TestSectionsOfAUsualLength(t *testing.T) {
	t.Parallel()
	paragraph := strings.Repeat("word ", 50) // 250 characters
	line := `{"id": "a", "lang": "en", "title": "", "body": "` + strings.Repeat(paragraph+`\n \n`, 5) + `"}`
	articles, err := eval.ReadArticles("a.jsonl", strings.NewReader(line))
	if err != nil {
		t.Fatal(err)
	}
	var got []int
	for _, s := range articles[0].Sections {
		got = append(got, strings.Count(s.Text, "\n\n")+1)
	}
	if diff := cmp.Diff([]int{2, 2, 1}, got); diff != "" {
		t.Errorf("paragraphs by section (-want +got):\n%s", diff)
	}
}

func TestBadArticles(t *testing.T) {
	t.Parallel()
	ok := `{"id": "a", "lang": "en", "title": "A"}` + "\n"
	for text, want := range map[string]string{
		"":         "f: there is no article",
		"\n \n":    "f: there is no article",
		ok + ok:    `f:2: the article "a" in en is already in line 1`,
		ok + "{":   "f:2: not JSON: unexpected end of JSON input",
		ok + "[1]": "f:2: a JSON array: want an object",
		"null":     "f:1: a JSON null: want an object",
		ok + "\n" + `{"lang": "en", "title": "A"}`:                        `f:3: "id" is missing`,
		`{"id": "none", "lang": "en", "title": "A"}`:                      `f:1: an article can't have the id "none"`,
		`{"id": "a", "title": "A"}`:                                       `f:1: "lang" is "": want a language tag such as en`,
		`{"id": "a", "lang": "en", "title": " ", "body": ""}`:             `f:1: the article has no text: want "title", "questions" or "body"`,
		`{"id": "a", "lang": "en", "questions": ["x", " "]}`:              "f:1: one of the questions is empty",
		`{"id": "a", "lang": "en", "questions": "x"}`:                     `f:1: "questions" is a JSON string, which it can't be`,
		`{"id": 7, "lang": "en", "title": "x"}`:                           `f:1: "id" is a JSON number, which it can't be`,
		"{\"id\": \"a\xff\", \"lang\": \"en\"}":                           "f:1: not valid UTF-8",
		ok + `{"id": "b", "title": "` + strings.Repeat("x", 5<<20) + `"}`: "f:2: the line is over 4194304 bytes long",
	} {
		_, err := eval.ReadArticles("f", strings.NewReader(text))
		if err == nil || err.Error() != want {
			t.Errorf("%.60q: %v, want %s", text, err, want)
		}
	}
	broken := errors.New("broken disk")
	if _, err := eval.ReadArticles("f", iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("a file that can't be read: %v", err)
	}
}

func TestReadQueries(t *testing.T) {
	t.Parallel()
	text := `{"q": "pay?", "lang": "en", "gold": "pay", "also": ["close"], "kind": "x"}` + "\n" + `{"q": "weather", "lang": "en-US", "gold": "none"}`
	got, err := eval.ReadQueries("q", strings.NewReader(text), readArticles(t))
	if err != nil {
		t.Fatal(err)
	}
	want := []eval.Query{{Text: "pay?", Lang: "en", Gold: "pay", Also: []string{"close"}}, {Text: "weather", Lang: "en", Gold: eval.None}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("queries (-want +got):\n%s", diff)
	}
}

func TestBadQueries(t *testing.T) {
	t.Parallel()
	articles := append(readArticles(t), &article.Article{ID: "draft", Language: "en", Draft: true})
	for text, want := range map[string]string{
		"":                                      "f: there is no query",
		`{"lang": "en", "gold": "pay"}`:         `f:1: "q" is missing or empty`,
		`{"q": "x", "lang": "", "gold": "pay"}`: `f:1: "lang" is "": want a language tag such as en`,
		`{"q": "x", "lang": "en", "Gold ": "pay"}`:                      `f:1: "gold" is missing: want the id of an article or "none"`,
		`{"q": "x", "lang": "en", "gold": "pya"}`:                       `f:1: gold "pya": there is no such article`,
		`{"q": "x", "lang": "en", "gold": "draft"}`:                     `f:1: gold "draft": there is no such article`,
		`{"q": "x", "lang": "en", "gold": ["pay"]}`:                     `f:1: "gold" is a JSON array, which it can't be`,
		`{"q": "x", "lang": "en"} {}`:                                   "f:1: not JSON: invalid character '{' after top-level value",
		"\n" + `{"q": "x", "lang": "en", "gold": "pay", "also": ["z"]}`: `f:2: also "z": there is no such article`,
		`{"q": "x", "lang": "en", "gold": "none", "also": ["pay"]}`:     `f:1: gold is "none", so there can't be others that answer it as well`,
	} {
		_, err := eval.ReadQueries("f", strings.NewReader(text), articles)
		if err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}
