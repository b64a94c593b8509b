package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"slices"
	"time"

	"golang.org/x/term"

	"firstline/bot/chat"
	"firstline/handoff"
	"firstline/handoff/files"
	"firstline/handoff/store"
	"firstline/knowledge/watch"
)

type serveCmd struct {
	Listen string `help:"Address of the desk, the probes and the metrics." env:"FIRSTLINE_LISTEN" default:"127.0.0.1:8080" placeholder:"ADDR"`
	URL    string `help:"Where people reach the desk, when that is not the address above." env:"FIRSTLINE_URL" placeholder:"URL"`
	Files  int64  `name:"attachments-mb" help:"Most megabytes of attachments to keep beside the database." env:"FIRSTLINE_ATTACHMENTS_MB" default:"10240" placeholder:"N"`

	WebOrigins []string `help:"Sites that may embed the web chat, separated by commas (default: none)." env:"FIRSTLINE_WEB_ORIGINS" placeholder:"ORIGIN"`
}

// Run serves until ctx ends. On a terminal with no token set it chats there at
// once, because there is nobody else to talk to yet.
func (c *serveCmd) Run(ctx context.Context, s streams, global *cli) error {
	t, err := readTokens()
	if err != nil {
		return err
	}
	if t.none() && interactive(s) {
		return chatHere(ctx, s, global, c)
	}
	log := newLogger(s.err)
	srv, err := startServer(ctx, log, global, c, t)
	if err != nil {
		return err
	}
	if err := srv.announce(ctx, s); err != nil {
		return closing(err, srv.stop)
	}
	<-ctx.Done()
	log.Info("stopping")
	return srv.stop()
}

// newLogger writes text to a terminal and JSON to everything else.
func newLogger(w interface{ Write([]byte) (int, error) }) *slog.Logger {
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return slog.New(slog.NewTextHandler(w, nil))
	}
	return slog.New(slog.NewJSONHandler(w, nil))
}

// interactive reports whether a person sits in front of s.
func interactive(s streams) bool {
	in, ok1 := s.in.(*os.File)
	out, ok2 := s.out.(*os.File)
	return ok1 && ok2 && term.IsTerminal(int(in.Fd())) && term.IsTerminal(int(out.Fd()))
}

// server is a running serve.
type server struct {
	log    *slog.Logger
	engine *engine
	url    string
	// stops are run from the last to the first: what was started last stops
	// first.
	stops []func() error
}

// startServer starts everything: content, lock, database, desk, channels. More
// channels than those with a token may be given.
func startServer(ctx context.Context, log *slog.Logger, global *cli, c *serveCmd, t tokens, more ...chat.Channel) (srv *server, err error) {
	srv = &server{log: log}
	defer func() {
		if err != nil {
			err = closing(err, srv.stop)
			srv = nil
		}
	}()
	watcher := watch.New(global.Content) // before reading, so that no change falls in between
	b, err := loadContent(global.Content)
	if err != nil {
		return srv, fmt.Errorf("the content can't be used:\n%w", err)
	}
	for _, w := range b.warnings {
		log.Warn("content", "problem", w.String())
	}
	unlock, err := store.LockServe(global.Database)
	if err != nil {
		return srv, err
	}
	srv.onStop(unlock)
	if srv.engine, err = newEngine(ctx, log, global.Database, b); err != nil {
		return srv, err
	}
	srv.onStop(srv.engine.Close)
	if srv.engine.files, err = files.OpenFolder(attachments(global.Database), c.Files<<20); err != nil {
		return srv, err
	}
	l, err := listen(c.Listen, len(more) > 0)
	if err != nil {
		return srv, err
	}
	srv.onStop(func() error { return ignoreClosed(l.Close()) })
	srv.url = deskURL(l, c.URL)
	channels, err := networkChannels(t, b, srv.engine.store, srv.engine.metrics, log)
	if err != nil {
		return srv, err
	}
	staff, err := staffRooms(t)
	if err != nil {
		return srv, err
	}
	onWeb, err := webChannel(log, srv.engine, c, global.Database, srv.url)
	if err != nil {
		return srv, err
	}
	channels = append(channels, onWeb)
	if err := srv.receive(ctx, &work{channels: append(channels, more...), sweep: true, rooms: staff, url: c.URL}, l, onWeb.Handler()); err != nil {
		return srv, err
	}
	srv.purge()
	if global.Content != "" {
		srv.watch(watcher, global.Content)
	}
	log.Info("serving", "version", versionString(), "desk", srv.url, "chat", srv.url+"/chat", "database", global.Database,
		"articles", len(b.articles), "channels", len(channels)+len(more))
	return srv, nil
}

