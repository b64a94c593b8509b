package telegram

import (
	"fmt"
	"strings"

	"firstline/bot/chat"
)

// general is the id of the topic that every forum has. Messages in it carry no
// thread.
const general = 1

// parseHelpChats reads the places where people ask without addressing the bot:
// ids of groups, separated by commas, each with "/" and a topic's id if only
// that topic is meant. Without a topic all topics of a group are.
func parseHelpChats(list string) ([]place, error) {
	var places []place
	for text := range strings.SplitSeq(list, ",") {
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		p, err := parsePlace(chat.ConversationID{Network: chat.Telegram, ID: text})
		if err != nil || p.chat >= 0 {
			return nil, fmt.Errorf("telegram: the help chat %q is not an id of a group, such as -1001234567890, or of a topic, such as -1001234567890/7", text)
		}
		places = append(places, p)
	}
	return places, nil
}

// isHelp reports whether p is one of the help chats. forum tells a forum's
// General topic from a group without topics. moved returns the present id of a
// group.
func isHelp(helps []place, p place, forum bool, moved func(int64) int64) bool {
	for _, h := range helps {
		if moved(h.chat) != p.chat {
			continue
		}
		if h.thread == 0 || h.thread == p.thread || (h.thread == general && p.thread == 0 && forum) {
			return true
		}
	}
	return false
}
