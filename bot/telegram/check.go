package telegram

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// Finding is something that an operator should know of the bot's set-up, in
// plain words. It holds no name or text of a person, and no token.
type Finding struct {
	Text string
	// Problem reports that something that was set does not work this way.
	Problem bool
}

// Check asks Telegram what the bot can and can't do: in general, for the way in
// which updates come, and in each help chat. Its error says that Telegram could
// not be asked; it is ErrTokenRefused when the token is not known.
func (c *Channel) Check(ctx context.Context) ([]Finding, error) {
	defer c.api.client.CloseIdleConnections()
	me, err := c.getMe(ctx)
	if err != nil {
		if asCallError(err).refused() {
			return nil, ErrTokenRefused
		}
		return nil, err
	}
	if err := c.moved.load(ctx); err != nil {
		return nil, err
	}
	found := []Finding{{Text: "the token belongs to @" + clean(me.UserName)}}
	return append(found, c.examine(ctx, me)...), nil
}

// reportSetUp logs the problems at start.
func (c *Channel) reportSetUp(ctx context.Context) {
	for _, f := range c.examine(ctx, *c.self.Load()) {
		if f.Problem && ctx.Err() == nil {
			c.log.Warn("the bot's set-up on Telegram", "problem", f.Text)
		}
	}
}

func (c *Channel) examine(ctx context.Context, me tgbotapi.User) []Finding {
	var x examination
	x.groups(me, len(c.helps) > 0)
	c.examineWebhook(ctx, &x)
	for _, h := range c.helps {
		c.examineHelp(ctx, &x, me, h)
	}
	return x.found
}

// examination collects findings.
type examination struct{ found []Finding }

func (x *examination) fact(format string, args ...any) {
	x.found = append(x.found, Finding{Text: fmt.Sprintf(format, args...)})
}

func (x *examination) problem(format string, args ...any) {
	x.found = append(x.found, Finding{Text: fmt.Sprintf(format, args...), Problem: true})
}

// groups says what the bot can do in groups in general.
func (x *examination) groups(me tgbotapi.User, helps bool) {
	if !me.CanJoinGroups {
		add := x.fact
		if helps {
			add = x.problem
		}
		add("the bot can't be added to groups; allow it with /setjoingroups at @BotFather")
	}
	switch {
	case me.CanReadAllGroupMessages:
		x.fact("privacy mode is off: the bot sees all messages in its groups")
	case !helps:
		x.fact("privacy mode is on: in groups the bot sees only commands, mentions and replies to it, which is enough without help chats")
	}
}

func (c *Channel) examineWebhook(ctx context.Context, x *examination) {
	info, err := c.webhookInfo(ctx)
	if err != nil {
		x.problem("it could not be asked how messages come: %s", asCallError(err).reason)
		return
	}
	switch {
	case c.hook.url == "" && info.URL == "":
		x.fact("messages are polled")
	case c.hook.url == "":
		x.problem("Telegram delivers the messages of this bot to a webhook at %s, and they can't be polled: "+
			"a webhook that Firstline had set is removed at start, any other must be removed with the Bot API's method deleteWebhook", info.host())
		return
	case info.URL == "":
		x.fact("messages will come to the webhook, which is set at start")
	case info.URL != c.hook.url:
		x.problem("Telegram delivers to another webhook, at %s; it will be replaced at start", info.host())
	default:
		x.fact("messages come to the webhook; %d are waiting", info.Pending)
	}
	if c.hook.url != "" && info.URL == c.hook.url && info.ErrorAt != 0 {
		x.problem("Telegram could not deliver to the webhook at %s: %s", info.erroredAt().Format("2006-01-02 15:04 MST"), c.api.describe(info.LastError))
	}
}

// group is the part of the Bot API's ChatFullInfo that is read.
type group struct {
	Type        string `json:"type"`
	Forum       bool   `json:"is_forum"`
	Permissions *struct {
		CanSend bool `json:"can_send_messages"`
	} `json:"permissions"`
}

// examineHelp says whether the bot sees what is asked in a help chat and can
// answer there.
func (c *Channel) examineHelp(ctx context.Context, x *examination, me tgbotapi.User, h place) {
	name := "the help chat " + h.conversation().ID
	if to := c.moved.now(h.chat); to != h.chat {
		x.problem("%s has become the supergroup %d: correct the setting", name, to)
		h.chat = to
	}
	var g group
	if err := c.ask(ctx, "getChat", tgbotapi.Params{"chat_id": strconv.FormatInt(h.chat, 10)}, &g); err != nil {
		if err.migratedTo != 0 {
			x.problem("%s has become the supergroup %d: correct the setting", name, err.migratedTo)
		} else {
			x.problem("%s can't be seen: add the bot to the group, or correct the id (%s)", name, err.reason)
		}
		return
	}
	switch {
	case g.Type != "group" && g.Type != "supergroup":
		x.problem("%s is a %s, not a group", name, clean(g.Type))
		return
	case h.thread != 0 && !g.Forum:
		x.problem("%s names a topic, but topics are switched off in that group", name)
	}
	var m memberStatus
	params := tgbotapi.Params{"chat_id": strconv.FormatInt(h.chat, 10), "user_id": strconv.FormatInt(me.ID, 10)}
	if err := c.ask(ctx, "getChatMember", params, &m); err != nil {
		x.problem("%s: it could not be asked what the bot is there: %s", name, err.reason)
		return
	}
	x.member(name, me, g, m)
}

// member says what the bot can do as a member of a help chat.
func (x *examination) member(name string, me tgbotapi.User, g group, m memberStatus) {
	admin := m.Status == "administrator" || m.Status == "creator"
	silenced := m.CanSend != nil && !*m.CanSend
	closed := g.Permissions != nil && !g.Permissions.CanSend && !admin
	switch {
	case !m.present():
		x.problem("the bot is not in %s: add it to the group", name)
		return
	case silenced || closed:
		x.problem("in %s the bot must not write: allow it to send messages, or make it an admin", name)
	}
	if !me.CanReadAllGroupMessages && !admin {
		x.problem("privacy mode is on: in %s the bot sees only commands, mentions and replies to it; switch it off with /setprivacy "+
			"at @BotFather and add the bot to the group again, or make it an admin there", name)
		return
	}
	x.fact("in %s the bot sees all messages", name)
}

// ask calls a method and reads its result.
func (c *Channel) ask(ctx context.Context, method string, params tgbotapi.Params, result any) *callError {
	raw, err := c.api.call(ctx, method, params)
	if err != nil {
		return asCallError(err)
	}
	if json.Unmarshal(raw, result) != nil {
		return &callError{method: method, reason: "the answer makes no sense"}
	}
	return nil
}
