package discord

import (
	"math"
	"slices"
	"strconv"
)

// Permissions of Discord that the bot has use for.
// https://discord.com/developers/docs/topics/permissions
const (
	permAdministrator  = 1 << 3
	permViewChannel    = 1 << 10
	permSendMessages   = 1 << 11
	permManageMessages = 1 << 13
	permReadHistory    = 1 << 16
	permManageThreads  = 1 << 34
	permCreateThreads  = 1 << 35
	permSendInThreads  = 1 << 38
)

// permissionNames are what Discord calls them, in the order of its settings.
var permissionNames = []struct {
	bit  uint64
	name string
}{
	{permViewChannel, "View Channel"},
	{permSendMessages, "Send Messages"},
	{permCreateThreads, "Create Public Threads"},
	{permSendInThreads, "Send Messages in Threads"},
	{permReadHistory, "Read Message History"},
	{permManageMessages, "Manage Messages"},
	{permManageThreads, "Manage Threads"},
}

// neededIn returns the permissions without which the bot is of no use in a help
// channel of a kind.
func neededIn(kind int) uint64 {
	needed := uint64(permViewChannel | permSendInThreads | permReadHistory)
	if kind != channelForum && kind != channelMedia { // there it only answers
		needed |= permSendMessages
	}
	return needed
}

// lacking returns the names of needed permissions that are not in have.
func lacking(have, needed uint64) []string {
	var names []string
	for _, p := range permissionNames {
		if needed&p.bit != 0 && have&p.bit == 0 {
			names = append(names, p.name)
		}
	}
	return names
}

// permissions computes what member self, the bot, may do in a channel.
func (g checkedGuild) permissions(self string, ch *wireChannel) uint64 {
	if g.owner {
		return math.MaxUint64
	}
	return g.permissionsOf(g.mine, self, ch)
}

// permissionsOf computes what a member with these roles may do in a channel.
// https://discord.com/developers/docs/topics/permissions#permission-overwrites
func (g checkedGuild) permissionsOf(roles []string, member string, ch *wireChannel) uint64 {
	var have uint64
	for _, r := range g.roles {
		if slices.Contains(roles, r.ID) {
			have |= bits(r.Permissions.V)
		}
	}
	if have&permAdministrator != 0 {
		return math.MaxUint64
	}
	everybody := ch.Guild.V
	for _, applies := range []func(id string) bool{
		func(id string) bool { return id == everybody },
		func(id string) bool { return id != everybody && slices.Contains(roles, id) },
		func(id string) bool { return id == member },
	} {
		var allow, deny uint64
		for _, o := range ch.Overwrites.V {
			if applies(o.ID) {
				allow |= bits(o.Allow.V)
				deny |= bits(o.Deny.V)
			}
		}
		have = have&^deny | allow
	}
	if have&permViewChannel == 0 {
		return 0
	}
	return have
}

func bits(s string) uint64 {
	n, _ := strconv.ParseUint(s, 10, 64)
	return n
}
