package search_test

import (
	"strings"
	"testing"

	"firstline/knowledge/search"
)

func TestPlain(t *testing.T) {
	t.Parallel()
	p, err := search.NewPlain([]search.PlainDoc{
		{Article: "pay", Title: "Pay a bill", Questions: []string{"how do I pay", "paying bills"}, Body: "Open the app."},
		{Article: "close", Title: "Close the account", Body: "Write to us.\n\nA farewell gift is included."},
	})
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"pay": "pay", "farewell GIFT": "close", "paying something": "pay", "unheard": "", "": "",
		`+"(gift~9 AND`: "close", strings.Repeat("x ", 400) + "pay": "",
	} {
		hits, err := p.Search(t.Context(), text, 1)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if len(hits) > 0 {
			got = hits[0].Article
		}
		if got != want {
			t.Errorf("%.30q finds %q, want %q", text, got, want)
		}
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Search(t.Context(), "pay", 1); err == nil {
		t.Error("a closed index is searched")
	}
}
