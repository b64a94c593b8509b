package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"firstline/bot/chat"
	"firstline/bot/markup"
	"firstline/knowledge"
)

// askExplanation is the JSON form of why a verdict came about.
type askExplanation struct {
	Words       []string          `json:"words"`
	Corrections map[string]string `json:"corrections,omitempty"`
	Known       float64           `json:"known"`
	InScope     float64           `json:"in_scope"`
	Cut         float64           `json:"cut"`
	Samples     int               `json:"samples"`
	Articles    []askWhy          `json:"articles"`
}

// askWhy is the JSON form of why an article stands where it does; weights are in
// nats.
type askWhy struct {
	askChoice
	Classifier float64   `json:"classifier"`
	Centroid   float64   `json:"centroid"`
	Text       float64   `json:"text"`
	Words      []askPart `json:"words"`
	Terms      []askPart `json:"terms"`
	Passages   []askPart `json:"passages,omitempty"`
}

type askPart struct {
	Part   string  `json:"part"`
	Weight float64 `json:"weight"`
}

func explanation(x knowledge.Explanation) *askExplanation {
	e := &askExplanation{
		Words: x.Words, Known: x.Known, InScope: x.InScope, Cut: x.Cut, Samples: x.Samples, Articles: []askWhy{},
	}
	for _, c := range x.Corrections {
		if e.Corrections == nil {
			e.Corrections = map[string]string{}
		}
		e.Corrections[c.From] = c.To
	}
	for _, why := range x.Why {
		w := askWhy{askChoice: askChoice(why.Choice), Classifier: why.Classifier, Centroid: why.Centroid, Text: why.Text}
		for _, c := range why.Words {
			w.Words = append(w.Words, askPart(c))
		}
		for _, c := range why.Terms {
			w.Terms = append(w.Terms, askPart(c))
		}
		for _, p := range why.Passages {
			w.Passages = append(w.Passages, askPart{p.Section, p.Share})
		}
		e.Articles = append(e.Articles, w)
	}
	return e
}

// writeExplanation tells people why.
func writeExplanation(w io.Writer, x knowledge.Explanation) error {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("\nWhy")
	if x.Language == "" {
		line("  Nothing was ranked: the phrases of small talk decided, or there is no question in it.")
		_, err := io.WriteString(w, b.String())
		return err
	}
	line("  compared as    %s", strings.Join(x.Words, " "))
	for _, c := range x.Corrections {
		line("  taken for      %s → %s", c.From, c.To)
	}
	line("  known          %.0f %% of it is in some article's questions", 100*x.Known)
	line("  answerable     %.3f: the probability that any article answers", x.InScope)
	line("  sent from      %.3f on: what a wrong answer costs says so (site.yaml, answers)", x.Cut)
	if x.Samples == 0 {
		line("  probabilities  are cautious guesses: there are too few questions to measure them")
	} else {
		line("  probabilities  were measured with %d messages", x.Samples)
	}
	for i, why := range x.Why {
		line("\n  %d. %.3f  %s  %s", i+1, why.Confidence, why.Article, markup.Terminal(chat.Plain(why.Title), false))
		line("     classifier %+.2f, likeness to its questions %+.2f, passages %+.2f", why.Classifier, why.Centroid, why.Text)
		line("     words     %s", parts(why.Words, 8))
		line("     terms     %s", parts(why.Terms, 8))
		for _, p := range why.Passages[:min(3, len(why.Passages))] {
			heading := p.Section
			if heading == "" {
				heading = "(the beginning)"
			}
			line("     passage   %.2f  %s", p.Share, markup.Terminal(chat.Plain(heading), false))
		}
	}
	if len(x.Articles) > len(x.Why) {
		var rest []string
		for _, c := range x.Articles[len(x.Why):min(len(x.Articles), len(x.Why)+4)] {
			rest = append(rest, fmt.Sprintf("%s %.3f", c.Article, c.Confidence))
		}
		line("\n  then %s", strings.Join(rest, ", "))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// parts lists the parts that count most, for or against.
func parts[P interface {
	~struct {
		Part   string
		Weight float64
	}
}](all []P, most int) string {
	var texts []string
	for _, p := range slices.Clone(all)[:min(most, len(all))] {
		c := askPart(p)
		texts = append(texts, fmt.Sprintf("%s %+.2f", c.Part, c.Weight))
	}
	return strings.Join(texts, "  ")
}
