package telegram

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"firstline/bot/chat"
)

// mention is what Telegram takes for the name of an account in a text.
var mention = regexp.MustCompile(`@[A-Za-z0-9_]+`)

// quiet returns r so that it notifies nobody. Telegram makes a mention of every
// @name that it finds in a text, except in code: so that is what names become.
// The text stays as it is. Links to accounts are dropped.
func quiet(r chat.Rich) chat.Rich {
	spans := slices.DeleteFunc(slices.Clone(r.Spans), func(s chat.Span) bool {
		return s.Style == chat.Link && strings.HasPrefix(strings.ToLower(s.URL), "tg:")
	})
	found := mention.FindAllStringIndex(r.Text, -1)
	if len(found) == 0 {
		return chat.Rich{Text: r.Text, Spans: spans}
	}
	given := slices.Clone(spans)
	for _, at := range found {
		start, end := at[0], at[1]
		before, _ := utf8.DecodeLastRuneInString(r.Text[:start])
		if start > 0 && (unicode.IsLetter(before) || unicode.IsDigit(before) || before == '_') {
			continue // a mail address
		}
		for _, piece := range pieces(given, start, end) {
			if !slices.ContainsFunc(given, func(s chat.Span) bool { return silent(s.Style) && s.Start <= piece[0] && piece[1] <= s.End }) {
				spans = append(spans, chat.Span{Start: piece[0], End: piece[1], Style: chat.Code})
			}
		}
	}
	return chat.Rich{Text: r.Text, Spans: spans}
}

// silent reports whether Telegram looks for no mentions inside a style.
func silent(s chat.Style) bool { return s == chat.Code || s == chat.Pre || s == chat.Link }

// pieces cuts a stretch of text where spans begin or end: spans must not cross.
func pieces(spans []chat.Span, start, end int) [][2]int {
	cuts := []int{start, end}
	for _, s := range spans {
		for _, at := range []int{s.Start, s.End} {
			if start < at && at < end {
				cuts = append(cuts, at)
			}
		}
	}
	slices.Sort(cuts)
	var out [][2]int
	for i := range len(cuts) - 1 {
		if cuts[i] < cuts[i+1] {
			out = append(out, [2]int{cuts[i], cuts[i+1]})
		}
	}
	return out
}
