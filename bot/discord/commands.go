package discord

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"reflect"
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
	Names            map[string]string `json:"name_localizations,omitempty"`
	Type             int               `json:"type"` // 1: a slash command, 3: in the menu of a message
	Description      string            `json:"description,omitempty"`
	Descriptions     map[string]string `json:"description_localizations,omitempty"`
	Options          []commandOption   `json:"options,omitempty"`
	Contexts         []int             `json:"contexts,omitempty"`          // 0: servers, 1: direct messages with the bot; not of one guild's commands
	IntegrationTypes []int             `json:"integration_types,omitempty"` // 0: where the bot was added; likewise
}

type commandOption struct {
	Type         int               `json:"type"`
	Name         string            `json:"name"`
	Description  string            `json:"description"`
	Descriptions map[string]string `json:"description_localizations,omitempty"`
	Required     bool              `json:"required,omitempty"`
	MaxLength    int               `json:"max_length,omitempty"`
	MinValue     int               `json:"min_value,omitempty"`
}

const (
	maxName        = 32
	maxDescription = 100
	maxQuestion    = 4000 // as long as a message of a subscriber

	slashCommand = 1
	menuCommand  = 3

	optionText   = 3
	optionNumber = 4
	optionBool   = 5

	optionQuestion = "question"
	optionPrivate  = "private"
)

// commandOrder are the slash commands that can be registered, in a fixed order.
// There is no /start on Discord.
var commandOrder = []chat.Command{chat.CommandAsk, chat.CommandHuman, chat.CommandSolved, chat.CommandHelp}

// known reports whether a command is one of commandOrder.
func known(c chat.Command) bool { return slices.Contains(commandOrder, c) }

// commandsOf returns what is registered for Options.Commands, QuestionLabel and
// Texts.
func commandsOf(byLanguage map[string]map[chat.Command]string, questions map[string]string, texts Texts) []command {
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
			Type:             slashCommand,
			Description:      cut(text[""], maxDescription),
			Descriptions:     localized(text, maxDescription),
			Contexts:         []int{0, 1},
			IntegrationTypes: []int{0},
		}
		if name == chat.CommandAsk {
			cmd.Options = append(cmd.Options, commandOption{
				Type:         optionText,
				Name:         optionQuestion,
				Description:  cut(cmp.Or(questions[""], text[""]), maxDescription),
				Descriptions: localized(questions, maxDescription),
				Required:     true,
				MaxLength:    maxQuestion,
			})
		}
		if private := cut(texts.Private[""], maxDescription); private != "" && name != chat.CommandHelp && name != chat.CommandSolved {
			cmd.Options = append(cmd.Options, commandOption{
				Type: optionBool, Name: optionPrivate,
				Description: private, Descriptions: localized(texts.Private, maxDescription),
			})
		}
		list = append(list, cmd)
	}
	for _, names := range []map[string]string{texts.AnswerThis, texts.SendToSupport} {
		if name := cut(names[""], maxName); name != "" && len(byLanguage) > 0 {
			list = append(list, command{
				Name: name, Names: localized(names, maxName), Type: menuCommand,
				Contexts: []int{0}, IntegrationTypes: []int{0},
			})
		}
	}
	return list
}

// locales are Discord's, as of its API description of 2026. One that it does
// not know makes it refuse all commands.
var locales = strings.Fields("ar bg cs da de el en-GB en-US es-419 es-ES fi fr he hi hr hu id it ja ko lt nl no pl pt-BR ro ru sv-SE th tr uk vi zh-CN zh-TW")

// localized returns texts by language as texts by Discord's locale, at most
// limit characters long. A language that Discord does not have is left out.
func localized(texts map[string]string, limit int) map[string]string {
	list := make(map[string]string)
	for _, locale := range locales {
		language, _, _ := strings.Cut(locale, "-")
		if text := cut(cmp.Or(texts[locale], texts[language]), limit); text != "" {
			list[locale] = text
		}
	}
	return list
}

// registerCommands tells Discord which commands the bot has. It reports whether
// trying again is pointless.
func (r *run) registerCommands(ctx context.Context) bool {
	application := r.identity.applicationID()
	if application == "" {
		return false
	}
	return r.register(ctx, discordgo.EndpointApplicationGlobalCommands(application), r.c.commands)
}

// register registers commands at address, unless Discord has them: registering is
// limited, and makes clients reload. The bot works without: what fails is logged.
// It reports whether trying again is pointless.
func (r *run) register(ctx context.Context, address string, commands []command) bool {
	var registered []command
	err := r.c.rest.call(ctx, "GET", address+"?with_localizations=true", nil, &registered)
	if err == nil && sameCommands(registered, commands) {
		return true
	}
	if err == nil || !asAPIError(err).passing() {
		err = r.c.rest.call(ctx, "PUT", address, commands, nil)
	}
	if err == nil || ctx.Err() != nil {
		return true
	}
	r.c.log.Warn("discord: the commands could not be registered", "reason", err.Error())
	return !asAPIError(err).passing()
}

// sameCommands compares what Discord has with what is wanted, in any order. Where
// commands can be given is compared when it is told: for those of one guild
// Discord fills it in.
func sameCommands(has, wanted []command) bool {
	if len(wanted) > 0 && wanted[0].Contexts == nil {
		for i := range has {
			has[i].Contexts, has[i].IntegrationTypes = nil, nil
		}
	}
	return reflect.DeepEqual(byName(has), byName(wanted))
}

// byName returns the commands in one form: Discord leaves out what is empty and
// keeps no order.
func byName(list []command) map[string]command {
	m := make(map[string]command, len(list))
	for _, c := range list {
		data, _ := json.Marshal(c) // strings and numbers: it can't fail
		c = command{}
		_ = json.Unmarshal(data, &c)
		c.Contexts = slices.Sorted(slices.Values(c.Contexts))
		m[string(rune('0'+c.Type))+c.Name] = c
	}
	return maps.Clone(m)
}
