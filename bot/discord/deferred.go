package discord

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"

	"firstline/bot/chat"
)

// A command is acknowledged with a deferred reply: "… is thinking" under the
// line "… used /ask", which shows everybody what the answer belongs to. The
// answer comes by the outbox, whenever it may be; Send writes it into that
// reply if it can, and sends an ordinary message otherwise (after a restart,
// or when the interaction's token has ended).
//
// The reply to a private command is for one person's eyes. What follows it, an
// agent's words hours later, must not be public either: such a conversation is
// the person's direct one from the start, only its first answer stands in the
// server.

// tokenLife is how long a deferred reply can be written. Discord's 15 minutes,
// less some for the request.
const tokenLife = 14 * time.Minute

// deferredReplies are those of the last 15 minutes. They are in memory only:
// nothing is lost with them but the place of an answer.
type deferredReplies struct {
	mu   sync.Mutex
	list []*deferredReply // oldest first
}

// deferredReply is the reply to one command.
type deferredReply struct {
	interaction string
	address     string // of the reply; it holds a secret
	channel     string
	private     bool
	since       time.Time

	once  sync.Once
	acked chan struct{} // closed when Discord has been told, or could not be
	alive bool          // valid once acked is closed: the reply exists

	// Guarded by deferredReplies.mu.
	taken bool           // an answer is, or is being, written into it
	key   string         // of that answer
	id    chat.MessageID // of the reply, once it is written
}

// acknowledgement of an interaction. It happens once, or is given up: then
// Discord shows the person that the interaction failed.
type acknowledgement struct {
	do     func(context.Context)
	giveUp func()
}

// acknowledger returns the acknowledgement of in, which means d. What is sent to
// channel can be written into the reply to it from now on, if there is one.
func (c *Channel) acknowledger(in *wireInteraction, d deed, channel string) acknowledgement {
	callback := discordgo.EndpointInteractionResponse(in.ID, in.Token)
	original := discordgo.EndpointInteractionResponseActions(in.Application, in.Token)
	once := func(do func(context.Context)) acknowledgement {
		var once sync.Once
		return acknowledgement{
			do:     func(ctx context.Context) { once.Do(func() { do(ctx) }) },
			giveUp: func() { once.Do(func() {}) },
		}
	}
	switch d.manner {
	case disabling:
		return once(func(ctx context.Context) { c.disable(ctx, callback, in) })
	case silently:
		return once(func(ctx context.Context) {
			if c.callback(ctx, callback, deferral(true)) {
				c.remove(ctx, original)
			}
		})
	}
	reply := &deferredReply{
		interaction: in.ID,
		address:     original,
		channel:     channel,
		private:     d.message.Private,
		since:       time.Now(),
		acked:       make(chan struct{}),
	}
	c.deferred.add(reply)
	return acknowledgement{
		do: func(ctx context.Context) {
			reply.once.Do(func() {
				defer close(reply.acked)
				reply.alive = c.callback(ctx, callback, deferral(d.manner == privately))
			})
			if d.message.Choice != "" {
				c.disableReply(ctx, in)
			}
		},
		giveUp: reply.giveUp,
	}
}

// deferral is "… is thinking", for all to see or for the person only.
func deferral(private bool) answer {
	a := answer{Type: int(discordgo.InteractionResponseDeferredChannelMessageWithSource)}
	if private {
		a.Data = map[string]int{"flags": flagEphemeral}
	}
	return a
}

// remove removes the reply to an interaction.
func (c *Channel) remove(ctx context.Context, address string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.timing.ackTimeout)
	defer cancel()
	if err := c.rest.callUnlimited(ctx, "DELETE", address, nil, nil); err != nil {
		c.log.Debug("discord: an unused reply could not be removed", "reason", err.Error())
	}
}

// giveUp lets nobody wait for an acknowledgement that will not come.
func (d *deferredReply) giveUp() { d.once.Do(func() { close(d.acked) }) }

// callback answers an interaction and reports whether Discord accepted it.
func (c *Channel) callback(ctx context.Context, address string, body any) bool {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.timing.ackTimeout)
	defer cancel()
	for attempt := 1; ; attempt++ {
		err := c.rest.callUnlimited(ctx, "POST", address, body, nil)
		e := asAPIError(err)
		const alreadyAcknowledged = 40060
		switch {
		case err == nil || e.code == alreadyAcknowledged:
			return true
		case attempt < 3 && e.passing() && ctx.Err() == nil:
			continue
		}
		c.log.Warn("discord: an interaction could not be acknowledged", "reason", e.Error())
		return false
	}
}

func (r *deferredReplies) add(d *deferredReply) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for len(r.list) > 0 && time.Since(r.list[0].since) > tokenLife+time.Minute {
		r.list = r.list[1:]
	}
	r.list = append(r.list, d)
}

// claim returns the reply that out, going to channel, is to be written into,
// or nil. In a server it is the one that out replies to; in a direct
// conversation, the oldest without an answer. The same answer gets the same
// reply again, so that writing it can be repeated.
func (r *deferredReplies) claim(channel string, out *chat.Outbound) *deferredReply {
	interaction := interactionOf(out.ReplyTo)
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, d := range r.list {
		if d.channel != channel || time.Since(d.since) > tokenLife {
			continue
		}
		if d.interaction != interaction && (!d.private || out.ReplyTo != "") {
			continue
		}
		if d.taken && (out.Key == "" || d.key != out.Key) {
			continue
		}
		d.taken, d.key = true, out.Key
		return d
	}
	return nil
}

// forget drops a reply that can't be written any more.
func (r *deferredReplies) forget(d *deferredReply) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.list = slices.DeleteFunc(r.list, func(one *deferredReply) bool { return one == d })
}

// giveUp ends the wait for acknowledgements at the end of Run.
func (r *deferredReplies) giveUp() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, d := range r.list {
		d.giveUp()
	}
}

// written notes the message that a reply has become.
func (r *deferredReplies) written(d *deferredReply, id chat.MessageID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	d.id = id
}

// message returns the message that the reply to interaction has become; known
// is false when this process does not know.
func (r *deferredReplies) message(interaction string) (id chat.MessageID, known bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, d := range r.list {
		if d.interaction == interaction && d.id != "" {
			return d.id, true
		}
	}
	return "", false
}

// addressOf returns where the message id, which a reply in channel ("": anywhere)
// has become, can be changed as long as its token lives; "" for all others.
func (r *deferredReplies) addressOf(channel string, id chat.MessageID) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, d := range r.list {
		if (channel == "" || d.channel == channel) && d.id == id && id != "" && time.Since(d.since) < tokenLife {
			return d.address
		}
	}
	return ""
}

// interactionOf returns the interaction that a ReplyTo names, or "".
func interactionOf(replyTo chat.MessageID) string {
	id, ok := strings.CutPrefix(string(replyTo), interactionEvent)
	if !ok {
		return ""
	}
	return id
}

// removeSpinners removes replies that no answer was written into: the bot is
// silent while a person holds the ticket.
func (c *Channel) removeSpinners(ctx context.Context) {
	for _, d := range c.deferred.idle(c.timing.spinner) {
		if d.alive {
			c.remove(ctx, d.address)
		}
	}
}

// idle takes the acknowledged replies that have had no answer for longer than d.
func (r *deferredReplies) idle(d time.Duration) []*deferredReply {
	r.mu.Lock()
	defer r.mu.Unlock()
	var idle []*deferredReply
	for _, one := range r.list {
		if one.taken || time.Since(one.since) <= d {
			continue
		}
		select {
		case <-one.acked:
			one.taken = true
			idle = append(idle, one)
		default:
		}
	}
	return idle
}
