package article_test

import (
	"os"
	"testing"

	"firstline/knowledge/article"
	"firstline/knowledge/site"
)

// TestShippedContent holds the articles that come with the program to the
// rules that they preach.
func TestShippedContent(t *testing.T) {
	t.Parallel()
	fsys := os.DirFS("../../content")
	s, problems := site.Load(fsys)
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	articles, problems := article.Load(fsys, s, func(string) map[string]string {
		values := article.SiteValues(s)
		values["hours"] = "24 hours a day, every day"
		values["languages"] = "English, 中文, Español"
		return values
	})
	if err := problems.Err(); err != nil {
		t.Error(err)
	}
	for _, p := range problems {
		t.Log(p)
	}
	byLanguage := make(map[string]int)
	for _, a := range articles {
		byLanguage[a.Language]++
		if a.Draft {
			t.Errorf("%s is a draft", a.File)
		}
	}
	for _, language := range []string{"en", "zh"} {
		if byLanguage[language] < 42 {
			t.Errorf("%d articles in %s, want 42", byLanguage[language], language)
		}
	}
}
