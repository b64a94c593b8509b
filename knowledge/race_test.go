//go:build race

package knowledge_test

// raceDetector is true in tests under the race detector, which makes everything
// some ten times as slow: sizes that only measure are smaller then.
const raceDetector = true
