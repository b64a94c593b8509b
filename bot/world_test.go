package bot_test

import (
	"context"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"firstline/bot"
	"firstline/bot/chat"
	"firstline/bot/chat/chattest"
	"firstline/bot/guard"
	"firstline/bot/inbox"
	"firstline/bot/outbox"
	"firstline/bot/phrases"
	"firstline/handoff"
	"firstline/handoff/store"
	"firstline/knowledge"
	"firstline/knowledge/article"
	"firstline/knowledge/labelled"
	"firstline/knowledge/site"
	"firstline/knowledge/talk"
)

// world is everything but real networks, at work on a real database with the
// shipped content: people on a network in memory, the bot, the desk.
type world struct {
	*testing.T
	net   *chattest.Fake
	store *store.Store
	base  *knowledge.Base
	desk  *handoff.Desk
	bot   *bot.Bot
	path  string
	stop  func()
	deaf  bool // its knowledge base fails

	mu    sync.Mutex
	clock time.Time // now, as the bot and the desk see it
	// opens is how opening a private conversation ends: not at all unless a test
	// says so.
	opens func(chat.Person) (chat.ConversationID, error)
}

// shipped loads the shipped content once for all tests.
var shipped = sync.OnceValues(func() (*bundle, error) { return loadBundle(os.DirFS("../content")) })

type bundle struct {
	words bot.Words
	base  *knowledge.Base // never closed: all worlds share it
}

func loadBundle(fsys fs.FS) (*bundle, error) {
	s, problems := site.Load(fsys)
	if err := problems.Err(); err != nil {
		return nil, err
	}
	book, problems := phrases.Load(fsys, s)
	if err := problems.Err(); err != nil {
		return nil, err
	}
	tk, problems := talk.Load(fsys, s.Languages)
	if err := problems.Err(); err != nil {
		return nil, err
	}
	articles, problems := article.Load(fsys, s, func(lang string) map[string]string {
		values := article.SiteValues(s)
		for name, v := range book.Values(lang) {
			values[name] = v
		}
		return values
	})
	messages, ps := labelled.Read(fsys, labelled.Calibration, s.Languages, articles)
	problems = append(problems, ps...)
	base := knowledge.New(knowledge.Options{Languages: s.Languages, Fallback: s.Fallback})
	if err := base.Replace(context.Background(), knowledge.Content{Articles: articles, Talk: tk, Labelled: messages}); err != nil {
		return nil, err
	}
	if err := base.Refined(context.Background()); err != nil {
		return nil, err
	}
	return &bundle{words: bot.Words{Book: book, Site: s}, base: base}, problems.Err()
}

func newWorld(t *testing.T) *world { return newWorldWith(t, false) }

// newBrokenWorld is a world whose knowledge base fails.
func newBrokenWorld(t *testing.T) *world { return newWorldWith(t, true) }

func newWorldWith(t *testing.T, deaf bool) *world {
	t.Helper()
	w := &world{T: t, deaf: deaf, path: filepath.Join(t.TempDir(), "test.db"), clock: time.Date(2026, 11, 22, 3, 0, 0, 0, time.UTC)}
	w.start()
	return w
}

