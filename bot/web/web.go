// Package web is the chat on a website: a page, a widget that embeds it, and the
// interface behind both. Unlike other adapters it has no network behind it: what
// was said is kept in a weblog.Store, and browsers follow it.
//
// It owns HTTP, sessions of askers, signed identities, uploads and the scripts
// that run in the asker's browser. It knows no ticket and no article, and what is
// said only by chat's vocabulary.
//
// Nothing depends on a connection: a browser keeps what it sends until it is
// told that it is stored, repeats it under the same id, and asks for what
// changed since the last version that it has seen (see weblog.Message). Event
// streams only wake it.
package web

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"firstline/bot/chat"
	"firstline/bot/phrases"
	"firstline/bot/static"
	"firstline/bot/web/weblog"
)

// Options configures a Channel. Store, Dir, Languages, Fallback and Text are
// required.
type Options struct {
	Store weblog.Store
	// Dir is the folder that uploads are kept in; it is made when needed.
	Dir string
	// Origins are the sites that may embed the chat, such as
	// "https://www.example.org". Without any there is no widget, only the page.
	Origins []string
	// Self is the origin that people reach us at, when a proxy changes the Host
	// header. "": the Host header's.
	Self string
	// Secret signs identities: see Sign. "": nobody is identified.
	Secret    string
	Languages []string // that the page speaks
	Fallback  string   // one of them
	Text      func(lang string, id phrases.ID) string
	Log       *slog.Logger     // nil: nothing is logged
	Now       func() time.Time // nil: time.Now
	// MaxFile is the most bytes of an upload. 0: 10 MB.
	MaxFile int64
	// Heartbeat is how often a quiet stream is written to, and looks for what it
	// was not told of. 0: 15 seconds.
	Heartbeat time.Duration
	// Streams is how many streams a session may have; one more ends the oldest,
	// whose page then asks now and then. 0: 4, since browsers open six
	// connections at most.
	Streams int
	Pace    Pace
}

// Channel is the chat on the web. It implements chat.Channel, chat.Deleter,
// chat.Editor, chat.Typer and chat.Fetcher.
type Channel struct {
	o       Options
	log     *slog.Logger
	hub     *hub
	files   *files
	pace    *pacer
	origins map[string]bool

	mu       sync.Mutex
	receiver chat.Receiver // nil while Run does not run
}

var (
	_ chat.Channel = (*Channel)(nil)
	_ chat.Deleter = (*Channel)(nil)
	_ chat.Editor  = (*Channel)(nil)
	_ chat.Typer   = (*Channel)(nil)
	_ chat.Fetcher = (*Channel)(nil)
)

// New returns a channel. Its errors name what to correct.
func New(o Options) (*Channel, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.MaxFile <= 0 {
		o.MaxFile = 10_000_000
	}
	if o.Heartbeat <= 0 {
		o.Heartbeat = 15 * time.Second
	}
	if o.Streams <= 0 {
		o.Streams = 4
	}
	if o.Secret != "" && len(o.Secret) < minSecret {
		return nil, fmt.Errorf(prefix+"%w", errShortSecret)
	}
	c := &Channel{
		o: o, log: o.Log, hub: newHub(o.Streams), files: &files{dir: o.Dir}, pace: newPacer(o.Pace, o.Now),
		origins: map[string]bool{},
	}
	for _, text := range o.Origins {
		origin, err := parseOrigin(text)
		if err != nil {
			return nil, err
		}
		c.origins[origin] = true
	}
	if o.Self != "" {
		origin, err := originOf(o.Self)
		if err != nil {
			return nil, fmt.Errorf(prefix+"%w", errSelf)
		}
		c.o.Self = origin
	}
	return c, nil
}

// Network returns chat.Web.
func (c *Channel) Network() chat.Network { return chat.Web }

// maxChoices is what a person can look through; nothing on the web limits it.
const maxChoices = 20

// Capabilities is what the web chat can do, known without a channel too.
func Capabilities() chat.Capabilities {
	return chat.Capabilities{Choices: maxChoices, Delete: true, Idempotent: true}
}

// Capabilities implements chat.Channel.
func (*Channel) Capabilities() chat.Capabilities { return Capabilities() }

// Uploads that came with no message are kept for looseFor, and looked for every
// purgeEvery.
const (
	looseFor   = 24 * time.Hour
	purgeEvery = time.Hour
)

// Run lets browsers send until ctx ends; before and after it they are told to
// try again.
func (c *Channel) Run(ctx context.Context, r chat.Receiver) error {
	c.files.removeBroken()
	c.receive(r)
	defer c.receive(nil)
	tick := time.NewTicker(purgeEvery)
	defer tick.Stop()
	for {
		if err := c.purge(ctx); err != nil && ctx.Err() == nil {
			c.log.Error("web: removing unused uploads", "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

func (c *Channel) receive(r chat.Receiver) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.receiver = r
}

// to returns where messages go, nil when nowhere.
func (c *Channel) to() chat.Receiver {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.receiver
}

// Handler serves the page, the widget and the interface: everything under /chat
// and /widget.js. Streams end with their request's context: a server that is to
// shut down in time cancels its BaseContext in RegisterOnShutdown.
func (c *Channel) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /widget.js", c.widget)
	mux.HandleFunc("GET /chat", c.page)
	mux.Handle("GET /chat/{$}", http.RedirectHandler("/chat", http.StatusSeeOther))
	mux.HandleFunc("GET /chat/static/{file}", static.Folder(staticFiles, "static"))
	api := http.NewServeMux()
	handle := func(pattern string, h func(http.ResponseWriter, *http.Request) error) {
		api.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			if err := h(w, r); err != nil {
				c.fail(w, r, err)
			}
		})
	}
	handle("GET /chat/api/session", c.getSession)
	handle("POST /chat/api/session", c.postSession)
	handle("POST /chat/api/messages", c.postMessage)
	handle("GET /chat/api/messages", c.getMessages)
	handle("GET /chat/api/events", c.getEvents)
	handle("POST /chat/api/files", c.postFile)
	handle("GET /chat/api/files/{id}", c.getFile)
	handle("/", func(http.ResponseWriter, *http.Request) error { return errNoRoute })
	mux.Handle("/chat/api/", c.guardAPI(api))
	return headers(mux)
}
