package telegram

import (
	"context"
	"encoding/json"
	"fmt"

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
// which updates come, in each help chat and in the staff chat. Its error says that Telegram could
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
	x.groups(me, len(c.helps) > 0 || c.staff.chat != 0)
	c.examineWebhook(ctx, &x)
	for _, h := range c.helps {
		c.examineHelp(ctx, &x, me, h)
	}
	if c.staff.chat != 0 {
		c.examineStaff(ctx, &x, me)
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

// groups says what the bot can do in groups in general; used reports that it
// has a task in some.
func (x *examination) groups(me tgbotapi.User, used bool) {
	if !me.CanJoinGroups {
		add := x.fact
		if used {
			add = x.problem
		}
		add("the bot can't be added to groups; allow it with /setjoingroups at @BotFather")
	}
	switch {
	case me.CanReadAllGroupMessages:
		x.fact("privacy mode is off: the bot sees all messages in its groups")
	case !used:
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