// start opens the database and starts everything; restart does it again.
func (w *world) start() {
	w.Helper()
	b, err := shipped()
	if err != nil {
		w.Fatal(err)
	}
	w.net = chattest.New(chat.Telegram, chat.Capabilities{Choices: 10, Delete: true})
	if w.store, err = store.Open(context.Background(), w.path, store.Options{}); err != nil {
		w.Fatal(err)
	}
	w.base = b.base
	if w.deaf { // a base that fails at everything
		w.base = knowledge.New(knowledge.Options{})
		_ = w.base.Close()
	}
	words := func() bot.Words { return b.words }
	w.desk = handoff.New(handoff.Options{
		Store: w.store, Voice: bot.Voice{Words: words}, Now: w.now,
		Clean: func(text string) (string, []string) {
			clean, found := guard.Clean(text)
			return clean, make([]string, len(found))
		},
		Limits: func(chat.Network) chat.Limits { return chat.Limits{Units: 4096} },
		Can:    func(chat.Network) handoff.Abilities { return handoff.Abilities{Edit: true, Delete: true} },
	})
	log := slog.New(slog.DiscardHandler)
	typing := bot.NewTyping(w.net)
	w.bot = bot.New(bot.Options{
		Base: w.base, Store: w.store, Desk: w.desk, Words: words, Log: log, Now: w.now,
		Capabilities: func(chat.Network) chat.Capabilities { return w.net.Capabilities() },
		Typing:       typing.Show,
		Private: func(_ context.Context, n chat.Network, with chat.Person) (chat.ConversationID, error) {
			w.mu.Lock()
			defer w.mu.Unlock()
			if w.opens == nil {
				return bot.NewPrivate().Open(context.Background(), n, with)
			}
			return w.opens(with)
		},
	})
	inboxWake, _ := w.store.Listen(store.Inbox)
	outboxWake, _ := w.store.Listen(store.Outbox)
	in := &inbox.Inbox{Store: w.store, Handler: w.bot, Networks: []chat.Network{chat.Telegram}, Wake: inboxWake, Now: w.now, Log: log}
	courier := &outbox.Courier{Store: w.store, Channels: []chat.Channel{w.net}, May: w.desk.MaySend, Wake: outboxWake, Now: w.now, Log: log}
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() { in.Run(ctx) })
	wg.Go(func() { courier.Run(ctx) })
	wg.Go(func() { _ = w.net.Run(ctx, in) })
	w.stop = sync.OnceFunc(func() {
		cancel()
		wg.Wait()
		typing.Wait()
		if err := w.store.Close(); err != nil {
			w.Error(err)
		}
	})
	w.Cleanup(w.stop)
}

func (w *world) restart() {
	w.Helper()
	w.stop()
	w.start()
}

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.clock
}

// pass lets time go by.
func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.clock = w.clock.Add(d)
}

// says has a person write and returns what they have heard when n messages
// have arrived in all.
func (w *world) says(person, text string, n int) chattest.Sent {
	w.Helper()
	w.net.Say(w, person, text)
	return w.hears(person, n)
}

func (w *world) hears(person string, n int) chattest.Sent {
	w.Helper()
	return w.net.Wait(w, w.net.Private(person), n)[n-1]
}

// presses has a person press the button with this label on their newest
// message that has it.
func (w *world) presses(person, label string, n int) chattest.Sent {
	w.Helper()
	sent := w.net.Sent(w.net.Private(person))
	for i := len(sent) - 1; i >= 0; i-- {
		for _, c := range sent[i].Choices {
			if c.Label == label {
				w.net.Press(w, person, c.Data)
				return w.hears(person, n)
			}
		}
	}
	w.Fatalf("no button %q for %s", label, person)
	return chattest.Sent{}
}

// ticket returns a ticket that must exist.
func (w *world) ticket(id handoff.TicketID) *handoff.Ticket {
	w.Helper()
	var t *handoff.Ticket
	err := w.store.View(w.Context(), func(tx handoff.Tx) (err error) {
		t, err = tx.Ticket(id)
		return err
	})
	if err != nil {
		w.Fatalf("ticket %d: %v", id, err)
	}
	return t
}

// tickets returns how many there are.
func (w *world) tickets() int {
	w.Helper()
	var n int
	err := w.store.View(w.Context(), func(tx handoff.Tx) (err error) {
		n, err = tx.CountTickets(handoff.Filter{})
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
	return n
}

// agent adds a member of staff.
func (w *world) agent(id handoff.AgentID) handoff.AgentID {
	w.Helper()
	if err := w.desk.EnsureAgent(w.Context(), id, handoff.RoleAgent); err != nil {
		w.Fatal(err)
	}
	return id
}

// settled waits until every message has been handled.
func (w *world) settled() {
	w.Helper()
	wake, stop := w.store.Listen(store.Inbox)
	defer stop()
	deadline := time.After(30 * time.Second)
	for {
		s, err := w.store.Stats(w.Context())
		if err != nil {
			w.Fatal(err)
		}
		if s.InboxPending[chat.Telegram] == 0 {
			return
		}
		select {
		case <-wake:
		case <-time.After(50 * time.Millisecond):
		case <-deadline:
			w.Fatal("messages are not handled")
		}
	}
}

func (w *world) want(got chattest.Sent, parts ...string) {
	w.Helper()
	for _, part := range parts {
		if !strings.Contains(got.Body.Text, part) {
			w.Errorf("got %q, want %q in it", got.Body.Text, part)
		}
	}
}

func labels(s chattest.Sent) string {
	var all []string
	for _, c := range s.Choices {
		all = append(all, c.Label)
	}
	return strings.Join(all, " | ")
}
