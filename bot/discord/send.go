package discord

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"strings"

	"github.com/bwmarrin/discordgo"

	"firstline/bot/chat"
)

// outgoing is a new message. The library knows no enforce_nonce.
// https://discord.com/developers/docs/resources/message#create-message
type outgoing struct {
	*discordgo.MessageSend
	Nonce        string `json:"nonce,omitempty"`
	EnforceNonce bool   `json:"enforce_nonce,omitempty"`
}

// reply is what is written into a deferred reply.
type reply struct {
	Content         string                            `json:"content"`
	Components      []discordgo.MessageComponent      `json:"components"`
	AllowedMentions *discordgo.MessageAllowedMentions `json:"allowed_mentions"`
	Flags           discordgo.MessageFlags            `json:"flags"`
}

// Send delivers one message. Its errors are *chat.SendError. Repeating a send
// with the same Key is safe for the few minutes that Discord remembers it.
func (c *Channel) Send(ctx context.Context, to chat.ConversationID, out *chat.Outbound) (chat.MessageID, error) {
	if _, ok := parseSnowflake(to.ID); !ok || to.Network != chat.Discord {
		return "", &chat.SendError{Kind: chat.Rejected, Reason: "not a conversation on Discord"}
	}
	text, rows, err := content(out)
	if err != nil {
		return "", err
	}
	message := &discordgo.MessageSend{
		Content: text, Components: rows, AllowedMentions: noMentions, Flags: discordgo.MessageFlagsSuppressEmbeds,
	}
	d := c.deferred.claim(to.ID, out)
	if d != nil {
		if id, done, err := c.fillReply(ctx, d, message); done || err != nil {
			return id, err
		}
	}
	replyTo := string(out.ReplyTo)
	if interaction := interactionOf(out.ReplyTo); interaction != "" {
		id, sent := c.replyOf(ctx, to.ID, interaction, message.Content)
		if sent {
			return id, nil
		}
		replyTo = string(id)
	}
	if _, ok := parseSnowflake(replyTo); ok {
		required := false
		message.Reference = &discordgo.MessageReference{MessageID: replyTo, FailIfNotExists: &required}
	}
	nonce := nonceOf(to, out.Key)
	var sent wireID
	err = c.inThread(ctx, to.ID, func() error {
		return c.rest.call(ctx, "POST", discordgo.EndpointChannelMessages(to.ID),
			outgoing{MessageSend: message, Nonce: nonce, EnforceNonce: nonce != ""}, &sent)
	})
	if err != nil {
		return "", c.goneFrom(err, to.ID)
	}
	return chat.MessageID(sent.ID), nil
}

// fillReply writes message into a deferred reply. done is false, without an
// error, when the reply can't be written any more.
func (c *Channel) fillReply(ctx context.Context, d *deferredReply, message *discordgo.MessageSend) (id chat.MessageID, done bool, err error) {
	select {
	case <-d.acked:
	case <-ctx.Done():
		return "", false, &chat.SendError{Kind: chat.Temporary, Reason: "the command was not acknowledged in time"}
	}
	if !d.alive {
		c.deferred.forget(d)
		return "", false, nil
	}
	var sent wireID
	err = c.rest.callUnlimited(ctx, "PATCH", d.address, reply{
		Content: message.Content, Components: message.Components,
		AllowedMentions: message.AllowedMentions, Flags: message.Flags,
	}, &sent)
	if err == nil {
		id = chat.MessageID(sent.ID)
		c.deferred.written(d, id)
		return id, true, nil
	}
	if e := asAPIError(err); e.passing() {
		return "", false, c.sendError(err)
	}
	// Deleted by somebody, or the token has ended.
	c.deferred.forget(d)
	c.log.Info("discord: an answer can't be written into the reply to its command; sent as a message", "reason", err.Error())
	return "", false, nil
}

// replyOf looks for the reply to a command that this process did not write an
// answer into just now, for the next message to refer to. sent is true when it
// already holds content: the process was interrupted before it could note that.
func (c *Channel) replyOf(ctx context.Context, channel, interaction, content string) (id chat.MessageID, sent bool) {
	if id, known := c.deferred.message(interaction); known {
		return id, false
	}
	// The reply is among the first messages after the command.
	var history []wireMessage
	query := url.Values{"after": {interaction}, "limit": {"50"}}
	err := c.rest.call(ctx, "GET", discordgo.EndpointChannelMessages(channel)+"?"+query.Encode(), nil, &history)
	if err != nil {
		c.log.Debug("discord: the reply to a command was not found", "reason", err.Error())
		return "", false
	}
	for _, m := range history {
		if m.Interaction.V.ID == interaction && m.Flags.V&flagLoading == 0 {
			same := strings.TrimSpace(m.Content.V) == strings.TrimSpace(content)
			return chat.MessageID(m.ID), same
		}
	}
	return "", false
}

// buttons lays choices out in rows. Label and Data fit Discord's limits of 80
// and 100 characters.
func buttons(choices []chat.Choice) []discordgo.MessageComponent {
	rows := []discordgo.MessageComponent{}
	for i := 0; i < len(choices); i += buttonsInRow {
		var row discordgo.ActionsRow
		for _, ch := range choices[i:min(i+buttonsInRow, len(choices))] {
			row.Components = append(row.Components, discordgo.Button{
				Label:    label(cmp.Or(ch.Label, ch.Data)),
				Style:    discordgo.SecondaryButton,
				CustomID: ch.Data,
			})
		}
		rows = append(rows, row)
	}
	return rows
}

const maxLabel = 80

func label(text string) string {
	if runes := []rune(text); len(runes) > maxLabel {
		return string(runes[:maxLabel-1]) + "…"
	}
	return text
}

// nonceOf returns the at most 25 characters by which Discord recognises a
// message that is sent twice; "" for a message without a key.
func nonceOf(to chat.ConversationID, key string) string {
	if key == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(to.String() + "\x00" + key))
	return base64.RawURLEncoding.EncodeToString(sum[:18]) // 24 characters
}

// Typing shows "… is typing" for ten seconds.
func (c *Channel) Typing(ctx context.Context, in chat.ConversationID) {
	if _, ok := parseSnowflake(in.ID); !ok || in.Network != chat.Discord {
		return
	}
	if c.rest.limits.left(routeOf("POST", discordgo.EndpointChannelTyping(in.ID))) > 0 {
		return // a courtesy is not worth waiting for
	}
	if err := c.rest.call(ctx, "POST", discordgo.EndpointChannelTyping(in.ID), nil, nil); err != nil {
		c.log.Debug("discord: typing could not be shown", "reason", err.Error())
	}
}
