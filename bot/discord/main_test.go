package discord_test

import (
	"flag"
	"os"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// TestMain runs the tests all at once, since they mostly wait for the library
// (a second for each connection that ends), and looks for goroutines that are
// left over.
//
// What the library leaves, and can't be helped: the goroutine of Open that
// locked itself out when the gateway asked to reconnect before a session began
// (see link).
func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("test.parallel", "64"); err != nil {
		panic(err)
	}
	code := m.Run()
	if code == 0 {
		lockedOut := goleak.IgnoreAnyFunction("github.com/bwmarrin/discordgo.(*Session).CloseWithCode")
		err := goleak.Find(lockedOut)
		for end := time.Now().Add(5 * time.Second); err != nil && time.Now().Before(end); {
			err = goleak.Find(lockedOut) // the library ends its goroutines a second after a connection
		}
		if err != nil {
			println(err.Error())
			code = 1
		}
	}
	os.Exit(code)
}
