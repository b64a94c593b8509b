package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"time"

	"golang.org/x/term"

	"firstline/bot/chat"
	"firstline/bot/terminal"
	"firstline/handoff/store"
)

type chatCmd struct {
	Listen string `help:"Address of the desk when no serve runs." env:"FIRSTLINE_LISTEN" default:"127.0.0.1:8080" placeholder:"ADDR"`
	URL    string `help:"Where people reach the desk, when that is not the address above." env:"FIRSTLINE_URL" placeholder:"URL"`
}

// Run chats in this terminal.
func (c *chatCmd) Run(ctx context.Context, s streams, global *cli) error {
	return chatHere(ctx, s, global, &serveCmd{Listen: c.Listen, URL: c.URL})
}

// chatHere runs a chat in the terminal, with the desk in the same process, or
// beside a serve that has the database already. The log goes to a file beside
// the database, so that it does not disturb the chat.
func chatHere(ctx context.Context, s streams, global *cli, c *serveCmd) error {
	if err := os.MkdirAll(filepath.Dir(global.Database), 0o700); err != nil {
		return fmt.Errorf("folder of the database: %w", err)
	}
	logPath := filepath.Join(filepath.Dir(global.Database), "firstline.log")
	logFile, err := os.OpenFile(logPath, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("log file: %w", err)
	}
	defer logFile.Close() //nolint:errcheck // nothing depends on its last line
	log := slog.New(slog.NewTextHandler(logFile, nil))

	network, unlock, err := terminalNetwork(global.Database)
	if err != nil {
		return err
	}
	defer unlock() //nolint:errcheck // the process ends
	console, restore, err := openConsole(s)
	if err != nil {
		return err
	}
	defer restore()
	ch := terminal.New(terminal.Options{
		Console: console, Network: network, Person: terminalPerson(), Now: time.Now,
		Color: interactive(s) && os.Getenv("NO_COLOR") == "", Columns: func() int { return columns(s) },
	})
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	talk := newConversation(ch, cancel)
	err = chatWithDesk(ctx, console, global, c, log, logPath, talk)
	if errors.Is(err, store.ErrLocked) {
		err = chatBeside(ctx, console, global, log, talk)
	}
	return err
}

// chatWithDesk chats with everything in this process.
func chatWithDesk(ctx context.Context, out io.Writer, global *cli, c *serveCmd, log *slog.Logger, logPath string, talk *conversation) error {
	srv, err := startServer(ctx, log, global, c, tokens{}, talk)
	if err != nil {
		return err
	}
	link, err := srv.firstLink(ctx)
	if err == nil {
		_, err = fmt.Fprintf(out, `
Firstline is running in this terminal. Write a question below as somebody who needs help would.
  Desk (answers what the bot can't; sign in, works once):
    %s
  Numbers press buttons; /human asks for a person; /quit ends.
  Database: %s
  Log:      %s
To go live: set TELEGRAM_TOKEN and/or DISCORD_TOKEN; to use your own articles: --content DIR.

`, link, global.Database, logPath)
	}
	if err == nil {
		talk.begin()
		<-ctx.Done()
		talk.settle(srv.engine.store)
	}
	return closing(err, srv.stop)
}

// chatBeside chats while a serve has the database: this process handles and
// delivers only what belongs to this terminal; the desk is the serve's.
func chatBeside(ctx context.Context, out io.Writer, global *cli, log *slog.Logger, talk *conversation) error {
	b, err := loadContent(global.Content)
	if err != nil {
		return err
	}
	e, err := newEngine(ctx, log, global.Database, b)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprint(out, "\nA serve is running on this database: its desk answers what the bot can't. /quit ends.\n\n"); err != nil {
		return closing(err, e.Close)
	}
	w := &work{engine: e, channels: []chat.Channel{talk}}
	to, stop, err := w.start(ctx)
	if err != nil {
		return closing(err, e.Close)
	}
	done := make(chan error, 1)
	go func() { done <- talk.Run(ctx, to) }()
	talk.begin()
	<-ctx.Done()
	talk.settle(e.store)
	stop()
	return closing(<-done, e.Close)
}

// conversation is the terminal's channel, which begins when the greeting is
// out and ends the process's work when the person has left.
type conversation struct {
	*terminal.Channel
	ready chan struct{}
	left  func()
}

func newConversation(ch *terminal.Channel, left func()) *conversation {
	return &conversation{Channel: ch, ready: make(chan struct{}), left: left}
}

func (c *conversation) begin() { close(c.ready) }

// Run receives from the beginning until the person leaves.
func (c *conversation) Run(ctx context.Context, r chat.Receiver) error {
	select {
	case <-ctx.Done():
		return nil
	case <-c.ready:
	}
	defer c.left()
	return c.Channel.Run(ctx, r)
}

// settleFor is how long leaving waits for answers that are under way.
const settleFor = 10 * time.Second

// settle waits until what was written has been answered: input that is not
// typed ends before its answers are there.
func (c *conversation) settle(st *store.Store) {
	ctx, cancel := context.WithTimeout(context.Background(), settleFor)
	defer cancel()
	in, quiet := st.Listen(store.Inbox)
	defer quiet()
	out, quiet := st.Listen(store.Outbox)
	defer quiet()
	for {
		s, err := st.Stats(ctx)
		if err != nil || s.InboxPending[c.Network()]+s.OutboxPending[c.Network()] == 0 {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-in:
		case <-out:
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// terminalNetwork returns a network that no other terminal at this database
// uses now. The first one is always the same, so that a reply which came while
// nobody was there is seen at the next start.
func terminalNetwork(database string) (network chat.Network, unlock func() error, err error) {
	for n := 1; ; n++ {
		network = chat.Terminal
		if n > 1 {
			network += chat.Network("-" + strconv.Itoa(n))
		}
		unlock, err = store.LockFile(database + "." + string(network))
		if !errors.Is(err, store.ErrLocked) || n == 100 {
			return network, unlock, err
		}
	}
}

func terminalPerson() chat.Person {
	p := chat.Person{ID: "local", Name: userName(), Language: systemLanguage()}
	if u, err := user.Current(); err == nil && u.Name != "" {
		p.Name = u.Name
	}
	return p
}

// openConsole returns a line editor on a terminal, plain lines elsewhere.
func openConsole(s streams) (c terminal.Console, restore func(), err error) {
	if !interactive(s) {
		return terminal.Lines(s.in, s.out), func() {}, nil
	}
	in, out := s.in.(*os.File), s.out.(*os.File)
	state, err := term.MakeRaw(int(in.Fd()))
	if err != nil {
		return nil, nil, fmt.Errorf("terminal: %w", err)
	}
	t := term.NewTerminal(struct {
		io.Reader
		io.Writer
	}{in, out}, "› ")
	if n := columns(s); n > 0 {
		if err := t.SetSize(n, 24); err != nil {
			return nil, nil, closing(fmt.Errorf("terminal: %w", err), func() error { return term.Restore(int(in.Fd()), state) })
		}
	}
	return t, func() {
		if err := term.Restore(int(in.Fd()), state); err != nil {
			fmt.Fprintln(s.err, "firstline: restoring the terminal:", err)
		}
	}, nil
}

// columns returns how wide the terminal is, 0 when it is none.
func columns(s streams) int {
	if out, ok := s.out.(*os.File); ok {
		if n, _, err := term.GetSize(int(out.Fd())); err == nil {
			return n
		}
	}
	return 0
}
