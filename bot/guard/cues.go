package guard

import (
	"regexp"
	"regexp/syntax"
	"sort"
	"unicode"
	"unicode/utf8"
)

// cues are words or phrases that say what stands beside them.
type cues struct {
	pattern *regexp.Regexp // anchored
	first   map[rune]bool  // characters that a match can start with
}

// longestCue is how many bytes a cue has at most.
const longestCue = 80

// cue is where one of them stands in a view.
type cue struct{ start, end int }

// newCues makes cues of a pattern, whose words are in lower case; accents in it
// don't matter.
func newCues(pattern string) cues {
	anchored := `^(?:` + newView(pattern).text + `)`
	return cues{pattern: regexp.MustCompile(anchored), first: firstRunes(anchored)}
}

// find returns where the cues stand in v. In scripts with spaces between words
// a cue is a whole word. The pattern is tried only where it can start: one
// search through all of the text would take five times as long.
func (c *cues) find(v *view) []cue {
	var found []cue
	end := 0
	for _, s := range v.cueStarts() {
		if s.at < end || !c.first[s.first] {
			continue
		}
		if m := c.pattern.FindStringIndex(upTo(v.lower, s.at, longestCue)); m != nil && m[1] > 0 && !insideWord(v.lower, s.at+m[1]) {
			end = s.at + m[1]
			found = append(found, cue{start: s.at, end: end})
		}
	}
	return found
}

// cueStart is where a cue can start: anywhere but inside a word.
type cueStart struct {
	at    int
	first rune
}

func (v *view) cueStarts() []cueStart {
	if v.starts == nil {
		for i, c := range v.lower {
			if (unicode.IsLetter(c) || unicode.IsDigit(c)) && !insideWord(v.lower, i) {
				v.starts = append(v.starts, cueStart{at: i, first: c})
			}
		}
	}
	return v.starts
}

// firstRunes returns the characters that a match of the pattern can start with;
// all are letters or digits.
func firstRunes(pattern string) map[rune]bool {
	first := map[rune]bool{}
	parsed, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		panic(err) // it is a constant, and just compiled
	}
	prog, err := syntax.Compile(parsed.Simplify())
	if err != nil {
		panic(err)
	}
	seen := map[uint32]bool{}
	var walk func(pc uint32)
	walk = func(pc uint32) {
		if seen[pc] {
			return
		}
		seen[pc] = true
		switch in := &prog.Inst[pc]; in.Op {
		case syntax.InstAlt, syntax.InstAltMatch:
			walk(in.Out)
			walk(in.Arg)
		case syntax.InstCapture, syntax.InstNop, syntax.InstEmptyWidth:
			walk(in.Out)
		default:
			for i := 0; i < len(in.Rune); i += 2 {
				for c := in.Rune[i]; c <= in.Rune[min(i+1, len(in.Rune)-1)]; c++ {
					first[c] = true
				}
			}
		}
	}
	walk(uint32(prog.Start))
	return first
}

// endBefore returns where the last of found ends that ends at or before i, and
// not further from it than room; -1 when there is none.
func endBefore(found []cue, i, room int) int {
	n := sort.Search(len(found), func(n int) bool { return found[n].end > i })
	if n == 0 || found[n-1].end < i-room {
		return -1
	}
	return found[n-1].end
}

// upTo returns at most n bytes of s from offset i, so that looking at what
// follows each cue takes bounded time.
func upTo(s string, i, n int) string { return s[i:min(len(s), i+n)] }

// insideWord reports whether s goes on across i as one word of a script that
// writes spaces between words.
func insideWord(s string, i int) bool {
	before, _ := utf8.DecodeLastRuneInString(s[:i])
	after, _ := utf8.DecodeRuneInString(s[i:])
	return spaced(before) && spaced(after)
}

func spaced(c rune) bool {
	return c >= 'a' && c <= 'z' || c > 0x7f && unicode.In(c, unicode.Latin, unicode.Cyrillic, unicode.Greek)
}
