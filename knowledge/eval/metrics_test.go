package eval

import (
	"encoding/json"
	"math"
	"slices"
	"testing"

	"firstline/knowledge"
)

var (
	inside  = &Query{Lang: "en", Gold: "a", Also: []string{"b"}}
	outside = &Query{Lang: "de", Gold: None}
)

// of makes the outcome of a query that is in scope.
func of(place int, probability float64, kind outcome) answered {
	return answered{query: inside, place: place, probability: probability, kind: kind}
}

func none(probability float64, kind outcome) answered {
	return answered{query: outside, probability: probability, kind: kind}
}

func near(t *testing.T, what string, got Figure, want float64) {
	t.Helper()
	if g := float64(got); math.Abs(g-want) > 1e-12 || math.IsNaN(g) != math.IsNaN(want) {
		t.Errorf("%s is %v, want %v", what, g, want)
	}
}

func TestAUROC(t *testing.T) {
	t.Parallel()
	nan := math.NaN()
	for name, test := range map[string]struct {
		all  []answered
		want float64
	}{
		"nothing":    {nil, nan},
		"all right":  {[]answered{of(1, 0.2, right), of(1, 0.3, right)}, nan},
		"none right": {[]answered{of(2, 0.2, wrong), none(0.3, silent)}, nan},
		"apart":      {[]answered{of(1, 0.9, right), none(0.1, silent), of(1, 0.8, right), of(2, 0.2, wrong)}, 1},
		"reversed":   {[]answered{of(1, 0.1, right), none(0.9, wrong)}, 0},
		"all equal":  {[]answered{of(1, 0.5, right), none(0.5, silent), none(0.5, silent)}, 0.5},
		// Right: 0.9, 0.4; not: 0.4, 0.2. Of four pairs three are in order and one ties.
		"a tie": {[]answered{of(1, 0.4, right), of(3, 0.4, asked), of(1, 0.9, right), none(0.2, silent)}, 3.5 / 4},
	} {
		near(t, name, auroc(test.all), test.want)
		slices.Reverse(test.all)
		near(t, name+", reversed", auroc(test.all), test.want)
	}
}

func TestECE(t *testing.T) {
	t.Parallel()
	near(t, "of nothing", ece(nil), math.NaN())
	// Fewer queries than bins: each is its own bin.
	near(t, "of two", ece([]answered{of(1, 0.9, right), none(0.3, silent)}), (0.1+0.3)/2)
	// Twenty queries, ten bins of two: 0.05 and 0.15 of which the first is wrong,
	// the second right, and so on: the gaps are |0.2-1|, |0.6-1|, 0, |1.4-1| …
	var all []answered
	want := 0.0
	for i := range 20 {
		p := float64(i)/10/2 + 0.025
		place := i % 2
		all = append(all, of(place, p, silent))
		if i%2 == 1 {
			want += math.Abs(p + p - 0.05 - 1)
		}
	}
	near(t, "of ten bins", ece(all), want/20)
	slices.Reverse(all)
	near(t, "in another order", ece(all), want/20)
	// Of one probability, the order must not decide which bin the right ones get
	// into: everything is at 0.5, half is right.
	var equal []answered
	for i := range 20 {
		equal = append(equal, of(i/10, 0.5, silent))
	}
	near(t, "of one probability", ece(equal), 0)
}

