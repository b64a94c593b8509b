package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
)

// dispatch handles one event. Nothing else is read from the gateway meanwhile:
// it must not wait.
func (s *shard) dispatch(ctx context.Context, p *packet) {
	r := s.run
	defer func() {
		if v := recover(); v != nil {
			// The value of the panic could quote the event.
			r.c.log.Error("discord: an event could not be handled", "type", oneLine(p.Type), "panic", fmt.Sprintf("%T", v), "stack", string(debug.Stack()))
		}
	}()
	var err error
	switch p.Type {
	case "READY":
		err = s.onReady(p.Data)
	case "RESUMED":
		r.c.log.Info("discord: session resumed", "shard", s.id)
	case "GUILD_CREATE":
		err = r.onGuild(p.Data)
	case "CHANNEL_CREATE", "CHANNEL_UPDATE", "THREAD_CREATE", "THREAD_UPDATE":
		err = r.onChannel(p.Data)
	case "CHANNEL_DELETE", "THREAD_DELETE":
		err = r.onChannelGone(p.Data)
	case "THREAD_LIST_SYNC":
		err = r.onThreads(p.Data)
	case "MESSAGE_CREATE":
		err = s.onMessage(p.Data)
	case "MESSAGE_UPDATE":
		err = r.onEdited(p.Data)
	case "MESSAGE_DELETE", "MESSAGE_DELETE_BULK":
		err = r.onDeleted(p.Data)
	case "INTERACTION_CREATE":
		err = r.onInteraction(ctx, p.Data)
	}
	if err != nil {
		// Its text can quote the event.
		r.c.log.Error("discord: an event could not be read", "type", oneLine(p.Type), "sequence", p.Seq)
	}
}

func (s *shard) onReady(data []byte) error {
	var ready wireReady
	if err := json.Unmarshal(data, &ready); err != nil {
		return err
	}
	r := s.run
	s.began(ready.Session, ready.Resume.V)
	r.identity.set(ready.User.ID, ready.Application.V.ID)
	guilds := make([]string, len(ready.Guilds.V))
	for i, g := range ready.Guilds.V {
		guilds[i] = g.ID
	}
	r.intake.begin(s.id, guilds, s.newest)
	r.c.log.Info("discord: connected", "bot", ready.User.ID, "servers", len(guilds), "shard", s.id, "shards", s.count)
	ring(r.begun)
	return nil
}

func (r *run) onGuild(data []byte) error {
	var guild wireGuild
	if err := json.Unmarshal(data, &guild); err != nil {
		return err
	}
	r.identity.addRoles(guild.Roles.V)
	r.places.learn(guild.ID, guild.Channels.V...)
	r.places.learn(guild.ID, guild.Threads.V...)
	since, expected := r.intake.described(guild.ID, append(guild.Channels.V, guild.Threads.V...))
	for _, ch := range guild.Channels.V {
		if expected && r.places.rooms[ch.ID] != ordinary {
			r.intake.searchArchive(ch.ID, since)
		}
	}
	return nil
}

func (r *run) onChannel(data []byte) error {
	var ch wireChannel
	if err := json.Unmarshal(data, &ch); err != nil {
		return err
	}
	r.places.learn(ch.Guild.V, ch)
	return nil
}

func (r *run) onChannelGone(data []byte) error {
	var ch wireID
	if err := json.Unmarshal(data, &ch); err != nil {
		return err
	}
	r.places.forget(ch.ID)
	return nil
}

// onThreads learns of the threads that the bot has come to see.
func (r *run) onThreads(data []byte) error {
	var list struct {
		Guild   string                 `json:"guild_id"`
		Threads lenient[[]wireChannel] `json:"threads"`
	}
	if err := json.Unmarshal(data, &list); err != nil {
		return err
	}
	r.places.learn(list.Guild, list.Threads.V...)
	return nil
}

func (s *shard) onMessage(data []byte) error {
	r := s.run
	var m wireMessage
	if err := json.Unmarshal(data, &m); err != nil {
		return err
	}
	id, ok := parseSnowflake(m.ID)
	if !ok || m.Channel == "" {
		return errors.New("a message without an id or a channel")
	}
	private := m.Guild.V == ""
	it := item{channel: m.Channel, id: id}
	if _, known := r.places.room(m.Channel); !private && !known {
		// A thread whose beginning was not told: backfill looks it up first.
		if r.written(&m) != nil {
			it.unplaced = &m
		}
	} else {
		it.message = r.message(&m, private)
	}
	r.intake.live(it, private)
	s.newest = max(s.newest, id)
	return nil
}

// settle decides about what waited for the backfill of its channel: it makes the
// message of an item whose channel was not known when it came. false: it is not
// for the bot after all, or an edit older than what was fetched.
func (r *run) settle(it *item) bool {
	if it.unplaced != nil {
		it.message, it.unplaced = r.message(it.unplaced, false), nil
		return it.message != nil
	}
	if it.message.Edited {
		now, _ := r.heard.of(string(it.message.ID))
		return !now.edited.After(it.edited)
	}
	return true
}
