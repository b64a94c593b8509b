package site

import (
	"io/fs"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"

	"firstline/knowledge/lint"
	"firstline/knowledge/lint/strict"
)

// Load reads the site.yaml of a content folder. The site is nil when the
// problems hold more than warnings.
func Load(fsys fs.FS) (*Site, lint.Problems) {
	src, text, err := lint.Read(fsys, File)
	if err != nil {
		return nil, src.Problems
	}
	r := &reader{src: src}
	s := r.site(strict.Parse(src, text))
	r.warnPlaceholders()
	src.Problems.Sort()
	if src.Problems.Err() != nil {
		return nil, src.Problems
	}
	return s, src.Problems
}

// reader reads a site.yaml and counts the addresses in it that lead nowhere.
type reader struct {
	src          *lint.Source
	placeholders []strict.Node
}

func (r *reader) site(root strict.Node) *Site {
	if !root.Present() {
		if len(r.src.Problems) == 0 {
			r.src.Errorf(0, 0, "empty: want at least product, languages and fallback")
		}
		return nil
	}
	f := root.Fields("product", "email", "links", "hours", "languages", "fallback",
		"article_url", "answers", "unanswered_after", "reopen_within")
	for _, key := range []string{"product", "languages", "fallback"} {
		if !f[key].Present() {
			r.src.Errorf(0, 0, "%s is missing", key)
		}
	}
	s := &Site{
		Email:        r.email(f["email"]),
		Links:        r.links(f["links"]),
		Languages:    languages(f["languages"]),
		Hours:        hours(f["hours"]),
		ArticleURL:   r.articleURL(f["article_url"]),
		Answers:      answers(f["answers"]),
		ReopenWithin: duration(f["reopen_within"], DefaultReopenWithin),
	}
	s.Product, _ = f["product"].Text()
	s.Fallback = fallback(f["fallback"], s.Languages)
	wait := f["unanswered_after"].Fields("private", "community")
	s.UnansweredAfter.Private = duration(wait["private"], DefaultPrivateWait)
	s.UnansweredAfter.Community = duration(wait["community"], DefaultCommunityWait)
	return s
}

func duration(n strict.Node, absent time.Duration) time.Duration {
	text, ok := n.Text()
	if !ok {
		return absent
	}
	d, err := time.ParseDuration(text)
	if err != nil || d <= 0 {
		n.Errorf("%q is not a duration above zero such as 10m, 1h30m or 168h", text)
	}
	return d
}

// The bounds of what makes sense: a wrong answer that costs no more than a handoff
// would always be worth trying, and one that costs a thousand never.
const (
	leastCosts, mostCosts = 1, 1000
	mostUnanswerable      = 0.95
)

func answers(n strict.Node) (a Answers) {
	f := n.Fields("wrong_costs", "topics", "unanswerable")
	a.WrongCosts, _ = f["wrong_costs"].Number(leastCosts, mostCosts)
	a.Unanswerable, _ = f["unanswerable"].Number(0, mostUnanswerable)
	for _, topic := range f["topics"].Pairs() {
		if costs, ok := topic.Value.Number(leastCosts, mostCosts); ok {
			if a.Topics == nil {
				a.Topics = map[string]float64{}
			}
			a.Topics[topic.Key] = costs
		}
	}
	return a
}

func (r *reader) email(n strict.Node) string {
	if n.Blank() {
		return ""
	}
	text, ok := n.Text()
	if !ok {
		return ""
	}
	if a, err := mail.ParseAddress(text); err != nil || a.Address != text {
		n.Errorf("%q is not an e-mail address such as support@your-domain", text)
	}
	_, host, _ := strings.Cut(text, "@")
	r.notice(n, host)
	return text
}

// linkName keeps the names of links free of what markdown could read as markup
// in {{link.<name>}}.
var linkName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*$`)

func (r *reader) links(n strict.Node) map[string]string {
	links := make(map[string]string)
	for _, pair := range n.Pairs() {
		if !linkName.MatchString(pair.Key) {
			pair.Name.Errorf("link name %q: only a-z, 0-9 and - are allowed", pair.Key)
		}
		if text, ok := pair.Value.Text(); ok && r.url(pair.Value, text) {
			links[pair.Key] = text
		}
	}
	return links
}

func languages(n strict.Node) []string {
	items := n.List()
	if items != nil && len(items) == 0 {
		n.Errorf("languages: want at least one")
	}
	var tags []string
	for _, item := range items {
		text, ok := item.Text()
		if !ok {
			continue
		}
		base, err := language.ParseBase(text)
		switch {
		case err != nil:
			item.Errorf("unknown language %q: want a primary tag such as en or zh", text)
		case base.String() != text:
			item.Errorf("language %q is written %q", text, base)
		case slices.Contains(tags, text):
			item.Errorf("language %q is in the list twice", text)
		default:
			tags = append(tags, text)
		}
	}
	return tags
}

func fallback(n strict.Node, languages []string) string {
	text, ok := n.Text()
	if ok && len(languages) > 0 && !slices.Contains(languages, text) {
		n.Errorf("fallback %q is not one of languages", text)
	}
	return text
}
