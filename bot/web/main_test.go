package web_test

import (
	"bytes"
	"context"
	"log/slog"
	"net"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"firstline/bot/inbox"
	"firstline/bot/phrases"
	"firstline/bot/web"
	"firstline/handoff/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	site   = "https://www.site.example"
	secret = "a secret of the site, long enough"
)

// lab is a web chat over a real database and a real server, without a bot.
type lab struct {
	t      *testing.T
	store  *store.Store
	ch     *web.Channel
	server *httptest.Server
	dir    string
	log    *lockedBuffer
	stop   func()
	// timeout is the server's for reading and for writing.
	timeout time.Duration
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// calm is a pace that no ordinary test reaches.
var calm = web.Limit{PerSecond: 1e6, Burst: 1e6}

func newLab(t *testing.T, change ...func(*web.Options)) *lab {
	t.Helper()
	l := &lab{t: t, dir: t.TempDir(), log: &lockedBuffer{}, timeout: 30 * time.Second}
	l.open(change...)
	t.Cleanup(func() { l.stop() })
	return l
}

// open starts everything on the lab's folder, also again after stop.
func (l *lab) open(change ...func(*web.Options)) {
	l.t.Helper()
	st, err := store.Open(context.Background(), filepath.Join(l.dir, "firstline.db"), store.Options{})
	l.must(err)
	l.store = st
	o := web.Options{
		Store: st, Dir: filepath.Join(l.dir, "attachments"), Origins: []string{site}, Secret: secret,
		Languages: []string{"en", "zh", "ar"}, Fallback: "en",
		Text: func(lang string, id phrases.ID) string { return lang + " " + string(id) },
		Log:  slog.New(slog.NewTextHandler(l.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Pace: web.Pace{Session: calm, Address: calm, Sessions: calm, Uploads: calm},
	}
	for _, f := range change {
		f(&o)
	}
	l.ch, err = web.New(o)
	l.must(err)
	l.server = httptest.NewUnstartedServer(l.ch.Handler())
	base, endStreams := context.WithCancel(context.Background())
	l.server.Config.BaseContext = func(net.Listener) context.Context { return base }
	l.server.Config.RegisterOnShutdown(endStreams)
	l.server.Config.WriteTimeout, l.server.Config.ReadTimeout = l.timeout, l.timeout
	l.server.Start()
	running, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	in := &inbox.Inbox{Store: st, Now: time.Now, Log: o.Log}
	wg.Go(func() {
		if err := l.ch.Run(running, in); err != nil {
			l.t.Error(err)
		}
	})
	l.stop = func() {
		cancel()
		wg.Wait()
		ctx, done := context.WithTimeout(context.Background(), 10*time.Second)
		defer done()
		if err := l.server.Config.Shutdown(ctx); err != nil {
			l.t.Errorf("shutdown: %v", err)
		}
		l.server.Close()
		if err := st.Close(); err != nil {
			l.t.Error(err)
		}
		l.stop = func() {}
	}
	l.ready()
}

// ready waits until Run has begun.
func (l *lab) ready() {
	l.t.Helper()
	b := l.browser()
	b.makeSession()
	l.eventually("the channel to run", func() bool { return b.do("POST", "messages", say(clientID(l.t), "ready?")).status != 503 })
}

func (l *lab) must(err error) {
	l.t.Helper()
	if err != nil {
		l.t.Fatal(err)
	}
}

func (l *lab) eventually(what string, ok func() bool) {
	l.t.Helper()
	for end := time.Now().Add(20 * time.Second); !ok(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			l.t.Fatalf("waited too long for %s", what)
		}
	}
}
