package rooms

import (
	"context"
	"errors"

	"firstline/bot/chat"
	"firstline/bot/inbox"
	"firstline/bot/outbox"
	"firstline/handoff"
)

// errEarly is a reply to a message that we are only just hearing to have sent.
var errEarly = errors.New("it replies to a message whose delivery is not recorded yet")

// patience is how many attempts wait for such a record.
const patience = 5

// Handle implements inbox.Handler for messages of staff rooms.
func (r *Rooms) Handle(ctx context.Context, item inbox.Item) error {
	return r.store.Update(ctx, func(tx handoff.Tx) error {
		if room := r.room(item.Message.Conversation.Network); room != nil {
			t := &turn{r: r, tx: tx, room: room, m: item.Message, attempt: item.Attempt}
			if err := t.take(); err != nil {
				return err
			}
		}
		return tx.FinishMessage(item.ID, item.Attempt)
	})
}

// turn is the handling of one message within its transaction.
type turn struct {
	r       *Rooms
	tx      handoff.Tx
	room    *Room
	m       *chat.Message
	attempt int
}

func (t *turn) take() error {
	in, err := t.read()
	if err != nil || in.do == nothing {
		return err
	}
	by, err := t.by(in)
	if errors.Is(err, handoff.ErrForbidden) {
		t.r.log.Warn("refused: not staff", "network", t.m.Conversation.Network, "account", t.m.From.ID, "action", in.do)
		return t.r.desk.Refused(t.tx, t.m.Conversation.Network, t.m.From.ID, in.ticket)
	}
	if err != nil {
		return err
	}
	a, err := t.perform(in, by)
	if text := t.excuse(in, by, err); text != "" {
		a, err = answer{text: text}, nil
	}
	if err != nil || a.text == "" {
		return err
	}
	return t.say(in.ticket, a)
}

// answer is what the room is told; nothing when text is "".
type answer struct {
	text    string
	choices []chat.Choice
}

// say answers the message where it was written.
func (t *turn) say(ticket handoff.TicketID, a answer) error {
	_, err := t.r.desk.Put(t.tx, outbox.Delivery{
		Key: "room/" + t.m.Conversation.String() + "/" + t.m.Event, To: t.m.Conversation, Op: outbox.OpSend,
		Thread: talkOf(t.room, ticket), Ticket: int64(ticket), Class: outbox.ClassNotice,
		Out: chat.Outbound{Body: chat.Plain(a.text), Choices: a.choices, ReplyTo: t.m.ID},
	})
	return err
}

// talkOf is the outbox.Delivery.Thread of all that a room is sent about a ticket.
func talkOf(room *Room, ticket handoff.TicketID) string {
	return "room " + room.At.String() + " #" + ticket.String()
}
