package discordtest

import (
	"net"
	"time"

	"github.com/gorilla/websocket"
)

// conn is one connection. Writing is queued, so that no event waits for a slow
// bot.
type conn struct {
	ws    *websocket.Conn
	queue chan frame
	gone  chan struct{}
}

// frame is a packet, or a close code.
type frame struct {
	packet []byte
	code   int
}

func (c *conn) write(packet []byte) { c.put(frame{packet: packet}) }

func (c *conn) put(f frame) {
	select {
	case c.queue <- f:
	default:
		c.abort() // thousands of packets behind
	}
}

func (c *conn) writer() {
	for {
		select {
		case f := <-c.queue:
			if f.code != 0 {
				_ = c.ws.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(f.code, ""))
				// The bot has to be able to read it: closing both ways now
				// could discard it.
				if tcp, ok := c.ws.NetConn().(*net.TCPConn); ok {
					_ = tcp.CloseWrite()
				}
				_ = c.ws.SetReadDeadline(time.Now().Add(time.Second))
				return
			}
			if c.ws.WriteMessage(websocket.TextMessage, f.packet) != nil {
				_ = c.ws.Close()
				return
			}
		case <-c.gone:
			return
		}
	}
}

// abort cuts the connection without a word.
func (c *conn) abort() { _ = c.ws.NetConn().Close() }
