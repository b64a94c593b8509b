package talk_test

import (
	"os"
	"testing"

	"github.com/goccy/go-yaml"

	"firstline/knowledge/talk"
)

// messages reads the messages that stand in no file of phrases, by language and
// kind.
func messages(t testing.TB) map[string]map[string][]string {
	t.Helper()
	data, err := os.ReadFile("testdata/messages.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]map[string][]string
	if err := yaml.Unmarshal(data, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func learn(t testing.TB, b *talk.Book, language string, questions []string) *talk.Recogniser {
	t.Helper()
	r, err := b.Learn(t.Context(), language, questions)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

const nothing = "nothing" // how the file calls talk.Nothing

// recognise is how a message is to be looked at: to the word, then by likeness.
func recognise(b *talk.Book, r *talk.Recogniser, text string) string {
	what, _ := b.Recognise(text)
	if what == talk.Nothing {
		what, _ = r.Recognise(text)
	}
	if what == talk.Nothing {
		return nothing
	}
	return string(what)
}

// least is the share of the messages of a kind that must be found, over all
// languages and in each. Nothing is the share of questions that stay questions.
var least = map[string]struct{ all, each float64 }{
	"greeting":  {0.90, 0.75},
	"thanks":    {0.88, 0.75},
	"goodbye":   {0.88, 0.75},
	"person":    {0.93, 0.83},
	"complaint": {0.87, 0.75},
	"failed":    {0.87, 0.75},
	"followup":  {0.88, 0.75},
	"offtopic":  {0.55, 0.30}, // the world is large; what is missed only gets no answer
	nothing:     {0.97, 0.92},
}

// TestMessages measures what is made of messages that nobody listed. The floors
// are a message or two below the figures, which -v prints.
func TestMessages(t *testing.T) {
	t.Parallel()
	b := shipped(t)
	all, right := map[string]float64{}, map[string]float64{}
	for _, l := range languages {
		r := learn(t, b, l, nil)
		for kind, texts := range messages(t)[l] {
			hits := 0.0
			for _, text := range texts {
				switch got := recognise(b, r, text); {
				case got == kind:
					hits++
				case kind == nothing, got != nothing:
					t.Logf("%s: %q is %s, not %s", l, text, got, kind)
				}
			}
			n := float64(len(texts))
			all[kind] += n
			right[kind] += hits
			if hits/n < least[kind].each {
				t.Errorf("%s: %.0f of %.0f %s are found, want %.0f %%", l, hits, n, kind, 100*least[kind].each)
			}
		}
	}
	for kind, want := range least {
		share := right[kind] / all[kind]
		t.Logf("%-9s %3.0f of %3.0f: %.1f %%", kind, right[kind], all[kind], 100*share)
		if share < want.all {
			t.Errorf("%.1f %% of %s are found, want %.0f %%", 100*share, kind, 100*want.all)
		}
	}
}

// Whatever the tests measure must not stand in the files.
func TestMessagesAreUnseen(t *testing.T) {
	t.Parallel()
	for l, kinds := range messages(t) {
		seen := map[string]string{}
		for kind, phrases := range shippedPhrases(t, l) {
			for _, p := range phrases {
				seen[p] = kind
			}
		}
		for kind, texts := range kinds {
			if len(texts) < 12 || kind == nothing && len(texts) < 40 {
				t.Errorf("%s: only %d %s", l, len(texts), kind)
			}
			for _, text := range texts {
				if seen[text] != "" {
					t.Errorf("%s: %q stands under %s", l, text, seen[text])
				}
			}
		}
	}
}
