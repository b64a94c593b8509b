package article_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"firstline/knowledge/article"
)

func TestLoad(t *testing.T) {
	t.Parallel()
	text := "\uFEFF" + strings.ReplaceAll(`---
title: "Codes of {{product}}"
questions:
  - where is the {{product}} code
  - "b: c"
  - >
    folded
    text
  - d
  - e
  - f
  - g
  - h
not_for: [i]
handoff: always
related: [a/c]
updated: 2026-11-22
draft: false
---

Ask {{product}}
now, [here]({{link.fees}}).

请点
这里。

## Why *{{product}}*

1. **Open** it.
2. See {{link.status}} \*or\* &lt;write&gt; to {{email}}:
   - `+"`a*b`"+`

## Last
A [b{{product}}](https://x.example/{{product}}?a=1&b=2)
`, "\n", "\r\n")
	articles, problems := load(t, map[string]string{
		"zh/a/b.md": text,
		"en/a/c.md": md("cards", "draft: true\n", "Text.\n"),
		"en/a/b.md": md("coins", "", "\n\nText.\n"),
	})
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	var order []string
	for _, a := range articles {
		order = append(order, a.File)
	}
	if want := []string{"en/a/b.md", "en/a/c.md", "zh/a/b.md"}; !slices.Equal(order, want) {
		t.Fatalf("articles %v, want %v", order, want)
	}
	if !articles[1].Draft {
		t.Error("the draft isn't one")
	}
	if line := articles[0].Sections[0].Line; line != 7 {
		t.Errorf("the lead is in line %d, want 7", line)
	}
	want := &article.Article{
		ID: "a/b", Language: "zh", Title: "Codes of tp*Wallet",
		Questions: []string{"where is the tp*Wallet code", "b: c", "folded text", "d", "e", "f", "g", "h"},
		NotFor:    []string{"i"}, HandOff: article.Always, Related: []string{"a/c"},
		Updated: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC),
		URL:     "https://tp.example/zh/a/b", File: "zh/a/b.md", Hash: articles[2].Hash,
		Sections: []article.Section{
			{
				Markdown: "Ask tp\\*Wallet\nnow, [here](https://tp.example/fees_%28all%29).\n\n请点\n这里。",
				Text:     "Ask tp*Wallet now, here.\n请点这里。", Line: 21,
			},
			{
				Heading:  "Why tp*Wallet",
				Markdown: "1. **Open** it.\n2. See <https://status.tp.example/a_b?x=1&copy=2> \\*or\\* &lt;write&gt; to help@tp.example:\n   - `a*b`",
				Text:     "Open it.\nSee https://status.tp.example/a_b?x=1&copy=2 *or* <write> to help@tp.example:\na*b", Line: 27,
			},
			{
				Heading:  "Last",
				Markdown: "A [btp\\*Wallet](https://x.example/tp*Wallet?a=1&b=2)",
				Text:     "A btp*Wallet", Line: 33,
			},
		},
	}
	if diff := cmp.Diff(want, articles[2]); diff != "" {
		t.Errorf("article (-want +got):\n%s", diff)
	}
	if len(want.Hash) != 64 || want.Hash == articles[0].Hash {
		t.Errorf("hash %q", want.Hash)
	}
}

func TestSiteValues(t *testing.T) {
	t.Parallel()
	s := testSite()
	want := map[string]string{
		"product": "tp*Wallet", "email": "help@tp.example",
		"link.status": s.Links["status"], "link.fees": s.Links["fees"],
	}
	if got := article.SiteValues(s); !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	s.Email = ""
	if _, there := article.SiteValues(s)["email"]; there {
		t.Error("an address that the site hasn't got has a value")
	}
}
