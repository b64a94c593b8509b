package discord

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/bwmarrin/discordgo"
)

// Level is how much a Finding matters.
type Level string

// Levels. A Problem has to be put right before going live; Advice can be.
const (
	OK      Level = "ok"
	Advice  Level = "advice"
	Problem Level = "problem"
)

// Finding is what a bot can or can't do, in words for its operator.
type Finding struct {
	Level Level
	Text  string
}

// Check asks Discord what the bot of o may do: whether the token is good, the
// intent switched on, and the permissions in each help channel and in that of
// staff. It changes nothing and does not connect to the gateway. Its errors hold
// no token; that Discord can't be reached is one, that it refuses the token a
// Finding.
func Check(ctx context.Context, o Options) ([]Finding, error) {
	c, err := New(o)
	if err != nil {
		return nil, err
	}
	defer c.rest.http.CloseIdleConnections()
	k := &checker{c: c, guilds: map[string]checkedGuild{}}
	if err := k.all(ctx); err != nil {
		return k.findings, errors.New(plain(err))
	}
	return k.findings, nil
}

type checker struct {
	c        *Channel
	findings []Finding
	self     string
	guilds   map[string]checkedGuild
}

type checkedGuild struct {
	name  string
	owner bool
	roles []wireRole
	mine  []string // roles of the bot
}

func (k *checker) say(level Level, format string, args ...any) {
	k.findings = append(k.findings, Finding{Level: level, Text: fmt.Sprintf(format, args...)})
}

func (k *checker) get(ctx context.Context, address string, out any) error {
	return k.c.rest.call(ctx, "GET", address, nil, out)
}

// all checks everything; its errors are for plain.
func (k *checker) all(ctx context.Context) error {
	var me wireUser
	if err := k.get(ctx, discordgo.EndpointUser("@me"), &me); err != nil {
		if asAPIError(err).tokenRefused() {
			k.say(Problem, "%s", finals[4004])
			return nil
		}
		return err
	}
	k.self = me.ID
	k.say(OK, "the token is good: the bot is called %q", oneLine(me.Username.V))
	for _, check := range []func(context.Context) error{k.intent, k.shards, k.servers} {
		if err := check(ctx); err != nil {
			return err
		}
	}
	var help []string
	for id, r := range k.c.places.rooms {
		if r == helpRoom {
			help = append(help, id)
		}
	}
	if len(help) == 0 {
		k.say(Advice, "there are no help channels (DISCORD_HELP_CHANNELS): in servers the bot answers only when it is mentioned or given a command")
	}
	slices.Sort(help)
	for _, id := range help {
		if err := k.channel(ctx, id); err != nil {
			return err
		}
	}
	if err := k.staff(ctx, k.c.staff); err != nil {
		return err
	}
	slices.SortStableFunc(k.findings, func(a, b Finding) int { return strings.Compare(order(a), order(b)) })
	return nil
}

// order puts what is well first and problems last, where they are seen.
func order(f Finding) string {
	return strconv.Itoa(slices.Index([]Level{OK, Advice, Problem}, f.Level))
}

// Flags of an application: the intent is switched on, for a verified bot or for
// one in less than 100 servers.
// https://discord.com/developers/docs/resources/application#application-object-application-flags
const mayReadMessages = 1<<18 | 1<<19

func (k *checker) intent(ctx context.Context) error {
	var app struct {
		Flags lenient[int] `json:"flags"`
	}
	if err := k.get(ctx, discordgo.EndpointApplications+"/@me", &app); err != nil {
		return err
	}
	if app.Flags.V&mayReadMessages == 0 {
		k.say(Problem, "%s", finals[4014])
	} else {
		k.say(OK, "the bot may read messages (Message Content Intent)")
	}
	return nil
}

func (k *checker) shards(ctx context.Context) error {
	p, wait, err := k.c.askPlan(ctx)
	switch {
	case err != nil:
		return err
	case wait > 0:
		k.say(Problem, "Discord lets the bot connect again only in %s: it has connected too often today", wait)
	}
	if s := p.shards; s.Count > 1 {
		k.say(OK, "this process serves the shards %d to %d of %d", s.First, s.Last, s.Count)
	}
	return nil
}

func (k *checker) servers(ctx context.Context) error {
	n := 0
	for after := "0"; ; {
		var page []wireID
		if err := k.get(ctx, discordgo.EndpointUserGuilds("@me")+"?limit=200&after="+after, &page); err != nil {
			return err
		}
		n += len(page)
		if len(page) < 200 {
			break
		}
		after = page[len(page)-1].ID
	}
	if n == 0 {
		k.say(Problem, "the bot is in no server: add it to one in the Developer Portal (your application → Installation); people it shares no server with can't write to it")
	} else {
		k.say(OK, "the bot is in %d servers", n)
	}
	return nil
}

// look returns a channel, which is called what, and its guild. ok is false when
// it is not in reach, which is said then.
func (k *checker) look(ctx context.Context, what, id string) (ch wireChannel, guild checkedGuild, ok bool, err error) {
	if err := k.get(ctx, discordgo.EndpointChannel(id), &ch); err != nil {
		e := asAPIError(err)
		if e.passing() {
			return ch, guild, false, err
		}
		k.say(Problem, "%s channel %s: %s", what, id, k.c.sendError(e).Reason)
		return ch, guild, false, nil
	}
	if ch.Guild.V == "" {
		k.say(Problem, "%s channel %s is in no server", what, id)
		return ch, guild, false, nil
	}
	guild, err = k.guild(ctx, ch.Guild.V)
	return ch, guild, err == nil, err
}

// channel checks one help channel.
func (k *checker) channel(ctx context.Context, id string) error {
	ch, guild, ok, err := k.look(ctx, "help", id)
	if !ok {
		return err
	}
	switch ch.Type.V {
	case channelCategory, channelDirectory:
		k.say(Problem, "help channel %s is a category: name the channels in it", id)
		return nil
	}
	name := fmt.Sprintf("#%s in %s", oneLine(ch.Name.V), guild.name)
	have := guild.permissions(k.self, &ch)
	if missing := lacking(have, neededIn(ch.Type.V)); len(missing) > 0 {
		k.say(Problem, "%s: give the bot the permissions %s", name, strings.Join(missing, ", "))
	} else {
		k.say(OK, "%s: the bot can read and answer", name)
	}
	if missing := lacking(have, permManageMessages|permManageThreads); len(missing) > 0 {
		k.say(Advice, "%s: without the permissions %s the bot can't remove messages with secrets in them, or answer in locked threads", name, strings.Join(missing, ", "))
	}
	return nil
}

func (k *checker) guild(ctx context.Context, id string) (checkedGuild, error) {
	if g, ok := k.guilds[id]; ok {
		return g, nil
	}
	var guild struct {
		Name  lenient[string]     `json:"name"`
		Owner lenient[string]     `json:"owner_id"`
		Roles lenient[[]wireRole] `json:"roles"`
	}
	if err := k.get(ctx, discordgo.EndpointGuild(id), &guild); err != nil {
		return checkedGuild{}, err
	}
	var member struct {
		Roles lenient[[]string] `json:"roles"`
	}
	if err := k.get(ctx, discordgo.EndpointGuildMember(id, k.self), &member); err != nil {
		return checkedGuild{}, err
	}
	g := checkedGuild{
		name: oneLine(guild.Name.V), owner: guild.Owner.V == k.self,
		roles: guild.Roles.V, mine: append(member.Roles.V, id), // everybody's role has the guild's id
	}
	k.guilds[id] = g
	return g, nil
}
