package discord

import (
	"cmp"
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"

	"firstline/bot/chat"
)

// staffOptions is what Options say of staff.
type staffOptions struct {
	channel, role string
	commands      []command
}

// Options of the commands of staff.
const (
	optionTicket = "ticket"
	optionNote   = "text"
	optionAgent  = "agent"

	maxAgent = 100
)

// staffCommandsOf returns what is registered for Options.StaffCommands.
func staffCommandsOf(descriptions map[chat.Command]string) []command {
	var list []command
	for _, name := range chat.StaffCommands {
		description := cut(descriptions[name], maxDescription)
		if description == "" {
			continue
		}
		cmd := command{Name: string(name), Type: slashCommand, Description: description}
		switch name { // Discord wants what is required first
		case chat.CommandNote:
			cmd.Options = append(cmd.Options, commandOption{
				Type: optionText, Name: optionNote, Description: "What to note", Required: true, MaxLength: maxQuestion,
			})
		case chat.CommandTransfer:
			cmd.Options = append(cmd.Options, commandOption{
				Type: optionText, Name: optionAgent, Description: "Name of the agent", Required: true, MaxLength: maxAgent,
			})
		}
		if name != chat.CommandTickets {
			cmd.Options = append(cmd.Options, commandOption{
				Type: optionNumber, Name: optionTicket, Description: "Number of the ticket; not needed in its thread", MinValue: 1,
			})
		}
		list = append(list, cmd)
	}
	return list
}

// registerStaffCommands registers the commands of staff in the guild of their
// channel, as registerCommands does.
func (r *run) registerStaffCommands(ctx context.Context) bool {
	application := r.identity.applicationID()
	if application == "" {
		return false
	}
	guild, err := r.guildOf(ctx, r.c.staff.channel)
	switch {
	case err != nil && asAPIError(err).passing():
		return ctx.Err() != nil
	case err != nil || guild == "":
		r.c.log.Warn("discord: the channel of staff can't be seen: their commands are not registered", "channel", r.c.staff.channel)
		return true
	}
	return r.register(ctx, discordgo.EndpointApplicationGuildCommands(application, guild), r.c.staff.commands)
}

// forStaff returns what a command of staff means.
func forStaff(in *wireInteraction, m *chat.Message) deed {
	if !m.StaffRoom {
		return deed{answer: privateText("", "This works in the staff channel only.")}
	}
	ticket, text := "", ""
	for _, o := range in.Data.V.Options.V { // in any order
		switch v := o.Value.V.(type) {
		case float64:
			ticket = "#" + strconv.FormatFloat(v, 'f', -1, 64)
		case string:
			text = clean(v)
		}
	}
	m.Command = chat.Command(in.Data.V.Name.V)
	m.Text = strings.TrimSpace(ticket + " " + strings.TrimSpace(text))
	// In a busy channel nobody else needs to see what became of it.
	return deed{message: m, manner: privately}
}

// memberRoles are the roles that somebody had at a time.
type memberRoles struct {
	roles []string
	at    time.Time
}

const (
	// rolesKept is how long roles that were asked for are taken for the roles of
	// now: about as long as it takes to fetch what was missed.
	rolesKept  = time.Minute
	maxMembers = 1000
)

// rolesOf returns the roles that the author of a fetched message in channel has
// now; nil when they have left. Its error is one that passes: without roles what
// staff wrote would count for nothing, so it is worth waiting for. Only backfill
// may call it.
func (r *run) rolesOf(ctx context.Context, channel, person string) ([]string, error) {
	if known, ok := r.members[person]; ok && time.Since(known.at) < rolesKept {
		return known.roles, nil
	}
	var member wireMember
	guild, err := r.guildOf(ctx, channel)
	if err == nil {
		err = r.c.rest.call(ctx, "GET", discordgo.EndpointGuildMember(guild, person), nil, &member)
	}
	if err != nil {
		if asAPIError(err).passing() {
			return nil, err
		}
		r.c.log.Info("discord: somebody's roles are not known", "person", person, "reason", err.Error())
	}
	if len(r.members) >= maxMembers || r.members == nil {
		r.members = map[string]memberRoles{}
	}
	r.members[person] = memberRoles{roles: member.Roles.V, at: time.Now()}
	return member.Roles.V, nil
}

// guildOf returns the guild of a channel; "" when it is in none.
func (r *run) guildOf(ctx context.Context, channel string) (string, error) {
	if guild := r.places.guild(channel); guild != "" {
		return guild, nil
	}
	ch, err := r.c.look(ctx, channel)
	return ch.Guild.V, err
}

// look asks Discord about a channel of a guild and notes the answer.
func (c *Channel) look(ctx context.Context, channel string) (ch wireChannel, err error) {
	if err := c.rest.call(ctx, "GET", discordgo.EndpointChannel(channel), nil, &ch); err != nil {
		return ch, err
	}
	if ch.Guild.V != "" {
		ch.ID = cmp.Or(ch.ID, channel)
		c.places.learn(ch.Guild.V, ch)
	}
	return ch, nil
}
