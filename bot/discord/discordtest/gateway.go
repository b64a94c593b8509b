package discordtest

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/gorilla/websocket"
)

// Intents and opcodes of the gateway.
// https://discord.com/developers/docs/events/gateway
const (
	intentGuilds         = 1 << 0
	intentGuildMessages  = 1 << 9
	intentDirectMessages = 1 << 12
	intentMessageContent = 1 << 15

	opDispatch       = 0
	opHeartbeat      = 1
	opIdentify       = 2
	opResume         = 6
	opReconnect      = 7
	opInvalidSession = 9
	opHello          = 10
	opHeartbeatACK   = 11
)

// gateway is the state of the gateway, guarded by Server.mu.
type gateway struct {
	shards      int // that GET /gateway/bot recommends
	concurrency int
	remaining   int // sessions
	twice       bool
	swapped     int // the next pairs of events come in the wrong order
	begun       []Begun
	sessions    map[string]*session
	conns       map[*conn]bool
	interval    time.Duration // of heartbeats
	disallowed  int           // intents that are not switched on
	muted       bool
	next        []Handshake
	hangs       int // connections that get no HELLO

	identifies, resumes, heartbeats, connections, ready, resumed int
}

// session outlives its connection: what happens meanwhile is replayed.
type session struct {
	id            string
	intents       int
	shard, shards int
	held          []byte   // an event that the next one overtakes
	sent          [][]byte // packet n has sequence n+1
	conn          *conn    // nil: not connected
}

type packet struct {
	Op   int             `json:"op"`
	Data json.RawMessage `json:"d"`
	Seq  *int            `json:"s"`
	Type *string         `json:"t"`
}

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

func (s *Server) serveGateway(w http.ResponseWriter, r *http.Request) {
	if v, enc := r.URL.Query().Get("v"), r.URL.Query().Get("encoding"); (v != "9" && v != "10") || enc != "json" {
		s.mu.Lock()
		s.find("gateway opened with v=%q encoding=%q", v, enc)
		s.mu.Unlock()
	}
	ws, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
	if err != nil {
		return
	}
	c := &conn{ws: ws, queue: make(chan frame, 16384), gone: make(chan struct{})}
	s.mu.Lock()
	s.gateway.conns[c] = true
	s.gateway.connections++
	hang := s.gateway.hangs > 0
	if hang {
		s.gateway.hangs--
	} else {
		c.write(encode(opHello, map[string]any{"heartbeat_interval": s.gateway.interval.Milliseconds()}, 0, ""))
	}
	s.change()
	s.mu.Unlock()
	go c.writer()
	var left error
	for {
		_, data, err := ws.ReadMessage()
		if err != nil {
			left = err
			break
		}
		var p packet
		if json.Unmarshal(data, &p) != nil {
			s.closeConn(c, 4002)
			continue
		}
		s.mu.Lock()
		s.handle(c, p)
		s.change()
		s.mu.Unlock()
	}
	close(c.gone)
	_ = ws.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.gateway.conns, c)
	// A bot that says goodbye like this does not come back.
	s.detach(c, websocket.IsCloseError(left, websocket.CloseNormalClosure, websocket.CloseGoingAway))
	s.change()
}

// handle handles a packet of the bot. The caller holds s.mu.
func (s *Server) handle(c *conn, p packet) {
	switch p.Op {
	case opHeartbeat:
		s.gateway.heartbeats++
		if !s.gateway.muted {
			c.write(encode(opHeartbeatACK, nil, 0, ""))
		}
	case opIdentify:
		s.gateway.identifies++
		s.identify(c, p.Data)
	case opResume:
		s.gateway.resumes++
		s.resume(c, p.Data)
	default:
		s.find("gateway: unexpected opcode %d", p.Op)
	}
}

func (s *Server) identify(c *conn, data json.RawMessage) {
	var in struct {
		Token      string         `json:"token"`
		Properties map[string]any `json:"properties"`
		Intents    *int           `json:"intents"`
		Shard      []int          `json:"shard"`
	}
	if err := json.Unmarshal(data, &in); err != nil || in.Intents == nil || len(in.Properties) == 0 {
		s.find("gateway: IDENTIFY is malformed")
		s.closeLocked(c, 4002)
		return
	}
	if s.misbehave(c) {
		return
	}
	switch {
	case in.Token != s.Token && in.Token != "Bot "+s.Token:
		s.closeLocked(c, 4004)
		return
	case *in.Intents >= 1<<26:
		s.closeLocked(c, 4013)
		return
	case *in.Intents&s.gateway.disallowed != 0:
		s.closeLocked(c, 4014)
		return
	}
	session := &session{id: "session-" + s.newID(), intents: *in.Intents, shards: 1, conn: c}
	if len(in.Shard) == 2 {
		session.shard, session.shards = in.Shard[0], in.Shard[1]
	}
	s.gateway.begun = append(s.gateway.begun, Begun{Shard: session.shard, Of: session.shards, At: time.Now()})
	if session.shard < 0 || session.shard >= session.shards {
		s.closeLocked(c, 4010)
		return
	}
	s.gateway.sessions[session.id] = session
	s.gateway.ready++
	guilds := []any{}
	for _, id := range s.guilds {
		if session.serves(id) {
			guilds = append(guilds, map[string]any{"id": id, "unavailable": true})
		}
	}
	session.dispatch(s, "READY", map[string]any{
		"v": 9, "user": userOf(s.BotID, true), "session_id": session.id, "guilds": guilds,
		"resume_gateway_url": "ws://" + s.host + "/gateway", "private_channels": []any{},
		"application": map[string]any{"id": s.AppID, "flags": 0},
	})
	if session.intents&intentGuilds == 0 {
		return
	}
	for _, id := range s.guilds {
		if session.serves(id) {
			session.dispatch(s, "GUILD_CREATE", s.describeGuild(id))
		}
	}
}

