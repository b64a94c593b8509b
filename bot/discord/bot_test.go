package discord_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"firstline/bot/chat"
	"firstline/bot/discord"
	"firstline/bot/discord/discordtest"
)

const patience = 15 * time.Second

// inbox is a Receiver that stores as the real one does: each Event once.
type inbox struct {
	mu       sync.Mutex
	messages []*chat.Message // without greetings
	known    map[string]bool
	greeted  map[string]bool // people whose greeting arrived
	repeated int
	failures int           // the next calls fail
	block    chan struct{} // not nil: Receive waits until it is closed
	blocked  chan struct{} // gets a value for each Receive that waits
	changed  chan struct{}
}

func newInbox() *inbox {
	return &inbox{known: map[string]bool{}, greeted: map[string]bool{}, changed: make(chan struct{}), blocked: make(chan struct{}, 100)}
}

func (b *inbox) Receive(ctx context.Context, batch []*chat.Message) error {
	b.mu.Lock()
	block := b.block
	b.mu.Unlock()
	if block != nil {
		select {
		case b.blocked <- struct{}{}:
		default: // enough of them have been told
		}
		select {
		case <-block:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.failures > 0 {
		b.failures--
		return errors.New("the database is away")
	}
	for _, m := range batch {
		if b.known[m.Event] {
			if m.Text != greeting { // its mark may not be saved yet when the bot stops
				b.repeated++
			}
			continue
		}
		b.known[m.Event] = true
		if m.Text == greeting {
			b.greeted[m.From.ID] = true
			continue
		}
		b.messages = append(b.messages, m)
	}
	close(b.changed)
	b.changed = make(chan struct{})
	return nil
}

// wait returns the first n stored messages, once they are there.
func (b *inbox) wait(t *testing.T, n int) []*chat.Message {
	t.Helper()
	timeout := time.After(patience)
	for {
		b.mu.Lock()
		got, changed := slices.Clone(b.messages), b.changed
		b.mu.Unlock()
		if len(got) >= n {
			return got
		}
		select {
		case <-changed:
		case <-timeout:
			t.Fatalf("received %d messages, want %d: %q", len(got), n, texts(got))
		}
	}
}

// want waits for exactly these texts.
func (b *inbox) want(t *testing.T, want ...string) []*chat.Message {
	t.Helper()
	got := b.wait(t, len(want))
	if !slices.Equal(texts(got), want) {
		t.Fatalf("received %q, want %q", texts(got), want)
	}
	return got
}

func texts(messages []*chat.Message) []string {
	var list []string
	for _, m := range messages {
		list = append(list, m.Text)
	}
	return list
}

// marks is a Seen that survives a restart.
type marks struct {
	mu      sync.Mutex
	saved   map[string]string
	refuses int // the next calls fail
	changed chan struct{}
}

// wait waits until the mark of a channel is at a message.
func (m *marks) wait(t *testing.T, channel, id string) {
	t.Helper()
	timeout := time.After(patience)
	for {
		m.mu.Lock()
		saved := m.saved[channel]
		if m.changed == nil {
			m.changed = make(chan struct{})
		}
		changed := m.changed
		m.mu.Unlock()
		if saved == id {
			return
		}
		select {
		case <-changed:
		case <-timeout:
			t.Fatalf("the mark of %s is %q, want %s", channel, saved, id)
		}
	}
}

func (m *marks) Load(context.Context) (map[string]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.refuses > 0 {
		m.refuses--
		return nil, errors.New("the database is away")
	}
	return maps.Clone(m.saved), nil
}

func (m *marks) Save(_ context.Context, channel, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.refuses > 0 {
		m.refuses--
		return errors.New("the database is away")
	}
	if m.saved == nil {
		m.saved = map[string]string{}
	}
	m.saved[channel] = id
	if m.changed != nil {
		close(m.changed)
		m.changed = nil
	}
	return nil
}

// logbook keeps everything that is logged.
type logbook struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// bot is a running Channel.
type bot struct {
	*discord.Channel
	server *discordtest.Server
	inbox  *inbox
	marks  *marks
	log    *logbook
	stop   func() error // ends Run and returns its error
	ended  chan struct{}
}

type setup struct {
	token   string // "": the right one
	timing  discord.Timing
	options func(*discord.Options)
}

// start runs a bot until the test ends. The inbox and the marks, which survive
// restarts, are made when nil. No test may log the token or a person's words.
func start(t *testing.T, s *discordtest.Server, in *inbox, m *marks, with setup) *bot {
	t.Helper()
	if in == nil {
		in = newInbox()
	}
	if m == nil {
		m = &marks{}
	}
	b := &bot{server: s, inbox: in, marks: m, log: &logbook{}, ended: make(chan struct{})}
	o := discord.Options{
		Token:         s.Token,
		APIBase:       s.URL,
		Log:           slog.New(slog.NewTextHandler(b.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Seen:          m,
		OpenTimeout:   5 * time.Second,
		RetryMin:      time.Millisecond,
		RetryMax:      20 * time.Millisecond,
		IdentifyEvery: time.Millisecond,
	}
	if with.token != "" {
		o.Token = with.token
	}
	if with.options != nil {
		with.options(&o)
	}
	c, err := discord.New(o)
	if err != nil {
		t.Fatal(err)
	}
	c.SetTiming(with.timing)
	b.Channel = c
	ctx, cancel := context.WithCancel(context.Background())
	var result error
	go func() {
		defer close(b.ended)
		result = c.Run(ctx, in)
	}()
	b.stop = func() error {
		cancel()
		select {
		case <-b.ended:
		case <-time.After(patience):
			t.Error("Run does not end")
		}
		return result
	}
	t.Cleanup(func() {
		_ = b.stop()
		checkSecrets(t, s, b.log.String())
		if t.Failed() {
			t.Logf("log:\n%s", b.log)
		}
	})
	return b
}

// greeting is what people write until the bot knows them.
const greeting = "hello, bot"

// meet lets a person greet the bot until the bot has received it: a session
// can end at any time, and a direct conversation that is unknown until then
// can't be found by the bot.
func (b *bot) meet(t *testing.T, user string) {
	t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		b.server.UserDMs(user, greeting)
		again := time.After(time.Second)
		for waiting := true; waiting; {
			b.inbox.mu.Lock()
			met, changed := b.inbox.greeted[user], b.inbox.changed
			b.inbox.mu.Unlock()
			if met {
				return
			}
			select {
			case <-changed:
			case <-again:
				waiting = false
			}
		}
	}
	t.Fatalf("%s is not heard", user)
}

// waitEnded waits until Run has ended by itself, and returns its error.
func (b *bot) waitEnded(t *testing.T) error {
	t.Helper()
	select {
	case <-b.ended:
	case <-time.After(patience):
		t.Fatal("Run does not end by itself")
	}
	return b.stop()
}

// waitBlocked waits until the inbox is asked to store something.
func (b *bot) waitBlocked(t *testing.T) {
	t.Helper()
	select {
	case <-b.inbox.blocked:
	case <-time.After(patience):
		t.Fatal("nothing arrives to be stored")
	}
}

// always lets the gateway answer handshakes with one close code from now on: a
// single one can get lost with its connection.
func always(s *discordtest.Server, code int) {
	s.NextHandshake(slices.Repeat([]discordtest.Handshake{discordtest.ClosesWith(code)}, 50)...)
}

// waitLog waits until a line with part has been logged.
func (b *bot) waitLog(t *testing.T, part string) {
	t.Helper()
	deadline := time.Now().Add(patience)
	for !strings.Contains(b.log.String(), part) {
		if time.Now().After(deadline) {
			t.Fatalf("nothing was logged about %q", part)
		}
		time.Sleep(time.Millisecond)
	}
}

func checkSecrets(t *testing.T, s *discordtest.Server, text string) {
	t.Helper()
	for _, secret := range []string{s.Token, "interaction-secret", "private-words"} {
		if strings.Contains(text, secret) {
			t.Errorf("%q is in: %s", secret, text)
		}
	}
}

// send sends plain text and fails the test when that fails.
func (b *bot) send(t *testing.T, channel, text string) chat.MessageID {
	t.Helper()
	id, err := b.Send(t.Context(), in(channel), &chat.Outbound{Body: chat.Plain(text), Key: text})
	if err != nil {
		t.Fatalf("send %q: %v", text, err)
	}
	return id
}

func in(channel string) chat.ConversationID {
	return chat.ConversationID{Network: chat.Discord, ID: channel}
}

func numbered(n int) []string {
	var list []string
	for i := range n {
		list = append(list, fmt.Sprintf("question %d", i))
	}
	return list
}
