package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"firstline/content"
	"firstline/knowledge"
	"firstline/knowledge/article"
	"firstline/knowledge/eval"
	"firstline/knowledge/labelled"
)

type evalCmd struct {
	Articles  string  `help:"File of articles, one JSON object a line (default: the content's articles)." placeholder:"FILE"`
	Queries   string  `help:"File of questions with their right articles, one JSON object a line (default: questions.yaml of each language of the content)." placeholder:"FILE"`
	TrainNone string  `help:"File of questions that no article answers, to learn from." placeholder:"FILE"`
	NoneShare float64 `help:"Share of all messages that no article answers (default: the content's, or 0.2)." placeholder:"SHARE"`
	Costs     float64 `help:"What a wrong answer costs, in needless handoffs (default: the content's, or ${costs})." placeholder:"N"`
	Calibrate string  `help:"File of questions with their right articles to calibrate the probabilities with; they must be others than those asked." placeholder:"FILE"`
	Baselines bool    `help:"Measure plain full text searches beside it."`
	JSON      bool    `name:"json" help:"Write the figures as JSON."`
}

// evalResult is the JSON form of the figures.
type evalResult struct {
	eval.Result
	Baselines map[string]eval.Result `json:"baselines,omitempty"`
}

// Run measures and prints.
func (e *evalCmd) Run(ctx context.Context, s streams, c *cli) error {
	set, options, err := e.set(c.Content, s.err)
	if err != nil {
		return err
	}
	if err := e.apply(&set.Content); err != nil {
		return err
	}
	var res evalResult
	if res.Result, err = eval.Run(ctx, options, set); err != nil {
		return err
	}
	columns := eval.Columns("", res.Result)
	if e.Baselines {
		res.Baselines = map[string]eval.Result{}
		for _, name := range eval.Baselines {
			b, err := eval.RunBaseline(ctx, name, set)
			if err != nil {
				return err
			}
			res.Baselines[name] = b
			columns = append(columns, eval.Columns(name, b)...)
		}
	}
	if e.JSON {
		enc := json.NewEncoder(s.out)
		enc.SetIndent("", "  ")
		return enc.Encode(res)
	}
	return eval.WriteTable(s.out, columns)
}

// set reads what is to be measured, and with which options.
func (e *evalCmd) set(dir string, warnings io.Writer) (eval.Set, knowledge.Options, error) {
	if e.Articles == "" {
		return e.contentSet(dir, warnings)
	}
	if e.Queries == "" {
		return eval.Set{}, knowledge.Options{}, usageError{errors.New("--articles needs --queries: whose questions should be asked?")}
	}
	var set eval.Set
	err := withFile(e.Articles, func(r io.Reader) (err error) {
		set.Articles, err = eval.ReadArticles(e.Articles, r)
		return err
	})
	if err == nil {
		set.Queries, err = readQueries(e.Queries, set.Articles)
	}
	// Small talk and languages are the content's business: a set has neither.
	return set, knowledge.Options{}, err
}

// contentSet takes the articles of the content folder, and its held-out questions
// when no file of others is given.
func (e *evalCmd) contentSet(dir string, warnings io.Writer) (eval.Set, knowledge.Options, error) {
	var fsys fs.FS = content.FS
	if dir != "" {
		root, err := os.OpenRoot(dir)
		if err != nil {
			return eval.Set{}, knowledge.Options{}, fmt.Errorf("content folder: %w", err)
		}
		defer root.Close() //nolint:errcheck // it was only read from
		fsys = root.FS()
	}
	b, err := readContent(fsys)
	if err != nil {
		return eval.Set{}, knowledge.Options{}, fmt.Errorf("the content can't be used:\n%w", err)
	}
	set := eval.Set{Content: b.content()}
	if e.Queries != "" {
		set.Queries, err = readQueries(e.Queries, b.articles)
		return set, baseOptions(b), err
	}
	messages, problems := labelled.Read(fsys, labelled.Test, b.Site.Languages, b.articles)
	if err := problems.Err(); err != nil {
		return set, knowledge.Options{}, fmt.Errorf("the held-out questions can't be used:\n%w", err)
	}
	for _, p := range problems {
		fmt.Fprintln(warnings, p)
	}
	if len(messages) == 0 {
		return set, knowledge.Options{}, fmt.Errorf("there is nothing to ask: no language of the content has a %s", labelled.Test)
	}
	set.Queries = eval.Labelled(messages)
	return set, baseOptions(b), nil
}

func readQueries(file string, articles []*article.Article) (queries []eval.Query, err error) {
	err = withFile(file, func(r io.Reader) error {
		queries, err = eval.ReadQueries(file, r, articles)
		return err
	})
	return queries, err
}

// apply puts what the flags say in the place of what the content says.
func (e *evalCmd) apply(c *knowledge.Content) error {
	switch {
	case e.NoneShare < 0 || e.NoneShare >= 1:
		return usageError{fmt.Errorf("--none-share %v: want a share from 0 to less than 1", e.NoneShare)}
	case e.Costs != 0 && e.Costs < 1:
		return usageError{fmt.Errorf("--costs %v: a wrong answer costs at least as much as a handoff", e.Costs)}
	}
	if e.NoneShare > 0 {
		c.NoneShare = e.NoneShare
	}
	if e.Costs > 0 {
		c.Costs = knowledge.Costs{Wrong: e.Costs}
	}
	if e.Calibrate != "" {
		queries, err := readQueries(e.Calibrate, c.Articles)
		if err != nil {
			return err
		}
		c.Labelled = nil
		for _, q := range queries {
			m := labelled.Message{Text: q.Text, Language: q.Lang}
			if q.Gold != eval.None {
				m.Article = q.Gold
			}
			c.Labelled = append(c.Labelled, m)
		}
	}
	if e.TrainNone == "" {
		return nil
	}
	queries, err := readQueries(e.TrainNone, c.Articles)
	if err != nil {
		return err
	}
	c.None = map[string][]string{}
	for _, q := range queries {
		if q.Gold != eval.None {
			return fmt.Errorf("%s: %q has the gold %q: want only %q here", e.TrainNone, q.Text, q.Gold, eval.None)
		}
		c.None[q.Lang] = append(c.None[q.Lang], q.Text)
	}
	return nil
}

// withFile lets f read a file.
func withFile(path string, f func(io.Reader) error) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // it was only read from
	return f(file)
}
