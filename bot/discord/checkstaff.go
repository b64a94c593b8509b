package discord

import (
	"context"
	"slices"
	"strings"
)

// staff checks the channel and the role of staff.
func (k *checker) staff(ctx context.Context, staff staffOptions) error {
	if staff.channel == "" {
		if staff.role != "" {
			k.say(Advice, "DISCORD_STAFF_ROLE does nothing without DISCORD_STAFF_CHANNEL")
		}
		return nil
	}
	ch, guild, ok, err := k.look(ctx, "staff", staff.channel)
	if !ok {
		return err
	}
	name := "#" + oneLine(ch.Name.V) + " in " + guild.name
	if ch.Type.V != channelText {
		k.say(Problem, "staff channel %s has to be a text channel; a category, forum, thread or announcement channel won't do", name)
		return nil
	}
	const needed = permViewChannel | permSendMessages | permCreateThreads | permSendInThreads | permReadHistory
	have := guild.permissions(k.self, &ch)
	if missing := lacking(have, needed); len(missing) > 0 {
		k.say(Problem, "staff channel %s: give the bot the permissions %s", name, strings.Join(missing, ", "))
	} else {
		k.say(OK, "staff channel %s: the bot can show tickets and begin threads", name)
	}
	if have&permManageThreads == 0 {
		k.say(Advice, "staff channel %s: without the permission Manage Threads the bot can't write in threads that somebody locked", name)
	}
	everybody := ch.Guild.V // the role has the guild's id
	if guild.permissionsOf([]string{everybody}, "", &ch)&permViewChannel != 0 {
		k.say(Problem, "staff channel %s: everybody in the server can read the tickets: take the permission View Channel from @everyone there", name)
	}
	switch {
	case staff.role == "":
	case staff.role == everybody:
		k.say(Problem, "the staff role %s (DISCORD_STAFF_ROLE) is @everyone: name one that only staff have", staff.role)
	case !slices.ContainsFunc(guild.roles, func(r wireRole) bool { return r.ID == staff.role }):
		k.say(Problem, "the staff role %s (DISCORD_STAFF_ROLE) does not exist in %s", staff.role, guild.name)
	}
	return nil
}
