package discord

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/bwmarrin/discordgo"

	"firstline/bot/chat"
)

// command is an application command as it is registered. The library's struct
// writes fields that Discord has no use for.
// https://discord.com/developers/docs/interactions/application-commands
type command struct {
	Name             string            `json:"name"`
	Type             int               `json:"type"` // 1: a slash command
	Description      string            `json:"description"`
	Descriptions     map[string]string `json:"description_localizations,omitempty"`
	Options          []commandOption   `json:"options,omitempty"`
	Contexts         []int             `json:"contexts"`          // 0: servers, 1: direct messages with the bot
	IntegrationTypes []int             `json:"integration_types"` // 0: where the bot was added
}

type commandOption struct {
	Type         int               `json:"type"` // 3: text
	Name         string            `json:"name"`
	Description  string            `json:"description"`
	Descriptions map[string]string `json:"description_localizations,omitempty"`
	Required     bool              `json:"required"`
	MaxLength    int               `json:"max_length"`
}

const (
	maxDescription = 100
	maxQuestion    = 4000 // as long as a message of a subscriber
)

// commandOrder are the commands that can be registered, in a fixed order. There
// is no /start on Discord.
var commandOrder = []chat.Command{chat.CommandAsk, chat.CommandHuman, chat.CommandHelp}

// known reports whether a command is one of commandOrder.
func known(c chat.Command) bool { return slices.Contains(commandOrder, c) }

// commandsOf returns what is registered for Options.Commands and QuestionLabel.
func commandsOf(byLanguage map[string]map[chat.Command]string, questions map[string]string) []command {
	var list []command
	for _, name := range commandOrder {
		text := make(map[string]string, len(byLanguage))
		for language, descriptions := range byLanguage {
			text[language] = descriptions[name]
		}
		if clean(text[""]) == "" {
			continue
		}
		cmd := command{
			Name:             string(name),
			Type:             1,
			Description:      description(text[""]),
			Descriptions:     localized(text),
			Contexts:         []int{0, 1},
			IntegrationTypes: []int{0},
		}
		if name == chat.CommandAsk {
			cmd.Options = []commandOption{{
				Type:         3,
				Name:         "question",
				Description:  description(cmp.Or(questions[""], text[""])),
				Descriptions: localized(questions),
				Required:     true,
				MaxLength:    maxQuestion,
			}}
		}
		list = append(list, cmd)
	}
	return list
}

// locales are Discord's, as of its API description of 2026. One that it does
// not know makes it refuse all commands.
var locales = strings.Fields("ar bg cs da de el en-GB en-US es-419 es-ES fi fr he hi hr hu id it ja ko lt nl no pl pt-BR ro ru sv-SE th tr uk vi zh-CN zh-TW")

// localized returns texts by language as texts by Discord's locale. A language
// that Discord does not have is left out.
func localized(texts map[string]string) map[string]string {
	list := make(map[string]string)
	for _, locale := range locales {
		language, _, _ := strings.Cut(locale, "-")
		text := cmp.Or(texts[locale], texts[language])
		if text = description(text); text != "" {
			list[locale] = text
		}
	}
	return list
}

func description(text string) string {
	if runes := []rune(oneLine(text)); len(runes) > maxDescription {
		return string(runes[:maxDescription-1]) + "…"
	}
	return oneLine(text)
}

// registerCommands tells Discord which commands the bot has. The bot works
// without: what fails is logged. It reports whether trying again is pointless.
func (r *run) registerCommands(ctx context.Context) bool {
	application := r.identity.applicationID()
	if application == "" {
		return false
	}
	err := r.c.rest.call(ctx, "PUT", discordgo.EndpointApplicationGlobalCommands(application), r.c.commands, nil)
	if err == nil || ctx.Err() != nil {
		return true
	}
	r.c.log.Warn("discord: the commands could not be registered", "reason", err.Error())
	return !asAPIError(err).passing()
}
