package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"firstline/bot/web/weblog"
)

// batchSize is how many messages are read and written at a time.
const batchSize = 100

// getEvents streams the session's log: everything that changed after the version
// in Last-Event-ID, or else ?after=, and then what changes, until the browser
// goes. After 0 and with ?newest=N it begins with the N newest messages; earlier
// ones are for getMessages, and their changes come nevertheless. With ?once=1 it
// ends when there is nothing more.
//
//	id: <version>     the stream goes on after it
//	event: message    data: a message as it reads now
//	event: earlier    data: {"before": the place of the earliest message that
//	                  follows, 0 when it is the first of all}
//	event: ready      the browser has everything up to now
//	event: typing     somebody is writing
//	event: reset      the browser knows more than there is: forget it, all follows
//	event: end        a newer stream has taken this one's place
func (c *Channel) getEvents(w http.ResponseWriter, r *http.Request) error {
	s, err := c.session(r)
	if err != nil {
		return err
	}
	after, err := after(r)
	if err != nil {
		return err
	}
	newest, err := number(r, "newest")
	if err != nil {
		return err
	}
	e := &events{
		w: w, rc: http.NewResponseController(w), session: s.ID, after: after, newest: int(min(newest, batchSize)),
		store: c.o.Store, patience: 2*c.o.Heartbeat + 30*time.Second,
	}
	if r.URL.Query().Get("once") != "" {
		return c.streamed(r, e, e.open(r.Context()))
	}
	st := c.hub.add(s.ID) // before reading, so that nothing falls in between
	defer c.hub.remove(s.ID, st)
	if err := e.open(r.Context()); err != nil {
		return c.streamed(r, e, err)
	}
	return c.streamed(r, e, e.follow(r.Context(), st, c.o.Heartbeat))
}

// after is the version from which a stream goes on.
func after(r *http.Request) (int64, error) {
	if text := r.Header.Get("Last-Event-ID"); text != "" {
		return parseNumber("Last-Event-ID", text)
	}
	return number(r, "after")
}

// streamed returns err when the answer has not begun. A stream that has begun
// just ends: the browser comes again.
func (c *Channel) streamed(r *http.Request, e *events, err error) error {
	if err == nil || !e.begun {
		return err
	}
	if !errors.Is(err, errGone) && r.Context().Err() == nil {
		c.log.Error("web: a stream ended", "err", err)
	}
	return nil
}

// errGone means that the browser does not read any more.
var errGone = errors.New("the reader is gone")

// events is one stream being written.
type events struct {
	w        http.ResponseWriter
	rc       *http.ResponseController
	session  string
	after    int64
	newest   int // messages to begin with; 0: all
	store    weblog.Store
	patience time.Duration
	begun    bool
}

// open writes everything up to now.
func (e *events) open(ctx context.Context) error {
	reset := false
	if e.after > 0 {
		// Whatever was seen has its version or a later one, unless the database
		// was put back to an older state.
		known, err := e.store.WebMessages(ctx, e.session, e.after-1, 1)
		if err != nil {
			return err
		}
		reset = len(known) == 0
	}
	if reset {
		e.after = 0
		if err := e.write("id: 0\nevent: reset\ndata: {}\n\n"); err != nil {
			return err
		}
	}
	if e.after == 0 && e.newest > 0 {
		if err := e.page(ctx); err != nil {
			return err
		}
	}
	if err := e.drain(ctx); err != nil {
		return err
	}
	return e.write("event: ready\ndata: {}\n\n")
}

// drain writes what changed.
func (e *events) drain(ctx context.Context) error {
	for {
		all, err := e.store.WebMessages(ctx, e.session, e.after, batchSize)
		if err != nil {
			return err
		}
		if err := e.messages(all); err != nil {
			return err
		}
		if len(all) < batchSize {
			return nil
		}
	}
}

// messages writes messages, which are in the order of their versions.
func (e *events) messages(all []weblog.Message) error {
	for _, m := range all {
		data, err := json.Marshal(wire(m))
		if err != nil {
			return err
		}
		if err := e.write(fmt.Sprintf("id: %d\nevent: message\ndata: %s\n\n", m.Version, data)); err != nil {
			return err
		}
		e.after = m.Version
	}
	return nil
}

// follow writes what changes until ctx ends or another stream takes over.
func (e *events) follow(ctx context.Context, st *stream, heartbeat time.Duration) error {
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return nil
		case <-st.replaced:
			return e.write("event: end\ndata: {}\n\n")
		case <-st.typed:
			err = e.write("event: typing\ndata: {}\n\n")
		case <-st.changed:
			err = e.drain(ctx)
		case <-beat.C:
			if err = e.drain(ctx); err == nil {
				err = e.write(": \n\n")
			}
		}
		if err != nil {
			return err
		}
	}
}

// write sends s at once. The server's timeouts count from the request, so they
// would end the stream; a reader that is gone must still not block us for ever.
func (e *events) write(s string) error {
	if !e.begun {
		h := e.w.Header()
		h.Set("Content-Type", "text/event-stream; charset=utf-8")
		h.Set("Cache-Control", "no-store")
		h.Set("X-Accel-Buffering", "no") // or nginx keeps events to itself
		if err := e.rc.SetReadDeadline(time.Time{}); err != nil && !errors.Is(err, http.ErrNotSupported) {
			return err
		}
		e.begun = true
	}
	err := e.rc.SetWriteDeadline(time.Now().Add(e.patience))
	if err != nil && !errors.Is(err, http.ErrNotSupported) {
		return errGone
	}
	if _, err := io.WriteString(e.w, s); err != nil {
		return errGone
	}
	if err := e.rc.Flush(); err != nil {
		return errGone
	}
	return nil
}
