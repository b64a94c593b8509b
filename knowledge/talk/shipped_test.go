package talk_test

import (
	"slices"
	"testing"

	"github.com/goccy/go-yaml"

	"firstline/content"
)

// shippedPhrases reads a file of phrases without the code under test.
func shippedPhrases(t *testing.T, language string) map[string][]string {
	t.Helper()
	data, err := content.FS.ReadFile(language + "/smalltalk.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var phrases map[string][]string
	if err := yaml.Unmarshal(data, &phrases); err != nil {
		t.Fatal(err)
	}
	return phrases
}

// otherKind reports whether a phrase is listed, in any language, for another
// kind too ("salut" greets and says goodbye).
func otherKind(t *testing.T, language, phrase, kind string) bool {
	t.Helper()
	for _, l := range append([]string{language}, languages...) {
		if slices.Contains(shippedPhrases(t, l)[kind], phrase) {
			return true
		}
	}
	return false
}
