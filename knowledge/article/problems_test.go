package article_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"firstline/knowledge/article"
	"firstline/knowledge/lint"
	"firstline/knowledge/site"
)

// eight is a list of questions that nothing is wrong with; %q stands for
// something that makes them differ between articles.
func eight(topic string) string {
	list := make([]string, 8)
	for i, verb := range []string{"lose", "find", "open", "shut", "send", "take", "make", "stop"} {
		list[i] = verb + " my " + topic
	}
	return "questions: [" + strings.Join(list, ", ") + "]\n"
}

// md is an article of six lines in front of its text.
func md(topic, more, body string) string {
	return "---\ntitle: About " + topic + "\n" + eight(topic) + more + "---\n" + body
}

func testSite() *site.Site {
	return &site.Site{
		Product: "tp*Wallet", Email: "help@tp.example", Languages: []string{"en", "zh"}, Fallback: "en",
		Links:      map[string]string{"status": "https://status.tp.example/a_b?x=1&copy=2", "fees": "https://tp.example/fees_(all)"},
		ArticleURL: "https://tp.example/{lang}/{id}",
	}
}

func load(t *testing.T, files map[string]string) ([]*article.Article, lint.Problems) {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	s := testSite()
	return article.Load(fsys, s, func(language string) map[string]string {
		values := article.SiteValues(s)
		values["hours"] = map[string]string{"en": "24 hours a day", "zh": "每天 24 小时"}[language]
		return values
	})
}

