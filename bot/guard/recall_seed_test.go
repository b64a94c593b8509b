package guard

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// writings are ways in which people write a phrase.
var writings = map[string]func(m maker, words []string) string{
	"spaces":            func(_ maker, w []string) string { return strings.Join(w, " ") },
	"commas":            func(_ maker, w []string) string { return strings.Join(w, ", ") },
	"lines":             func(_ maker, w []string) string { return strings.Join(w, "\n") },
	"two lines":         func(_ maker, w []string) string { return strings.Join(w[:6], " ") + "\n" + strings.Join(w[6:], " ") },
	"numbered":          func(_ maker, w []string) string { return numbered(w, "%d. %s", " ") },
	"numbered lines":    func(_ maker, w []string) string { return numbered(w, "%d) %s", "\n") },
	"numbered glued":    func(_ maker, w []string) string { return numbered(w, "%d.%s", " ") },
	"word 1":            func(_ maker, w []string) string { return numbered(w, "word%d: %s", "\n") },
	"quoted":            func(_ maker, w []string) string { return `["` + strings.Join(w, `","`) + `"]` },
	"upper case":        func(_ maker, w []string) string { return strings.ToUpper(strings.Join(w, " ")) },
	"hyphens":           func(_ maker, w []string) string { return strings.Join(w, "-") },
	"slashes":           func(_ maker, w []string) string { return strings.Join(w, " / ") },
	"invisible":         func(_ maker, w []string) string { return sprinkle(strings.Join(w, " ")) },
	"ideographic space": func(_ maker, w []string) string { return strings.Join(w, "\u3000") },
	"wrong checksum": func(m maker, w []string) string {
		m.Shuffle(len(w), func(i, j int) { w[i], w[j] = w[j], w[i] })
		return strings.Join(w, " ")
	},
}

// latinWritings are ways for words in Latin letters.
var latinWritings = map[string]func(m maker, words []string) string{
	"full width":    func(_ maker, w []string) string { return wide(strings.Join(w, " ")) },
	"letters apart": func(_ maker, w []string) string { return spread(strings.Join(w, " "), " ") },
	"run together":  func(_ maker, w []string) string { return strings.Join(w, "") },
	"one misspelt": func(m maker, w []string) string {
		i := m.IntN(len(w))
		w[i] = m.typo(w[i])
		return strings.Join(w, " ")
	},
	"two misspelt": func(m maker, w []string) string {
		for _, i := range m.Perm(len(w))[:2] {
			w[i] = m.typo(w[i])
		}
		return strings.Join(w, " ")
	},
	"one missing": func(m maker, w []string) string {
		i := m.IntN(len(w))
		return strings.Join(append(w[:i:i], w[i+1:]...), " ")
	},
}

// hanWritings are ways for Chinese characters.
var hanWritings = map[string]func(m maker, words []string) string{
	"han run together": func(_ maker, w []string) string { return strings.Join(w, "") },
	"han in threes":    func(_ maker, w []string) string { return inThrees(w) },
	"han mistyped after a cue": func(m maker, w []string) string {
		w[3], w[4] = w[4], w[3]
		return m.pick("助记词：", "助记词是", "seed phrase: ", "助記詞 ") + strings.Join(w, "") + "。"
	},
}

func inThrees(w []string) string {
	var lines []string
	for ; len(w) > 0; w = w[3:] {
		lines = append(lines, strings.Join(w[:3], ""))
	}
	return "\"" + strings.Join(lines, " ") + "\""
}

var seedFloors = map[string]float64{"one misspelt": 0.95, "two misspelt": 0.92, "one missing": 0.95, "wrong checksum": 0.97, "han run together": 0.95, "han in threes": 0.95, "han mistyped after a cue": 0.95}

// TestSeedRecall measures how many generated phrases are found so that no two
// of their words are left.
func TestSeedRecall(t *testing.T) {
	t.Parallel()
	for i, name := range slices.Sorted(maps.Keys(bip39)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ways := maps.Clone(writings)
			if list := bip39[name]; latin(folded(list[0])) {
				maps.Copy(ways, latinWritings)
			} else if strings.HasPrefix(name, "chinese") {
				maps.Copy(ways, hanWritings)
			}
			for _, way := range slices.Sorted(maps.Keys(ways)) {
				floor := 1.0
				if f, ok := seedFloors[way]; ok {
					floor = f
				}
				m := newMaker(uint64(i))
				caught, n := 0, 20
				for k := range n {
					words := m.mnemonic(bip39[name], []int{12, 15, 18, 21, 24}[k%5])
					text := fmt.Sprintf(m.pick(frames...), ways[way](m, slices.Clone(words)))
					clean, found := Clean(text)
					if slices.Contains(found, SeedPhrase) && wordsLeft(clean, words) < 2 {
						caught++
					} else if testing.Verbose() {
						t.Logf("%s missed: %q → %q", way, text, clean)
					}
				}
				share := float64(caught) / float64(n)
				if testing.Verbose() {
					t.Logf("recall %s: %.3f", way, share)
				}
				if share < floor {
					t.Errorf("%s: recall %.3f is below %.3f", way, share, floor)
				}
			}
		})
	}
}

// wordsLeft counts the words of a phrase that clean still has.
func wordsLeft(clean string, words []string) int {
	n := 0
	in := map[string]bool{}
	for _, w := range wordsOf(newView(clean)) {
		in[w.text] = true
	}
	for _, w := range words {
		if in[folded(w)] && !slices.Contains(frameWords, folded(w)) {
			n++
		}
	}
	return n
}

// frameWords are the words of frames that are in a list.
var frameWords = []string{"wallet", "this", "help", "that", "phrase", "team", "ask"}
