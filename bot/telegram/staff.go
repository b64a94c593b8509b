package telegram

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"firstline/bot/chat"
)

// staffRoom is the group where staff work on tickets.
type staffRoom struct {
	chat   int64 // as the settings name it; 0: there is none
	topics bool  // each ticket is to have a topic of its own
}

// newStaffRoom checks the setting of the staff chat against the others.
func newStaffRoom(o *Options, helps []place) (staffRoom, error) {
	text := strings.TrimSpace(o.StaffChat)
	if text == "" {
		if o.StaffTopics {
			return staffRoom{}, errors.New("telegram: topics for tickets need a staff chat")
		}
		return staffRoom{}, nil
	}
	p, err := parsePlace(chat.ConversationID{Network: chat.Telegram, ID: text})
	if err != nil || p.chat >= 0 || p.thread != 0 {
		return staffRoom{}, fmt.Errorf("telegram: the staff chat %q is not an id of a group, such as -1001234567890", text)
	}
	if slices.ContainsFunc(helps, func(h place) bool { return h.chat == p.chat }) {
		return staffRoom{}, fmt.Errorf("telegram: the group %d can't be the staff chat and a help chat", p.chat)
	}
	return staffRoom{chat: p.chat, topics: o.StaffTopics}, nil
}

// isStaff reports whether chatID is the staff chat, under whichever of its ids:
// what was written before it became a supergroup can come later, and settings
// can name it either way.
func (c *Channel) isStaff(chatID int64) bool {
	return c.staff.chat != 0 && c.moved.now(chatID) == c.moved.now(c.staff.chat)
}

// asNamed returns p as the settings name the staff chat, and whether it is there.
func (c *Channel) asNamed(p place) (place, bool) {
	if !c.isStaff(p.chat) {
		return p, false
	}
	return place{chat: c.staff.chat, thread: p.thread}, true
}
