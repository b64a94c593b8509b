// Package eval measures how well questions are answered: it asks a set of
// questions whose right answers are known, of a knowledge base and, for
// comparison, of plain full text searches, and counts.
//
// It knows articles and the public face of package knowledge; it knows nothing
// of how an answer is found, and what it asks is never learned from.
package eval

import (
	"slices"

	"firstline/knowledge"
	"firstline/knowledge/labelled"
)

// None is the gold of a question that no article answers.
const None = "none"

// Query is a question with its right answer.
type Query struct {
	Text string
	Lang string   // primary tag
	Gold string   // id of the article that answers it, or None
	Also []string // ids of others that answer it as well
}

// Labelled makes queries of messages.
func Labelled(messages []labelled.Message) []Query {
	queries := make([]Query, len(messages))
	for i, m := range messages {
		queries[i] = Query{Text: m.Text, Lang: m.Language, Gold: m.Article}
		if m.Article == "" {
			queries[i].Gold = None
		}
	}
	return queries
}

// inScope reports whether an article answers the query.
func (q *Query) inScope() bool { return q.Gold != None }

// right reports whether the article with an id answers the query.
func (q *Query) right(id string) bool {
	return q.inScope() && (id == q.Gold || slices.Contains(q.Also, id))
}

// Set is what is asked, and of which articles.
type Set struct {
	knowledge.Content
	Queries []Query
}

// languages returns the languages of the articles, sorted.
func (s Set) languages() []string {
	var all []string
	for _, a := range s.Articles {
		if !a.Draft {
			all = append(all, a.Language)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
