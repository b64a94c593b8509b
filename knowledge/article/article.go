// Package article reads help articles: markdown with front matter, in
// <language>/<topic>/<slug>.md of a content folder. It checks them as strictly
// as a compiler would, because what is wrong here is told to somebody who asks
// about their money.
//
// It knows markdown and YAML; it knows no search and no chat.
package article

import "time"

// Policy says whether a machine may answer from an article.
type Policy string

// The values of the front matter's handoff key.
const (
	Offer  Policy = "offer"  // the bot answers and offers a person
	Always Policy = "always" // the bot sends the lead and hands over at once
)

// Article is one file.
type Article struct {
	ID        string // "<topic>/<slug>", the same in every language
	Language  string
	Title     string
	Questions []string // how people ask for it
	NotFor    []string // questions that look alike and belong elsewhere
	HandOff   Policy
	Related   []string // ids
	Updated   time.Time
	Draft     bool // not published: never found, never shown
	Sections  []Section
	URL       string // for people; "" when the site has no article_url
	File      string // path within the content folder
	Hash      string // hex SHA-256 of the file's bytes
}

// Section is a passage: the lead before the first heading, or what stands under
// one.
type Section struct {
	Heading  string // "" for the lead
	Markdown string // without the heading; placeholders filled in
	Text     string // the same without markup, for the index
	Line     int    // where it begins in the file, from 1
}
