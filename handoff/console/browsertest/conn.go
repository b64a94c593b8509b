package browsertest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"github.com/gorilla/websocket"
)

// conn is a connection that speaks the DevTools protocol.
type conn struct {
	ws *websocket.Conn

	sending sync.Mutex // one writer at a time
	mu      sync.Mutex
	last    int
	waiting map[int]chan reply
	events  map[string]func(method string, params json.RawMessage) // by session
	ended   error
}

type reply struct {
	result json.RawMessage
	err    error
}

func dial(url string) (*conn, error) {
	ws, resp, err := websocket.DefaultDialer.Dial(url, nil)
	if resp != nil {
		_ = resp.Body.Close()
	}
	if err != nil {
		return nil, err
	}
	c := &conn{ws: ws, waiting: make(map[int]chan reply), events: make(map[string]func(string, json.RawMessage))}
	go c.read()
	return c, nil
}

func (c *conn) close() { _ = c.ws.Close() }

// listen calls f with each event of a session. f must not call.
func (c *conn) listen(session string, f func(method string, params json.RawMessage)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.events[session] = f
}

// post sends a command and returns where its reply will come.
func (c *conn) post(session, method string, args any) (int, chan reply, error) {
	ch := make(chan reply, 1)
	c.mu.Lock()
	if c.ended != nil {
		c.mu.Unlock()
		return 0, nil, c.ended
	}
	c.last++
	id := c.last
	c.waiting[id] = ch
	c.mu.Unlock()
	c.sending.Lock()
	defer c.sending.Unlock()
	return id, ch, c.ws.WriteJSON(struct {
		ID        int    `json:"id"`
		SessionID string `json:"sessionId,omitempty"`
		Method    string `json:"method"`
		Params    any    `json:"params,omitempty"`
	}{id, session, method, args})
}

// call sends a command and waits for its result, which it puts into result
// unless that is nil.
func (c *conn) call(ctx context.Context, session, method string, args, result any) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	id, ch, err := c.post(session, method, args)
	if err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	select {
	case r := <-ch:
		if r.err != nil {
			return fmt.Errorf("%s: %w", method, r.err)
		}
		if result == nil {
			return nil
		}
		return json.Unmarshal(r.result, result)
	case <-ctx.Done():
		c.mu.Lock()
		delete(c.waiting, id)
		c.mu.Unlock()
		return fmt.Errorf("%s: %w", method, ctx.Err())
	}
}

func (c *conn) read() {
	for {
		var m struct {
			ID        int
			SessionID string
			Method    string
			Params    json.RawMessage
			Result    json.RawMessage
			Error     *struct{ Message string }
		}
		if err := c.ws.ReadJSON(&m); err != nil {
			c.end(errors.Join(errors.New("the browser is gone"), err))
			return
		}
		c.mu.Lock()
		handle, ch := c.events[m.SessionID], c.waiting[m.ID]
		delete(c.waiting, m.ID)
		c.mu.Unlock()
		switch {
		case ch != nil && m.Error != nil:
			ch <- reply{err: errors.New(m.Error.Message)}
		case ch != nil:
			ch <- reply{result: m.Result}
		case m.Method != "" && handle != nil:
			handle(m.Method, m.Params)
		}
	}
}

// end fails every call, those to come included.
func (c *conn) end(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended = err
	for id, ch := range c.waiting {
		ch <- reply{err: err}
		delete(c.waiting, id)
	}
}
