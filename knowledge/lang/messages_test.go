package lang_test

import (
	"os"
	"slices"
	"testing"

	"github.com/goccy/go-yaml"

	"firstline/knowledge/lang"
)

// answered are the languages that Firstline ships for: to be surely wrong about
// a message means to answer in one of these.
var answered = []string{"en", "zh", "es", "fr", "de", "ru", "ar"}

// TestMessages holds a floor under how many short messages of each language are
// told, and a ceiling over how many are surely taken for a language that an
// answer could come in. -v prints what is missed.
func TestMessages(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("testdata/messages.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var messages map[string][]string
	if err := yaml.Unmarshal(source, &messages); err != nil {
		t.Fatal(err)
	}
	for language, floor := range map[string]struct{ right, sure float64 }{
		// Shares: told rightly, as a guess or surely; told rightly and surely.
		"en": {0.95, 0.8}, "zh": {1, 0.97}, "es": {0.95, 0.85}, "fr": {0.95, 0.9}, "de": {0.95, 0.9}, "ru": {1, 0.97}, "ar": {1, 0.97},
		"it": {0.9, 0.8}, "pt": {0.9, 0.8}, "nl": {0.9, 0.8}, "pl": {0.9, 0.8}, "tr": {0.9, 0.8}, "id": {0.9, 0.8}, "vi": {0.9, 0.8},
		"uk": {0.75, 0.4}, "fa": {0.9, 0.8}, "ja": {0.95, 0.8}, "ko": {1, 1}, "other": {},
	} {
		right, sure, n := 0, 0, float64(len(messages[language]))
		if n < 20 {
			t.Fatalf("%s: %v messages", language, n)
		}
		for _, m := range messages[language] {
			got, isSure := lang.Detect(m)
			switch {
			case got == language:
				right++
				if isSure {
					sure++
				}
			case isSure && slices.Contains(answered, got):
				// Nothing tells a word that two languages of a script write alike.
				if got != "ru" && got != "ar" && got != "zh" || slices.Contains(answered, language) {
					t.Errorf("%s: %q is surely %s", language, m, got)
				}
			default:
				t.Logf("%s: %q is %q, %v", language, m, got, isSure)
			}
		}
		t.Logf("%s: %.3f right, %.3f surely", language, float64(right)/n, float64(sure)/n)
		if float64(right)/n < floor.right || float64(sure)/n < floor.sure {
			t.Errorf("%s: %.3f right, %.3f surely; want %v", language, float64(right)/n, float64(sure)/n, floor)
		}
	}
}
