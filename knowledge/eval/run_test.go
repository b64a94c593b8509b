package eval_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"firstline/knowledge"
	"firstline/knowledge/article"
	"firstline/knowledge/eval"
)

// small is a set in two languages that every method answers.
func small() eval.Set {
	topics := map[string][]string{
		"en": {"reset the password", "withdraw my coins", "verify a passport", "change the language", "delete the account", "pay a bill"},
		"zh": {"重置登录密码", "提现到银行卡", "上传护照认证", "修改界面语言", "注销我的账户", "支付电费账单"},
	}
	var s eval.Set
	for _, l := range []string{"en", "zh"} {
		for i, topic := range topics[l] {
			id := fmt.Sprintf("a/%d", i)
			s.Articles = append(s.Articles, &article.Article{
				ID: id, Language: l, Title: topic, Questions: []string{topic}, HandOff: article.Offer,
				Sections: []article.Section{{Markdown: topic, Text: topic}},
			})
			s.Queries = append(s.Queries, eval.Query{Text: topic, Lang: l, Gold: id})
		}
	}
	s.Queries = append(s.Queries, eval.Query{Text: "Beethoven quintessence", Lang: "en", Gold: eval.None},
		eval.Query{Text: "贝多芬交响曲", Lang: "zh", Gold: eval.None}, eval.Query{Text: "!?", Lang: "en", Gold: eval.None})
	return s
}

func TestRun(t *testing.T) {
	t.Parallel()
	r, err := eval.Run(t.Context(), knowledge.Options{}, small())
	if err != nil {
		t.Fatal(err)
	}
	check(t, r)
	if r.ECE < 0 || r.ECE > 1 {
		t.Errorf("ECE is %v", r.ECE)
	}
	again, err := eval.Run(t.Context(), knowledge.Options{}, small())
	if err != nil {
		t.Fatal(err)
	}
	times := cmpopts.IgnoreFields(eval.Figures{}, "TrainMS", "QueryP50US", "QueryP99US", "HeapBytes")
	if diff := cmp.Diff(r, again, times, cmpopts.EquateNaNs()); diff != "" {
		t.Errorf("a second run differs:\n%s", diff)
	}
}

func TestRunBaseline(t *testing.T) {
	t.Parallel()
	for _, name := range eval.Baselines {
		r, err := eval.RunBaseline(t.Context(), name, small())
		if err != nil {
			t.Fatal(name, err)
		}
		check(t, r)
		if !math.IsNaN(float64(r.ECE)) {
			t.Errorf("%s has an ECE of %v, but no probabilities", name, r.ECE)
		}
	}
	if _, err := eval.RunBaseline(t.Context(), "lucene", small()); err == nil || !strings.Contains(err.Error(), "bleve, fts5") {
		t.Errorf("an unknown baseline: %v", err)
	}
}

// TestBaselineTakesAnyText asks what query languages would stumble over.
func TestBaselineTakesAnyText(t *testing.T) {
	t.Parallel()
	s := small()
	s.Queries = nil
	for _, text := range []string{`"`, `a" OR "b`, "NEAR(", "title:pay", "*", "支", "\x00", "\xff", strings.Repeat("pay ", 5000), "\U0001F600"} {
		for _, l := range []string{"en", "zh", "xx"} {
			s.Queries = append(s.Queries, eval.Query{Text: text, Lang: l, Gold: eval.None})
		}
	}
	for _, name := range eval.Baselines {
		if _, err := eval.RunBaseline(t.Context(), name, s); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func check(t *testing.T, r eval.Result) {
	t.Helper()
	if r.Queries != 15 || r.InScope != 12 || r.Top1 != 1 || r.Top3 != 1 || r.MRR != 1 || r.InScopeAccuracy != 1 ||
		r.OutOfScopeRecall != 1 || r.Precision != 1 || r.WrongRate != 0 || r.AUROC != 1 {
		t.Errorf("an easy set isn't answered: %+v", r.Figures)
	}
	if r.Coverage != 12.0/15 {
		t.Errorf("coverage is %v, want 0.8", r.Coverage)
	}
	for _, l := range []string{"en", "zh"} {
		if f := r.ByLang[l]; f.InScope != 6 || f.Top1 != 1 || f.TrainMS <= 0 || f.QueryP50US <= 0 || f.QueryP99US < f.QueryP50US {
			t.Errorf("%s: %+v", l, f)
		}
	}
	if len(r.ByLang) != 2 || r.TrainMS <= 0 || r.HeapBytes <= 0 {
		t.Errorf("languages or times are missing: %+v", r)
	}
}

func TestRunIsStopped(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := eval.Run(ctx, knowledge.Options{}, small()); !errors.Is(err, context.Canceled) {
		t.Errorf("Run: %v", err)
	}
	for _, name := range eval.Baselines {
		if _, err := eval.RunBaseline(ctx, name, small()); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTable(t *testing.T) {
	t.Parallel()
	nan := eval.Figure(math.NaN())
	f := eval.Figures{Queries: 3, Top1: 0.5, OutOfScopeRecall: nan, ECE: 0.0123, QueryP50US: 42.4}
	two := eval.Result{Figures: f, ByLang: map[string]eval.Figures{"zh": f, "en": f}}
	one := eval.Result{Figures: f, ByLang: map[string]eval.Figures{"en": f}}
	var b strings.Builder
	if err := eval.WriteTable(&b, append(eval.Columns("", two), eval.Columns("fts5", one)...)); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimRight(b.String(), "\n"), "\n")
	got := map[string]string{}
	for _, l := range lines {
		if len(l) != len(lines[0]) && !strings.Contains(l, "µ") {
			t.Errorf("not aligned: %q", l)
		}
		fields := strings.Fields(l)
		got[strings.Join(fields[:max(0, len(fields)-4)], " ")] = strings.Join(fields[max(0, len(fields)-4):], " ")
	}
	want := map[string]string{
		"": "all en zh fts5", "questions": "3 3 3 3", "top 1, %": "50.0 50.0 50.0 50.0", "out of scope, not answered, %": "- - - -",
		"calibration error": "0.012 0.012 0.012 0.012", "query, median, µs": "42 42 42 42",
	}
	for name, values := range want {
		if got[name] != values {
			t.Errorf("%q is %q, want %q", name, got[name], values)
		}
	}
}