// receive starts the desk and the web chat, the handling and the channels.
func (srv *server) receive(ctx context.Context, w *work, l net.Listener, webChat http.Handler) error {
	e, channels := srv.engine, w.channels
	r := &receiving{log: srv.log, metrics: e.metrics, failed: map[chat.Network]error{}}
	web := newServer(e, srv.url, webhooks(channels), webChat, func(ctx context.Context) error {
		if _, err := e.store.Stats(ctx); err != nil {
			return errors.New("the database does not answer")
		}
		return r.err()
	})
	go func() {
		if err := web.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			srv.log.Error("the desk has stopped", "err", err)
		}
	}()
	srv.onStop(func() error {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		return web.Shutdown(ctx)
	})
	w.engine = e
	to, stop, err := w.start(ctx)
	if err != nil {
		return err
	}
	srv.onStop(func() error { stop(); return nil })
	running, cancel := context.WithCancel(context.Background())
	for _, ch := range channels {
		r.start(running, ch, to)
	}
	srv.onStop(func() error { cancel(); r.wg.Wait(); return nil })
	return nil
}

// Handled messages leave keys behind by which they are recognised when a
// network gives them again. Networks do so within days; after purgeAfter the
// keys go.
const (
	purgeAfter = 30 * 24 * time.Hour
	purgeEvery = 24 * time.Hour
)

// purge removes old keys, now and every day.
func (srv *server) purge() {
	stop := background(func(ctx context.Context) {
		tick := time.NewTicker(purgeEvery)
		defer tick.Stop()
		for {
			if _, err := srv.engine.store.PurgeInbox(ctx, time.Now().Add(-purgeAfter)); err != nil && ctx.Err() == nil {
				srv.log.Error("removing old inbox rows", "err", err)
			}
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
		}
	})
	srv.onStop(func() error { stop(); return nil })
}

// watchEvery is how often the content folder is looked at when the system does
// not tell of changes.
const watchEvery = 2 * time.Second

// watch keeps the articles in step with the folder.
func (srv *server) watch(w *watch.Watcher, dir string) {
	e := srv.engine
	stop := background(func(ctx context.Context) {
		err := w.Run(ctx, watchEvery, func() {
			if err := e.reload(ctx, dir); err != nil {
				e.metrics.reloads.WithLabelValues("refused").Inc()
				srv.log.Error("the changed content can't be used; the last good one stays", "err", err)
				return
			}
			e.metrics.reloads.WithLabelValues("ok").Inc()
			srv.log.Info("content reloaded")
		})
		if err != nil && ctx.Err() == nil {
			srv.log.Error("watching the content folder", "err", err)
		}
	})
	srv.onStop(func() error { stop(); return nil })
}

// announce says where the desk is. At the first start, when there is no lead
// yet, it makes one and prints a link to sign in.
func (srv *server) announce(ctx context.Context, s streams) error {
	agents, err := srv.engine.desk.Agents(ctx)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(agents, func(a *handoff.Agent) bool { return a.Role == handoff.RoleLead && !a.Disabled }) {
		_, err = fmt.Fprintf(s.out, "Desk: %s/desk/   (a sign-in link: firstline agents link NAME)\n", srv.url)
		return err
	}
	link, err := srv.firstLink(ctx)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.out, "Desk, sign in (works once, within %s):\n  %s\n", handoff.SignInFor, link)
	return err
}

// firstLink returns a sign-in link for whoever runs this process, who becomes a
// lead; the desk's plain address when that agent was disabled.
func (srv *server) firstLink(ctx context.Context) (string, error) {
	id, err := handoff.ParseAgentID(userName())
	if err != nil {
		id = "lead"
	}
	err = srv.engine.desk.EnsureAgent(ctx, id, handoff.RoleLead)
	if errors.Is(err, handoff.ErrForbidden) {
		return srv.url + "/desk/", nil
	}
	if err != nil {
		return "", err
	}
	return signInLink(ctx, srv.engine.desk, id, srv.url)
}

func (srv *server) onStop(f func() error) { srv.stops = append(srv.stops, f) }

// stop stops everything in reverse order and returns the first error.
func (srv *server) stop() error {
	var first error
	for i := len(srv.stops) - 1; i >= 0; i-- {
		first = closing(first, srv.stops[i])
	}
	return first
}

func ignoreClosed(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}