func TestProblems(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		files map[string]string
		text  string // of en/a/b.md
		want  string
	}{
		"nothing wrong": {text: md("coins", "handoff: offer\nupdated: 2026-11-22\n", "Lead {{product}}.\n\n## Why\n\nBecause.\n")},
		"no front matter": {
			text: "# Hello\n",
			want: `en/a/b.md:1:1: no front matter: the first line must be "---"
    # Hello`,
		},
		"empty file": {
			text: "",
			want: `en/a/b.md:1:1: no front matter: the first line must be "---"`,
		},
		"unclosed front matter": {
			text: "---\ntitle: x\n",
			want: `en/a/b.md:1:1: the front matter is not closed: a line "---" must follow it
    ---`,
		},
		"empty front matter": {
			text: "---\n---\nText.\n",
			want: `en/a/b.md:1:1: the front matter is empty: want at least title and questions
    ---`,
		},
		"front matter that is a list": {
			text: "---\n- a\n---\nText.\n",
			want: `en/a/b.md:2:1: this is a list: want a mapping (key: value)
    - a`,
		},
		"unknown key": {
			text: md("coins", "autor: me\n", "Text.\n"),
			want: `en/a/b.md:4:1: unknown key "autor": known are title, questions, not_for, handoff, related, updated, draft
    autor: me`,
		},
		"repeated key": {
			text: md("coins", "title: Again\n", "Text.\n"),
			want: `en/a/b.md:4:1: key "title" is already in line 2
    title: Again`,
		},
		"missing title and few questions": {
			text: "---\nquestions:\n  - one\n  - 丢了\n---\nText.\n",
			want: `en/a/b.md:1:1: title is missing
    ---
en/a/b.md:3:3: warning: 2 questions: people find an article by them, want at least 8
      - one`,
		},
		"no questions": {
			text: "---\ntitle: T\n---\nText.\n",
			want: `en/a/b.md:1:1: warning: 0 questions: people find an article by them, want at least 8
    ---`,
		},
		"wrong types": {
			text: "---\ntitle: [a]\nquestions: how\nnot_for:\n  - what: now\n  - 12\n  - yes\n  -\n  - true\nrelated: 1\ndraft: maybe\nupdated: 5\n---\nText.\n",
			want: `en/a/b.md:2:8: title is a list: want text
    title: [a]
en/a/b.md:3:12: questions is text: want a list
    questions: how
en/a/b.md:5:5: a value of not_for is a mapping: want text; text with ": " in it must be in quotes
      - what: now
en/a/b.md:6:5: a value of not_for is a number: want text; put it in quotes
      - 12
en/a/b.md:8:4: a value of not_for is empty: want text
      -
en/a/b.md:9:5: a value of not_for is true or false: want text; put it in quotes
      - true
en/a/b.md:10:10: related is a number: want a list
    related: 1
en/a/b.md:11:8: draft is text: want true or false
    draft: maybe
en/a/b.md:12:10: updated is a number: want text; put it in quotes
    updated: 5`,
		},
		"YAML that isn't": {
			text: "---\ntitle: Lost: phone\n---\nText.\n",
			want: `en/a/b.md:2:8: not valid YAML: text with ": " in it must be in quotes
    title: Lost: phone`,
		},
		"a tab": {
			text: "---\ntitle: x\nquestions:\n\t- a\n---\nText.\n",
			want: "en/a/b.md:4:1: not valid YAML: a tab: YAML is indented with spaces\n    \t- a",
		},
		"text after a hash": {
			text: md("coins", "not_for:\n  - where is order #12\n  - \"where is order #13\"\n  - ok # a remark\n", "Text.\n"),
			want: `en/a/b.md:5:5: warning: the text ends before the #, which begins a comment: put the text in quotes if it belongs to it
      - where is order #12`,
		},
		"bad values": {
			text: md("coins", "handoff: sometimes\nupdated: 22.11.2026\n", "Text.\n"),
			want: `en/a/b.md:4:10: handoff "sometimes": want offer or always
    handoff: sometimes
en/a/b.md:5:10: updated "22.11.2026": want a date such as 2026-11-22
    updated: 22.11.2026`,
		},
		"the same question in one article": {
			text: md("coins", "not_for:\n  - FIND  my coins??\n  - \"???\"\n", "Text.\n") + "",
			want: `en/a/b.md:5:5: the same question is in line 3: it can't be for this article and not for it
      - FIND  my coins??
en/a/b.md:6:5: "???" has no word in it
      - "???"`,
		},
		"repeated question": {
			text: "---\ntitle: T\nquestions:\n  - 验证器没了\n  - 验证器没了?\n  - c\n  - d\n  - e\n  - f\n  - g\n  - h\n---\nText.\n",
			want: `en/a/b.md:5:5: the same question is in line 4
      - 验证器没了?`,
		},
		"the same question in two articles": {
			files: map[string]string{
				"en/a/b.md": "---\ntitle: T\nquestions: [Where's it?, b, c, d, e, f, g, h]\n---\nText.\n",
				"en/a/c.md": "---\ntitle: U\nquestions: [i, j, k, l, m, n, o, wheres it]\n---\nText.\n",
				"en/a/d.md": "---\ntitle: V\ndraft: true\nquestions: [1 a, 1 b, 1 c, 1 d, 1 e, 1 f, 1 g, WHERE'S IT]\n---\nText.\n",
				"zh/a/b.md": "---\ntitle: T\nquestions: [Where's it?, b, c, d, e, f, g, h]\n---\nText.\n",
			},
			want: `en/a/c.md:3:34: the same question is in en/a/b.md:3
    questions: [i, j, k, l, m, n, o, wheres it]
en/a/d.md:4:48: warning: the same question is in en/a/b.md:3
    questions: [1 a, 1 b, 1 c, 1 d, 1 e, 1 f, 1 g, WHERE'S IT]`,
		},
		"related": {
			files: map[string]string{
				"en/a/b.md": md("coins", "related:\n  - a/b\n  - a/gone\n  - a/c\n  - a/c\n  - ../x\n  - a/d\n  - a/z\n", "Text.\n"),
				"en/a/c.md": md("cards", "", "Text.\n"),
				"en/a/d.md": md("draft", "draft: true\nrelated: [a/e]\n", "Text.\n"),
				"en/a/e.md": md("more draft", "draft: true\n", "Text.\n"),
				"zh/a/z.md": md("xyz", "", "Text.\n"),
			},
			want: `en/a/b.md:5:5: related "a/b" is this very article
      - a/b
en/a/b.md:6:5: related "a/gone": there is no such article
      - a/gone
en/a/b.md:8:5: warning: related "a/c" is in the list twice
      - a/c
en/a/b.md:9:5: related "../x": want the id of an article, topic/slug
      - ../x
en/a/b.md:10:5: warning: related "a/d" is a draft: nobody can read it
      - a/d
zh/a/z.md: warning: no article en/a/z.md in the fallback language`,
		},
		"placeholders": {
			text: "---\ntitle: About {{produkt}}\n" + eight("coins") + "not_for:\n  - my {{ product }}\n  - my {{product\n---\n" +
				"One {{product}} {{x}} and\n[b]({{link.gone}}).\n\n- 好 {{product}\n\n`{{product}}` \\{{product}} [a](https://x.example \"{{product}}\") {{link.fees}}/x\n\n    {{product}}\n",
			want: `en/a/b.md:2:8: unknown placeholder {{produkt}}: known are {{email}}, {{hours}}, {{link.fees}}, {{link.status}}, {{product}}
    title: About {{produkt}}
en/a/b.md:5:5: {{ product }}: write {{product}} without spaces
      - my {{ product }}
en/a/b.md:6:5: unfinished placeholder: want {{name}}
      - my {{product
en/a/b.md:8:17: unknown placeholder {{x}}: known are {{email}}, {{hours}}, {{link.fees}}, {{link.status}}, {{product}}
    One {{product}} {{x}} and
en/a/b.md:9:5: unknown placeholder {{link.gone}}: known are {{email}}, {{hours}}, {{link.fees}}, {{link.status}}, {{product}}
    [b]({{link.gone}}).
en/a/b.md:11:5: unfinished placeholder: want {{name}}
    - 好 {{product}
en/a/b.md:13:2: a placeholder can't stand in code
    ` + "`{{product}}` \\{{product}} [a](https://x.example \"{{product}}\") {{link.fees}}/x" + `
en/a/b.md:13:16: a \ can't stand before a placeholder
    ` + "`{{product}}` \\{{product}} [a](https://x.example \"{{product}}\") {{link.fees}}/x" + `
en/a/b.md:13:51: a placeholder can't stand here
    ` + "`{{product}}` \\{{product}} [a](https://x.example \"{{product}}\") {{link.fees}}/x" + `
en/a/b.md:13:65: an address that goes on after a placeholder: write [text]({{link.fees}}…)
    ` + "`{{product}}` \\{{product}} [a](https://x.example \"{{product}}\") {{link.fees}}/x" + `
en/a/b.md:15:5: a placeholder can't stand in code
        {{product}}`,
		},
		"headings": {
			text: md("coins", "", "Text {{product}}.\n\n# One\n\nText.\n\n### Three {{product}}\n\nText.\n\n- ## Listed\n\nSetext\n---\n\nText.\n\n##None\n\n## Empty\n\n## {{product}}\n\n- a\n\n## \n\nx\n"),
			want: `en/a/b.md:7:1: a heading with #: only ## is allowed
    # One
en/a/b.md:11:1: a heading with ###: only ## is allowed
    ### Three {{product}}
en/a/b.md:15:3: a heading within a list or quote
    - ## Listed
en/a/b.md:17:1: text underlined into a heading: write "## " before a heading, or a blank line before the line below
    Setext
en/a/b.md:22:1: write a space after the #s of a heading
    ##None
en/a/b.md:24:1: there is no text below this heading
    ## Empty
en/a/b.md:30:1: a heading without text
    ##`,
		},
		"no text": {
			text: md("coins", "", "\n\n"),
			want: `en/a/b.md:4: there is no text below the front matter
    ---`,
		},
		"always without a lead": {
			text: md("coins", "handoff: always\n", "\n## Heading\n\nText.\n"),
			want: `en/a/b.md:6: handoff: always sends the text before the first heading, and there is none`,
		},
		"markup": {
			text: md("coins", "", "{{product}} <b>x</b>.\n\n<div>\nx\n</div>\n\n![a](https://x.example/y.png)\n\n中{{product}}[a](javascript:alert) [b](../c.md) [c](<>) [d](mailto:a@b.example)\n<ftp://x.example>\n\n[r]: https://x.example\n\n请**点击。**登录 [e] (https://x.example) [f](https://x.example/a b)\n\n`**` \\*\\*\n"),
			want: `en/a/b.md:5:13: HTML isn't allowed
    {{product}} <b>x</b>.
en/a/b.md:5:17: HTML isn't allowed
    {{product}} <b>x</b>.
en/a/b.md:7:1: HTML isn't allowed
    <div>
en/a/b.md:11:1: an image isn't allowed
    ![a](https://x.example/y.png)
en/a/b.md:13:13: a link to "javascript:alert": only http, https and mailto are allowed
    中{{product}}[a](javascript:alert) [b](../c.md) [c](<>) [d](mailto:a@b.example)
en/a/b.md:13:35: a link to "../c.md": want a whole address, beginning with https://
    中{{product}}[a](javascript:alert) [b](../c.md) [c](<>) [d](mailto:a@b.example)
en/a/b.md:13:48: a link without a valid address
    中{{product}}[a](javascript:alert) [b](../c.md) [c](<>) [d](mailto:a@b.example)
en/a/b.md:14:1: a link to "ftp://x.example": only http, https and mailto are allowed
    <ftp://x.example>
en/a/b.md:16:1: an address set apart from its link: write [text](address)
    [r]: https://x.example
en/a/b.md:18:2: warning: these ** are shown as they stand: bold text begins and ends with a letter, not with a space or a sign
    请**点击。**登录 [e] (https://x.example) [f](https://x.example/a b)
en/a/b.md:18:7: warning: these ** are shown as they stand: bold text begins and ends with a letter, not with a space or a sign
    请**点击。**登录 [e] (https://x.example) [f](https://x.example/a b)
en/a/b.md:18:14: warning: this is no link: want [text](address) without spaces in the address
    请**点击。**登录 [e] (https://x.example) [f](https://x.example/a b)
en/a/b.md:18:38: warning: this is no link: want [text](address) without spaces in the address
    请**点击。**登录 [e] (https://x.example) [f](https://x.example/a b)`,
		},
		"names of files": {
			files: map[string]string{
				"README.md":           "not ours",
				"en/stray.md":         "x",
				"en/phrases.yaml":     "x",
				"en/.hidden.md":       "x",
				"en/a/too/deep.md":    "x",
				"en/a/picture.png":    "x",
				"en/a/b.md":           md("coins", "", "Text.\n"),
				"en/a/B.MD":           md("cards", "", "Text.\n"),
				"en/a/b_c.md":         md("codes", "", "Text.\n"),
				"en/Bad Topic/x.md":   md("phone", "", "Text.\n"),
				"en/a/notes.markdown": md("notes", "", "Text.\n"),
				"pt/a/b.md":           "x",
				"pt/a/c.md":           "x",
				"assets/logo.svg":     "x",
			},
			want: `en/Bad Topic: folder name "Bad Topic": only a-z, 0-9 and - are allowed
en/a/B.MD: the name must end in .md, not .MD
en/a/b.md: the same article as en/a/B.MD: the names differ in case or kind of letters only
en/a/b_c.md: file name "b_c.md": only a-z, 0-9 and - are allowed
en/a/notes.markdown: the name must end in .md, not .markdown
en/a/too/deep.md: want <language>/<topic>/<slug>.md: this one is too deep
en/stray.md: want <language>/<topic>/<slug>.md: this one is in no topic
pt: warning: 2 articles aren't used: "pt" is not in the languages of site.yaml`,
		},
		"nothing there": {
			files: map[string]string{"site.yaml": ""},
			want:  `en: warning: there is no article in any language`,
		},
		"not text": {
			files: map[string]string{
				"en/a/nul.md":   "---\ntitle: a\x00b\n",
				"en/a/latin.md": "---\ntitle: 好\xe9\n",
				"en/a/long.md":  strings.Repeat("x", 256<<10+1),
				"en/a/yaml.md":  "---\n" + strings.Repeat("#\n", 40<<10) + "---\nx\n",
				"en/a/para.md":  md("coins", "", "Text.\n\nWords\n"+strings.Repeat("of many\n", 2048)),
				"en/a/deep.md":  "---\ntitle: " + strings.Repeat("[", 2000) + "\n---\nx\n",
			},
			want: `en/a/deep.md: too many [ and { in the YAML, at most 1000
en/a/latin.md:2:9: not valid UTF-8: save the file as UTF-8
    title: 好�
en/a/long.md: can't be read: over 256 KiB
en/a/nul.md:2:9: a NUL byte
    title: a�b
en/a/para.md:7:1: over 16 KiB without a blank line
    Words
en/a/yaml.md: too long: 81921 bytes of YAML, at most 65536`,
		},
		"too long": {
			text: "---\ntitle: " + strings.Repeat("ab ", 30) + "\n" + eight("coins") + "---\nLead.\n\n## Long\n\n" + strings.Repeat("ab ", 500) + "\n",
			want: `en/a/b.md:2:8: warning: the title has 89 characters: over 80 it is cut off on buttons
    title: ` + strings.TrimSpace(strings.Repeat("ab ", 30)) + `
en/a/b.md:7:1: warning: a section of 1499 characters: over 1200 it is hard to read in a chat
    ## Long`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files := test.files
			if files == nil {
				files = map[string]string{"en/a/b.md": test.text}
			}
			articles, problems := load(t, files)
			if diff := cmp.Diff(test.want, problems.Error()); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
			wrong := make(map[string]bool)
			for _, p := range problems {
				wrong[p.File] = wrong[p.File] || !p.Warning
			}
			for _, a := range articles {
				if wrong[a.File] {
					t.Errorf("%s has errors and was loaded", a.File)
				}
			}
		})
	}
}
