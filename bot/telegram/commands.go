package telegram

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"firstline/bot/chat"
)

// maxDescription is the most characters of a command's description
// (core.telegram.org/bots/api#botcommand).
const maxDescription = 256

// publishCommands sets the bot's menu in each language where it is another one.
// The bot works without it: what fails is logged, and done again at the next
// start.
func (c *Channel) publishCommands(ctx context.Context) {
	for _, lang := range slices.Sorted(maps.Keys(c.commands)) {
		menu := menuOf(c.commands[lang], commands)
		if len(menu) == 0 {
			continue
		}
		if lang != "" && len(lang) != 2 {
			c.log.Warn("Telegram knows languages of two letters only; the menu is not set for this one", "language", lang)
			continue
		}
		params := tgbotapi.Params{}
		params.AddNonEmpty("language_code", lang)
		if err := c.publishMenu(ctx, params, menu); err != nil && ctx.Err() == nil {
			c.log.Warn("the bot's menu could not be set", "language", lang, "reason", asCallError(err).reason)
		}
	}
}

// publishStaffMenu sets the menu of the staff chat, whose language is that of the
// operator.
func (c *Channel) publishStaffMenu(ctx context.Context) {
	menu := menuOf(c.staffMenu, append(slices.Clone(chat.StaffCommands), chat.CommandHelp))
	if c.staff.chat == 0 || len(menu) == 0 {
		return
	}
	params := tgbotapi.Params{}
	err := params.AddInterface("scope", map[string]any{"type": "chat", "chat_id": c.moved.now(c.staff.chat)})
	if err == nil {
		err = c.publishMenu(ctx, params, menu)
	}
	if err != nil && ctx.Err() == nil {
		c.log.Warn("the menu of the staff chat could not be set", "reason", asCallError(err).reason)
	}
}

// publishMenu sets the menu for what params say, unless it is set already.
// Whether it is can fail to be found out: then it is set again.
func (c *Channel) publishMenu(ctx context.Context, params tgbotapi.Params, menu []tgbotapi.BotCommand) error {
	var present []tgbotapi.BotCommand
	if result, err := c.api.call(ctx, "getMyCommands", params); err == nil &&
		json.Unmarshal(result, &present) == nil && slices.Equal(present, menu) {
		return nil
	}
	if err := params.AddInterface("commands", menu); err != nil {
		return err
	}
	_, err := c.api.call(ctx, "setMyCommands", params)
	return err
}

// menuOf returns those of the commands that have a description, in their order.
func menuOf(descriptions map[chat.Command]string, commands []chat.Command) []tgbotapi.BotCommand {
	var menu []tgbotapi.BotCommand
	for _, cmd := range commands {
		d := []rune(clean(descriptions[cmd]))
		if len(d) == 0 {
			continue
		}
		menu = append(menu, tgbotapi.BotCommand{Command: string(cmd), Description: string(d[:min(len(d), maxDescription)])})
	}
	return menu
}
