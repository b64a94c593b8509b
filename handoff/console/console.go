// Package console is the web pages on which staff work: the queue, a ticket's
// whole story with what can be done about it, and the list of staff. It owns
// the pages, the sign-in cookie and the stream that keeps pages up to date.
//
// It knows the rules only through handoff.Desk, which checks the agent of every
// action once more. It knows no database, no network and no article.
package console

import (
	"log/slog"
	"net/http"
	"strings"
	"time"

	"firstline/bot/static"
	"firstline/handoff"
	"firstline/handoff/files"
)

// Options configures the console. Desk is required.
type Options struct {
	Desk *handoff.Desk
	Log  *slog.Logger // nil: no log
	// Files has the contents of attachments; nil: they can't be looked at here.
	Files *files.Folder
	// Listen subscribes to a bell that rings when tickets may have changed;
	// stop ends the subscription. nil: pages learn of changes within a minute.
	Listen func() (rings <-chan struct{}, stop func())
	// Product is the name in the page's corner; "": Firstline.
	Product string
	Now     func() time.Time // nil: time.Now
	// Secure reports whether the browser reached us by TLS, which makes the
	// cookie a secure one. nil: as the connection or X-Forwarded-Proto says.
	Secure func(*http.Request) bool
	// BaseURL is how staff reach the console, for sign-in links, such as
	// "https://desk.example.org". "": as the lead's own browser did.
	BaseURL string
	// Heartbeat is how often a quiet stream is written to and its session
	// checked. 0: 15 seconds; at most a minute.
	Heartbeat time.Duration
	// Streams is how many streams a session may have; one more ends the oldest,
	// whose page then polls. 0: 4, since browsers open six connections at most.
	Streams int
}

// console is the handler's state.
type console struct {
	desk      *handoff.Desk
	files     *files.Folder
	log       *slog.Logger
	listen    func() (<-chan struct{}, func())
	product   string
	now       func() time.Time
	isSecure  func(*http.Request) bool
	baseURL   string
	heartbeat time.Duration
	streams   *streams
}

// New returns the handler of /desk/, /sign-in, /sign-in/ and /static/. Streams
// end with their request's context: a server that is to shut down in time
// cancels its BaseContext in RegisterOnShutdown.
func New(o Options) http.Handler {
	c := &console{
		desk: o.Desk, files: o.Files, log: o.Log, listen: o.Listen, product: o.Product, now: o.Now,
		isSecure: o.Secure, baseURL: strings.TrimRight(o.BaseURL, "/"), heartbeat: o.Heartbeat,
	}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	if c.listen == nil {
		c.listen = func() (<-chan struct{}, func()) { return nil, func() {} }
	}
	if c.product == "" {
		c.product = "Firstline"
	}
	if c.now == nil {
		c.now = time.Now
	}
	if c.isSecure == nil {
		c.isSecure = secureRequest
	}
	if c.heartbeat <= 0 {
		c.heartbeat = 15 * time.Second
	}
	c.heartbeat = min(c.heartbeat, time.Minute)
	if o.Streams <= 0 {
		o.Streams = 4
	}
	c.streams = newStreams(o.Streams)
	return c.protect(c.routes())
}

func (c *console) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /static/{file}", static.Folder(staticFiles, "static"))
	mux.Handle("GET /sign-in", c.open(c.signInHelp))
	mux.Handle("GET /sign-in/{secret}", c.open(c.signInPage))
	mux.Handle("POST /sign-in/{secret}", c.open(c.signIn))
	mux.Handle("POST /desk/sign-out", c.open(c.signOut))
	mux.HandleFunc("GET /desk/events", c.events)
	mux.Handle("GET /desk", http.RedirectHandler("/desk/", http.StatusSeeOther))
	mux.Handle("GET /desk/{$}", c.staff(c.queuePage))
	mux.Handle("GET /desk/tickets/{id}", c.staff(c.ticketPage))
	mux.Handle("POST /desk/tickets/{id}/{action}", c.staff(c.act))
	mux.Handle("POST /desk/tickets/{id}/entries/{entry}/{action}", c.staff(c.change))
	mux.Handle("GET /desk/files/{file}", c.staff(c.file))
	mux.Handle("GET /desk/staff", c.staff(c.staffPage))
	mux.Handle("POST /desk/staff", c.staff(c.addAgent))
	mux.Handle("POST /desk/staff/{agent}/link", c.staff(c.makeLink))
	mux.Handle("POST /desk/staff/{agent}/disable", c.staff(c.disableAgent))
	// The addresses of actions, when a browser is sent to one by hand.
	mux.Handle("GET /desk/tickets/{id}/{action}", c.staff(func(w http.ResponseWriter, r *http.Request, _ *handoff.Agent) error {
		id, err := ticketID(r)
		if err == nil {
			http.Redirect(w, r, "/desk/tickets/"+id.String(), http.StatusSeeOther)
		}
		return err
	}))
	mux.Handle("GET /desk/staff/{agent}/{action}", c.staff(func(w http.ResponseWriter, r *http.Request, _ *handoff.Agent) error {
		http.Redirect(w, r, "/desk/staff", http.StatusSeeOther)
		return nil
	}))
	mux.Handle("/", c.open(func(http.ResponseWriter, *http.Request) error { return handoff.ErrNotFound }))
	return mux
}

// open is a page for everybody.
func (c *console) open(h func(http.ResponseWriter, *http.Request) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			c.fail(w, r, nil, err)
		}
	})
}

// staff is a page for a signed-in agent.
func (c *console) staff(h func(http.ResponseWriter, *http.Request, *handoff.Agent) error) http.Handler {
	return c.open(func(w http.ResponseWriter, r *http.Request) error {
		a, err := c.agent(r)
		if err != nil {
			if statusOf(err) == http.StatusUnauthorized && r.Method == http.MethodGet {
				http.Redirect(w, r, "/sign-in", http.StatusSeeOther)
				return nil
			}
			return err
		}
		if r.Method == http.MethodPost {
			if err := parseForm(w, r); err != nil {
				c.fail(w, r, a, err)
				return nil
			}
		}
		if err := h(w, r, a); err != nil {
			c.fail(w, r, a, err)
		}
		return nil
	})
}
