// Package eval measures how well questions are answered: it asks a set of
// questions whose right answers are known, of a knowledge base and, for
// comparison, of plain full text searches, and counts.
//
// It knows articles and the public face of package knowledge; it knows nothing
// of how an answer is found, and what it asks is never learned from.
package eval

import (
	"slices"

	"firstline/knowledge/article"
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

// inScope reports whether an article answers the query.
func (q *Query) inScope() bool { return q.Gold != None }

// right reports whether the article with an id answers the query.
func (q *Query) right(id string) bool {
	return q.inScope() && (id == q.Gold || slices.Contains(q.Also, id))
}

// Set is what is asked, and of which articles.
type Set struct {
	Articles []*article.Article
	Queries  []Query
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
