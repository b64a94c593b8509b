package rooms

import (
	"errors"
	"fmt"
	"strings"

	"firstline/bot/chat"
	"firstline/handoff"
	"firstline/handoff/words"
)

// errNoTicket, errFiles, errNoteStays are what a room can't do.
var (
	errNoTicket  = errors.New("which ticket? Reply to its card, or name it: /%s #12")
	errFiles     = errors.New("files can't be sent from here. Nothing was sent: write it in words, or use the desk")
	errNoteStays = errors.New("a note stays as it was written. Write another one")
)

// perform does what the agent wants, and says what the room is told. An error that
// excuse knows has changed nothing.
func (t *turn) perform(in intent, by handoff.AgentID) (answer, error) {
	acts := t.r.desk.Within(t.tx, by)
	var err error
	done := ""
	switch in.do {
	case tickets:
		return t.list(acts)
	case help:
		return answer{text: usage(t.room)}, nil
	}
	if in.ticket == 0 {
		return answer{}, errNoTicket
	}
	switch in.do {
	case claim:
		_, err = acts.Claim(in.ticket)
		done = "#%d is yours."
	case release:
		_, err = acts.Release(in.ticket)
		done = "#%d waits in the queue again."
	case solve:
		_, err = acts.Solve(in.ticket)
		done = "#%d is solved."
	case reopen:
		_, err = acts.Reopen(in.ticket)
		done = "#%d waits in the queue again."
	case transfer:
		if in.text == "" {
			return t.offer(in.ticket, by)
		}
		to, bad := handoff.ParseAgentID(strings.TrimPrefix(in.text, "@"))
		if err = handoff.ErrNoAgent; bad == nil {
			_, err = acts.Transfer(in.ticket, to)
		}
		done = "#%d is " + string(to) + "’s now."
	default:
		err = t.write(in, acts)
	}
	if err != nil || done == "" || t.m.Choice != "" { // the card shows what a button did
		return answer{}, err
	}
	return answer{text: fmt.Sprintf(done, in.ticket)}, nil
}

// write stores a reply or a note, or changes a reply.
func (t *turn) write(in intent, acts handoff.Acts) error {
	w := handoff.Written{
		Key: t.m.Conversation.String() + "#" + string(t.m.ID), Text: in.text, In: t.m.Conversation, Message: t.m.ID,
	}
	var err error
	switch {
	case len(t.m.Redacted) > 0 && !t.m.Deleted:
		return handoff.ErrSecret
	case len(t.m.Attachments) > 0 && in.do != edit:
		return errFiles
	case in.do == reply:
		_, err = acts.Reply(in.ticket, w)
	case in.do == note:
		_, err = acts.Note(in.ticket, w)
	case in.entry == nil:
		return errNoteStays
	case in.do == edit:
		_, err = acts.EditReply(in.ticket, in.entry.ID, t.m.Event, in.text)
	case in.do == unsend:
		_, err = acts.DeleteReply(in.ticket, in.entry.ID)
	}
	return err
}

// excuse words why the agent's wish was not done; "" when err is of another kind.
func (t *turn) excuse(in intent, by handoff.AgentID, err error) string {
	var why string
	switch {
	case err == nil:
		return ""
	case errors.Is(err, errNoTicket) && (in.do == reply || in.do == note) && t.m.Command == chat.CommandNone:
		return "Not sent: that message is about no ticket. Reply to a card."
	case errors.Is(err, errNoTicket):
		return fmt.Sprintf(errNoTicket.Error(), in.do)
	case errors.Is(err, errFiles), errors.Is(err, errNoteStays):
		why = err.Error()
	case errors.Is(err, handoff.ErrTaken):
		why = t.holder(in.ticket) + " holds it"
	case errors.Is(err, handoff.ErrSolved):
		why = "it is solved; /reopen it first"
	case errors.Is(err, handoff.ErrNotFound):
		why = "there is no such ticket or message"
	default:
		for _, known := range []error{
			handoff.ErrEmpty, handoff.ErrTooLong, handoff.ErrSecret, handoff.ErrNoAgent, handoff.ErrForbidden,
			handoff.ErrNoEdit, handoff.ErrNoDelete, handoff.ErrEditLong, handoff.ErrDeleted,
		} {
			if errors.Is(err, known) {
				why = known.Error()
			}
		}
	}
	if why == "" {
		return ""
	}
	what := map[verb]string{
		reply: "Not sent", note: "Not noted", edit: "Not changed at the asker’s", unsend: "Not taken back from the asker",
	}[in.do]
	if what == "" {
		what = "Not done"
	}
	return fmt.Sprintf("%s, %s (#%d): %s.", what, by, in.ticket, why)
}

// holder names who holds a ticket.
func (t *turn) holder(id handoff.TicketID) string {
	k, err := t.tx.Ticket(id)
	if err != nil || k.ClaimedBy == "" {
		return "another agent"
	}
	return string(k.ClaimedBy)
}

// mostOffered is how many agents a transfer offers as buttons; others are named.
const mostOffered = 10

// offer asks to whom a ticket is to go.
func (t *turn) offer(id handoff.TicketID, by handoff.AgentID) (answer, error) {
	agents, err := t.tx.Agents()
	if err != nil {
		return answer{}, err
	}
	a := answer{text: fmt.Sprintf("To whom does #%d go?", id)}
	for _, other := range agents {
		if other.Disabled || other.ID == by || len(a.choices) == mostOffered {
			continue
		}
		a.choices = append(a.choices, chat.Choice{Label: string(other.ID), Data: choiceData(transfer, id, other.ID)})
	}
	if len(a.choices) == 0 {
		return answer{text: "There is no other agent."}, nil
	}
	return a, nil
}

// listed is how many tickets /tickets shows.
const listed = 10

// list shows what waits.
func (t *turn) list(acts handoff.Acts) (answer, error) {
	lines, err := acts.Queue(handoff.Filter{States: []handoff.TicketState{handoff.Open}, Max: listed + 1})
	if err != nil {
		return answer{}, err
	}
	if len(lines) == 0 {
		return answer{text: "Nobody waits."}, nil
	}
	var b strings.Builder
	for i, l := range lines {
		if i == listed {
			b.WriteString("… and more")
			break
		}
		fmt.Fprintf(&b, "#%d · %s · %s · %s\n", l.ID, since(t.r.now(), l.QueuedAt), words.Reason(l.Reason), l.Question)
	}
	return answer{text: strings.TrimSpace(b.String())}, nil
}

// usage says how the room works.
func usage(room *Room) string {
	where := "Reply to a card"
	if room.Threads != Flat {
		where = "Write in a ticket’s thread"
	}
	return where + " and the asker gets it; edit or delete what you wrote and theirs changes, too, where their network can. " +
		"Begin with ! for a note that only staff see.\n\n" +
		"/tickets – who waits\n/claim – hold the ticket\n/release – put it back\n/transfer NAME – give it to a colleague\n" +
		"/note TEXT – as ! does\n/solve – end it\n/reopen – take it up again\n\n" +
		"Outside of a ticket, name it: /claim #12."
}
