package lang

import "testing"

// BenchmarkStart measures what the first message waits for.
func BenchmarkStart(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		learnWords()
		learnLetters()
	}
}
