package discord_test

import (
	"flag"
	"testing"

	"go.uber.org/goleak"
)

// TestMain runs the tests all at once, since they mostly wait, and looks for
// goroutines that are left over.
func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("test.parallel", "64"); err != nil {
		panic(err)
	}
	goleak.VerifyTestMain(m)
}
