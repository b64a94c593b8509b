package telegram

import (
	"context"
	"strconv"
	"strings"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"firstline/bot/chat"
)

// Edit replaces text and buttons of a message of the bot. It waits its turn as
// Send does. It does not follow a group that has become a supergroup: messages
// have other ids there.
func (c *Channel) Edit(ctx context.Context, in chat.ConversationID, id chat.MessageID, out *chat.Outbound) error {
	p, err := parseMessage(in, id)
	if err != nil {
		return err
	}
	params, err := textParams(place{chat: p.chat}, out) // edits name no topic
	if err != nil {
		return err
	}
	params["message_id"] = string(id)
	if err := c.pace.wait(ctx, p.chat); err != nil {
		return err
	}
	_, err = c.api.call(ctx, "editMessageText", params)
	if err == nil || saysThat(err, "message is not modified") {
		return nil
	}
	return c.failed(p.chat, err)
}

// parseMessage is parsePlace that checks the id of a message there, too.
func parseMessage(in chat.ConversationID, id chat.MessageID) (place, error) {
	p, err := parsePlace(in)
	if err == nil && parseID(string(id)) <= 0 {
		err = &chat.SendError{Kind: chat.Rejected, Reason: "this is not a message on Telegram"}
	}
	return p, err
}

// saysThat reports whether Telegram's answer holds words, which are in lower case.
func saysThat(err error, words string) bool {
	return strings.Contains(strings.ToLower(asCallError(err).reason), words)
}

// Delete deletes a message: in a private chat also the person's, for 48 hours.
// A message that is not there is not an error.
func (c *Channel) Delete(ctx context.Context, in chat.ConversationID, id chat.MessageID) error {
	p, err := parseMessage(in, id)
	if err != nil {
		return err
	}
	if err := c.pace.waitOverall(ctx); err != nil {
		return err
	}
	_, err = c.api.call(ctx, "deleteMessage", tgbotapi.Params{
		"chat_id":    strconv.FormatInt(p.chat, 10),
		"message_id": string(id),
	})
	if err == nil || saysThat(err, "message to delete not found") {
		return nil
	}
	return c.failed(p.chat, err)
}

// Typing shows "typing…" for some seconds. When messages are waiting to be sent
// it is left out.
func (c *Channel) Typing(ctx context.Context, in chat.ConversationID) {
	p, err := parsePlace(in)
	if err != nil || c.pace.isBlocked(p.chat) || !c.pace.spare() {
		return
	}
	params := placeParams(p)
	params["action"] = "typing"
	if _, err := c.api.callFor(ctx, min(c.api.timeout, 5*time.Second), "sendChatAction", params); err != nil && ctx.Err() == nil {
		c.log.Debug("typing was not shown", "reason", asCallError(err).reason)
	}
}

// failed turns an error of a call into a *chat.SendError, and makes noise when
// only the operator can help. When Telegram wants a pause, the chat gets it.
func (c *Channel) failed(chatID int64, err error) error {
	e := asCallError(err)
	if e.retryAfter > 0 {
		c.pace.block(chatID, e.retryAfter)
	}
	if e.refused() {
		c.log.Error("Telegram refuses the bot's token: nothing can be sent until it is corrected; messages are kept",
			"method", e.method, "code", e.code)
	}
	return e.sendError()
}
