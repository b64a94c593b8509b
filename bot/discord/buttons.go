package discord

import (
	"context"

	"github.com/bwmarrin/discordgo"

	"firstline/bot/chat"
)

// buttonsOnly changes the buttons of a message and nothing else.
type buttonsOnly struct {
	Components      []discordgo.MessageComponent      `json:"components"`
	AllowedMentions *discordgo.MessageAllowedMentions `json:"allowed_mentions"`
}

// disable acknowledges a pressed button and switches all buttons of its message
// off, so that nothing is asked for twice; the pressed one stands out.
func (c *Channel) disable(ctx context.Context, callback string, in *wireInteraction) {
	rows := usedButtons(in)
	if rows != nil && c.callback(ctx, callback, answer{
		Type: int(discordgo.InteractionResponseUpdateMessage),
		Data: buttonsOnly{Components: rows, AllowedMentions: noMentions},
	}) {
		return
	}
	c.callback(ctx, callback, answer{Type: int(discordgo.InteractionResponseDeferredMessageUpdate)})
}

// disableReply does the same to a reply that only the person sees, if this
// process wrote it and Discord still lets it be changed.
func (c *Channel) disableReply(ctx context.Context, in *wireInteraction) {
	rows := usedButtons(in)
	address := c.deferred.addressOf("", chat.MessageID(in.Message.V.ID))
	if rows == nil || address == "" {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.timing.ackTimeout)
	defer cancel()
	err := c.rest.callUnlimited(ctx, "PATCH", address, buttonsOnly{Components: rows, AllowedMentions: noMentions}, nil)
	if err != nil {
		c.log.Debug("discord: used buttons could not be switched off", "reason", err.Error())
	}
}

// usedButtons returns the buttons of the message on which one was pressed,
// switched off; nil when there is something else among them.
func usedButtons(in *wireInteraction) []discordgo.MessageComponent {
	var rows []discordgo.MessageComponent
	for _, row := range in.Message.V.Components.V {
		if row.Type.V != componentRow || len(row.Components.V) == 0 {
			return nil
		}
		var used discordgo.ActionsRow
		for _, b := range row.Components.V {
			if b.Type.V != componentButton || b.CustomID.V == "" || b.Label.V == "" {
				return nil
			}
			style := discordgo.SecondaryButton
			if b.CustomID.V == in.Data.V.CustomID.V {
				style = discordgo.PrimaryButton
			}
			used.Components = append(used.Components, discordgo.Button{
				Label: b.Label.V, Style: style, CustomID: b.CustomID.V, Disabled: true,
			})
		}
		rows = append(rows, used)
	}
	return rows
}
