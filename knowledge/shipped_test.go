package knowledge_test

import (
	"context"
	"maps"
	"sync"
	"testing"

	"firstline/content"
	"firstline/knowledge"
	"firstline/knowledge/article"
	"firstline/knowledge/labelled"
	"firstline/knowledge/lint"
	"firstline/knowledge/site"
	"firstline/knowledge/talk"
)

// shipped returns the shipped site with its articles, read once.
func shipped(t testing.TB) (*site.Site, []*article.Article) {
	t.Helper()
	c, err := readShipped()
	if err != nil {
		t.Fatal(err)
	}
	return c.site, c.Articles
}

// shippedContent is all that ships.
type shippedContent struct {
	site *site.Site
	knowledge.Content
}

var readShipped = sync.OnceValues(func() (c shippedContent, err error) {
	var problems lint.Problems
	if c.site, problems = site.Load(content.FS); problems.Err() != nil {
		return c, problems.Err()
	}
	c.Articles, problems = article.Load(content.FS, c.site, func(string) map[string]string {
		values := maps.Clone(article.SiteValues(c.site))
		values["hours"], values["languages"] = "Mon-Fri 9-17", "English, 中文"
		return values
	})
	if problems.Err() != nil {
		return c, problems.Err()
	}
	if c.Talk, problems = talk.Load(content.FS, c.site.Languages); problems.Err() != nil {
		return c, problems.Err()
	}
	c.Labelled, problems = labelled.Read(content.FS, labelled.Calibration, c.site.Languages, c.Articles)
	return c, problems.Err()
})

// shippedBase is a base with all that ships, made once for all tests that only
// ask.
var shippedBase = sync.OnceValues(func() (*knowledge.Base, error) {
	c, err := readShipped()
	if err != nil {
		return nil, err
	}
	b := knowledge.New(knowledge.Options{Languages: c.site.Languages, Fallback: c.site.Fallback})
	if err := b.Replace(context.Background(), c.Content); err != nil {
		return nil, err
	}
	return b, b.Refined(context.Background())
})

func base(t testing.TB) *knowledge.Base {
	t.Helper()
	b, err := shippedBase()
	if err != nil {
		t.Fatal(err)
	}
	return b
}
