package guard

import (
	"regexp"
	"strings"
)

// joint is how a cue and its value are joined.
type joint int

const (
	loose joint = iota // by white space or nothing: "password hunter2"
	verb               // "password is hunter2"
	colon              // "password: hunter2"
)

var (
	colonAfter = regexp.MustCompile("^[ *_)\"'`\\]]{0,4}(?::+=?|=+>?|-+>|→)(?:\\*{1,2} )?[ \n]{0,4}")
	verbAfter  = regexp.MustCompile(`^[ *_)"'\]]{0,4}(?:(?:is|are|was|were|equals|es|son|era|sera|est|sont|etait|ist|sind|war|lautet|lauten|это|هي|هو)[ \n]{1,3}|就是|是|为|為|は|는|은)[ :=]{0,3}`)
	blankAfter = regexp.MustCompile(`^(?: - | ?\n|[ \n]{0,2})`)
)

// after returns where the value of a cue starts that ends at i in s, and how
// they are joined.
func after(s string, i int) (at int, j joint) {
	rest := s[i:min(len(s), i+40)]
	if m := colonAfter.FindString(rest); m != "" {
		return i + len(m), colon
	}
	if m := verbAfter.FindString(rest); m != "" {
		return i + len(m), verb
	}
	return i + len(blankAfter.FindString(rest)), loose
}

// afterSeparator is after for those who don't mind how; it skips an opening
// quote or bracket too.
func afterSeparator(s string, i int) int {
	at, _ := after(s, i)
	if at < len(s) && strings.IndexByte("\"'`(<[", s[at]) >= 0 {
		at++
	}
	return at
}
