package rank_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"firstline/knowledge/rank"
)

// many makes articles about made-up topics: every question has its topic's word
// most of the time, among words that all topics share.
func many(articles, questions int) []rank.Article {
	r := rand.New(rand.NewPCG(1, 2))
	common := strings.Fields("how do i get my the a when can you please change need help about with not work why is it")
	out := make([]rank.Article, articles)
	for i := range out {
		out[i].ID = fmt.Sprint("a", i)
		out[i].Title = fmt.Sprintf("topic%d", i)
		for range questions {
			words := []string{fmt.Sprintf("thing%d%c", i, 'a'+r.IntN(4))}
			if r.IntN(10) > 0 {
				words = append(words, fmt.Sprintf("topic%d", i))
			}
			for range 3 + r.IntN(5) {
				words = append(words, common[r.IntN(len(common))])
			}
			r.Shuffle(len(words), func(i, j int) { words[i], words[j] = words[j], words[i] })
			out[i].Questions = append(out[i].Questions, strings.Join(words, " "))
		}
	}
	return out
}

func BenchmarkRank(b *testing.B) {
	m := train(b, many(150, 20), rank.Options{Language: "en", Quick: true})
	b.ReportAllocs()
	for b.Loop() {
		ask(b, m, "hi so i got a new thing3a yesterday and now topic7 does not work, how do i get it??")
	}
}

func BenchmarkTrain(b *testing.B) {
	articles := many(300, 8)
	for b.Loop() {
		train(b, articles, rank.Options{Language: "en", Quick: true})
	}
}

func FuzzRank(f *testing.F) {
	m, err := rank.Train(f.Context(), shop, rank.Options{Language: "en"})
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{"where is my parcel", "\xff", "提现", "a'b'c", "ﷺ", "e\u0301\u0301\u0301", "12345678901234567890"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r := ask(t, m, text)
		for _, a := range r.Articles {
			if !(a.Probability >= 0 && a.Probability <= 1) {
				t.Errorf("Rank(%q): %+v", text, a)
			}
		}
		if _, err := m.Explain(t.Context(), text, "refund"); err != nil {
			t.Error(err)
		}
	})
}
