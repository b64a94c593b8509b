package discord

import (
	"net/http"

	"firstline/bot/chat"
)

// unreachable are Discord's codes of errors that concern the person or channel
// rather than the message, in words for staff.
// https://discord.com/developers/docs/topics/opcodes-and-status-codes#json
var unreachable = map[int]string{
	10003:  "the channel is gone",
	10013:  "Discord knows no such person (any more)",
	50001:  "the bot can't see this channel (any more): give it the permission View Channel",
	50007:  "this person accepts no direct messages from the bot (direct messages switched off, or the bot blocked)",
	50033:  "Discord lets the bot begin no direct conversation with this account",
	50013:  "the bot may not write in this channel: give it the permissions Send Messages and Send Messages in Threads",
	50083:  "the thread is archived and the bot may not open it again: give it the permission Manage Threads",
	50278:  "this person accepts no direct messages from the bot: they share no server with it any more",
	160005: "the thread is locked and the bot may not open it again: give it the permission Manage Threads",
}

// rejected are codes of refused messages that deserve better words than
// Discord's.
var rejected = map[int]string{
	10008:  "the message is gone",
	50005:  "the message is somebody else's",
	50035:  "Discord found the message malformed",
	200000: "the server's AutoMod blocked the message",
	240000: "Discord blocked a link in the message",
}

// goneFrom is sendError for a call about a message in channel: it tells a deleted
// message or thread, which can be replaced, from a place that is no more.
func (c *Channel) goneFrom(err error, channel string) *chat.SendError {
	switch e := asAPIError(err); {
	case e.code == unknownMessage:
		return &chat.SendError{Kind: chat.Gone, Reason: "the message was deleted"}
	case e.code == unknownChannel && c.places.mayBeThread(channel):
		return &chat.SendError{Kind: chat.Gone, Reason: "the thread, or its channel, was deleted"}
	}
	return c.sendError(err)
}

// sendError translates a failed call. It is what Send returns.
func (c *Channel) sendError(err error) *chat.SendError {
	e := asAPIError(err)
	switch {
	case e.status == 0 && e.written:
		return &chat.SendError{Kind: chat.Unknown, Reason: e.Error()}
	case e.status == 0:
		return &chat.SendError{Kind: chat.Temporary, Reason: e.Error()}
	case e.status == http.StatusTooManyRequests:
		return &chat.SendError{Kind: chat.Temporary, RetryAfter: e.retryAfter, Reason: "Discord's rate limit"}
	case e.tokenRefused():
		c.log.Error("discord refuses the bot's token: nothing can be sent until it is replaced")
		return &chat.SendError{Kind: chat.Temporary, Reason: "Discord refuses the bot's token"}
	case e.passing():
		return &chat.SendError{Kind: chat.Temporary, Reason: e.Error()}
	}
	if reason, ok := unreachable[e.code]; ok {
		return &chat.SendError{Kind: chat.Unreachable, Reason: reason}
	}
	if reason, ok := rejected[e.code]; ok {
		if e.fields != "" {
			reason += ": " + e.fields
		}
		return &chat.SendError{Kind: chat.Rejected, Reason: reason}
	}
	return &chat.SendError{Kind: chat.Rejected, Reason: e.Error()}
}
