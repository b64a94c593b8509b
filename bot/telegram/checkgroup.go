package telegram

import (
	"context"
	"strconv"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// group is the part of the Bot API's ChatFullInfo that is read.
type group struct {
	Type        string `json:"type"`
	Username    string `json:"username"`
	Forum       bool   `json:"is_forum"`
	Permissions *struct {
		CanSend bool `json:"can_send_messages"`
	} `json:"permissions"`
}

// membership is a group and what the bot is in it.
type membership struct {
	group  group
	member memberStatus
}

// admin reports whether the bot is an admin of the group.
func (m *membership) admin() bool {
	return m.member.Status == "administrator" || m.member.Status == "creator"
}

// examineHelp says whether the bot sees what is asked in a help chat and can
// answer there.
func (c *Channel) examineHelp(ctx context.Context, x *examination, me tgbotapi.User, h place) {
	name := "the help chat " + h.conversation().ID
	if to := c.moved.now(h.chat); to != h.chat {
		x.problem("%s has become the supergroup %d: correct the setting", name, to)
		h.chat = to
	}
	m, movedTo := c.examineGroup(ctx, x, me, name, h.chat)
	if movedTo != 0 {
		x.problem("%s has become the supergroup %d: correct the setting", name, movedTo)
	}
	if m == nil {
		return
	}
	if h.thread != 0 && !m.group.Forum {
		x.problem("%s names a topic, but topics are switched off in that group", name)
	}
	if !x.canWrite(name, m) {
		return
	}
	if !me.CanReadAllGroupMessages && !m.admin() {
		x.problem("privacy mode is on: in %s the bot sees only commands, mentions and replies to it; %s", name, seeAll)
		return
	}
	x.fact("in %s the bot sees all messages", name)
}

// seeAll is what to do against privacy mode.
const seeAll = "switch it off with /setprivacy at @BotFather and add the bot to the group again, or make it an admin there"

// examineStaff says whether the bot can do in the staff chat what staff expect.
func (c *Channel) examineStaff(ctx context.Context, x *examination, me tgbotapi.User) {
	name := "the staff chat " + place{chat: c.staff.chat}.conversation().ID
	m, movedTo := c.examineGroup(ctx, x, me, name, c.moved.now(c.staff.chat))
	if movedTo != 0 {
		// Learned now, since messages from there would not be known as staff's.
		c.noteMoved(ctx, c.staff.chat, movedTo)
		m, _ = c.examineGroup(ctx, x, me, name, movedTo)
	}
	if m == nil {
		return
	}
	if to := c.moved.now(c.staff.chat); to != c.staff.chat {
		// Tickets are known by the id in the settings.
		x.fact("%s has become the supergroup %d; the setting can stay", name, to)
	}
	if m.group.Username != "" {
		x.problem("%s is public: everybody can read what is in tickets; make the group private", name)
	}
	if !x.canWrite(name, m) {
		return
	}
	if c.staff.topics {
		x.canOpen(name, m)
	}
	const replies = "privacy mode is on: in %s the bot sees only commands and replies to it"
	switch {
	case me.CanReadAllGroupMessages || m.admin():
		x.fact("in %s the bot sees all messages", name)
	case c.staff.topics:
		x.problem(replies+", not what agents write in the topic of a ticket; %s", name, seeAll)
	default:
		x.fact(replies+", which is enough there", name)
	}
}

// canOpen says what keeps the bot from opening topics.
func (x *examination) canOpen(name string, m *membership) {
	if !m.group.Forum {
		x.problem("topics are switched off in %s: switch them on in the group's settings", name)
	}
	mayManage := m.member.Status == "creator" || (m.admin() && m.member.CanManageTopics)
	if !mayManage {
		x.problem("in %s the bot must not open topics: make it an admin there with the right to manage topics", name)
	}
}

// examineGroup asks about a group and what the bot is in it; nil when there is
// nothing to go on with. movedTo is the supergroup that it has become; 0: none.
func (c *Channel) examineGroup(ctx context.Context, x *examination, me tgbotapi.User, name string, chatID int64) (m *membership, movedTo int64) {
	m = &membership{}
	params := tgbotapi.Params{"chat_id": strconv.FormatInt(chatID, 10)}
	if err := c.ask(ctx, "getChat", params, &m.group); err != nil {
		if err.migratedTo != 0 && err.migratedTo != chatID {
			return nil, err.migratedTo
		}
		x.problem("%s can't be seen: add the bot to the group, or correct the id (%s)", name, err.reason)
		return nil, 0
	}
	if m.group.Type != "group" && m.group.Type != "supergroup" {
		x.problem("%s is a %s, not a group", name, clean(m.group.Type))
		return nil, 0
	}
	params["user_id"] = strconv.FormatInt(me.ID, 10)
	if err := c.ask(ctx, "getChatMember", params, &m.member); err != nil {
		x.problem("%s: it could not be asked what the bot is there: %s", name, err.reason)
		return nil, 0
	}
	return m, 0
}

// canWrite says what keeps the bot from writing in a group. It returns false
// when the bot is not even there.
func (x *examination) canWrite(name string, m *membership) bool {
	silenced := m.member.CanSend != nil && !*m.member.CanSend
	closed := m.group.Permissions != nil && !m.group.Permissions.CanSend && !m.admin()
	switch {
	case !m.member.present():
		x.problem("the bot is not in %s: add it to the group", name)
		return false
	case silenced || closed:
		x.problem("in %s the bot must not write: allow it to send messages, or make it an admin", name)
	}
	return true
}
