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
// a supergroup goes there. A closed topic of the staff chat is opened again.
func (c *Channel) Send(ctx context.Context, to chat.ConversationID, out *chat.Outbound) (chat.MessageID, error) {
	asked, err := parsePlace(to)
	if err != nil {
		return "", err
	}
	at, _, err := c.moved.resolve(ctx, asked)
	if err != nil {
		return "", err
	}
	id, err := c.send(ctx, asked, at, out)
	if next := asCallError(err).migratedTo; next != 0 && next != at.chat {
		c.noteMoved(ctx, at.chat, next)
		at.chat = next
		id, err = c.send(ctx, asked, at, out)
	}
	if saysThat(err, topicClosed) && c.isStaff(at.chat) {
		if err = c.reopen(ctx, at); err == nil {
			id, err = c.send(ctx, asked, at, out)
		}
	}
	return id, c.failed(at.chat, err)
}

// noteMoved remembers a migration that a refused call has told of.
func (c *Channel) noteMoved(ctx context.Context, from, to int64) {
	err := c.moved.save(ctx, from, to)
	c.log.Info("a group has become a supergroup", "from", from, "to", to)
	if err != nil {
		// The next send to the old id is told again.
		c.log.Warn("what a group has become could not be kept", "from", from, "err", err)
	}
}

// send sends one message for the conversation in asked, which is at now. Its
// errors are for failed.
func (c *Channel) send(ctx context.Context, asked, at place, out *chat.Outbound) (chat.MessageID, error) {
	params, err := textParams(at, out)
	if err != nil {
		return "", err
	}
	// An id that is not Telegram's can't be replied to, nor can one of the group
	// that was there before; the message counts more than the mark.
	if in, id := splitMessage(asked, out.ReplyTo); id > 0 && in == at.chat {
		if err := params.AddInterface("reply_parameters", replyParameters{MessageID: id, Anyway: true}); err != nil {
			return "", notJSON
		}
	}
	if err := c.pace.wait(ctx, at.chat); err != nil {
		return "", err
	}
	result, err := c.api.call(ctx, "sendMessage", params)
	if err != nil {
		return "", err
	}
	var sent struct {
		ID     int64 `json:"message_id"`
		Thread int64 `json:"message_thread_id"`
	}
	if err := json.Unmarshal(result, &sent); err != nil || sent.ID == 0 {
		// It was sent: sending it again to learn its id would be worse.
		c.log.Warn("Telegram did not say which id a sent message has", "conversation", at.conversation())
		return "", nil
	}
	// In private the person reads it wherever it is.
	if at.chat < 0 && at.thread != 0 && sent.Thread != at.thread {
		c.takeBack(ctx, at, sent.ID)
		return "", errTopicGone
	}
	return messageID(asked, at.chat, sent.ID), nil
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
