package main

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync/atomic"
	"time"

	"firstline/bot"
	"firstline/bot/chat"
	"firstline/bot/discord"
	"firstline/bot/guard"
	"firstline/bot/inbox"
	"firstline/bot/outbox"
	"firstline/bot/telegram"
	"firstline/bot/terminal"
	"firstline/bot/web"
	"firstline/handoff"
	"firstline/handoff/files"
	"firstline/handoff/rooms"
	"firstline/handoff/store"
	"firstline/knowledge"
	"firstline/knowledge/site"
)

// engine is everything between the channels and the database.
type engine struct {
	log     *slog.Logger
	store   *store.Store
	base    *knowledge.Base
	desk    *handoff.Desk
	bot     *bot.Bot
	metrics *metrics
	words   atomic.Pointer[bot.Words]
	typing  atomic.Pointer[bot.Typing] // nil until channels run
	private atomic.Pointer[bot.Private]
	files   *files.Folder // nil: attachments are not kept by this process
}

// newEngine opens the database and makes the content answerable.
func newEngine(ctx context.Context, log *slog.Logger, database string, b *bundle) (*engine, error) {
	st, err := store.Open(ctx, database, store.Options{Log: log})
	if err != nil {
		return nil, err
	}
	base, err := newBase(ctx, b)
	if err != nil {
		return nil, closing(err, st.Close)
	}
	e := &engine{log: log, store: st, base: base}
	e.words.Store(&b.Words)
	e.desk = newDesk(st, b.Site, func() bot.Words { return *e.words.Load() })
	e.private.Store(bot.NewPrivate())
	e.metrics = newMetrics(st)
	e.bot = bot.New(bot.Options{
		Base: base, Store: st, Desk: e.desk, Words: func() bot.Words { return *e.words.Load() },
		Capabilities: capabilities, Log: log, Observe: e.metrics.outcome,
		Private: func(ctx context.Context, n chat.Network, with chat.Person) (chat.ConversationID, error) {
			return e.private.Load().Open(ctx, n, with)
		},
		Typing: func(in chat.ConversationID) { e.typing.Load().Show(in) },
	})
	return e, nil
}

// newDesk makes the rules of tickets on an open database.
func newDesk(st handoff.Store, s *site.Site, words func() bot.Words) *handoff.Desk {
	return handoff.New(handoff.Options{
		Store: st, Voice: bot.Voice{Words: words}, Clean: cleanText,
		Limits:       func(n chat.Network) chat.Limits { return capabilities(n).Limits },
		Can:          abilities,
		ReopenWithin: s.ReopenWithin,
	})
}

func newBase(ctx context.Context, b *bundle) (*knowledge.Base, error) {
	base := knowledge.New(baseOptions(b))
	if err := base.Replace(ctx, b.content()); err != nil {
		return nil, fmt.Errorf("indexing the articles: %w", err)
	}
	return base, nil
}

func baseOptions(b *bundle) knowledge.Options {
	return knowledge.Options{Languages: b.Site.Languages, Fallback: b.Site.Fallback}
}

// cleanText is guard.Clean for the desk, which knows kinds as plain words.
func cleanText(text string) (string, []string) {
	clean, found := guard.Clean(text)
	kinds := make([]string, len(found))
	for i, k := range found {
		kinds[i] = string(k)
	}
	return clean, kinds
}

// capabilities is what each network can do, known without its channel: replies
// are written at the command line and while a channel is off, too.
func capabilities(n chat.Network) chat.Capabilities {
	switch n {
	case chat.Telegram:
		return telegram.Capabilities()
	case chat.Discord:
		return discord.Capabilities()
	case chat.Web:
		return web.Capabilities()
	}
	return terminal.Capabilities()
}

// abilities is what each network can do to what was sent, as its channel says,
// whether that runs or not.
func abilities(n chat.Network) handoff.Abilities {
	var channel any
	switch n {
	case chat.Telegram:
		channel = (*telegram.Channel)(nil)
	case chat.Discord:
		channel = (*discord.Channel)(nil)
	case chat.Web:
		channel = (*web.Channel)(nil)
	}
	_, edit := channel.(chat.Editor)
	_, del := channel.(chat.Deleter)
	return handoff.Abilities{Edit: edit, Delete: del}
}

