package telegram_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"firstline/bot/chat"
	"firstline/bot/telegram"
	"firstline/bot/telegram/telegramtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// noWait are rates that let tests send as fast as they can.
var noWait = telegram.Pace{Chat: math.Inf(1), Group: math.Inf(1), Overall: math.Inf(1)}

// logs collects what is logged and fails the test when the token is in it.
type logs struct {
	mu      sync.Mutex
	b       bytes.Buffer
	written chan struct{}
}

func (l *logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case l.written <- struct{}{}:
	default:
	}
	return l.b.Write(p)
}

// wait waits until the log holds text.
func (l *logs) wait(t testing.TB, text string) {
	t.Helper()
	late := time.After(15 * time.Second)
	for !strings.Contains(l.String(), text) {
		select {
		case <-l.written:
		case <-late:
			t.Fatalf("the log never said %q:\n%s", text, l)
		}
	}
}

func (l *logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// secret is the part of the token that must never be seen; the number before
// the colon is the bot's public id.
var secret = strings.SplitN(telegramtest.Token, ":", 2)[1]

func noSecret(t testing.TB, what, text string) {
	t.Helper()
	if strings.Contains(text, secret) {
		t.Errorf("the token is in %s: %s", what, text)
	}
}

// channel returns a channel to s that retries at once, and its logs.
func channel(t testing.TB, s *telegramtest.Server, change ...func(*telegram.Options)) (*telegram.Channel, *logs) {
	t.Helper()
	l := &logs{written: make(chan struct{}, 1)}
	o := telegram.Options{
		Token: s.Token, APIBase: s.URL,
		Log:      slog.New(slog.NewJSONHandler(l, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Now:      func() time.Time { return now },
		Pace:     noWait,
		RetryMin: time.Millisecond, RetryMax: 5 * time.Millisecond,
		PollTimeout: 50 * time.Second,
	}
	for _, f := range change {
		f(&o)
	}
	c, err := telegram.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { noSecret(t, "the log", l.String()) })
	return c, l
}

var now = time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)

// store is a Receiver that keeps messages once, as a database does.
type store struct {
	mu      sync.Mutex
	events  map[string]bool
	all     []*chat.Message
	calls   int
	changed chan struct{}
	// fail decides about a batch before it is kept; nil: all are kept.
	fail func(ctx context.Context, call int, batch []*chat.Message) error
}

func newStore() *store { return &store{events: map[string]bool{}, changed: make(chan struct{}, 1)} }

func (s *store) Receive(ctx context.Context, batch []*chat.Message) error {
	s.mu.Lock()
	s.calls++
	call, fail := s.calls, s.fail
	s.mu.Unlock()
	if fail != nil {
		if err := fail(ctx, call, batch); err != nil {
			return err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range batch {
		if !s.events[m.Event] {
			s.events[m.Event] = true
			s.all = append(s.all, m)
		}
	}
	select {
	case s.changed <- struct{}{}:
	default:
	}
	return nil
}

// wait waits for n messages and returns all.
func (s *store) wait(t testing.TB, n int) []*chat.Message {
	t.Helper()
	late := time.After(15 * time.Second)
	for {
		s.mu.Lock()
		all := s.all[:len(s.all):len(s.all)]
		s.mu.Unlock()
		if len(all) >= n {
			return all
		}
		select {
		case <-s.changed:
		case <-late:
			t.Fatalf("%d messages arrived, want %d", len(all), n)
		}
	}
}

// run runs c until the test ends or stop is called; stop returns Run's error.
func run(t testing.TB, c *telegram.Channel, r chat.Receiver) (stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- c.Run(ctx, r) }()
	stop = sync.OnceValue(func() error {
		cancel()
		return ended(t, done)
	})
	t.Cleanup(func() {
		if err := stop(); err != nil && !errors.Is(err, telegram.ErrTokenRefused) {
			t.Errorf("Run: %v", err)
		}
	})
	return stop
}

// ended waits for Run's result. It has to come at once: polls last 50 s, so one
// that is not interrupted is noticed.
func ended(t testing.TB, done <-chan error) error {
	t.Helper()
	select {
	case err := <-done:
		return err
	case <-time.After(15 * time.Second):
		t.Error("Run did not end")
		return nil
	}
}

func conversation(id string) chat.ConversationID {
	return chat.ConversationID{Network: chat.Telegram, ID: id}
}
