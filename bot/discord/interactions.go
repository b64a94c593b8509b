package discord

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"firstline/bot/chat"
)

// deed is what an interaction means.
type deed struct {
	message *chat.Message // nil: nothing for the Receiver
	answer  any           // the whole answer to Discord, when there is no message
	manner  manner        // how the message is acknowledged
	private bool          // only the person sees the reply: what follows goes on in their direct messages
}

// manner is how Discord is told that an interaction arrived.
type manner int

const (
	publicly  manner = iota // "… is thinking", for all to see
	privately               // the same, for the person only
	silently                // privately, and removed at once: the answer comes as a message
	disabling               // the buttons of the message are switched off
	untouched               // the message stays as it is
)

// onInteraction handles a command, a button or a filled form.
func (r *run) onInteraction(ctx context.Context, data []byte) error {
	var in wireInteraction
	if err := json.Unmarshal(data, &in); err != nil {
		return err
	}
	d := r.understand(&in)
	switch {
	case d.answer != nil:
		r.acks.Go(func() { r.c.respond(ctx, &in, d.answer) })
	case d.message != nil && d.private:
		if dm := r.places.dm(d.message.From.ID); dm != "" {
			r.admit(ctx, &in, d, dm)
			break
		}
		r.acks.Go(func() {
			// Its channel is what the conversation will be known by.
			opening, cancel := context.WithTimeout(ctx, r.c.timing.ackTimeout)
			defer cancel()
			dm, err := r.c.openDM(opening, d.message.From.ID)
			if err != nil { // not acknowledged: Discord shows that it failed
				r.c.log.Warn("discord: a private question can't be taken", "person", d.message.From.ID, "reason", err.Error())
				return
			}
			r.admit(ctx, &in, d, dm)
		})
	case d.message != nil:
		r.admit(ctx, &in, d, in.Channel)
	}
	return nil
}

// admit queues the message of an interaction, whose replies go to channel.
func (r *run) admit(ctx context.Context, in *wireInteraction, d deed, channel string) {
	m := d.message
	if d.private {
		m.Conversation, m.Private = conversation(channel), true
		ordinary.mark(m, nil)
	}
	ack := r.c.acknowledger(in, d, channel)
	if !r.intake.live(item{message: m, channel: channel, ack: ack.do}, m.Private) {
		ack.giveUp()
		return
	}
	// Acknowledged when it is stored, so that a crash before shows; but a slow
	// database must not make Discord take it for failed.
	time.AfterFunc(r.c.timing.ackWithin, func() {
		if ctx.Err() == nil {
			ack.do(ctx)
		}
	})
}

// understand returns what a person did; the zero deed when it is nothing that
// the bot offers.
func (r *run) understand(in *wireInteraction) deed {
	user := in.User.V
	if user.ID == "" {
		user = in.Member.V.User
	}
	n, ok := parseSnowflake(in.ID)
	if !ok || user.ID == "" || in.Channel == "" || in.Token == "" {
		return deed{}
	}
	guild := in.Guild.V != ""
	where := ordinary
	if guild {
		var known bool
		if where, known = r.places.room(in.Channel); !known && in.Place.V.ID == in.Channel {
			r.places.learn(in.Guild.V, in.Place.V)
			where, _ = r.places.room(in.Channel)
		}
	}
	m := &chat.Message{
		Event:        interactionEvent + in.ID,
		ID:           chat.MessageID(interactionEvent + in.ID),
		Conversation: conversation(in.Channel),
		From:         user.person(in.Locale.V),
		Private:      !guild,
		Addressed:    true,
		SentAt:       n.time(),
	}
	where.mark(m, in.Member.V.Roles.V)
	data := in.Data.V
	switch {
	case in.Type == interactionComponent && data.ComponentType.V == componentButton && data.CustomID.V != "":
		m.ID = chat.MessageID(in.Message.V.ID)
		m.Choice = clean(data.CustomID.V)
		if m.StaffRoom {
			// Whether they may is not known here, and who may not must not switch
			// the buttons off for those who may.
			return deed{message: m, manner: untouched}
		}
		if guild && in.Message.V.Flags.V&flagEphemeral != 0 {
			return deed{message: m, private: true, manner: privately}
		}
		return deed{message: m, manner: disabling}
	case in.Type == interactionForm && strings.HasPrefix(data.CustomID.V, formID):
		m.Command = chat.CommandHuman
		m.Text = strings.TrimSpace(clean(formText(data.Components.V)))
		return visible(m, guild && strings.HasSuffix(data.CustomID.V, formPrivate))
	case in.Type == interactionCommand && data.Type.V == menuCommand:
		return r.menu(in, m)
	case in.Type == interactionCommand && slices.Contains(chat.StaffCommands, chat.Command(data.Name.V)):
		return forStaff(in, m)
	case in.Type == interactionCommand && known(chat.Command(data.Name.V)):
		m.Command = chat.Command(data.Name.V)
		private := false
		for _, o := range data.Options.V {
			switch v := o.Value.V.(type) {
			case string:
				m.Text = strings.TrimSpace(m.Text + " " + clean(v))
			case bool:
				private = private || (v && o.Name == optionPrivate)
			}
		}
		private = private && guild
		if m.Command == chat.CommandHuman {
			if form := r.c.form(in.Locale.V, private); form != nil {
				return deed{answer: form}
			}
		}
		return visible(m, private)
	}
	return deed{}
}

func visible(m *chat.Message, private bool) deed {
	if private {
		return deed{message: m, private: true, manner: privately}
	}
	return deed{message: m, manner: publicly}
}

// menu handles the commands in the menu of a message. The answer comes as a
// reply to that message.
func (r *run) menu(in *wireInteraction, m *chat.Message) deed {
	data := in.Data.V
	target, ok := data.Resolved.V.Messages.V[data.Target.V]
	if !ok || target.ID == "" {
		return deed{}
	}
	target.Channel = in.Channel
	texts := r.c.texts
	asked := r.written(&target)
	if asked == nil {
		return deed{answer: privateText(textFor(texts.OnlyPeople, in.Locale.V), "That is not a message of a person.")}
	}
	m.ID, m.Text, m.ReplyTo, m.Attachments = asked.ID, asked.Text, asked.ReplyTo, asked.Attachments
	switch data.Name.V {
	case cut(texts.AnswerThis[""], maxName):
		m.Command = chat.CommandAsk
	case cut(texts.SendToSupport[""], maxName):
		if m.From.ID != asked.From.ID && !mayModerate(in.Member.V.Permissions.V) {
			r.c.log.Warn("discord: somebody tried to send another person's message to support", "person", m.From.ID, "channel", in.Channel)
			return deed{answer: privateText(textFor(texts.OnlyAuthor, in.Locale.V), "Only its author or a moderator can send this message to support.")}
		}
		m.Command = chat.CommandHuman
		if m.From.ID != asked.From.ID {
			m.From, m.Roles = asked.From, nil // what is known are the moderator's
		}
	default:
		return deed{}
	}
	return deed{message: m, manner: silently}
}

// mayModerate reports whether a person with these permissions in a channel may
// manage the messages of others.
func mayModerate(permissions string) bool {
	return bits(permissions)&(permAdministrator|permManageMessages) != 0
}
