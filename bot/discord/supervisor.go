package discord

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"

	"firstline/bot/backoff"
)

// supervisor keeps a session with the gateway alive. The library's own
// reconnecting is switched off: it can neither be stopped nor see that a close
// code is final. Opening the same Session again resumes it.
type supervisor struct {
	run        *run
	link       *link // nil: a new session is to begin
	identified time.Time
	failures   int
}

// errStalled means that a session did not begin in time.
var errStalled = errors.New("the session did not begin in time")

// supervise connects and reconnects until ctx ends, or returns why going on is
// pointless.
func (s *supervisor) supervise(ctx context.Context) error {
	c := s.run.c
	retry := backoff.Backoff{Min: c.timing.retryMin, Max: c.timing.retryMax}
	for {
		err := s.connect(ctx)
		if err == nil {
			up := time.Now()
			select {
			case <-s.link.down:
				err = errors.New("the connection ended")
			case <-ctx.Done():
				s.link.close()
				return nil
			}
			if time.Since(up) >= c.timing.stable {
				s.failures = 0
			}
		}
		if ctx.Err() != nil {
			s.drop()
			return nil
		}
		if final := finalError(err); final != nil {
			s.drop()
			return final
		}
		s.failures++
		if !resumable(err) || s.failures%4 == 0 { // the first is the loss of the connection
			s.drop()
		}
		if s.failures == 1 {
			retry.Reset()
			c.log.Info("discord: reconnecting", "reason", plain(err))
			continue
		}
		pause := retry.Next(0)
		c.log.Warn("discord: not connected", "attempts", s.failures, "retry_in", pause, "reason", plain(err))
		backoff.Sleep(ctx, pause)
	}
}

// connect opens the session, a new one when there is none to resume, and waits
// until it has begun.
func (s *supervisor) connect(ctx context.Context) error {
	if s.link == nil {
		if wait := time.Until(s.identified.Add(s.run.c.timing.identifyEvery)); wait > 0 && !backoff.Sleep(ctx, wait) {
			return ctx.Err()
		}
		s.identified = time.Now()
		l, err := newLink(ctx, s.run)
		if err != nil {
			return err
		}
		s.link = l
	}
	err := s.link.open(ctx)
	if errors.Is(err, errStalled) {
		s.drop()
	}
	return err
}

func (s *supervisor) drop() {
	if s.link != nil {
		s.link.abandon()
		s.link = nil
	}
}

// finals are the close codes after which connecting again is pointless, and
// what to do about them.
// https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes
var finals = map[int]string{
	4004: "the token was refused: copy it again from the Developer Portal (your application → Bot → Reset Token)",
	4010: "the shard is invalid: this version can't run this bot",
	4011: "the bot is in too many servers for one connection: this version can't run it",
	4012: "this version speaks a gateway protocol that Discord no longer accepts: update it",
	4013: "this version asks for events that Discord does not know: update it",
	4014: "the bot may not read messages: switch on Message Content Intent in the Developer Portal (your application → Bot → Privileged Gateway Intents)",
}

// finalError returns the error of Run when err is final, and nil otherwise.
func finalError(err error) error {
	if ce, ok := errors.AsType[*websocket.CloseError](err); ok && finals[ce.Code] != "" {
		return fmt.Errorf("discord: %s (close code %d)", finals[ce.Code], ce.Code)
	}
	if re, ok := errors.AsType[*discordgo.RESTError](err); ok && re.Response != nil && re.Message != nil &&
		re.Response.StatusCode == http.StatusUnauthorized {
		return errors.New("discord: " + finals[4004])
	}
	return nil
}

// resumable reports whether the session may still exist after err.
// 4007 and 4009: Discord has forgotten it.
func resumable(err error) bool {
	return !websocket.IsCloseError(err, 4003, 4006, 4007, 4009)
}

// plain returns err for a log: the library's errors can hold a request with the
// token in it.
func plain(err error) string {
	if re, ok := errors.AsType[*discordgo.RESTError](err); ok && re.Response != nil {
		return fmt.Sprintf("HTTP %d", re.Response.StatusCode)
	}
	if ce, ok := errors.AsType[*websocket.CloseError](err); ok {
		return fmt.Sprintf("close code %d", ce.Code)
	}
	return oneLine(networkCause(err))
}
