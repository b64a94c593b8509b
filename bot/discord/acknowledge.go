package discord

import (
	"context"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"

	"firstline/bot/backoff"
)

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
	case untouched:
		return once(func(ctx context.Context) {
			c.callback(ctx, callback, answer{Type: int(discordgo.InteractionResponseDeferredMessageUpdate)})
		})
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
		hidden:      d.manner == privately,
		since:       time.Now(),
		acked:       make(chan struct{}),
	}
	reply = c.deferred.add(reply)
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
		case attempt < 3 && e.passing() && backoff.Sleep(ctx, e.retryAfter):
			continue
		}
		c.log.Warn("discord: an interaction could not be acknowledged", "reason", e.Error())
		return false
	}
}
