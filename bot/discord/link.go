package discord

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"
)

// link is one discordgo.Session with what the library does not give: a way to
// give it up. When the gateway asks to reconnect before a session has begun,
// Open locks itself out for ever: that goroutine and its Session are lost, a
// few KB. Everything else ends when its connection is closed.
type link struct {
	session     *discordgo.Session
	openTimeout time.Duration
	idle        time.Duration
	begun       chan struct{} // rings at READY and RESUMED
	down        chan struct{} // rings when the library has closed the connection
	wrote       chan struct{} // rings when something was sent

	dead atomic.Bool // events of this session are ignored
	mu   sync.Mutex
	conn net.Conn // the latest connection
}

// intents are what the bot is told about. MessageContent has to be switched on
// in the Developer Portal.
const intents = discordgo.IntentGuilds | discordgo.IntentGuildMessages |
	discordgo.IntentDirectMessages | discordgo.IntentMessageContent

// newLink makes a session whose events go to r until it is abandoned. ctx is
// that of Run.
func newLink(ctx context.Context, r *run) (*link, error) {
	s, err := discordgo.New("Bot " + r.c.token)
	if err != nil {
		return nil, err
	}
	l := &link{
		session:     s,
		openTimeout: r.c.timing.openTimeout,
		idle:        r.c.timing.idle,
		begun:       make(chan struct{}, 1),
		down:        make(chan struct{}, 1),
		wrote:       make(chan struct{}, 1),
	}
	s.Identify.Intents = intents
	s.StateEnabled = false
	s.SyncEvents = true // otherwise messages are handled out of order
	s.Compress = false
	s.ShouldReconnectOnError = false // the supervisor does that
	s.ShouldReconnectVoiceOnSessionError = false
	s.ShouldRetryOnRateLimit = false
	s.MaxRestRetries = 0
	s.LogLevel = discordgo.LogError - 1 // nothing: its debug lines hold the token
	s.UserAgent = userAgent
	s.Client = r.c.rest.http
	s.Dialer = &websocket.Dialer{Proxy: http.ProxyFromEnvironment, HandshakeTimeout: l.openTimeout, NetDialContext: l.dial}
	s.AddHandler(func(_ *discordgo.Session, e *discordgo.Event) {
		if !l.dead.Load() {
			r.dispatch(ctx, l, e)
		}
	})
	s.AddHandler(func(*discordgo.Session, *discordgo.Disconnect) { ring(l.down) })
	return l, nil
}

// open connects, resumes the session if there is one, and returns when it has
// begun. errStalled means that it did not in time.
func (l *link) open(ctx context.Context) error {
	drainBell(l.begun)
	drainBell(l.down)
	opened := make(chan error, 1)
	go func() { opened <- l.session.Open() }()
	timeout := time.NewTimer(l.openTimeout)
	defer timeout.Stop()
	select {
	case err := <-opened:
		if errors.Is(err, discordgo.ErrWSAlreadyOpen) { // it was not down after all
			return nil
		}
		if err != nil {
			return err
		}
	case <-timeout.C:
		return errStalled
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case <-l.begun:
		return nil
	case <-l.down:
		return errors.New("the connection ended before the session began")
	case <-timeout.C:
		return errStalled
	case <-ctx.Done():
		return ctx.Err()
	}
}

// close tells Discord that the bot goes, so that it is shown as offline at once.
// The library then holds on to the connection for another second; close does
// not wait for that.
func (l *link) close() {
	l.dead.Store(true)
	drainBell(l.wrote)
	go func() { _ = l.session.Close() }()
	select {
	case <-l.wrote:
	case <-time.After(time.Second):
		l.abandon()
	}
}

// abandon gives the session up, whatever it is doing.
func (l *link) abandon() {
	l.dead.Store(true)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.conn != nil {
		_ = l.conn.Close()
	}
}

// dial connects to the gateway and keeps the connection, to be able to close it.
func (l *link) dial(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.dead.Load() {
		_ = conn.Close()
		return nil, net.ErrClosed
	}
	l.conn = conn
	return gatewayConn{Conn: conn, idle: l.idle, wrote: l.wrote}, nil
}

// gatewayConn is a connection on which reading fails when nothing arrives for
// long: the library notices a dead connection only after five heartbeats.
type gatewayConn struct {
	net.Conn
	idle  time.Duration
	wrote chan struct{}
}

// Read reads, for at most the idle time. After that the connection is closed at
// once: the library would say goodbye in a way that ends the session.
func (c gatewayConn) Read(b []byte) (int, error) {
	if err := c.SetReadDeadline(time.Now().Add(c.idle)); err != nil {
		return 0, err
	}
	n, err := c.Conn.Read(b)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		_ = c.Close()
	}
	return n, err
}

// Write writes and rings.
func (c gatewayConn) Write(b []byte) (int, error) {
	defer ring(c.wrote)
	return c.Conn.Write(b)
}

func drainBell(c chan struct{}) {
	select {
	case <-c:
	default:
	}
}
