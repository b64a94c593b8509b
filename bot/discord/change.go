package discord

import (
	"context"
	"strconv"
	"strings"

	"github.com/bwmarrin/discordgo"

	"firstline/bot/chat"
	"firstline/bot/markup"
)

// Codes of Discord's errors that are no failure, or that can be helped.
const (
	unknownChannel    = 10003
	unknownMessage    = 10008
	missingAccess     = 50001
	missingPermission = 50013
	malformedBody     = 50035
	archivedThread    = 50083
	threadExists      = 160004
	lockedThread      = 160005
	tooManyThreads    = 160006
	titleNotAllowed   = 200001
)

// content is what a message of the bot says, new or changed.
func content(out *chat.Outbound) (text string, rows []discordgo.MessageComponent, err error) {
	text = markup.Discord(out.Body)
	switch {
	case strings.TrimSpace(text) == "":
		return "", nil, &chat.SendError{Kind: chat.Rejected, Reason: "the message is empty"}
	case len(out.Choices) > maxChoices:
		return "", nil, &chat.SendError{Kind: chat.Rejected, Reason: "the message has more than " + strconv.Itoa(maxChoices) + " buttons"}
	}
	return text, buttons(out.Choices), nil
}

// Edit changes a message of the bot. It implements chat.Editor.
func (c *Channel) Edit(ctx context.Context, in chat.ConversationID, id chat.MessageID, out *chat.Outbound) error {
	if !isMessage(in, id) {
		return &chat.SendError{Kind: chat.Rejected, Reason: "not a message on Discord"}
	}
	text, rows, err := content(out)
	if err != nil {
		return err
	}
	body := reply{Content: text, Components: rows, AllowedMentions: noMentions, Flags: discordgo.MessageFlagsSuppressEmbeds}
	if address := c.deferred.addressOf(in.ID, id); address != "" { // perhaps one that only its reader sees
		err = c.rest.callUnlimited(ctx, "PATCH", address, body, nil)
		if err == nil || asAPIError(err).passing() {
			return c.outcome(err)
		}
	}
	err = c.inThread(ctx, in.ID, func() error {
		return c.rest.call(ctx, "PATCH", discordgo.EndpointChannelMessage(in.ID, string(id)), body, nil)
	})
	if err != nil {
		return c.goneFrom(err, in.ID)
	}
	return nil
}

// Delete deletes a message: the bot's own, or in a server anybody's where it may
// manage messages. It implements chat.Deleter.
func (c *Channel) Delete(ctx context.Context, in chat.ConversationID, id chat.MessageID) error {
	if !isMessage(in, id) {
		return &chat.SendError{Kind: chat.Rejected, Reason: "not a message on Discord"}
	}
	if address := c.deferred.addressOf(in.ID, id); address != "" {
		err := c.rest.callUnlimited(ctx, "DELETE", address, nil, nil)
		if err == nil || asAPIError(err).passing() {
			return c.outcome(err)
		}
	}
	err := c.inThread(ctx, in.ID, func() error {
		return c.rest.call(ctx, "DELETE", discordgo.EndpointChannelMessage(in.ID, string(id)), nil, nil)
	})
	if err == nil {
		return nil
	}
	switch e := asAPIError(err); e.code {
	case unknownMessage, unknownChannel: // gone already
		return nil
	case 50003, 50013:
		return &chat.SendError{Kind: chat.Rejected, Reason: deletionRefused[e.code]}
	}
	return c.sendError(err)
}

var deletionRefused = map[int]string{
	50003: "Discord lets no bot delete a person's direct message",
	50013: "the bot may not delete messages of others in this channel: give it the permission Manage Messages",
}

// outcome returns the error of a call as it is reported.
func (c *Channel) outcome(err error) error {
	if err == nil {
		return nil
	}
	return c.sendError(err)
}

func isMessage(in chat.ConversationID, id chat.MessageID) bool {
	_, isChannel := parseSnowflake(in.ID)
	_, isID := parseSnowflake(string(id))
	return isChannel && isID && in.Network == chat.Discord
}
