package discord

import (
	"context"
	"encoding/json"
	"runtime"
	"time"

	"firstline/bot/backoff"
)

// shard keeps one session with the gateway alive: all of a bot's servers, or
// one part in count of them.
type shard struct {
	run       *run
	id, count int
	session   session
	newest    snowflake // the youngest message that came
	failures  int
}

// supervise connects and reconnects until ctx ends, or returns why going on is
// pointless.
func (s *shard) supervise(ctx context.Context) error {
	c := s.run.c
	log := c.log
	if s.count > 1 {
		log = log.With("shard", s.id)
	}
	retry := backoff.Backoff{Min: c.timing.retryMin, Max: c.timing.retryMax}
	for {
		up, err := s.connect(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if final := finalError(err); final != nil {
			return final
		}
		if up >= c.timing.stable {
			s.failures = 0
		}
		s.failures++
		if !resumable(err) || s.failures%4 == 0 { // the first is the loss of the connection
			s.session = session{}
		}
		if s.failures == 1 {
			retry.Reset()
			log.Info("discord: reconnecting", "reason", plain(err))
			continue
		}
		pause := retry.Next(0)
		log.Warn("discord: not connected", "attempts", s.failures, "retry_in", pause, "reason", plain(err))
		backoff.Sleep(ctx, pause)
	}
}

// connect opens a connection, resumes the session or begins one, and serves it
// until it ends. up is how long the session held.
func (s *shard) connect(ctx context.Context) (up time.Duration, err error) {
	c := s.run.c
	address, leave := s.session.address, func() {}
	if s.session.id == "" {
		var ok bool
		if leave, ok = s.run.gate.enter(ctx, s.id); !ok {
			return 0, ctx.Err()
		}
		defer leave()
		address = s.run.plan.address
	}
	conn, err := dial(ctx, address, c.timing.openTimeout)
	if err != nil {
		return 0, err
	}
	defer func() { _ = conn.ws.Close() }()
	conn.sequence.Store(s.session.sequence)
	stop := context.AfterFunc(ctx, conn.goodbye)
	defer stop()
	beating, end := context.WithCancel(ctx)
	defer end()

	begun, err := s.serve(ctx, beating, conn, leave)
	s.session.sequence = conn.sequence.Load()
	if begun.IsZero() {
		return 0, err
	}
	return time.Since(begun), err
}

// serve reads until the connection ends. begun is when the session began or was
// resumed; zero: it was not. leave is called when it was asked for.
func (s *shard) serve(ctx, beating context.Context, conn *gatewayConn, leave func()) (begun time.Time, err error) {
	t := s.run.c.timing
	// All that comes before the session has begun shares one deadline: a
	// gateway that only keeps the connection must not hold the bot up.
	deadline := time.Now().Add(t.openTimeout)
	for greeted := false; ; {
		if !begun.IsZero() {
			deadline = time.Now().Add(t.idle)
		}
		p, err := conn.read(deadline)
		if err != nil {
			if begun.IsZero() && time.Now().After(deadline) {
				err = errStalled
			}
			return begun, err
		}
		switch p.Op {
		case opHello:
			var hello struct {
				Interval int64 `json:"heartbeat_interval"` // milliseconds
			}
			if err := json.Unmarshal(p.Data, &hello); err != nil || hello.Interval <= 0 || greeted {
				return begun, errProtocol
			}
			greeted = true
			go conn.beat(beating, time.Duration(hello.Interval)*time.Millisecond)
			err = s.introduce(conn)
			leave()
		case opHeartbeat:
			err = conn.heartbeat()
		case opHeartbeatACK:
			conn.acked.Store(true)
		case opReconnect:
			err = errAskedToReconnect
		case opInvalidSession:
			if string(p.Data) != "true" {
				s.session = session{}
				conn.sequence.Store(0)
			}
			err = errInvalidSession
		case opDispatch:
			if p.Type == "READY" || p.Type == "RESUMED" {
				begun = time.Now()
			}
			s.dispatch(ctx, &p)
			// Only now: what is resumed begins after what was handled.
			conn.sequence.Store(max(conn.sequence.Load(), p.Seq))
		}
		if err != nil {
			return begun, err
		}
	}
}

// introduce resumes the session, or begins one when there is none.
func (s *shard) introduce(conn *gatewayConn) error {
	token := "Bot " + s.run.c.token
	if s.session.id != "" {
		return conn.write(opResume, map[string]any{
			"token": token, "session_id": s.session.id, "seq": s.session.sequence,
		})
	}
	identify := map[string]any{
		"token": token, "intents": intents, "large_threshold": 50, "compress": false,
		"properties": map[string]string{"os": runtime.GOOS, "browser": "firstline", "device": "firstline"},
	}
	if s.count > 1 {
		identify["shard"] = []int{s.id, s.count}
	}
	return conn.write(opIdentify, identify)
}

// began notes what READY says about resuming.
func (s *shard) began(id, address string) {
	if !validGateway(address, s.run.c.apiBase) {
		address = s.run.plan.address
	}
	s.session.id, s.session.address = id, address
}
