package discord

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

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
	private     bool // channel is a direct conversation
	hidden      bool // only the person sees the reply: no other message can refer to it
	since       time.Time

	once  sync.Once
	acked chan struct{} // closed when Discord has been told, or could not be
	alive bool          // valid once acked is closed: the reply exists

	// Guarded by deferredReplies.mu.
	taken bool           // an answer is, or is being, written into it
	key   string         // of that answer
	id    chat.MessageID // of the reply, once it is written
}

// giveUp lets nobody wait for an acknowledgement that will not come.
func (d *deferredReply) giveUp() { d.once.Do(func() { close(d.acked) }) }

// add adds the reply to an interaction and returns it, or the one that is there:
// Discord can tell of an interaction twice.
func (r *deferredReplies) add(d *deferredReply) *deferredReply {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, other := range r.list {
		if other.interaction == d.interaction {
			return other
		}
	}
	for len(r.list) > 0 && time.Since(r.list[0].since) > tokenLife+time.Minute {
		r.list = r.list[1:]
	}
	r.list = append(r.list, d)
	return d
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

// message returns the message that the reply to interaction has become, "" when
// only one person sees it; known is false when this process does not know.
func (r *deferredReplies) message(interaction string) (id chat.MessageID, known bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, d := range r.list {
		if d.interaction == interaction && d.id != "" {
			if d.hidden {
				return "", true
			}
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
