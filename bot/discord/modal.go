package discord

import (
	"cmp"
	"context"

	"github.com/bwmarrin/discordgo"
)

// The form that /human opens has one field: what it is about, in the person's
// words. Forms have to be the first answer to a command, and can't be deferred.
// https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-response-object-modal
const (
	formID      = "human"
	formPrivate = ":private" // ends the id of a form whose reply only the person sees
	formField   = "text"

	maxFormTitle = 45
	maxFormText  = 4000
)

// answer is the whole answer to an interaction.
type answer struct {
	Type int `json:"type"`
	Data any `json:"data,omitempty"`
}

type formData struct {
	CustomID   string      `json:"custom_id"`
	Title      string      `json:"title"`
	Components []formLabel `json:"components"`
}

type formLabel struct {
	Type      int       `json:"type"`
	Label     string    `json:"label"`
	Component formInput `json:"component"`
}

type formInput struct {
	Type      int    `json:"type"`
	CustomID  string `json:"custom_id"`
	Style     int    `json:"style"` // 2: a paragraph
	MinLength int    `json:"min_length"`
	MaxLength int    `json:"max_length"`
	Required  bool   `json:"required"`
}

// form returns the form of /human, or nil when there are no texts for it.
func (c *Channel) form(locale string, private bool) any {
	title, label := textFor(c.texts.FormTitle, locale), textFor(c.texts.FormLabel, locale)
	if title == "" || label == "" {
		return nil
	}
	id := formID
	if private {
		id += formPrivate
	}
	return answer{Type: int(discordgo.InteractionResponseModal), Data: formData{
		CustomID: id,
		Title:    cut(title, maxFormTitle),
		Components: []formLabel{{
			Type:  componentLabel,
			Label: cut(label, maxFormTitle),
			Component: formInput{
				Type: componentInput, CustomID: formField, Style: 2, MinLength: 1, MaxLength: maxFormText, Required: true,
			},
		}},
	}}
}

// formText returns what a person wrote into the form.
func formText(fields []wireField) string {
	for _, f := range fields {
		if f.CustomID.V == formField {
			return f.Value.V
		}
		inner := f.Inners.V
		if f.Inner.V != nil {
			inner = append(inner, *f.Inner.V)
		}
		if text := formText(inner); text != "" {
			return text
		}
	}
	return ""
}

// privateText is an answer that only the person sees; otherwise is what it says
// without a text.
func privateText(text, otherwise string) any {
	text = cmp.Or(text, otherwise)
	return answer{Type: int(discordgo.InteractionResponseChannelMessageWithSource), Data: map[string]any{
		"content": text, "flags": flagEphemeral, "allowed_mentions": noMentions,
	}}
}

// noMentions lets nothing ping anybody.
var noMentions = &discordgo.MessageAllowedMentions{Parse: []discordgo.AllowedMentionType{}}

// respond gives the whole answer to an interaction.
func (c *Channel) respond(ctx context.Context, in *wireInteraction, answer any) {
	c.callback(ctx, discordgo.EndpointInteractionResponse(in.ID, in.Token), answer)
}
