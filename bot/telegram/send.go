package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"

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
// are sent; its errors are *chat.SendError. What is for a group that has become
// a supergroup goes there.
func (c *Channel) Send(ctx context.Context, to chat.ConversationID, out *chat.Outbound) (chat.MessageID, error) {
	asked, err := parsePlace(to)
	if err != nil {
		return "", err
	}
	p, moved, err := c.moved.resolve(ctx, asked)
	if err != nil {
		return "", err
	}
	id, next, err := c.send(ctx, p, out, moved)
	if next != 0 {
		c.noteMoved(ctx, p.chat, next)
		id, _, err = c.send(ctx, place{chat: next, thread: p.thread}, out, true)
	}
	return id, err
}

// noteMoved remembers a migration that a refused send has told of.
func (c *Channel) noteMoved(ctx context.Context, from, to int64) {
	c.log.Info("a group has become a supergroup", "from", from, "to", to)
	if err := c.moved.save(ctx, from, to); err != nil {
		// The next send to the old id is told again.
		c.log.Warn("what a group has become could not be kept", "from", from, "err", err)
	}
}

// send sends one message. movedTo is the supergroup to send it to instead; 0:
// none. Messages of a group that has moved have other ids now: nothing is
// replied to then.
func (c *Channel) send(ctx context.Context, p place, out *chat.Outbound, moved bool) (id chat.MessageID, movedTo int64, err error) {
	params, err := textParams(p, out)
	if err != nil {
		return "", 0, err
	}
	// An id that is not Telegram's can't be replied to; the message counts more
	// than the mark.
	if id := parseID(string(out.ReplyTo)); id > 0 && !moved {
		if err := params.AddInterface("reply_parameters", replyParameters{MessageID: id, Anyway: true}); err != nil {
			return "", 0, notJSON
		}
	}
	if err := c.pace.wait(ctx, p.chat); err != nil {
		return "", 0, err
	}
	result, err := c.api.call(ctx, "sendMessage", params)
	if err != nil {
		if e := asCallError(err); e.migratedTo != p.chat {
			movedTo = e.migratedTo
		}
		return "", movedTo, c.failed(p.chat, err)
	}
	var sent struct {
		ID int64 `json:"message_id"`
	}
	if err := json.Unmarshal(result, &sent); err != nil || sent.ID == 0 {
		// It was sent: sending it again to learn its id would be worse.
		c.log.Warn("Telegram did not say which id a sent message has", "conversation", p.conversation())
		return "", 0, nil
	}
	return messageID(sent.ID), 0, nil
}

var notJSON = &chat.SendError{Kind: chat.Rejected, Reason: "the message can't be written as JSON"}

// textParams returns the parameters of a text with its entities and buttons.
// There is never a parse_mode: nothing in a text is markup.
func textParams(p place, out *chat.Outbound) (tgbotapi.Params, error) {
	body := out.Body
	if p.chat < 0 {
		body = quiet(body)
	}
	text, entities := markup.TelegramEntities(body)
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
	if errors.Join(errs...) != nil {
		return nil, notJSON
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
