package knowledge_test

import (
	"fmt"
	"testing"

	"firstline/knowledge"
	"firstline/knowledge/article"
)

// shelves are articles with enough questions that probabilities can be measured.
func shelves() []*article.Article {
	var all []*article.Article
	for i, topic := range []string{"parcel", "invoice", "voucher", "password", "garden", "kitchen", "engine", "window", "ladder", "guitar"} {
		var questions []string
		for j, form := range []string{"where is my %s", "the %s is broken", "how do i get a %s", "i need help with a %s", "why was my %s late", "can you change the %s", "%s problem", "is there a new %s"} {
			questions = append(questions, fmt.Sprintf(form, topic)+fmt.Sprint(" ", []string{"today", "please", "now", "again"}[(i+j)%4]))
		}
		all = append(all, write("en", fmt.Sprintf("t%d/%s", i%2, topic), "About the "+topic, "This is about the "+topic+".", questions))
	}
	return all
}

// A dearer mistake needs a surer answer, for all topics or for one.
func TestCosts(t *testing.T) {
	t.Parallel()
	b := knowledge.New(knowledge.Options{Fallback: "en"})
	t.Cleanup(func() { _ = b.Close() })
	answered := func(c knowledge.Costs) (even, odd int) {
		t.Helper()
		if err := b.Replace(t.Context(), knowledge.Content{Articles: shelves(), Costs: c}); err != nil {
			t.Fatal(err)
		}
		if err := b.Refined(t.Context()); err != nil {
			t.Fatal(err)
		}
		for i, text := range []string{"parcel", "invoice", "voucher", "password", "garden", "kitchen", "engine", "window", "ladder", "guitar"} {
			v := ask(t, b, knowledge.Query{Text: "tell me about the " + text + " in the shop"})
			if v.Kind == knowledge.Answer {
				if i%2 == 0 {
					even++
				} else {
					odd++
				}
			}
		}
		return even, odd
	}
	if even, odd := answered(knowledge.Costs{Wrong: 1.01}); even != 5 || odd != 5 {
		t.Errorf("where a mistake costs nothing %d and %d of 5 are answered", even, odd)
	}
	if even, odd := answered(knowledge.Costs{Wrong: 1e6}); even+odd > 0 {
		t.Errorf("where a mistake costs everything %d are answered", even+odd)
	}
	if even, odd := answered(knowledge.Costs{Wrong: 1.01, Topics: map[string]float64{"t1": 1e6}}); even != 5 || odd > 0 {
		t.Errorf("where a mistake costs everything in one topic %d and %d of 5 are answered", even, odd)
	}
}

func TestUnmeasured(t *testing.T) {
	t.Parallel()
	c := knowledge.Content{Articles: append(small(), shelves()...)}
	if got := c.Unmeasured(); len(got) != 1 || got[0] != "de" {
		t.Errorf("unmeasured are %v, want German, which has two questions", got)
	}
}

// Explain tells the same verdict as Ask, and why.
func TestExplain(t *testing.T) {
	t.Parallel()
	b := knowledge.New(knowledge.Options{Fallback: "en"})
	t.Cleanup(func() { _ = b.Close() })
	if err := b.Replace(t.Context(), knowledge.Content{Articles: shelves()}); err != nil {
		t.Fatal(err)
	}
	if err := b.Refined(t.Context()); err != nil {
		t.Fatal(err)
	}
	q := knowledge.Query{Text: "my guittar is broken please"}
	x, err := b.Explain(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	if v := ask(t, b, q); v.Kind != x.Verdict.Kind || v.Confidence != x.Verdict.Confidence {
		t.Errorf("Explain has %+v, Ask %+v", x.Verdict, v)
	}
	if len(x.Corrections) != 1 || x.Corrections[0].To != "guitar" || x.Samples < 40 || x.Cut != 0.9 {
		t.Errorf("%+v", x)
	}
	if len(x.Why) != 3 || x.Why[0].Article != "t1/guitar" || x.Why[0].Words[0].Part != "guitar" || len(x.Why[0].Passages) != 1 || x.Why[0].Passages[0].Share <= 0 {
		t.Errorf("%+v", x.Why)
	}
	if x, err := b.Explain(t.Context(), knowledge.Query{Text: "??"}); err != nil || x.Why != nil || x.Verdict.Reason != knowledge.Empty {
		t.Errorf("nothing to explain: %+v, %v", x, err)
	}
}
