// Package site reads site.yaml: what only the operator knows, such as the
// product's name, its addresses, its languages and when people answer.
//
// It knows nothing of articles, search and chat.
package site

import "time"

// File is where a content folder keeps the site.
const File = "site.yaml"

// The values that hold where site.yaml says nothing.
const (
	DefaultPrivateWait   = 10 * time.Minute
	DefaultCommunityWait = 30 * time.Minute
	DefaultReopenWithin  = 7 * 24 * time.Hour
)

// Site is what site.yaml says.
type Site struct {
	Product   string            // never empty
	Email     string            // a bare address; "" when there is none
	Links     map[string]string // absolute http(s) URLs by name
	Languages []string          // BCP 47 primary tags, at least one, in the operator's order
	Fallback  string            // one of Languages
	Hours     Hours             // when people answer
	// ArticleURL is where people read an article, with {id} and perhaps {lang}
	// to be filled in; "" when there is no such place.
	ArticleURL string
	// UnansweredAfter is how long a question may stay unanswered before it
	// becomes a ticket.
	UnansweredAfter struct{ Private, Community time.Duration }
	Answers         Answers
	ReopenWithin    time.Duration // how long after solving a message reopens the ticket
}

// Answers says how sure the bot must be to answer.
type Answers struct {
	// WrongCosts is what a wrong answer costs, in needless handoffs, and Topics the
	// same for articles of single topics; 0 and nil when nothing is said.
	WrongCosts float64
	Topics     map[string]float64
	// Unanswerable is the share of all messages that no article answers; 0 when
	// nothing is said.
	Unanswerable float64
}
