package discord

import (
	"errors"
	"fmt"

	"github.com/gorilla/websocket"
)

var (
	// errStalled means that a session did not begin in time.
	errStalled = errors.New("the session did not begin in time")
	// errProtocol means that the gateway speaks something else.
	errProtocol = errors.New("the gateway sent what was not expected")
)

// finals are the close codes after which connecting again is pointless, and
// what to do about them.
// https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes
var finals = map[int]string{
	4004: "the token was refused: copy it again from the Developer Portal (your application → Bot → Reset Token)",
	4010: "Discord knows no such shard: correct DISCORD_SHARDS, or leave it out",
	4011: "the bot is in too many servers for so few shards: leave DISCORD_SHARDS out, or give more shards there",
	4012: "this version speaks a gateway protocol that Discord no longer accepts: update it",
	4013: "this version asks for events that Discord does not know: update it",
	4014: "the bot may not read messages: switch on Message Content Intent in the Developer Portal (your application → Bot → Privileged Gateway Intents)",
}

// finalError returns the error of Run when err is final, and nil otherwise.
func finalError(err error) error {
	if ce, ok := errors.AsType[*websocket.CloseError](err); ok && finals[ce.Code] != "" {
		return fmt.Errorf("discord: %s (close code %d)", finals[ce.Code], ce.Code)
	}
	if e, ok := errors.AsType[*apiError](err); ok && e.isDiscord && e.tokenRefused() {
		return errors.New("discord: " + finals[4004])
	}
	return nil
}

// resumable reports whether the session may still exist after err. 1000 and
// 1001 end it; at 4003, 4006, 4007 and 4009 Discord has forgotten it, or what it
// had sent.
func resumable(err error) bool {
	return !websocket.IsCloseError(err, websocket.CloseNormalClosure, websocket.CloseGoingAway, 4003, 4006, 4007, 4009)
}

// plain returns err for a log.
func plain(err error) string {
	if ce, ok := errors.AsType[*websocket.CloseError](err); ok {
		return fmt.Sprintf("close code %d", ce.Code)
	}
	return oneLine(networkCause(err))
}
