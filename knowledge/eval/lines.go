package eval

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"firstline/knowledge/article"
	"firstline/knowledge/lang"
)

// maxLine is the longest line that is read, in bytes: an article with all of its
// text is one line.
const maxLine = 4 << 20

// articleLine is an article in a file of JSON lines. Other keys are for the
// people who made the set.
type articleLine struct {
	ID        string   `json:"id"`
	Lang      string   `json:"lang"`
	Title     string   `json:"title"`
	Questions []string `json:"questions"`
	Body      string   `json:"body"`
}

// queryLine is a query in a file of JSON lines.
type queryLine struct {
	Q    string   `json:"q"`
	Lang string   `json:"lang"`
	Gold string   `json:"gold"`
	Also []string `json:"also"`
}

// ReadArticles reads one article a line: {"id", "lang", "title", "questions",
// "body"}; of the last three one must have text. The body is plain text. An
// error names the file and the line.
func ReadArticles(file string, r io.Reader) ([]*article.Article, error) {
	var articles []*article.Article
	lines := map[[2]string]int{} // by language and id
	err := readLines(file, r, func(number int, data []byte) error {
		var l articleLine
		if err := decode(data, &l); err != nil {
			return err
		}
		switch {
		case l.ID == "":
			return errors.New(`"id" is missing`)
		case l.ID == None:
			return fmt.Errorf("an article can't have the id %q", None)
		case lang.Primary(l.Lang) == "":
			return fmt.Errorf(`"lang" is %q: want a language tag such as en`, l.Lang)
		case slices.ContainsFunc(l.Questions, blank):
			return errors.New("one of the questions is empty")
		case blank(l.Title) && len(l.Questions) == 0 && blank(l.Body):
			return errors.New(`the article has no text: want "title", "questions" or "body"`)
		}
		key := [2]string{lang.Primary(l.Lang), l.ID}
		if first := lines[key]; first > 0 {
			return fmt.Errorf("the article %q in %s is already in line %d", l.ID, key[0], first)
		}
		lines[key] = number
		articles = append(articles, &article.Article{
			ID: l.ID, Language: key[0], Title: l.Title, Questions: l.Questions,
			HandOff: article.Offer, Sections: sections(l.Body), File: file,
		})
		return nil
	})
	if err == nil && len(articles) == 0 {
		err = fmt.Errorf("%s: there is no article", file)
	}
	return articles, err
}

// ReadQueries reads one query a line: {"q", "lang", "gold", "also"}, of which the
// last may be absent. Gold and also must be ids of articles. An error names the
// file and the line.
func ReadQueries(file string, r io.Reader, articles []*article.Article) ([]Query, error) {
	ids := map[string]bool{}
	for _, a := range articles {
		ids[a.ID] = ids[a.ID] || !a.Draft
	}
	var queries []Query
	err := readLines(file, r, func(_ int, data []byte) error {
		var l queryLine
		if err := decode(data, &l); err != nil {
			return err
		}
		switch {
		case blank(l.Q):
			return errors.New(`"q" is missing or empty`)
		case lang.Primary(l.Lang) == "":
			return fmt.Errorf(`"lang" is %q: want a language tag such as en`, l.Lang)
		case l.Gold == "":
			return fmt.Errorf(`"gold" is missing: want the id of an article or %q`, None)
		case l.Gold != None && !ids[l.Gold]:
			return fmt.Errorf("gold %q: there is no such article", l.Gold)
		case l.Gold == None && len(l.Also) > 0:
			return fmt.Errorf("gold is %q, so there can't be others that answer it as well", None)
		}
		for _, id := range l.Also {
			if !ids[id] {
				return fmt.Errorf("also %q: there is no such article", id)
			}
		}
		queries = append(queries, Query{Text: l.Q, Lang: lang.Primary(l.Lang), Gold: l.Gold, Also: l.Also})
		return nil
	})
	if err == nil && len(queries) == 0 {
		err = fmt.Errorf("%s: there is no query", file)
	}
	return queries, err
}

func blank(s string) bool { return strings.TrimSpace(s) == "" }

// readLines calls f with every line that isn't blank, numbered from 1.
func readLines(file string, r io.Reader, f func(number int, data []byte) error) error {
	s := bufio.NewScanner(r)
	s.Buffer(nil, maxLine)
	number := 0
	for s.Scan() {
		number++
		data := bytes.TrimSpace(s.Bytes())
		if number == 1 {
			data = bytes.TrimPrefix(data, []byte("\uFEFF"))
		}
		if len(data) == 0 {
			continue
		}
		if !utf8.Valid(data) {
			return fmt.Errorf("%s:%d: not valid UTF-8", file, number)
		}
		if err := f(number, data); err != nil {
			return fmt.Errorf("%s:%d: %w", file, number, err)
		}
	}
	switch err := s.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return fmt.Errorf("%s:%d: the line is over %d bytes long", file, number+1, maxLine)
	case err != nil:
		return fmt.Errorf("%s: can't be read: %w", file, err)
	}
	return nil
}

// decode reads the one JSON object of a line.
func decode(data []byte, into any) error {
	var wrong *json.UnmarshalTypeError
	switch err := json.Unmarshal(data, into); {
	case errors.As(err, &wrong) && wrong.Field != "":
		return fmt.Errorf("%q is a JSON %s, which it can't be", wrong.Field, wrong.Value)
	case errors.As(err, &wrong):
		return fmt.Errorf("a JSON %s: want an object", wrong.Value)
	case err != nil:
		return fmt.Errorf("not JSON: %w", err)
	}
	if bytes.Equal(data, []byte("null")) {
		return errors.New("a JSON null: want an object")
	}
	return nil
}
