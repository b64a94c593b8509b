package guard

import "strings"

// markers replaces every marker with a space.
var markers = func() *strings.Replacer {
	var pairs []string
	for _, k := range kinds {
		pairs = append(pairs, marker(k), " ")
	}
	return strings.NewReplacer(pairs...)
}()

// Strip returns a cleaned text without the markers that Clean left in it: what
// the person said besides the secret.
func Strip(clean string) string { return markers.Replace(clean) }
