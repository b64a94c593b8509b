package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"firstline/bot/chat"
	"firstline/bot/guard"
	"firstline/bot/markup"
	"firstline/knowledge"
)

// maxQuestion is the most bytes of a question at the command line. Longer ones
// are a mistake; what comes from a network is cut instead.
const maxQuestion = 64 << 10

type askCmd struct {
	Text []string `arg:"" help:"The question."`
	Lang string   `help:"Answer in this language instead of the question's." placeholder:"LANG"`
	JSON bool     `name:"json" help:"Write the verdict as JSON."`
	// Explain is for editors: why this article, and not another?
	Explain bool `help:"Say why: what counted, how sure, and which other articles were near. Takes some seconds: the probabilities are measured first."`
}

// askResult is the JSON form of a verdict.
type askResult struct {
	Verdict    knowledge.Kind   `json:"verdict"`
	Language   string           `json:"language"`
	Confidence float64          `json:"confidence"`
	Answer     *askAnswer       `json:"answer,omitempty"`
	Choices    []askChoice      `json:"choices,omitempty"`
	Reason     knowledge.Reason `json:"reason,omitempty"`
	Talk       knowledge.Talk   `json:"talk,omitempty"`

	Explanation *askExplanation `json:"explanation,omitempty"`
}

type askAnswer struct {
	Article string `json:"article"`
	Lang    string `json:"lang"`
	Section string `json:"section"`
	Text    string `json:"text"`
}

type askChoice struct {
	Article    string  `json:"article"`
	Title      string  `json:"title"`
	Confidence float64 `json:"confidence"`
}

// Run asks and prints.
func (a *askCmd) Run(ctx context.Context, s streams, c *cli) error {
	text := strings.Join(a.Text, " ")
	switch {
	case strings.TrimSpace(text) == "":
		return usageError{errors.New("the question is empty")}
	case len(text) > maxQuestion:
		return usageError{fmt.Errorf("the question is %d bytes long; at most %d are read", len(text), maxQuestion)}
	case !utf8.ValidString(text):
		return usageError{errors.New("the question is not valid UTF-8")}
	}
	b, err := loadContent(c.Content)
	if err != nil {
		return err
	}
	base, err := newBase(ctx, b)
	if err != nil {
		return err
	}
	defer base.Close() //nolint:errcheck // the process ends
	if a.Lang != "" && !slices.Contains(b.Site.Languages, a.Lang) {
		return usageError{fmt.Errorf("--lang %s: the content has %s", a.Lang, strings.Join(b.Site.Languages, ", "))}
	}
	if a.Explain { // the probabilities in it should be the last word
		if err := base.Refined(ctx); err != nil {
			return err
		}
	}
	clean, _ := guard.Clean(text)
	x, err := base.Explain(ctx, knowledge.Query{Text: guard.Strip(clean), Language: a.Lang, Hint: systemLanguage()})
	if err != nil {
		return err
	}
	if a.JSON {
		e := json.NewEncoder(s.out)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		r := result(x.Verdict)
		if a.Explain {
			r.Explanation = explanation(x)
		}
		return e.Encode(r)
	}
	if err := writeVerdict(s.out, x.Verdict); err != nil || !a.Explain {
		return err
	}
	return writeExplanation(s.out, x)
}

func result(v knowledge.Verdict) askResult {
	r := askResult{Verdict: v.Kind, Language: v.Language, Confidence: v.Confidence, Reason: v.Reason, Talk: v.Talk}
	if p := v.Passage; p != nil {
		r.Answer = &askAnswer{Article: p.Article, Lang: p.Language, Section: p.Section, Text: markup.Plain(markup.FromMarkdown(p.Markdown))}
	}
	for _, c := range v.Choices {
		r.Choices = append(r.Choices, askChoice(c))
	}
	return r
}

func writeVerdict(w io.Writer, v knowledge.Verdict) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s", v.Kind)
	for _, detail := range []string{string(v.Reason), string(v.Talk)} {
		if detail != "" {
			fmt.Fprintf(&b, " (%s)", detail)
		}
	}
	fmt.Fprintf(&b, ", language %s, confidence %.2f\n", v.Language, v.Confidence)
	if p := v.Passage; p != nil {
		fmt.Fprintf(&b, "\n%s — %s\n\n%s\n", p.File, strings.Join(nonEmpty(p.Title, p.Section), " › "), markup.Terminal(markup.FromMarkdown(p.Markdown), false))
	}
	for i, c := range v.Choices {
		fmt.Fprintf(&b, "  %d. %s (%s, %.2f)\n", i+1, markup.Terminal(chat.Plain(c.Title), false), c.Article, c.Confidence)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func nonEmpty(parts ...string) (kept []string) {
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return kept
}
