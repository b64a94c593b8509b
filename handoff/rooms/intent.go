package rooms

import (
	"errors"
	"strconv"
	"strings"

	"firstline/bot/chat"
	"firstline/handoff"
)

// verb is what staff want. Those of buttons are in their data, as they stand here.
type verb string

const (
	nothing  verb = ""
	claim    verb = "claim"
	release  verb = "release"
	solve    verb = "solve"
	reopen   verb = "reopen"
	transfer verb = "transfer"
	reply    verb = "reply"
	note     verb = "note"
	edit     verb = "edit"   // a reply of theirs, by editing the message
	unsend   verb = "unsend" // a reply of theirs, by deleting the message
	tickets  verb = "tickets"
	help     verb = "help"
)

// intent is what a message in a room asks for.
type intent struct {
	do     verb
	ticket handoff.TicketID // 0: it names none
	text   string
	entry  *handoff.Entry // for edit and unsend
}

// noteMarks begin a message that is a note.
var noteMarks = []string{"!", "！"}

// read says what the message asks for: nothing, when people only talk.
func (t *turn) read() (intent, error) {
	m := t.m
	switch {
	case m.Choice != "":
		return parseChoice(m.Choice), nil
	case m.Deleted:
		return t.readChange(unsend)
	}
	about, toUs, err := t.about()
	if err != nil {
		return intent{}, err
	}
	if m.Command != chat.CommandNone {
		return parseCommand(m.Command, m.Text, about), nil
	}
	if m.Edited {
		in, err := t.readChange(edit)
		if err != nil || in.do != nothing {
			return in, err
		}
		// What was refused before is written anew.
	}
	if about == 0 && !toUs {
		return intent{}, nil
	}
	for _, mark := range noteMarks {
		if text, ok := strings.CutPrefix(m.Text, mark); ok {
			return intent{do: note, ticket: about, text: text}, nil
		}
	}
	return intent{do: reply, ticket: about, text: m.Text}, nil
}

// readChange returns the intent of a message that was edited or deleted, when it
// was a reply to an asker, or a note.
func (t *turn) readChange(do verb) (intent, error) {
	e, err := t.tx.EntryOf(t.m.Conversation, t.m.ID)
	if err == nil && e.Kind == handoff.ByAgent {
		return intent{do: do, ticket: e.Ticket, text: t.m.Text, entry: e}, nil
	}
	n, err2 := t.tx.NoteOf(t.m.Conversation, t.m.ID)
	if err2 == nil && do == edit {
		return intent{do: edit, ticket: n.Ticket}, nil
	}
	return intent{}, errors.Join(handoff.IgnoreNotFound(err), handoff.IgnoreNotFound(err2))
}

// about returns the ticket that the message is about by where it stands: what it
// replies to, or the topic or thread it is in. 0: none. toUs reports that it replies
// to a message of ours.
func (t *turn) about() (id handoff.TicketID, toUs bool, err error) {
	m := t.m
	if m.ReplyTo != "" {
		id, toUs, err = t.repliesTo()
		if err != nil || id != 0 {
			return id, toUs, err
		}
	}
	if m.Conversation == t.room.At {
		return 0, toUs, nil
	}
	c, err := t.tx.CardAt(m.Conversation)
	if err != nil {
		return 0, toUs, handoff.IgnoreNotFound(err)
	}
	return c.Ticket, toUs, nil
}

// repliesTo returns the ticket of the message that this one replies to.
func (t *turn) repliesTo() (id handoff.TicketID, ours bool, err error) {
	in, to := t.m.Conversation, t.m.ReplyTo
	d, err := t.tx.SentAs(in, to)
	if err == nil {
		return handoff.TicketID(d.Ticket), true, nil
	}
	if handoff.IgnoreNotFound(err) != nil {
		return 0, false, err
	}
	e, err := t.tx.EntryOf(in, to)
	if err == nil {
		return e.Ticket, false, nil
	}
	if handoff.IgnoreNotFound(err) != nil {
		return 0, false, err
	}
	n, err := t.tx.NoteOf(in, to)
	if err == nil {
		return n.Ticket, false, nil
	}
	if handoff.IgnoreNotFound(err) != nil {
		return 0, false, err
	}
	sending, err := t.tx.Sending(in)
	if sending && err == nil && t.attempt <= patience {
		err = errEarly
	}
	return 0, false, err
}

// parseChoice reads a button's data: "st:<verb>:<ticket>", and a name behind it
// for transfer. It is input from strangers.
func parseChoice(data string) intent {
	rest, ok := strings.CutPrefix(data, handoff.StaffChoice)
	if !ok {
		return intent{}
	}
	word, rest, _ := strings.Cut(rest, ":")
	number, name, _ := strings.Cut(rest, ":")
	in := intent{do: verb(word), ticket: parseTicket(number), text: name}
	switch in.do {
	case claim, release, solve, reopen, transfer:
		if in.ticket != 0 {
			return in
		}
	}
	return intent{}
}

// choiceData is what parseChoice reads.
func choiceData(do verb, id handoff.TicketID, name handoff.AgentID) string {
	data := handoff.StaffChoice + string(do) + ":" + id.String()
	if name != "" {
		data += ":" + string(name)
	}
	return data
}

// parseCommand reads a command; about is the ticket that it is about when it names
// none. A number needs its "#" where text may follow; a note that is about a ticket
// already may begin with the number of another.
func parseCommand(c chat.Command, text string, about handoff.TicketID) intent {
	do := map[chat.Command]verb{
		chat.CommandTickets: tickets, chat.CommandClaim: claim, chat.CommandRelease: release, chat.CommandSolve: solve,
		chat.CommandReopen: reopen, chat.CommandNote: note, chat.CommandTransfer: transfer, chat.CommandHelp: help,
	}[c]
	in := intent{do: do, ticket: about, text: strings.TrimSpace(text)}
	if do == note && about != 0 {
		return in
	}
	first, rest, _ := strings.Cut(strings.TrimSpace(text), " ")
	number, marked := strings.CutPrefix(first, "#")
	if id := parseTicket(number); id != 0 && (marked || rest == "" && do != note && do != transfer) {
		in.ticket, in.text = id, strings.TrimSpace(rest)
	}
	return in
}

func parseTicket(s string) handoff.TicketID {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n <= 0 {
		return 0
	}
	return handoff.TicketID(n)
}
