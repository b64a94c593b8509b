package discord

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"
)

// The gateway is spoken here and not by the library, whose client locks itself
// out when asked to reconnect before a session has begun, answers a refused
// session by identifying again at once, for ever, and notices a dead connection
// only after five heartbeats.
// https://discord.com/developers/docs/events/gateway

// Opcodes.
const (
	opDispatch       = 0
	opHeartbeat      = 1
	opIdentify       = 2
	opResume         = 6
	opReconnect      = 7
	opInvalidSession = 9
	opHello          = 10
	opHeartbeatACK   = 11
)

// intents are what the bot is told about. MessageContent has to be switched on
// in the Developer Portal.
const intents = discordgo.IntentGuilds | discordgo.IntentGuildMessages |
	discordgo.IntentDirectMessages | discordgo.IntentMessageContent

// maxPacket is the most bytes of one packet: the description of a large server
// is a few MB.
const maxPacket = 64 << 20

// Why a connection ended, besides close codes and network errors.
var (
	errAskedToReconnect = errors.New("asked to reconnect")
	errInvalidSession   = errors.New("the session was refused")
	errNoHeartbeatACK   = errors.New("a heartbeat was not answered")
	errNoWebSocket      = errors.New("the gateway did not accept the connection")
)

// session is what can be resumed on another connection.
type session struct {
	id, address string
	sequence    int64
}

// packet is what both sides send.
type packet struct {
	Op   int             `json:"op"`
	Data json.RawMessage `json:"d"`
	Seq  int64           `json:"s"`
	Type string          `json:"t"`
}

// gatewayConn is one connection.
type gatewayConn struct {
	ws       *websocket.Conn
	writing  sync.Mutex
	sequence atomic.Int64
	acked    atomic.Bool // the latest heartbeat was answered
	silent   atomic.Bool // closed because one was not
}

// dial connects. Its errors hold no token: the address has none.
func dial(ctx context.Context, address string, timeout time.Duration) (*gatewayConn, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	d := websocket.Dialer{Proxy: http.ProxyFromEnvironment, HandshakeTimeout: timeout}
	query := "/?v=" + discordgo.APIVersion + "&encoding=json"
	ws, resp, err := d.DialContext(ctx, strings.TrimRight(address, "/")+query, http.Header{"User-Agent": {userAgent}})
	if resp != nil && resp.Body != nil {
		_ = resp.Body.Close()
	}
	if errors.Is(err, websocket.ErrBadHandshake) { // a proxy's error page
		return nil, errNoWebSocket
	}
	if err != nil {
		return nil, err
	}
	ws.SetReadLimit(maxPacket)
	c := &gatewayConn{ws: ws}
	c.acked.Store(true)
	return c, nil
}

// validGateway reports whether the token may be sent to address: encrypted,
// unless the API is not either.
func validGateway(address, apiBase string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil {
		return false
	}
	return u.Scheme == "wss" || (u.Scheme == "ws" && strings.HasPrefix(apiBase, "http://"))
}

// write sends one packet.
func (c *gatewayConn) write(op int, data any) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	if err := c.ws.SetWriteDeadline(time.Now().Add(10 * time.Second)); err != nil {
		return err
	}
	return c.ws.WriteJSON(struct {
		Op   int `json:"op"`
		Data any `json:"d"`
	}{op, data})
}

// read returns the next packet, or an error when there is none until deadline.
func (c *gatewayConn) read(deadline time.Time) (p packet, err error) {
	var data []byte
	if err = c.ws.SetReadDeadline(deadline); err == nil {
		_, data, err = c.ws.ReadMessage()
	}
	switch {
	case err != nil && c.silent.Load():
		return p, errNoHeartbeatACK
	case err != nil:
		return p, err
	}
	return p, json.Unmarshal(data, &p)
}

// beat sends heartbeats until ctx ends. When one was not answered by the time
// of the next, the connection is dead, whatever the network says: it is closed.
func (c *gatewayConn) beat(ctx context.Context, every time.Duration) {
	// Not all bots at once after an outage: Discord asks for a random start.
	wait := time.Duration(rand.Float64() * float64(every)) //nolint:gosec // no secret
	for {
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		}
		if !c.acked.Swap(false) {
			c.silent.Store(true)
			_ = c.ws.Close()
			return
		}
		if c.heartbeat() != nil {
			_ = c.ws.Close() // the reader learns of it
			return
		}
		wait = every
	}
}

func (c *gatewayConn) heartbeat() error {
	if n := c.sequence.Load(); n > 0 {
		return c.write(opHeartbeat, n)
	}
	return c.write(opHeartbeat, nil)
}

// goodbye ends the session, so that the bot is shown as offline at once, and
// gives Discord a second to close the connection.
func (c *gatewayConn) goodbye() {
	bye := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
	_ = c.ws.WriteControl(websocket.CloseMessage, bye, time.Now().Add(time.Second))
	time.AfterFunc(time.Second, func() { _ = c.ws.Close() })
}
