package telegram

import "encoding/json"

// What the bot can become in a chat, as Options.Count is told.
const (
	Blocked   = "blocked"   // by a person, who can't be written to any more
	Unblocked = "unblocked" // by a person
	Removed   = "removed"   // from a group or channel
	Joined    = "joined"    // a group or channel
	Changed   = "changed"   // its rights in a group or channel are others now
)

// member reads what the bot has become in a chat.
func (c converter) member(u *update, raw json.RawMessage) error {
	var m struct {
		Chat chatInfo     `json:"chat"`
		Old  memberStatus `json:"old_chat_member"`
		New  memberStatus `json:"new_chat_member"`
	}
	err := json.Unmarshal(raw, &m)
	if m.Chat.ID == 0 {
		return err
	}
	u.conversation = place{chat: m.Chat.ID}.conversation()
	was, is := m.Old.present(), m.New.present()
	switch {
	case m.Chat.Type == "private" && !is:
		u.membership = Blocked
	case m.Chat.Type == "private" && !was:
		u.membership = Unblocked
	case m.Chat.Type == "private":
	case !is:
		u.membership = Removed
	case !was:
		u.membership = Joined
	default:
		u.membership = Changed
	}
	return err
}

// memberStatus is the part of the Bot API's ChatMember that is read.
type memberStatus struct {
	Status          string `json:"status"`
	IsMember        bool   `json:"is_member"`         // counts for restricted
	CanSend         *bool  `json:"can_send_messages"` // there for restricted
	CanManageTopics bool   `json:"can_manage_topics"` // counts for administrators
}

// present reports whether the member is in the chat.
func (m memberStatus) present() bool {
	switch m.Status {
	case "left", "kicked", "":
		return false
	case "restricted":
		return m.IsMember
	}
	return true
}
