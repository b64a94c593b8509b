package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"firstline/bot/chat"
	"firstline/bot/markup"
)

// noPreview keeps Telegram from fetching and showing the pages of links.
const noPreview = `{"is_disabled":true}`

// replyParameters is the Bot API's ReplyParameters. A message whose original is
// gone is sent all the same.
type replyParameters struct {
	MessageID int64 `json:"message_id"`
	Anyway    bool  `json:"allow_sending_without_reply"`
}

// Send delivers one message as text with entities. It waits its turn when many
// are sent; its errors are *chat.SendError.
func (c *Channel) Send(ctx context.Context, to chat.ConversationID, out *chat.Outbound) (chat.MessageID, error) {
	p, err := parsePlace(to)
	if err != nil {
		return "", err
	}
	params, err := sendParams(p, out)
	if err != nil {
		return "", err
	}
	if err := c.pace.wait(ctx, p.chat); err != nil {
		return "", err
	}
	result, err := c.api.call(ctx, "sendMessage", params)
	if err != nil {
		return "", c.failed(err)
	}
	var sent struct {
		ID int64 `json:"message_id"`
	}
	if err := json.Unmarshal(result, &sent); err != nil || sent.ID == 0 {
		// It was sent: sending it again to learn its id would be worse.
		c.log.Warn("Telegram did not say which id a sent message has", "conversation", to)
		return "", nil
	}
	return messageID(sent.ID), nil
}

// sendParams returns the parameters of sendMessage. There is never a
// parse_mode: nothing in a text is markup.
func sendParams(p place, out *chat.Outbound) (tgbotapi.Params, error) {
	text, entities := markup.TelegramEntities(out.Body)
	if strings.TrimSpace(text) == "" {
		return nil, &chat.SendError{Kind: chat.Rejected, Reason: "the message is empty"}
	}
	params := placeParams(p)
	params["text"] = sendable(text)
	params["link_preview_options"] = noPreview
	var errs []error
	if len(entities) > 0 {
		errs = append(errs, params.AddInterface("entities", entities))
	}
	if len(out.Choices) > 0 {
		errs = append(errs, params.AddInterface("reply_markup", keyboard(out.Choices)))
	}
	// An id that is not Telegram's can't be replied to; the message counts more
	// than the mark.
	if id := parseID(string(out.ReplyTo)); id > 0 {
		errs = append(errs, params.AddInterface("reply_parameters", replyParameters{MessageID: id, Anyway: true}))
	}
	if errors.Join(errs...) != nil {
		return nil, &chat.SendError{Kind: chat.Rejected, Reason: "the message can't be written as JSON"}
	}
	return params, nil
}

// sendable replaces what Telegram does not accept in a text. Each is replaced by
// one UTF-16 code unit, as it was counted, so that entities stay in place.
func sendable(text string) string {
	return strings.Map(func(r rune) rune { // invalid bytes arrive as U+FFFD
		if r == 0 {
			return '\uFFFD'
		}
		return r
	}, text)
}

func placeParams(p place) tgbotapi.Params {
	params := tgbotapi.Params{"chat_id": strconv.FormatInt(p.chat, 10)}
	params.AddNonZero64("message_thread_id", p.thread)
	return params
}

// keyboard puts each choice on a row of its own: labels are whole phrases.
func keyboard(choices []chat.Choice) tgbotapi.InlineKeyboardMarkup {
	rows := make([][]tgbotapi.InlineKeyboardButton, len(choices))
	for i, ch := range choices {
		rows[i] = tgbotapi.NewInlineKeyboardRow(tgbotapi.NewInlineKeyboardButtonData(ch.Label, ch.Data))
	}
	return tgbotapi.NewInlineKeyboardMarkup(rows...)
}

// Delete deletes a message: in a private chat also the person's, for 48 hours.
// A message that is not there is not an error.
func (c *Channel) Delete(ctx context.Context, in chat.ConversationID, id chat.MessageID) error {
	p, err := parsePlace(in)
	if err != nil {
		return err
	}
	if parseID(string(id)) <= 0 {
		return &chat.SendError{Kind: chat.Rejected, Reason: "this is not a message on Telegram"}
	}
	if err := c.pace.waitOverall(ctx); err != nil {
		return err
	}
	_, err = c.api.call(ctx, "deleteMessage", tgbotapi.Params{
		"chat_id":    strconv.FormatInt(p.chat, 10),
		"message_id": string(id),
	})
	if err == nil || strings.Contains(strings.ToLower(asCallError(err).reason), "message to delete not found") {
		return nil
	}
	return c.failed(err)
}

// Typing shows "typing…" for some seconds. When messages are waiting to be sent
// it is left out.
func (c *Channel) Typing(ctx context.Context, in chat.ConversationID) {
	p, err := parsePlace(in)
	if err != nil || !c.pace.spare() {
		return
	}
	params := placeParams(p)
	params["action"] = "typing"
	if _, err := c.api.callFor(ctx, min(c.api.timeout, 5*time.Second), "sendChatAction", params); err != nil && ctx.Err() == nil {
		c.log.Debug("typing was not shown", "reason", asCallError(err).reason)
	}
}

// failed turns an error of a call into a *chat.SendError, and makes noise when
// only the operator can help.
func (c *Channel) failed(err error) error {
	e := asCallError(err)
	if e.refused() {
		c.log.Error("Telegram refuses the bot's token: nothing can be sent until it is corrected; messages are kept",
			"method", e.method, "code", e.code)
	}
	return e.sendError()
}
