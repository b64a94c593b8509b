//go:build !race

package knowledge_test

// raceDetector: see race_test.go.
const raceDetector = false
