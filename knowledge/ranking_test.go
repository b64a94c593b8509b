package knowledge_test

import (
	"errors"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"firstline/knowledge"
)

func TestRankingIsWhatAskDecidesBy(t *testing.T) {
	t.Parallel()
	b := base(t)
	ranked := 0
	for _, text := range []string{
		"how do I create an account", "somebody stole my coins", "withdrawal", "如何充值", "kyc 审核", "hello", "thanks", "a person please",
		"???", "", "what is the weather like in Oslo tomorrow", "Wie kann ich Geld einzahlen?", "qwertz asdf", "提现 pending",
	} {
		q := knowledge.Query{Text: text, Hint: "zh"}
		v, err := b.Ask(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		r, err := b.Ranking(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		// Sums over maps differ in the last digit from one time to the next.
		if diff := cmp.Diff(v, r.Verdict, cmpopts.EquateApprox(0, 1e-9)); diff != "" {
			t.Errorf("%q: the verdict isn't the one of Ask (-ask +ranking):\n%s", text, diff)
		}
		sum := r.None
		for i, a := range r.Articles {
			sum += a.Confidence
			if i > 0 && a.Confidence > r.Articles[i-1].Confidence {
				t.Errorf("%q: article %d is more probable than the one before", text, i)
			}
		}
		if math.Abs(sum-1) > 1e-9 {
			t.Errorf("%q: the probabilities add up to %g", text, sum)
		}
		if (r.Language == "") != (len(r.Articles) == 0) {
			t.Errorf("%q: %d articles in language %q", text, len(r.Articles), r.Language)
		}
		if v.Kind == knowledge.Answer && r.Articles[0].Article != v.Passage.Article {
			t.Errorf("%q is answered with %s, and ranked first is %s", text, v.Passage.Article, r.Articles[0].Article)
		}
		if len(r.Articles) > 0 {
			ranked++
		}
	}
	if ranked < 5 {
		t.Errorf("only %d questions were ranked", ranked)
	}
}

func TestRankingOfAClosedBase(t *testing.T) {
	t.Parallel()
	b := knowledge.New(knowledge.Options{})
	r, err := b.Ranking(t.Context(), knowledge.Query{Text: "how do I pay"})
	if err != nil || r.None != 1 || r.Articles != nil || r.Verdict.Kind != knowledge.HandOff {
		t.Errorf("without articles: %+v, %v", r, err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Ranking(t.Context(), knowledge.Query{Text: "how do I pay"}); !errors.Is(err, knowledge.ErrClosed) {
		t.Errorf("closed: %v", err)
	}
}
