package telegram

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"firstline/bot/chat"
)

// Edit replaces text and buttons of a message of the bot. It waits its turn as
// Send does. What was sent to a group before it became a supergroup is gone: no
// bot can reach it there.
func (c *Channel) Edit(ctx context.Context, in chat.ConversationID, id chat.MessageID, out *chat.Outbound) error {
	at, message, err := parseMessage(in, id)
	if err != nil {
		return err
	}
	params, err := textParams(place{chat: at}, out) // edits name no topic
	if err != nil {
		return err
	}
	params["message_id"] = strconv.FormatInt(message, 10)
	switch _, moved, err := c.moved.resolve(ctx, place{chat: at}); {
	case err != nil:
		return err
	case moved:
		return errLeftBehind
	}
	if err := c.pace.wait(ctx, at); err != nil {
		return err
	}
	_, err = c.api.call(ctx, "editMessageText", params)
	if err == nil || saysThat(err, "message is not modified") {
		return nil
	}
	if next := asCallError(err).migratedTo; next != 0 && next != at {
		c.noteMoved(ctx, at, next)
		return errLeftBehind
	}
	return c.failed(at, err)
}

var errLeftBehind = &chat.SendError{Kind: chat.Gone, Reason: "the group has become a supergroup since, in which the message can't be changed"}

// parseMessage reads where a message is and its id there.
func parseMessage(in chat.ConversationID, id chat.MessageID) (at, message int64, err error) {
	p, err := parsePlace(in)
	if err != nil {
		return 0, 0, err
	}
	if at, message = splitMessage(p, id); message == 0 {
		return 0, 0, &chat.SendError{Kind: chat.Rejected, Reason: "this is not a message on Telegram"}
	}
	return at, message, nil
}

// saysThat reports whether Telegram's answer holds words, which are in lower case.
func saysThat(err error, words string) bool {
	return strings.Contains(strings.ToLower(asCallError(err).reason), words)
}

// Delete deletes a message: in a private chat also the person's, for 48 hours.
// A message that is not there is not an error.
func (c *Channel) Delete(ctx context.Context, in chat.ConversationID, id chat.MessageID) error {
	at, message, err := parseMessage(in, id)
	if err != nil {
		return err
	}
	if err := c.pace.waitOverall(ctx); err != nil {
		return err
	}
	_, err = c.api.call(ctx, "deleteMessage", tgbotapi.Params{
		"chat_id":    strconv.FormatInt(at, 10),
		"message_id": strconv.FormatInt(message, 10),
	})
	if err == nil || asCallError(err).outcome == chat.Gone {
		return nil
	}
	return c.failed(at, err)
}

// Typing shows "typing…" for some seconds. When messages are waiting to be sent
// it is left out.
func (c *Channel) Typing(ctx context.Context, in chat.ConversationID) {
	p, err := parsePlace(in)
	p.chat = c.moved.now(p.chat)
	if err != nil || c.pace.isBlocked(p.chat) || !c.pace.spare() {
		return
	}
	params := placeParams(p)
	params["action"] = "typing"
	if _, err := c.api.callFor(ctx, min(c.api.timeout, 5*time.Second), "sendChatAction", params); err != nil && ctx.Err() == nil {
		c.log.Debug("typing was not shown", "reason", asCallError(err).reason)
	}
}

// failed turns an error of a call into a *chat.SendError, which it may be
// already, and makes noise when only the operator can help. When Telegram wants a
// pause, the chat gets it.
func (c *Channel) failed(chatID int64, err error) error {
	if err == nil {
		return nil
	}
	if se, ok := errors.AsType[*chat.SendError](err); ok {
		return se
	}
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