func TestFigures(t *testing.T) {
	t.Parallel()
	all := []answered{
		of(1, 0.9, right), of(2, 0.6, right), of(2, 0.7, wrong), of(4, 0.5, asked), of(0, 0.1, silent), of(1, 0.3, alarm),
		none(0.1, silent), none(0.8, wrong), none(0.3, asked), none(0.2, alarm),
	}
	for i := range all {
		all[i].micros = float64(i + 1)
	}
	r := result(all)
	near(t, "top1", r.Top1, 2.0/6)
	near(t, "top3", r.Top3, 4.0/6)
	near(t, "mrr", r.MRR, (1+0.5+0.5+0.25+0+1)/6)
	near(t, "in scope", r.InScopeAccuracy, 2.0/6)
	near(t, "out of scope", r.OutOfScopeRecall, 3.0/4)
	near(t, "precision", r.Precision, 2.0/4)
	near(t, "coverage", r.Coverage, 4.0/10)
	near(t, "wrong", r.WrongRate, 2.0/10)
	near(t, "choices", r.Choices, 2.0/10)
	near(t, "alarms", r.Alarms, 2.0/10)
	near(t, "median", r.QueryP50US, 5)
	near(t, "99th percentile", r.QueryP99US, 10)
	if r.Queries != 10 || r.InScope != 6 || len(r.ByLang) != 2 {
		t.Errorf("%d queries, %d in scope, %d languages", r.Queries, r.InScope, len(r.ByLang))
	}
	near(t, "precision in de", r.ByLang["de"].Precision, 0)
	near(t, "top1 in de", r.ByLang["de"].Top1, math.NaN())
	near(t, "recall in en", r.ByLang["en"].OutOfScopeRecall, math.NaN())
}

func TestFigureJSON(t *testing.T) {
	t.Parallel()
	data, err := json.Marshal([]Figure{0.25, Figure(math.NaN()), 1.0 / 3})
	if err != nil || string(data) != "[0.25,null,0.333333]" {
		t.Fatalf("%s, %v", data, err)
	}
	var back []Figure
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatal(err)
	}
	near(t, "a figure read back", back[0], 0.25)
	near(t, "null read back", back[1], math.NaN())
}

func TestJudge(t *testing.T) {
	t.Parallel()
	passage := func(id string) *knowledge.Passage { return &knowledge.Passage{Article: id} }
	ranked := []knowledge.Choice{{Article: "x", Confidence: 0.6}, {Article: "b", Confidence: 0.3}, {Article: "a", Confidence: 0.1}}
	for name, test := range map[string]struct {
		query   *Query
		verdict knowledge.Verdict
		want    outcome
	}{
		"gold":               {inside, knowledge.Verdict{Kind: knowledge.Answer, Passage: passage("a")}, right},
		"also":               {inside, knowledge.Verdict{Kind: knowledge.Answer, Passage: passage("b")}, right},
		"another":            {inside, knowledge.Verdict{Kind: knowledge.Answer, Passage: passage("x")}, wrong},
		"none answered":      {outside, knowledge.Verdict{Kind: knowledge.Answer, Passage: passage("a")}, wrong},
		"people's":           {inside, knowledge.Verdict{Kind: knowledge.HandOff, Reason: knowledge.Always, Passage: passage("a")}, right},
		"people's, another":  {inside, knowledge.Verdict{Kind: knowledge.HandOff, Reason: knowledge.Always, Passage: passage("x")}, alarm},
		"none, as people's":  {outside, knowledge.Verdict{Kind: knowledge.HandOff, Reason: knowledge.Always, Passage: passage("x")}, alarm},
		"choices":            {inside, knowledge.Verdict{Kind: knowledge.Choices, Choices: ranked}, asked},
		"unknown":            {inside, knowledge.Verdict{Kind: knowledge.HandOff, Reason: knowledge.Unknown}, silent},
		"none, small talk":   {outside, knowledge.Verdict{Kind: knowledge.SmallTalk, Talk: knowledge.Thanks}, silent},
		"none, asked person": {outside, knowledge.Verdict{Kind: knowledge.HandOff, Reason: knowledge.Asked}, silent},
	} {
		a := judge(test.query, knowledge.Ranking{Articles: ranked, Verdict: test.verdict})
		place := 2 // of b, which is right as well
		if test.query == outside {
			place = 0
		}
		if a.kind != test.want || a.place != place || a.probability != 0.6 {
			t.Errorf("%s: outcome %d, place %d, probability %g; want %d, %d, 0.6", name, a.kind, a.place, a.probability, test.want, place)
		}
	}
	if a := judge(inside, knowledge.Ranking{None: 1}); a.place != 0 || a.probability != 0 || a.kind != silent {
		t.Errorf("nothing ranked: %+v", a)
	}
}
