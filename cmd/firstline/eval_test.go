package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "record the quality figures of the shipped articles in testdata/eval.json")

// quality are the figures that tell how well questions are answered, with the
// sign that is better. Coverage has none: more answers are better only when they
// are right, which others tell.
var quality = map[string]int{
	"top1": +1, "top3": +1, "mrr": +1, "in_scope_accuracy": +1, "out_of_scope_recall": +1,
	"precision": +1, "coverage": 0, "auroc": +1, "ece": -1, "wrong_rate": -1,
}

// tolerance is how much worse a figure may get: less than two of a language's
// three hundred questions.
const tolerance = 0.005

// TestQuality compares the figures of the shipped articles with the recorded
// ones. Whoever changes articles, questions or the ranking sees here what became
// worse, and records the new figures with -update when they are meant.
func TestQuality(t *testing.T) {
	t.Parallel()
	if raceDetector {
		t.Skip("figures don't depend on the race detector, and it would take minutes; they are measured without it")
	}
	var errs bytes.Buffer
	got := evalJSON(t, &errs)
	if errs.Len() > 0 {
		t.Logf("some held-out questions aren't asked:\n%s", errs.String())
	}
	for _, figures := range got {
		maps.DeleteFunc(figures, func(name string, _ float64) bool { _, is := quality[name]; return !is })
	}
	golden := filepath.Join("testdata", "eval.json")
	if *update {
		data, err := json.MarshalIndent(got, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(golden, append(data, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	data, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	var want map[string]map[string]float64
	if err := json.Unmarshal(data, &want); err != nil {
		t.Fatal(err)
	}
	worse, better := compare(want, got)
	for _, w := range worse {
		t.Error(w)
	}
	if len(better) > 0 {
		t.Logf("better than recorded; go test -run TestQuality -update keeps it so:\n%s", strings.Join(better, "\n"))
	}
}

// compare returns the figures that are worse than they were by more than the
// tolerance, and those that are better by more than that.
func compare(was, is map[string]map[string]float64) (worse, better []string) {
	for _, group := range slices.Sorted(maps.Keys(was)) {
		for _, name := range slices.Sorted(maps.Keys(quality)) {
			before, recorded := was[group][name]
			now, measured := is[group][name]
			change := float64(quality[name]) * (now - before)
			line := fmt.Sprintf("%s: %s was %.3f, is %.3f", group, name, before, now)
			switch {
			case recorded && !measured:
				worse = append(worse, fmt.Sprintf("%s: %s was %.3f, can't be measured any more", group, name, before))
			case change < -tolerance:
				worse = append(worse, line)
			case change > tolerance:
				better = append(better, line)
			}
		}
	}
	for _, group := range slices.Sorted(maps.Keys(is)) {
		if was[group] == nil {
			worse = append(worse, group+" is not recorded: run with -update")
		}
	}
	return worse, better
}

// evalJSON runs firstline eval --json and returns the figures of all and of each
// language.
func evalJSON(t *testing.T, errs *bytes.Buffer, args ...string) map[string]map[string]float64 {
	t.Helper()
	var out bytes.Buffer
	if code := run(t.Context(), append([]string{"eval", "--json"}, args...), streams{in: strings.NewReader(""), out: &out, err: errs}); code != 0 {
		t.Fatalf("exit code %d: %s", code, errs.String())
	}
	var top map[string]json.RawMessage
	if err := json.Unmarshal(out.Bytes(), &top); err != nil {
		t.Fatal(err)
	}
	groups := map[string]map[string]*float64{}
	if err := json.Unmarshal(top["by_lang"], &groups); err != nil {
		t.Fatal(err)
	}
	delete(top, "by_lang")
	groups["all"] = map[string]*float64{}
	for name, raw := range top {
		var f *float64
		if err := json.Unmarshal(raw, &f); err != nil {
			t.Fatal(err)
		}
		groups["all"][name] = f
	}
	keys := []string{"train_ms", "query_p50_us", "query_p99_us"}
	keys = slices.Sorted(slices.Values(append(keys, slices.Collect(maps.Keys(quality))...)))
	figures := map[string]map[string]float64{}
	for group, all := range groups {
		if got := slices.Sorted(maps.Keys(all)); !slices.Equal(got, keys) {
			t.Errorf("the keys of %s are %v, want %v", group, got, keys)
		}
		figures[group] = map[string]float64{}
		for name, f := range all {
			if f != nil {
				figures[group][name] = *f
			}
		}
	}
	return figures
}

func TestCompareFigures(t *testing.T) {
	t.Parallel()
	figures := func(top1, ece, coverage float64) map[string]map[string]float64 {
		return map[string]map[string]float64{"en": {"top1": top1, "ece": ece, "coverage": coverage}}
	}
	was := figures(0.7, 0.1, 0.5)
	for name, test := range map[string]struct {
		is            map[string]map[string]float64
		worse, better []string
	}{
		"same":             {figures(0.7, 0.1, 0.5), nil, nil},
		"within tolerance": {figures(0.6951, 0.1049, 0.5), nil, nil},
		"coverage":         {figures(0.7, 0.1, 0.1), nil, nil},
		"worse":            {figures(0.69, 0.11, 0.5), []string{"en: ece was 0.100, is 0.110", "en: top1 was 0.700, is 0.690"}, nil},
		"better, worse":    {figures(0.71, 0.11, 0.5), []string{"en: ece was 0.100, is 0.110"}, []string{"en: top1 was 0.700, is 0.710"}},
		"gone": {map[string]map[string]float64{"en": {"top1": 0.7, "ece": 0.1}}, []string{
			"en: coverage was 0.500, can't be measured any more"}, nil},
		"new language": {map[string]map[string]float64{"en": was["en"], "fr": was["en"]}, []string{
			"fr is not recorded: run with -update"}, nil},
	} {
		worse, better := compare(was, test.is)
		if !slices.Equal(worse, test.worse) || !slices.Equal(better, test.better) {
			t.Errorf("%s: worse %q, better %q; want %q, %q", name, worse, better, test.worse, test.better)
		}
	}
}

// TestEvalSet measures a set that leaves some figures without anything to
// measure.
func TestEvalSet(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	articles := write("articles.jsonl", `{"id": "Pay!", "lang": "en", "title": "pay a bill", "questions": ["how do I pay a bill"], "body": ""}
{"id": "close", "lang": "en", "title": "close the account", "questions": ["delete my account"], "body": ""}
`)
	queries := write("queries.jsonl", `{"q": "how do I pay a bill", "lang": "en", "gold": "Pay!"}
{"q": "delete my account", "lang": "en", "gold": "close"}
`)
	var errs bytes.Buffer
	got := evalJSON(t, &errs, "--articles", articles, "--queries", queries)
	for _, group := range []string{"all", "en"} {
		f := got[group]
		if f["top1"] != 1 || f["in_scope_accuracy"] != 1 || f["train_ms"] <= 0 {
			t.Errorf("%s: %v", group, f)
		}
		if _, measured := f["out_of_scope_recall"]; measured {
			t.Errorf("%s: a recall of what is out of scope, but everything is in scope", group)
		}
	}
	if errs.Len() > 0 {
		t.Errorf("stderr: %s", errs.String())
	}
}
