package knowledge_test

import (
	"maps"
	"slices"
	"testing"

	"firstline/content"
	"firstline/knowledge"
	"firstline/knowledge/article"
	"firstline/knowledge/site"
	"firstline/knowledge/talk"
)

// shipped returns the shipped site with its articles.
func shipped(t testing.TB) (*site.Site, []*article.Article) {
	t.Helper()
	s, problems := site.Load(content.FS)
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	articles, problems := article.Load(content.FS, s, func(string) map[string]string {
		values := maps.Clone(article.SiteValues(s))
		values["hours"], values["languages"] = "Mon-Fri 9-17", "English, 中文"
		return values
	})
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	return s, articles
}

// base returns a base with articles and the shipped small talk.
func base(t testing.TB, s *site.Site, articles []*article.Article) *knowledge.Base {
	t.Helper()
	book, problems := talk.Load(content.FS, s.Languages)
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	b := knowledge.New(knowledge.Options{Languages: s.Languages, Fallback: s.Fallback, Talk: book})
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := b.Replace(t.Context(), articles); err != nil {
		t.Fatal(err)
	}
	return b
}

// only returns the articles of some languages.
func only(articles []*article.Article, languages ...string) []*article.Article {
	return slices.DeleteFunc(slices.Clone(articles), func(a *article.Article) bool {
		return !slices.Contains(languages, a.Language)
	})
}
