package telegram

import (
	"context"
	"maps"
	"slices"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"firstline/bot/chat"
)

// maxDescription is the most characters of a command's description
// (core.telegram.org/bots/api#botcommand).
const maxDescription = 256

// publishCommands sets the bot's menu in each language. The bot works without
// it: what fails is logged, and done again at the next start.
func (c *Channel) publishCommands(ctx context.Context) {
	for _, lang := range slices.Sorted(maps.Keys(c.commands)) {
		menu := menuOf(c.commands[lang])
		if len(menu) == 0 {
			continue
		}
		if lang != "" && len(lang) != 2 {
			c.log.Warn("Telegram knows languages of two letters only; the menu is not set for this one", "language", lang)
			continue
		}
		params := tgbotapi.Params{}
		err := params.AddInterface("commands", menu)
		if err == nil {
			params.AddNonEmpty("language_code", lang)
			_, err = c.api.call(ctx, "setMyCommands", params)
		}
		if err != nil && ctx.Err() == nil {
			c.log.Warn("the bot's menu could not be set", "language", lang, "reason", asCallError(err).reason)
		}
	}
}

// menuOf returns the known commands that have a description, in a fixed order.
func menuOf(descriptions map[chat.Command]string) []tgbotapi.BotCommand {
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
