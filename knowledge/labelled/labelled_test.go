package labelled_test

import (
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"firstline/knowledge/article"
	"firstline/knowledge/labelled"
	"firstline/knowledge/lint"
)

var contentArticles = []*article.Article{
	{ID: "a/pay", Language: "en", Title: "Pay a bill", Questions: []string{"How do I pay?"}},
	{ID: "a/close", Language: "en", Title: "Close the account"},
	{ID: "a/draft", Language: "en", Title: "Draft", Draft: true},
	{ID: "a/pay", Language: "fr", Title: "Payer"},
}

func heldOut(text string) ([]labelled.Message, lint.Problems) {
	fsys := fstest.MapFS{"en/questions.yaml": {Data: []byte(text)}}
	return labelled.Read(fsys, labelled.Test, []string{"en", "fr"}, contentArticles)
}

func TestHeldOut(t *testing.T) {
	t.Parallel()
	queries, problems := heldOut("\uFEFF# remark\r\na/pay:\r\n  - pay what where\r\n  - \"???\"\r\nnone:\r\n  - \"weather: tomorrow\"\r\n")
	if len(problems) > 0 {
		t.Error(problems)
	}
	want := []labelled.Message{
		{Text: "pay what where", Language: "en", Article: "a/pay"},
		{Text: "???", Language: "en", Article: "a/pay"},
		{Text: "weather: tomorrow", Language: "en", Article: ""},
	}
	if diff := cmp.Diff(want, queries); diff != "" {
		t.Errorf("queries (-want +got):\n%s", diff)
	}
}

func TestHeldOutProblems(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":               "en/questions.yaml: empty: want lists of questions by article id",
		"- x\n":          "en/questions.yaml:1:1: this is a list: want a mapping (key: value)",
		"\xff: [a]\n":    "en/questions.yaml: not a text file in UTF-8",
		"a/pya: [x]\n":   "en/questions.yaml:1:1: there is no article en/a/pya.md",
		"a/draft: [x]\n": "en/questions.yaml:1:1: the article en/a/draft.md is a draft: nobody is answered from it",
		"a/pay: x\n":     "en/questions.yaml:1:8: a/pay is text: want a list",
		"a/pay: []\n":    "en/questions.yaml:1:8: a/pay needs at least one question",
		"a/pay:\n":       "en/questions.yaml:1:8: a/pay is empty: want a list",
		"a/pay: [5]\n":   "en/questions.yaml:1:9: a value of a/pay is a number: want text; put it in quotes",

		"a/pay: [x]\na/pay: [y]\n":        `en/questions.yaml:2:1: key "a/pay" is already in line 1`,
		"a/pay:\n- x y\nnone:\n- X, y!\n": "en/questions.yaml:4:3: the same question is in line 2 (case, accents and punctuation don't matter)",
		"a/close:\n- how do i PAY\n":      "en/questions.yaml:2:3: warning: en/a/pay.md has the same question or title: it is not asked, because what is learned from can't be measured with",
		"none:\n- close the account\n":    "en/questions.yaml:2:3: warning: en/a/close.md has the same question or title: it is not asked, because what is learned from can't be measured with",
	} {
		queries, problems := heldOut(text)
		for i := range problems {
			problems[i].Source = ""
		}
		if diff := cmp.Diff(want, problems.Error()); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
		if problems.Err() == nil && len(queries) > 0 {
			t.Errorf("%q: what an article has is asked: %v", text, queries)
		}
	}
}

func TestHeldOutUnreadable(t *testing.T) {
	t.Parallel()
	fsys := fstest.MapFS{"en/questions.yaml/x": {}} // a folder
	_, problems := labelled.Read(fsys, labelled.Test, []string{"en"}, contentArticles)
	if len(problems) != 1 || problems.Err() == nil || problems[0].File != "en/questions.yaml" {
		t.Errorf("problems: %v", problems)
	}
}