func (s *Server) describeGuild(guild string) map[string]any {
	channels, threads := []any{}, []any{}
	for _, id := range s.order {
		switch ch := s.channels[id]; {
		case ch.guild != guild:
		case ch.kind != kindThread:
			channels = append(channels, ch.describe())
		case ch.archivedAt == "":
			threads = append(threads, ch.describe())
		}
	}
	return map[string]any{
		"id": guild, "name": "Guild", "unavailable": false, "channels": channels, "threads": threads, "roles": s.roles(guild),
	}
}

// roles are those of a guild: everybody's, which has no permissions, and the
// bot's own.
func (s *Server) roles(guild string) []any {
	return []any{
		map[string]any{"id": guild, "name": "@everyone", "permissions": "0"},
		map[string]any{
			"id": s.BotRole, "name": "bot", "permissions": fmt.Sprint(s.permissions[s.BotRole]),
			"tags": map[string]string{"bot_id": s.BotID},
		},
	}
}

// serves reports whether events of a guild ("": direct messages) go to the
// session.
func (x *session) serves(guild string) bool {
	return int(number(guild)>>22%uint64(x.shards)) == x.shard
}

func (s *Server) resume(c *conn, data json.RawMessage) {
	var in struct {
		Token   string `json:"token"`
		Session string `json:"session_id"`
		Seq     *int   `json:"seq"`
	}
	if err := json.Unmarshal(data, &in); err != nil || in.Seq == nil {
		s.find("gateway: RESUME is malformed")
		s.closeLocked(c, 4002)
		return
	}
	if s.misbehave(c) {
		return
	}
	session := s.gateway.sessions[in.Session]
	switch {
	case in.Token != s.Token && in.Token != "Bot "+s.Token:
		s.closeLocked(c, 4004)
		return
	case session == nil:
		c.write(encode(opInvalidSession, false, 0, ""))
		return
	case *in.Seq < 0 || *in.Seq > len(session.sent):
		s.closeLocked(c, 4007)
		return
	}
	session.conn = c
	for _, data := range session.sent[*in.Seq:] {
		c.write(data)
	}
	s.gateway.resumed++
	session.dispatch(s, "RESUMED", map[string]any{})
}

// dispatchTo sends an event of a guild ("": a direct conversation) to the
// session that serves it, if it asked for the intent (0: in any case). The
// caller holds s.mu.
func (s *Server) dispatchTo(guild, name string, data any, intent int) {
	for _, session := range s.gateway.sessions {
		if !session.serves(guild) || (intent != 0 && session.intents&intent == 0) {
			continue
		}
		event := data
		// Without the intent, content is only in direct messages and mentions.
		if m, ok := data.(message); ok && session.intents&intentMessageContent == 0 && m.GuildID != "" && len(m.Mentions) == 0 {
			m.Content, m.Attachments, m.Components = "", []Attachment{}, json.RawMessage("[]")
			event = m
		}
		session.dispatch(s, name, event)
		if s.gateway.twice && name != "READY" {
			session.dispatch(s, name, event)
		}
	}
}

// dispatch numbers an event and sends it.
func (x *session) dispatch(s *Server, name string, data any) {
	encoded := encode(opDispatch, data, len(x.sent)+1, name)
	if name == "MESSAGE_CREATE" && x.held == nil && s.gateway.swapped > 0 {
		s.gateway.swapped--
		x.held = encode(opDispatch, data, len(x.sent)+2, name)
		return
	}
	x.deliver(s, encoded)
	if x.held != nil {
		held := x.held
		x.held = nil
		x.deliver(s, held)
	}
}

func (x *session) deliver(s *Server, encoded []byte) {
	x.sent = append(x.sent, encoded)
	if x.conn != nil && !s.gateway.muted {
		x.conn.write(encoded)
	}
}

func encode(op int, data any, seq int, name string) []byte {
	raw, err := json.Marshal(data)
	if err != nil {
		panic(fmt.Sprintf("discordtest: event %s: %v", name, err))
	}
	p := packet{Op: op, Data: raw}
	if op == opDispatch {
		p.Seq, p.Type = &seq, &name
	}
	encoded, err := json.Marshal(p)
	if err != nil {
		panic(fmt.Sprintf("discordtest: event %s: %v", name, err))
	}
	return encoded
}

func (s *Server) closeConn(c *conn, code int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closeLocked(c, code)
}

// closeLocked closes a connection with a code, after what is queued for it.
func (s *Server) closeLocked(c *conn, code int) {
	s.detach(c, code == websocket.CloseNormalClosure || code == websocket.CloseGoingAway)
	c.put(frame{code: code})
}

// detach ends the use of a connection by its session, which can be resumed
// unless it is ended too.
func (s *Server) detach(c *conn, end bool) {
	for id, session := range s.gateway.sessions {
		if session.conn == c {
			session.conn = nil
			if end {
				delete(s.gateway.sessions, id)
			}
		}
	}
}
