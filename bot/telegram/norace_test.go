//go:build !race

package telegram_test

// raceDetector: see race_test.go.
const raceDetector = false
