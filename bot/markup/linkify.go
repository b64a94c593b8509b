package markup

import (
	"regexp"
	"strings"

	"firstline/bot/chat"
)

// webAddress finds http and https URLs in running text. A full stop or the like
// at the end belongs to the sentence.
var webAddress = regexp.MustCompile(`https?://[-A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%]*[-A-Za-z0-9_~/#@$&*+=%)]`)

// Linkify returns text without styles except that its http and https URLs are
// links: for what staff write, since renderers never make a link by themselves.
// Don't use it on what an asker wrote.
func Linkify(text string) chat.Rich {
	r := chat.Plain(text)
	for _, m := range webAddress.FindAllStringIndex(text, -1) {
		u := text[m[0]:m[1]]
		// A bracket around the URL isn't part of it.
		if i := strings.IndexByte(u, ')'); i >= 0 && !strings.Contains(u[:i], "(") {
			u = u[:i]
		}
		if safeURL(u) {
			r.Spans = append(r.Spans, chat.Span{Start: m[0], End: m[0] + len(u), Style: chat.Link, URL: u})
		}
	}
	return r
}
