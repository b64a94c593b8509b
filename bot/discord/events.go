package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/bwmarrin/discordgo"
)

// dispatch handles one event. The library calls it while it holds its locks:
// it must not wait and must not call the Session.
func (r *run) dispatch(ctx context.Context, l *link, e *discordgo.Event) {
	defer func() {
		if p := recover(); p != nil {
			// The value of the panic could quote the event.
			r.c.log.Error("discord: an event could not be handled", "type", e.Type, "panic", fmt.Sprintf("%T", p), "stack", string(debug.Stack()))
		}
	}()
	var err error
	switch e.Type {
	case "READY":
		err = r.onReady(l, e.RawData)
	case "RESUMED":
		r.c.log.Info("discord: session resumed")
		ring(l.begun)
	case "GUILD_CREATE":
		err = r.onGuild(e.RawData)
	case "MESSAGE_CREATE":
		err = r.onMessage(e.RawData)
	case "INTERACTION_CREATE":
		err = r.onInteraction(ctx, e.RawData)
	}
	if err != nil {
		// Its text can quote the event.
		r.c.log.Error("discord: an event could not be read", "type", e.Type, "sequence", e.Sequence)
	}
}

func (r *run) onReady(l *link, data []byte) error {
	var ready wireReady
	if err := json.Unmarshal(data, &ready); err != nil {
		return err
	}
	r.identity.set(ready.User.ID, ready.Application.V.ID)
	guilds := make([]string, len(ready.Guilds.V))
	for i, g := range ready.Guilds.V {
		guilds[i] = g.ID
	}
	r.intake.begin(guilds)
	r.c.log.Info("discord: connected", "bot", ready.User.ID, "servers", len(guilds))
	ring(l.begun)
	ring(r.begun)
	return nil
}

func (r *run) onGuild(data []byte) error {
	var guild wireGuild
	if err := json.Unmarshal(data, &guild); err != nil {
		return err
	}
	r.identity.addRoles(guild.Roles.V)
	r.intake.described(guild.ID, append(guild.Channels.V, guild.Threads.V...))
	return nil
}

func (r *run) onMessage(data []byte) error {
	var m wireMessage
	if err := json.Unmarshal(data, &m); err != nil {
		return err
	}
	id, ok := parseSnowflake(m.ID)
	if !ok || m.Channel == "" {
		return errors.New("a message without an id or a channel")
	}
	private := m.Guild.V == ""
	r.intake.live(item{message: r.identity.message(&m, private), channel: m.Channel, id: id}, private)
	return nil
}

func (r *run) onInteraction(ctx context.Context, data []byte) error {
	var in wireInteraction
	if err := json.Unmarshal(data, &in); err != nil {
		return err
	}
	m := in.message()
	if m == nil {
		return nil
	}
	ack := r.c.acknowledger(&in, m)
	if !r.intake.live(item{message: m, channel: in.Channel, ack: ack.do}, m.Private) {
		ack.giveUp()
		return nil
	}
	// Acknowledged when it is stored, so that a crash before shows; but a slow
	// database must not make Discord take it for failed.
	time.AfterFunc(r.c.timing.ackWithin, func() {
		if ctx.Err() == nil {
			ack.do(ctx)
		}
	})
	return nil
}
