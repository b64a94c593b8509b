package telegram_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"strconv"
	"sync"
	"testing"
	"time"

	"firstline/bot/chat"
	"firstline/bot/telegram"
	"firstline/bot/telegram/telegramtest"
)

// quickFaults are what happens to calls in the soak: all that passes by itself.
// A poll that hangs takes a second at least, so few do.
var (
	quickFaults = []telegramtest.Fault{
		telegramtest.TooManyRequests(0), telegramtest.APIError(500, "Internal Server Error: restart"), telegramtest.HTMLPage(502),
		telegramtest.HTMLPage(200), telegramtest.Drop(), telegramtest.DropAfter(), telegramtest.CutAfter(),
		telegramtest.Conflict(), telegramtest.Slow(time.Millisecond),
	}
	soakFaults = append([]telegramtest.Fault{telegramtest.Hang(), telegramtest.HangAfter()}, quickFaults...)
)

// soakSize is how many messages go each way.
func soakSize() int {
	// The race detector's runtime fails an assertion of its own now and then with
	// the large size ("tsan_rtl.cpp … kEpochLast"); races show in the small one, too.
	if testing.Short() || raceDetector {
		return 500
	}
	return 5000
}

// TestSoakReceiving lets many people write, in private and in groups, while
// polls fail in every way, come in disorder and twice, storing fails and the
// bot is restarted: all is received, once, in order within a conversation.
func TestSoakReceiving(t *testing.T) {
	t.Parallel()
	const seed = 4711
	rng := rand.New(rand.NewPCG(seed, seed))
	s := telegramtest.New(t)
	s.Disorder(seed)
	got := newStore()
	var mu sync.Mutex
	frng := rand.New(rand.NewPCG(seed, 2))
	got.fail = func(context.Context, int, []*chat.Message) error {
		mu.Lock()
		defer mu.Unlock()
		if frng.IntN(20) == 0 {
			return errors.New("disk full")
		}
		return nil
	}
	start := func() func() error {
		c, _ := channel(t, s, func(o *telegram.Options) {
			o.HelpChats, o.Now, o.AlbumWait = "-1001,-1002", time.Now, 4*time.Millisecond
			o.RequestTimeout, o.PollTimeout = 50*time.Millisecond, time.Second
		})
		return run(t, c, got)
	}
	stop := start()
	next := map[int64]int{}
	total, photos := soakSize(), 0
	for i := range total {
		from := 1 + rng.Int64N(50)
		in := int64(0)
		if rng.IntN(3) == 0 {
			in = -1001 - rng.Int64N(2)
		}
		at := in
		if in == 0 {
			at = from
		}
		next[at]++
		m := telegramtest.Incoming{From: from, Chat: in, Text: strconv.Itoa(next[at])}
		parts := 0
		if rng.IntN(20) == 0 {
			parts = 2 + rng.IntN(4)
			m = photo(from, in, strconv.Itoa(i), photos, m.Text)
		}
		s.Deliver(m)
		for part := range parts {
			if part > 0 {
				s.Deliver(photo(from, in, strconv.Itoa(i), photos, ""))
			}
			photos++
		}
		if rng.IntN(30) == 0 {
			s.Fail("getUpdates", quickFaults[rng.IntN(len(quickFaults))])
		}
		if i == total/2 {
			s.Fail("getUpdates", telegramtest.Hang(), telegramtest.HangAfter())
		}
		if i%(total/3) == total/4 {
			if err := stop(); err != nil {
				t.Fatal(err)
			}
			stop = start()
		}
	}
	for n := s.Pending(); n > 0; n = s.Pending() { // on a busy machine all of them take a while
		s.Wait(t, "more updates to be confirmed", func() bool { return s.Pending() < n })
	}
	seen, files := map[string]int{}, map[string]bool{}
	for _, m := range got.wait(t, total) {
		for _, a := range m.Attachments {
			files[a.Ref] = true
		}
		if m.Edited || m.Text == "" {
			continue // parts of an album that came late, the second after a restart
		}
		n, err := strconv.Atoi(m.Text)
		if err != nil || n != seen[m.Conversation.ID]+1 {
			t.Fatalf("%s: %q came after %d", m.Conversation, m.Text, seen[m.Conversation.ID])
		}
		seen[m.Conversation.ID] = n
	}
	if len(files) != photos {
		t.Errorf("%d photos, want %d", len(files), photos)
	}
	for at, n := range next {
		if key := strconv.FormatInt(at, 10); seen[key] != n {
			t.Errorf("%s: %d messages, want %d", key, seen[key], n)
		}
	}
}

// TestSoakSending sends to many chats while calls fail in every way, and tries
// again as the outbox does: each message arrives, in order, and again only
// after an outcome that was unknown.
func TestSoakSending(t *testing.T) {
	t.Parallel()
	const seed, chats = 815, 20
	s := telegramtest.New(t)
	// Long enough that only calls that hang end by it: a slow one would be
	// carried out after it was tried again, and so come out of order.
	c, _ := channel(t, s, func(o *telegram.Options) { o.RequestTimeout = time.Second })
	each := soakSize() / chats
	var wg sync.WaitGroup
	for id := range int64(chats) {
		id++
		s.Meet(id)
		rng := rand.New(rand.NewPCG(seed, uint64(id)))
		wg.Go(func() {
			unknown := 0
			for n := range each {
				if rng.IntN(20) == 0 {
					s.Fail("sendMessage", soakFaults[rng.IntN(len(soakFaults))])
				}
				for {
					_, err := c.Send(t.Context(), conversation(strconv.FormatInt(id, 10)), &chat.Outbound{Body: chat.Plain(strconv.Itoa(n))})
					if err == nil {
						break
					}
					se, ok := errors.AsType[*chat.SendError](err)
					if !ok || se.Kind.Permanent() {
						t.Errorf("%d: %v", id, err)
						return
					}
					if se.Kind == chat.Unknown {
						unknown++
					}
				}
			}
			last, doubled := -1, 0
			for _, m := range s.Sent(id) {
				switch m.Text {
				case strconv.Itoa(last):
					doubled++
				case strconv.Itoa(last + 1):
					last++
				default:
					t.Errorf("%d: %s came after %d", id, m.Text, last)
				}
			}
			if last != each-1 || doubled > unknown {
				t.Errorf("%d: %d of %d arrived, %d twice with %d unknown outcomes", id, last+1, each, doubled, unknown)
			}
		})
	}
	wg.Wait()
}
