package site_test

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"firstline/knowledge/site"
)

const least = "product: P\nlanguages: [en]\nfallback: en\n"

// places are the same when their names are.
var places = cmp.Comparer(func(a, b *time.Location) bool { return a == b || a != nil && b != nil && a.String() == b.String() })

func TestLoad(t *testing.T) {
	t.Parallel()
	all := "\uFEFF" + strings.ReplaceAll(`product: tp Wallet
email: help@tp.io
links:
  status: https://status.tp.io
  a-1: http://tp.io:8080/x?y=z#f
hours:
  timezone: Europe/Berlin
  week:
    - {days: [mon, sun], from: "09:00", to: "18:30"}
    - days: [sat]
      from: 22:00
      to: 02:00
languages: [zh, en]
fallback: en
article_url: https://tp.io/{lang}/help/{id}
answers: {wrong_costs: 5, topics: {security: 12.5}, unanswerable: 0.3}
unanswered_after: {private: 90s, community: 1h30m}
reopen_within: 24h
`, "\n", "\r\n")
	full := &site.Site{
		Product: "tp Wallet", Email: "help@tp.io",
		Links:     map[string]string{"status": "https://status.tp.io", "a-1": "http://tp.io:8080/x?y=z#f"},
		Languages: []string{"zh", "en"}, Fallback: "en", ArticleURL: "https://tp.io/{lang}/help/{id}",
		ReopenWithin: 24 * time.Hour, Answers: site.Answers{WrongCosts: 5, Topics: map[string]float64{"security": 12.5}, Unanswerable: 0.3},
		Hours: site.Hours{Location: zone(t, "Europe/Berlin"), Spans: []site.Span{
			{Days: []time.Weekday{time.Monday, time.Sunday}, From: 9 * 60, To: 18*60 + 30},
			{Days: []time.Weekday{time.Saturday}, From: 22 * 60, To: 2 * 60},
		}},
	}
	full.UnansweredAfter.Private, full.UnansweredAfter.Community = 90*time.Second, 90*time.Minute
	short := &site.Site{
		Product: "P", Links: map[string]string{}, Languages: []string{"en"}, Fallback: "en",
		Hours: site.Hours{Always: true}, ReopenWithin: 168 * time.Hour,
	}
	short.UnansweredAfter.Private, short.UnansweredAfter.Community = 10*time.Minute, 30*time.Minute

	for name, test := range map[string]struct {
		text string
		want *site.Site
	}{
		"everything": {all, full},
		"the least":  {least, short},
		"empty":      {least + "email: \"\"\narticle_url:\nlinks: {}\nhours: always\nunanswered_after: {}\n", short},
	} {
		got, problems := site.Load(fstest.MapFS{"site.yaml": {Data: []byte(test.text)}})
		if len(problems) > 0 {
			t.Errorf("%s: %v", name, problems)
		}
		if diff := cmp.Diff(test.want, got, places); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestLoadProblems(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ text, want string }{
		"nothing": {"# only a remark\n", "site.yaml: empty: want at least product, languages and fallback"},
		"missing keys": {"email: a@b.io\n", `site.yaml: fallback is missing
site.yaml: languages is missing
site.yaml: product is missing`},
		"not YAML": {"product: a: b\n", `site.yaml:1:10: not valid YAML: text with ": " in it must be in quotes
    product: a: b`},
		"not text": {"product: \xff\n", "site.yaml: not a text file in UTF-8"},
		"two documents": {least + "---\nproduct: Q\n", `site.yaml:4:1: a second YAML document: one is allowed
    ---`},
		"keys": {least + "colour: red\nproduct: Q\nlinks: {Ab: https://x.io}\n", `site.yaml:4:1: unknown key "colour": known are product, email, links, hours, languages, fallback, article_url, answers, unanswered_after, reopen_within
    colour: red
site.yaml:5:1: key "product" is already in line 1
    product: Q
site.yaml:6:9: link name "Ab": only a-z, 0-9 and - are allowed
    links: {Ab: https://x.io}`},
		"languages": {"product: 12\nlanguages: [en, xx, EN, en, eng, zh-Hans, 5]\nfallback: de\n", `site.yaml:1:10: product is a number: want text; put it in quotes
    product: 12
site.yaml:2:17: unknown language "xx": want a primary tag such as en or zh
    languages: [en, xx, EN, en, eng, zh-Hans, 5]
site.yaml:2:21: language "EN" is written "en"
    languages: [en, xx, EN, en, eng, zh-Hans, 5]
site.yaml:2:25: language "en" is in the list twice
    languages: [en, xx, EN, en, eng, zh-Hans, 5]
site.yaml:2:29: language "eng" is written "en"
    languages: [en, xx, EN, en, eng, zh-Hans, 5]
site.yaml:2:34: unknown language "zh-Hans": want a primary tag such as en or zh
    languages: [en, xx, EN, en, eng, zh-Hans, 5]
site.yaml:2:43: a value of languages is a number: want text; put it in quotes
    languages: [en, xx, EN, en, eng, zh-Hans, 5]
site.yaml:3:11: fallback "de" is not one of languages
    fallback: de`},
		"no languages": {"product: P\nlanguages: []\nfallback: en\n", `site.yaml:2:12: languages: want at least one
    languages: []`},
		"durations": {least + "unanswered_after:\n  private: 10\n  community: 0s\n  public: 1m\nreopen_within: 7 days\n", `site.yaml:5:12: private is a number: want text; put it in quotes
      private: 10
site.yaml:6:14: "0s" is not a duration above zero such as 10m, 1h30m or 168h
      community: 0s
site.yaml:7:3: unknown key "public": known are private, community
      public: 1m
site.yaml:8:16: "7 days" is not a duration above zero such as 10m, 1h30m or 168h
    reopen_within: 7 days`},
		"answers": {least + "answers:\n  wrong_costs: 0.5\n  unanswerable: most\n  topics: {a: -1, b: 1001, c: .inf}\n  x: 1\n", `site.yaml:5:16: wrong_costs is 0.5: want a number from 1 to 1000
      wrong_costs: 0.5
site.yaml:6:17: unanswerable is text: want a number
      unanswerable: most
site.yaml:7:15: a is -1: want a number from 1 to 1000
      topics: {a: -1, b: 1001, c: .inf}
site.yaml:7:22: b is 1001: want a number from 1 to 1000
      topics: {a: -1, b: 1001, c: .inf}
site.yaml:7:31: c is a number: want a number
      topics: {a: -1, b: 1001, c: .inf}
site.yaml:8:3: unknown key "x": known are wrong_costs, topics, unanswerable
      x: 1`},
		"addresses": {least + `email: Help <a@b.io>
article_url: https://x.io/help
links:
  a: x.io
  b: ftp://x.io
  c: https://
  d: //x.io/y
  e: "https://x.io/a b"
  f: https://me:secret@x.io
  g:
`, `site.yaml:4:8: "Help <a@b.io>" is not an e-mail address such as support@your-domain
    email: Help <a@b.io>
site.yaml:5:14: article_url must hold {id}, for example https://your-domain/help/{lang}/{id}
    article_url: https://x.io/help
site.yaml:7:6: "x.io" is not a web address such as https://your-domain/page
      a: x.io
site.yaml:8:6: "ftp://x.io" is not a web address such as https://your-domain/page
      b: ftp://x.io
site.yaml:9:6: "https://" is not a web address such as https://your-domain/page
      c: https://
site.yaml:10:6: "//x.io/y" is not a web address such as https://your-domain/page
      d: //x.io/y
site.yaml:11:6: "https://x.io/a b" is not a web address such as https://your-domain/page
      e: "https://x.io/a b"
site.yaml:12:6: a web address for people must not hold a user name or password
      f: https://me:secret@x.io
site.yaml:13:6: g is empty: want text
      g:`},
		"placeholders": {least + "email: a@tp.example\nlinks: {a: https://example.com, b: https://www.EXAMPLE.org./x, c: https://example.io, d: https://t.me/tp_example}\narticle_url: https://tp.test/{id}\n",
			`site.yaml:4:8: warning: placeholder address: put your own before going live (4 in this file)
    email: a@tp.example`},
		"hours": {least + `hours:
  timezone: Berlin
  week:
    - {days: [mon, Tuesday, mon], from: "9:00", to: "18:60"}
    - {days: [], from: "24:00", to: "24:01", until: x}
    - {days: [fri], from: "10:00", to: "10:00"}
    - {from: "10:00"}
    - mon
`, `site.yaml:5:13: unknown timezone "Berlin": want a name such as Europe/Berlin or UTC
      timezone: Berlin
site.yaml:7:20: unknown day "Tuesday": want mon, tue, wed, thu, fri, sat or sun
        - {days: [mon, Tuesday, mon], from: "9:00", to: "18:60"}
site.yaml:7:29: mon is in the list twice
        - {days: [mon, Tuesday, mon], from: "9:00", to: "18:60"}
site.yaml:7:41: "9:00" is not a time from "00:00" to "24:00"
        - {days: [mon, Tuesday, mon], from: "9:00", to: "18:60"}
site.yaml:7:53: "18:60" is not a time from "00:00" to "24:00"
        - {days: [mon, Tuesday, mon], from: "9:00", to: "18:60"}
site.yaml:8:14: days: want at least one of mon, tue, wed, thu, fri, sat, sun
        - {days: [], from: "24:00", to: "24:01", until: x}
site.yaml:8:24: from: "24:00" is the end of a day; write "00:00" of the next
        - {days: [], from: "24:00", to: "24:01", until: x}
site.yaml:8:37: "24:01" is not a time from "00:00" to "24:00"
        - {days: [], from: "24:00", to: "24:01", until: x}
site.yaml:8:46: unknown key "until": known are days, from, to
        - {days: [], from: "24:00", to: "24:01", until: x}
site.yaml:9:40: to is the same as from: for a whole day write from "00:00" to "24:00"
        - {days: [fri], from: "10:00", to: "10:00"}
site.yaml:10:7: days is missing
        - {from: "10:00"}
site.yaml:10:7: to is missing
        - {from: "10:00"}
site.yaml:11:7: a value of week is text: want a mapping (key: value)
        - mon`},
		"hours in words": {least + "hours: 9 to 5\n", `site.yaml:4:8: hours: want "always", or timezone and week, not "9 to 5"
    hours: 9 to 5`},
		"half the hours": {least + "hours: {week: []}\n", `site.yaml:4:8: hours: timezone is missing
    hours: {week: []}
site.yaml:4:15: week: want at least one span such as {days: [mon], from: "09:00", to: "18:00"}
    hours: {week: []}`},
		"this machine's zone": {least + "hours: {timezone: Local, week: [{days: [mon], from: \"00:00\", to: \"24:00\"}]}\n", `site.yaml:4:19: unknown timezone "Local": want a name such as Europe/Berlin or UTC
    hours: {timezone: Local, week: [{days: [mon], from: "00:00", to: "24:00"}]}`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, problems := site.Load(fstest.MapFS{"site.yaml": {Data: []byte(test.text)}})
			if diff := cmp.Diff(test.want, problems.Error()); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
			if (s == nil) != (problems.Err() != nil) {
				t.Errorf("the site is %v", s)
			}
		})
	}
}

func TestLoadNoFile(t *testing.T) {
	t.Parallel()
	s, problems := site.Load(fstest.MapFS{})
	if want := "site.yaml: can't be read: file does not exist"; s != nil || problems.Error() != want {
		t.Errorf("%v, %v; want %s", s, problems, want)
	}
}

func TestShippedSite(t *testing.T) {
	t.Parallel()
	_, problems := site.Load(os.DirFS("../../content"))
	if err := problems.Err(); err != nil {
		t.Error(err)
	}
}
