package telegram_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"strconv"
	"strings"
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
	if testing.Short() {
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
	total := soakSize()
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
		s.Deliver(telegramtest.Incoming{From: from, Chat: in, Text: strconv.Itoa(next[at])})
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
	s.WaitConfirmed(t)
	seen := map[string]int{}
	for _, m := range got.wait(t, total) {
		n, err := strconv.Atoi(m.Text)
		if err != nil || n != seen[m.Conversation.ID]+1 {
			t.Fatalf("%s: %q came after %d", m.Conversation, m.Text, seen[m.Conversation.ID])
		}
		seen[m.Conversation.ID] = n
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
				switch n, _ := strconv.Atoi(m.Text); {
				case n == last:
					doubled++
				case n == last+1:
					last = n
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

// TestLongAnswers cuts long texts full of styles and of characters of two units:
// the test server finds every entity that is not whole.
func TestLongAnswers(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 2))
	s := telegramtest.New(t)
	s.Meet(42)
	c, _ := channel(t, s)
	words := []string{"💸💸", "plain", "Übergröße", "钱包", "مرحبا", "👩‍👩‍👧‍👦", "e\u0301", "\u200d", "x"}
	styles := []chat.Style{chat.Bold, chat.Italic, chat.Code, chat.Link, ""}
	for range 30 {
		var parts []chat.Rich
		for range 50 + rng.IntN(900) {
			word := strings.Repeat(words[rng.IntN(len(words))], 1+rng.IntN(12))
			part := chat.Plain(word)
			if style := styles[rng.IntN(len(styles))]; style != "" {
				part = chat.Styled(word, style)
				if style == chat.Link {
					part.Spans[0].URL = "https://a.example/"
				}
			}
			parts = append(parts, part)
		}
		sep := []string{" ", "\n", "\n\n", ""}[rng.IntN(4)]
		whole := chat.Join(sep, parts...)
		before := len(s.Sent(42))
		for _, body := range c.Capabilities().Limits.Split(whole) {
			if _, err := c.Send(t.Context(), conversation("42"), &chat.Outbound{Body: body}); err != nil {
				t.Fatal(err)
			}
		}
		var arrived strings.Builder
		for _, m := range s.Sent(42)[before:] {
			arrived.WriteString(m.Text)
		}
		if got, want := bare(arrived.String()), bare(whole.Text); got != want {
			t.Fatalf("%d bytes arrived, want %d", len(got), len(want))
		}
	}
}

// bare is text without the white space that a cut may drop.
func bare(s string) string { return strings.Join(strings.Fields(s), "") }

// TestHalfOpen has the network go silent: receiving and sending end their calls
// and go on when it is back.
func TestHalfOpen(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	s.Meet(42)
	silent, _ := channel(t, s, func(o *telegram.Options) {
		o.APIBase, o.RequestTimeout = telegramtest.HalfOpen(t), 50*time.Millisecond
	})
	_, err := silent.Send(t.Context(), conversation("42"), &chat.Outbound{Body: chat.Plain("x")})
	if se := chat.AsSendError(err); se == nil || se.Kind != chat.Unknown {
		t.Errorf("got %v", err)
	}
	c, _ := channel(t, s, func(o *telegram.Options) { o.RequestTimeout, o.PollTimeout = 50*time.Millisecond, time.Second })
	s.Fail("getMe", telegramtest.Hang())
	s.Fail("getUpdates", telegramtest.Hang(), telegramtest.HangAfter())
	got := newStore()
	run(t, c, got)
	s.UserSends(42, "hi")
	got.wait(t, 1)
	if _, err := c.Send(t.Context(), conversation("42"), &chat.Outbound{Body: chat.Plain("x")}); err != nil {
		t.Error(err)
	}
}
