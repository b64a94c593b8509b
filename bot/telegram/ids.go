package telegram

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"firstline/bot/chat"
)

// place is a chat, and a topic in it when thread is not 0. As
// chat.ConversationID.ID it is "chat" or "chat/thread", in decimal.
type place struct{ chat, thread int64 }

func (p place) conversation() chat.ConversationID {
	id := strconv.FormatInt(p.chat, 10)
	if p.thread != 0 {
		id += "/" + strconv.FormatInt(p.thread, 10)
	}
	return chat.ConversationID{Network: chat.Telegram, ID: id}
}

// parsePlace is the inverse of conversation. Its error is a *chat.SendError: a
// conversation that this adapter did not make will never be reachable.
func parsePlace(c chat.ConversationID) (place, error) {
	var p place
	chatID, thread, inTopic := strings.Cut(c.ID, "/")
	ok := c.Network == chat.Telegram
	p.chat = parseID(chatID)
	if inTopic {
		p.thread = parseID(thread)
		ok = ok && p.thread > 0
	}
	if !ok || p.chat == 0 {
		return place{}, &chat.SendError{Kind: chat.Rejected, Reason: "this is not a conversation on Telegram"}
	}
	return p, nil
}

// parseID reads a decimal id; 0 when it is none, which no id is.
func parseID(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// messageID names message id of the chat at, for a conversation in p. A group
// that becomes a supergroup keeps its conversation and begins to count messages
// anew: "chat/id" there, so that none is taken for an old one.
func messageID(p place, at, id int64) chat.MessageID {
	name := strconv.FormatInt(id, 10)
	if at != p.chat {
		name = strconv.FormatInt(at, 10) + "/" + name
	}
	return chat.MessageID(name)
}

// splitMessage is the inverse of messageID; zeros when id is none of them.
func splitMessage(p place, id chat.MessageID) (at, message int64) {
	at = p.chat
	text := string(id)
	if chatID, rest, found := strings.Cut(text, "/"); found {
		at, text = parseID(chatID), rest
	}
	if message = parseID(text); message <= 0 || at == 0 {
		return 0, 0
	}
	return at, message
}

// clean makes text from the network safe to store: valid UTF-8 without NUL,
// which PostgreSQL refuses.
func clean(s string) string {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	return strings.ReplaceAll(s, "\x00", "")
}
