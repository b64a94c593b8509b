package knowledge_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"firstline/knowledge"
	"firstline/knowledge/article"
)

// made makes articles of words that are as frequent as those of a language are:
// four sections of 80 words and eight questions each, some words of which are the
// article's own.
func made(language string, articles int, seed uint64) []*article.Article {
	r := rand.New(rand.NewPCG(seed, 1))
	frequent := rand.NewZipf(r, 1.15, 4, 40_000)
	word := func() string { return spell(frequent.Uint64()) }
	all := make([]*article.Article, articles)
	for i := range all {
		own := []string{spell(50_000 + uint64(i)), spell(100_000 + uint64(r.IntN(articles))), word(), word(), word()}
		text := func(words int) string {
			t := make([]string, words)
			for j := range t {
				if t[j] = word(); r.IntN(4) == 0 {
					t[j] = own[r.IntN(len(own))]
				}
			}
			return strings.Join(t, " ")
		}
		a := &article.Article{ID: fmt.Sprintf("t%d/a%d", i%20, i), Language: language, Title: text(5), HandOff: article.Offer, File: "f", Hash: "h"}
		for range 8 {
			a.Questions = append(a.Questions, text(4+r.IntN(8)))
		}
		for range 4 {
			body := text(80)
			a.Sections = append(a.Sections, article.Section{Heading: text(5), Markdown: body, Text: body})
		}
		all[i] = a
	}
	return all
}

// spell writes a number as a word of syllables.
func spell(n uint64) string {
	const consonants, vowels = "bdfgklmnprstvz", "aeiou"
	var b strings.Builder
	for n++; n > 0; n /= uint64(len(consonants) * len(vowels)) {
		k := n % uint64(len(consonants)*len(vowels))
		b.WriteByte(consonants[k/uint64(len(vowels))])
		b.WriteByte(vowels[k%uint64(len(vowels))])
	}
	return b.String()
}

// BenchmarkAskAtSize asks of bases of many sizes, and tells what they take: time
// to be live, memory, and time for a question.
func BenchmarkAskAtSize(b *testing.B) {
	for _, size := range []struct {
		name      string
		languages []string
		articles  int
	}{
		{"300x7", []string{"en", "zh", "es", "fr", "de", "ru", "ar"}, 300},
		{"1k-passages", []string{"en"}, 250},
		{"10k-passages", []string{"en"}, 2500},
		{"100k-passages", []string{"en"}, 25_000},
	} {
		b.Run(size.name, func(b *testing.B) {
			var articles []*article.Article
			for i, l := range size.languages {
				articles = append(articles, made(l, size.articles, uint64(i))...)
			}
			before := heap()
			k := knowledge.New(knowledge.Options{Fallback: "en"})
			defer k.Close()
			begin := time.Now()
			if err := k.Replace(b.Context(), knowledge.Content{Articles: articles}); err != nil {
				b.Fatal(err)
			}
			live := time.Since(begin)
			if size.articles <= 2500 {
				if err := k.Refined(b.Context()); err != nil {
					b.Fatal(err)
				}
			}
			mib := float64(heap()-before) / (1 << 20)
			took := make([]time.Duration, 0, b.N)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				a := articles[i*37%len(articles)]
				q := knowledge.Query{Text: "how " + a.Questions[i%8] + " my please", Language: a.Language}
				begin := time.Now()
				if _, err := k.Ask(b.Context(), q); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(begin))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
			b.ReportMetric(float64(live.Milliseconds()), "live-ms")
			b.ReportMetric(mib, "MiB")
		})
	}
}

// BenchmarkEdit changes one of 300 articles in one of seven languages, and tells
// how long it takes until it is live.
func BenchmarkEdit(b *testing.B) {
	languages := []string{"en", "zh", "es", "fr", "de", "ru", "ar"}
	var articles []*article.Article
	for i, l := range languages {
		articles = append(articles, made(l, 300, uint64(i))...)
	}
	k := knowledge.New(knowledge.Options{Fallback: "en"})
	defer k.Close()
	if err := k.Replace(b.Context(), knowledge.Content{Articles: articles}); err != nil {
		b.Fatal(err)
	}
	if err := k.Refined(b.Context()); err != nil {
		b.Fatal(err)
	}
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		edited := *articles[i*41%len(articles)]
		edited.Questions = append(slices.Clone(edited.Questions), fmt.Sprintf("question number %d of an editor", i))
		next := slices.Clone(articles)
		next[i*41%len(articles)] = &edited
		begin := time.Now()
		if err := k.Replace(b.Context(), knowledge.Content{Articles: next}); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(begin))
		if err := k.Refined(b.Context()); err != nil { // the next edit comes later
			b.Fatal(err)
		}
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Milliseconds()), "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Milliseconds()), "p99-ms")
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse
}
