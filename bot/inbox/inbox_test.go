package inbox_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"firstline/bot/chat"
	"firstline/bot/chat/chattest"
	"firstline/bot/inbox"
	"firstline/handoff"
	"firstline/handoff/store"
)

// handler records what it is given and fails as it is told.
type handler struct {
	store *store.Store
	fail  func(text string) error // nil: never

	mu      sync.Mutex
	handled map[string][]string // texts by conversation
	times   map[string][]time.Duration
	began   time.Time
}

func (h *handler) Handle(ctx context.Context, item inbox.Item) error {
	m := item.Message
	h.mu.Lock()
	h.times[m.Text] = append(h.times[m.Text], time.Since(h.began))
	h.mu.Unlock()
	if h.fail != nil {
		if err := h.fail(m.Text); err != nil {
			return err
		}
	}
	err := h.store.Update(ctx, func(tx handoff.Tx) error { return tx.FinishMessage(item.ID, item.Attempt) })
	if err == nil {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.handled[m.Conversation.ID] = append(h.handled[m.Conversation.ID], m.Text)
	}
	return err
}

func (h *handler) got(conversation string) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return strings.Join(h.handled[conversation], " ")
}

// inBubble runs f beside an inbox on a real database, in virtual time.
func inBubble(t *testing.T, f func(t *testing.T, in *inbox.Inbox, h *handler, log *bytes.Buffer)) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "test.db")
	synctest.Test(t, func(t *testing.T) {
		st, err := store.Open(t.Context(), path, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var log bytes.Buffer
		h := &handler{store: st, handled: map[string][]string{}, times: map[string][]time.Duration{}, began: time.Now()}
		in := &inbox.Inbox{
			Store: st, Handler: h, Networks: []chat.Network{chat.Terminal}, Now: time.Now,
			Log: slog.New(slog.NewTextHandler(&log, nil)),
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() {
			defer close(done)
			in.Run(ctx)
		}()
		f(t, in, h, &log)
		cancel()
		<-done
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
}

func TestRetriesInOrder(t *testing.T) {
	failures := 2
	var mu sync.Mutex
	inBubble(t, func(t *testing.T, in *inbox.Inbox, h *handler, log *bytes.Buffer) {
		h.fail = func(text string) error {
			mu.Lock()
			defer mu.Unlock()
			if text == "two" && failures > 0 {
				failures--
				if failures == 0 {
					panic("a bug with somebody's words in it")
				}
				return errors.New("the database is away")
			}
			return nil
		}
		net := chattest.New(chat.Terminal, chat.Capabilities{})
		if err := in.Receive(t.Context(), []*chat.Message{
			net.Message("ann", "one"), net.Message("ann", "two"), net.Message("ann", "three"), net.Message("bob", "four"),
		}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Second)
		if got := h.got("ann"); got != "one two three" {
			t.Errorf("ann: %q", got)
		}
		if at := h.times["four"][0]; at > 2*time.Second {
			t.Errorf("bob waited %s behind ann", at)
		}
		if n := len(h.times["two"]); n != 3 {
			t.Errorf("%d attempts at the second message, want 3", n)
		}
		if strings.Contains(log.String(), "somebody's words") {
			t.Error("a panic's value is in the log")
		}
	})
}

func TestSameEventTwice(t *testing.T) {
	inBubble(t, func(t *testing.T, in *inbox.Inbox, h *handler, _ *bytes.Buffer) {
		net := chattest.New(chat.Terminal, chat.Capabilities{})
		m := net.Message("ann", "once")
		for range 3 {
			if err := in.Receive(t.Context(), []*chat.Message{m}); err != nil {
				t.Fatal(err)
			}
			time.Sleep(3 * time.Second)
		}
		if got := h.got("ann"); got != "once" {
			t.Errorf("handled %q", got)
		}
	})
}

// TestSecretsNeverReachTheDisk looks for a secret in every byte that was
// written, while the message still waits to be handled.
func TestSecretsNeverReachTheDisk(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	st, err := store.Open(t.Context(), filepath.Join(dir, "test.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	in := &inbox.Inbox{Store: st, Now: time.Now, Log: slog.New(slog.DiscardHandler)}
	net := chattest.New(chat.Terminal, chat.Capabilities{})
	const seed = "legal winner thank year wave sausage worth useful legal winner thank yellow"
	m := net.Message("ann", "here: "+seed+" and it does not open my wallet")
	m.From.Name = seed
	m.Attachments = []chat.Attachment{{Kind: "document", Name: seed + ".txt"}}
	if err := in.Receive(t.Context(), []*chat.Message{m}); err != nil {
		t.Fatal(err)
	}
	if len(m.Redacted) != 1 || m.Redacted[0] != "seed_phrase" {
		t.Errorf("redacted %v", m.Redacted)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, f := range files {
		b, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		found = found || bytes.Contains(b, []byte("does not open my wallet"))
		for _, word := range []string{"sausage", "yellow", "winner"} {
			if bytes.Contains(b, []byte(word)) {
				t.Errorf("%s holds %q", f.Name(), word)
			}
		}
	}
	if !found {
		t.Error("the rest of the message is nowhere: the test looks in the wrong place")
	}
}
