package site

import (
	"net/url"
	"strings"

	"firstline/knowledge/lint/strict"
)

// url reports what isn't an absolute http or https URL.
func (r *reader) url(n strict.Node, text string) bool {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" ||
		strings.ContainsAny(text, " <>\"\\^`{|}") {
		n.Errorf("%q is not a web address such as https://your-domain/page", text)
		return false
	}
	if u.User != nil {
		n.Errorf("a web address for people must not hold a user name or password")
		return false
	}
	r.notice(n, u.Hostname())
	return true
}

func (r *reader) articleURL(n strict.Node) string {
	if n.Blank() {
		return ""
	}
	text, ok := n.Text()
	if !ok {
		return ""
	}
	filled := strings.NewReplacer("{lang}", "en", "{id}", "topic/slug").Replace(text)
	if r.url(n, filled) && !strings.Contains(text, "{id}") {
		n.Errorf("article_url must hold {id}, for example https://your-domain/help/{lang}/{id}")
	}
	return text
}

// notice takes note of an address that nobody can ever reach: its domain is
// reserved for examples (RFC 2606).
func (r *reader) notice(n strict.Node, host string) {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	for _, domain := range []string{"example", "example.com", "example.net", "example.org", "invalid", "test"} {
		if host == domain || strings.HasSuffix(host, "."+domain) {
			r.placeholders = append(r.placeholders, n)
			return
		}
	}
}

// warnPlaceholders warns once, at the first of them.
func (r *reader) warnPlaceholders() {
	if count := len(r.placeholders); count > 0 {
		r.placeholders[0].Warnf("placeholder address: put your own before going live (%d in this file)", count)
	}
}
