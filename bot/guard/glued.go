package guard

const (
	// shortestGlued is how many letters a phrase has at least: twelve words of three.
	shortestGlued = 36
	// longestGlued is how many letters the longest word of the lists has.
	longestGlued = 9
)

// gluedPhrases finds phrases in Latin letters written without spaces, or with
// one between every two letters.
func gluedPhrases(v *view) []hit {
	var hits []hit
	var letters []byte
	var at []int
	flush := func() {
		if len(letters) >= shortestGlued {
			for _, h := range chains(string(letters)) {
				hits = append(hits, hit{start: at[h.start], end: at[h.end-1] + 1, kind: SeedPhrase})
			}
		}
		letters, at = letters[:0], at[:0]
	}
	words := wordsOf(v)
	for i, w := range words {
		single := w.end-w.start == 1
		if w.cut || !single || i > 0 && words[i-1].end-words[i-1].start != 1 || i > 0 && w.start-words[i-1].end > 8 {
			flush()
		}
		if !latin(w.text) {
			continue
		}
		for j := w.start; j < w.end; j++ {
			letters, at = append(letters, v.lower[j]), append(at, j)
		}
	}
	flush()
	return hits
}

// chains returns the stretches of letters that are twelve or more words of one
// list in a row, without anything in between.
func chains(letters string) []hit {

	d := dict()
	const lists = 5 // latinLists
	type chain struct{ words, start int32 }
	best := make([][lists]chain, len(letters)+1)
	var hits []hit
	for i := 3; i <= len(letters); i++ {
		for n := 3; n <= longestGlued && n <= i; n++ {
			in := d.words[letters[i-n:i]] & latinLists
			for l := range lists {
				if in&(1<<l) == 0 {
					continue
				}
				c := best[i-n][l]
				if c.words == 0 {
					c.start = int32(i - n)
				}
				if c.words++; c.words > best[i][l].words {
					best[i][l] = c
				}
			}
		}
		for _, c := range best[i] {
			if c.words >= window {
				hits = append(hits, hit{start: int(c.start), end: i})
			}
		}
	}
	return hits
}
