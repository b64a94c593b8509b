package discordtest

import (
	"encoding/json"
	"fmt"
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
