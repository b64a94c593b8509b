package telegram

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"unicode"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"firstline/bot/chat"
)

// Open opens a topic in the group that in is in; topics begin with no message,
// so on counts for nothing. It waits its turn as Send does. A topic whose opening
// has an unknown outcome may be there twice when it is opened again.
func (c *Channel) Open(ctx context.Context, in chat.ConversationID, _ chat.MessageID, title string) (chat.ConversationID, error) {
	asked, err := parsePlace(in)
	if err != nil {
		return chat.ConversationID{}, err
	}
	at, _, err := c.moved.resolve(ctx, asked)
	if err != nil {
		return chat.ConversationID{}, err
	}
	thread, err := c.createTopic(ctx, at.chat, title)
	// Switching topics on makes a group a supergroup.
	if next := asCallError(err).migratedTo; next != 0 && next != at.chat {
		c.noteMoved(ctx, at.chat, next)
		at.chat = next
		thread, err = c.createTopic(ctx, next, title)
	}
	if err != nil {
		return chat.ConversationID{}, c.failed(at.chat, err)
	}
	return place{chat: asked.chat, thread: thread}.conversation(), nil
}

// createTopic returns the thread of a new topic. Its errors are for failed.
func (c *Channel) createTopic(ctx context.Context, chatID int64, title string) (thread int64, err error) {
	if err := c.pace.wait(ctx, chatID); err != nil {
		return 0, err
	}
	result, err := c.api.call(ctx, "createForumTopic", tgbotapi.Params{
		"chat_id": strconv.FormatInt(chatID, 10),
		"name":    topicTitle(title),
	})
	switch {
	case saysThat(err, "not a forum"), saysThat(err, "channel_forum_missing"):
		return 0, &chat.SendError{Kind: chat.Rejected, Reason: "topics are switched off in the group: switch them on in its settings"}
	case saysThat(err, "not enough rights"), saysThat(err, "chat_admin_required"):
		return 0, &chat.SendError{Kind: chat.Rejected, Reason: "the bot must not open topics in the group: make it an admin there with the right to manage topics"}
	case err != nil:
		return 0, err
	}
	var topic struct {
		Thread int64 `json:"message_thread_id"`
	}
	if json.Unmarshal(result, &topic) != nil || topic.Thread <= 0 {
		// Opening another one would end in the same way.
		return 0, &chat.SendError{Kind: chat.Rejected, Reason: "Telegram did not say which topic was opened"}
	}
	return topic.Thread, nil
}

// maxTitle is the most characters of a topic's name
// (core.telegram.org/bots/api#createforumtopic).
const maxTitle = 128

// topicTitle makes a name of a topic that Telegram accepts: on one line, with
// nothing invisible but what joins letters and emoji, and never blank. What turns
// the direction of writing is dropped, too: it would reach into the names around.
func topicTitle(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), unicode.IsControl(r), r == brailleBlank:
			return ' '
		case r == '\u200c', r == '\u200d', unicode.Is(unicode.Variation_Selector, r):
			return r
		case unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point):
			return -1
		}
		return r
	}, clean(s))
	runes := []rune(strings.Join(strings.Fields(s), " "))
	s = strings.TrimSpace(string(runes[:min(len(runes), maxTitle)]))
	if !strings.ContainsFunc(s, func(r rune) bool { return unicode.In(r, unicode.L, unicode.N, unicode.P, unicode.S) }) {
		return "…"
	}
	return s
}

// brailleBlank is a symbol that shows nothing.
const brailleBlank = '\u2800'

// reopen opens a closed topic again, so that it can be written in. Its errors
// are for failed.
func (c *Channel) reopen(ctx context.Context, p place) error {
	// Not the turn of a message: the message would lose it and never come.
	if err := c.pace.waitOverall(ctx); err != nil {
		return err
	}
	_, err := c.api.call(ctx, "reopenForumTopic", placeParams(p))
	if err == nil || saysThat(err, "topic_not_modified") {
		return nil
	}
	e := asCallError(err)
	switch e.outcome {
	case chat.Unknown:
		e.outcome = chat.Temporary // no message was on its way
	case chat.Rejected, chat.Unreachable:
		return errTopicClosed
	}
	return e
}

var (
	errTopicClosed = &chat.SendError{Kind: chat.Unreachable,
		Reason: "the topic is closed and the bot must not open it again: open it, or give the bot the right to manage topics"}
	errTopicGone = &chat.SendError{Kind: chat.Gone, Reason: "the topic was deleted"}
)

// takeBack deletes a message that Telegram put elsewhere: some servers write into
// the General topic, which everybody reads, when the one that was asked for is
// gone.
func (c *Channel) takeBack(ctx context.Context, p place, id int64) {
	c.log.Warn("a message for a topic that is gone was put elsewhere in the group; it is deleted", "conversation", p.conversation())
	// It is wrong there also when the bot is about to stop.
	_, err := c.api.call(context.WithoutCancel(ctx), "deleteMessage", tgbotapi.Params{
		"chat_id":    strconv.FormatInt(p.chat, 10),
		"message_id": strconv.FormatInt(id, 10),
	})
	if err != nil {
		c.log.Error("a message could not be deleted that Telegram put elsewhere in the group",
			"conversation", p.conversation(), "message", id, "reason", asCallError(err).reason)
	}
}

// OpenPrivate returns the private chat with somebody, which has their id. The
// bot may write to it only if they have ever written to it there.
func (c *Channel) OpenPrivate(_ context.Context, with chat.Person) (chat.ConversationID, error) {
	switch id := parseID(with.ID); {
	case id > 0:
		return place{chat: id}.conversation(), nil
	case id < 0: // see message.sender
		return chat.ConversationID{}, &chat.SendError{Kind: chat.Unreachable,
			Reason: "they wrote in the name of a group or channel: nobody can be written to in private"}
	}
	return chat.ConversationID{}, &chat.SendError{Kind: chat.Rejected, Reason: "this is nobody on Telegram"}
}