// work is the part of an engine that runs: it handles what channels received
// and delivers what is in the outbox.
type work struct {
	engine   *engine
	channels []chat.Channel
	sweep    bool // turn unanswered questions into tickets, and keep the rooms
	rooms    []rooms.Room
	url      string // where staff of rooms reach the desk; "": nowhere
}

// start begins to handle and to deliver, and returns what the channels of w
// receive into. stop ends both: first the handling, so that its last answers
// are still delivered; undelivered ones wait in the outbox. No other process
// may work on the same networks (see store.LockServe).
func (w *work) start(ctx context.Context) (r chat.Receiver, stop func(), err error) {
	e := w.engine
	var networks []chat.Network
	for _, ch := range w.channels {
		networks = append(networks, ch.Network())
	}
	if err := e.store.ReleaseLeases(ctx, networks, time.Now()); err != nil {
		return nil, nil, err
	}
	inboxWake, inboxQuiet := e.store.Listen(store.Inbox)
	outboxWake, outboxQuiet := e.store.Listen(store.Outbox)
	deskWake, deskQuiet := e.store.Listen(store.Desk)
	staff := rooms.New(rooms.Options{
		Store: e.store, Desk: e.desk, Rooms: w.rooms, URL: w.url, Wake: deskWake, Log: e.log,
	})
	in := &inbox.Inbox{
		Store: e.store, Handler: dispatch{bot: e.bot, rooms: staff}, Networks: networks, Wake: inboxWake, Now: time.Now, Log: e.log,
		Observe: e.metrics.received,
	}
	courier := &outbox.Courier{
		Store: e.store, Channels: w.channels, May: e.desk.MaySend, Wake: outboxWake, Now: time.Now, Log: e.log,
		Observe: e.metrics.delivered,
	}
	typing := bot.NewTyping(w.channels...)
	e.typing.Store(typing)
	e.private.Store(bot.NewPrivate(w.channels...))
	stopKeeping := e.keepFiles(w.channels)
	stopHandling := background(in.Run)
	stopSweeping, stopRooms := func() {}, func() {}
	if w.sweep {
		stopSweeping, stopRooms = background(e.bot.Sweeper), background(staff.Keep)
	}
	stopCourier := background(courier.Run)
	return in, func() {
		stopHandling()
		stopSweeping()
		stopRooms()
		typing.Wait()
		stopKeeping()
		stopCourier()
		inboxQuiet()
		outboxQuiet()
		deskQuiet()
	}, nil
}

// keepFiles begins to fetch attachments, when this process keeps any.
func (e *engine) keepFiles(channels []chat.Channel) (stop func()) {
	if e.files == nil {
		return func() {}
	}
	wake, quiet := e.store.Listen(store.Files)
	k := &files.Keeper{Store: e.store, Folder: e.files, Channels: channels, Wake: wake, Now: time.Now, Log: e.log}
	stopKeeping := background(k.Run)
	return func() {
		stopKeeping()
		quiet()
	}
}

// background runs f until the returned function is called, which waits for it.
func background(f func(context.Context)) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		f(ctx)
	}()
	return func() {
		cancel()
		<-done
	}
}

// reload puts the content of dir in the place of the present one. Content that
// can't be used changes nothing.
func (e *engine) reload(ctx context.Context, dir string) error {
	b, err := loadContent(dir)
	if err != nil {
		return err
	}
	old := e.words.Load().Site
	if !slices.Equal(old.Languages, b.Site.Languages) || old.Fallback != b.Site.Fallback {
		return fmt.Errorf("a change of languages needs a restart")
	}
	if err := e.base.Replace(ctx, b.content()); err != nil {
		return err
	}
	e.words.Store(&b.Words)
	return nil
}

// Close ends the engine after its work has stopped.
func (e *engine) Close() error {
	return closing(e.base.Close(), e.store.Close)
}

// closing runs f and returns the first error of err and f's.
func closing(err error, f func() error) error {
	if ferr := f(); err == nil {
		err = ferr
	}
	return err
}

// withDesk runs f on the desk of a database that a serve may be using.
func withDesk(ctx context.Context, s streams, c *cli, f func(*handoff.Desk) error) error {
	w, err := loadWords(c.Content)
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(s.err, &slog.HandlerOptions{Level: slog.LevelWarn}))
	st, err := store.Open(ctx, c.Database, store.Options{Log: log})
	if err != nil {
		return err
	}
	return closing(f(newDesk(st, w.Site, func() bot.Words { return w })), st.Close)
}
