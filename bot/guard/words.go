package guard

import (
	"strings"
	"sync"

	"github.com/tyler-smith/go-bip39/wordlists"
)

// listSet is a set of word lists.
type listSet uint16

// The word lists of BIP-39. english4 has the first four letters of the English
// words, which name each word uniquely and are how phrases are cut in metal.
const (
	english listSet = 1 << iota
	spanish
	french
	italian
	czech
	japanese
	korean
	chineseSimplified
	chineseTraditional
	english4

	latinLists = english | spanish | french | italian | czech
	hanLists   = chineseSimplified | chineseTraditional
	lists      = 10
)

// dictionary knows the words of all lists, folded.
type dictionary struct {
	words map[string]listSet
	// byLength has the words of each list in Latin letters by length, to find
	// misspelt ones.
	byLength map[listSet][16][]string
	stems    map[string]listSet         // first four letters of the words in Latin letters
	index    map[listSet]map[string]int // of a word in a list
}

var dict = sync.OnceValue(func() *dictionary {
	d := &dictionary{
		words: map[string]listSet{}, byLength: map[listSet][16][]string{}, stems: map[string]listSet{}, index: map[listSet]map[string]int{},
	}
	for i, list := range [][]string{
		wordlists.English, wordlists.Spanish, wordlists.French, wordlists.Italian, wordlists.Czech,
		wordlists.Japanese, wordlists.Korean, wordlists.ChineseSimplified, wordlists.ChineseTraditional,
	} {
		d.addList(listSet(1)<<i, list)
	}
	return d
})

func (d *dictionary) addList(set listSet, list []string) {
	var byLength [16][]string
	index := make(map[string]int, len(list))
	for i, w := range list {
		w = folded(w)
		d.words[w] |= set
		index[w] = i
		if set&latinLists != 0 {
			byLength[len(w)] = append(byLength[len(w)], w)
			stem := w[:min(len(w), 4)]
			d.stems[stem] |= set
			if set == english {
				d.words[stem] |= english4
			}
		}
	}
	d.byLength[set], d.index[set] = byLength, index
}

// like reports whether word is probably a misspelt word of the list: one letter
// wrong, missing, added or swapped, or another ending after the four letters
// that name it.
func (d *dictionary) like(word string, list listSet) bool {
	if len(word) < 4 || len(word) > 12 || list&latinLists == 0 {
		return false
	}
	if d.stems[word[:4]]&list != 0 {
		return true
	}
	byLength := d.byLength[list]
	for n := len(word) - 1; n <= len(word)+1; n++ {
		for _, w := range byLength[n] {
			if oneEdit(word, w) {
				return true
			}
		}
	}
	return false
}

// oneEdit reports whether a and b, whose lengths differ by one at most, are one
// edit apart: a byte replaced, added, removed, or two neighbours swapped.
func oneEdit(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	switch {
	case len(a) < len(b):
		return a[i:] == b[i+1:]
	case i == len(a):
		return true
	}
	return a[i+1:] == b[i+1:] ||
		i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}

// latin reports whether word is made of the letters a to z only.
func latin(word string) bool { return strings.Trim(word, "abcdefghijklmnopqrstuvwxyz") == "" }
