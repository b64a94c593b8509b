package knowledge_test

import (
	"slices"
	"testing"
	"time"

	"firstline/knowledge"
)

// BenchmarkAsk asks the shipped questions of both languages in turn, and reports
// the median and the 99th percentile besides the mean.
func BenchmarkAsk(b *testing.B) {
	_, articles := shipped(b)
	k := base(b)
	var questions []string
	for _, a := range articles {
		for _, q := range a.Questions {
			questions = append(questions, "please help: "+q)
		}
	}
	took := make([]time.Duration, 0, b.N)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		begin := time.Now()
		if _, err := k.Ask(b.Context(), knowledge.Query{Text: questions[i*37%len(questions)]}); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(begin))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
}

// BenchmarkReplace builds the index and the rankers of all shipped articles.
func BenchmarkReplace(b *testing.B) {
	_, articles := shipped(b)
	k := knowledge.New(knowledge.Options{})
	b.Cleanup(func() { _ = k.Close() })
	b.ReportAllocs()
	for b.Loop() {
		if err := k.Replace(b.Context(), knowledge.Content{Articles: articles}); err != nil {
			b.Fatal(err)
		}
	}
}
