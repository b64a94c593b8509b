package handoff

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"firstline/bot/chat"
)

// Card is how far a staff room shows a ticket (see package rooms).
type Card struct {
	Room   chat.ConversationID
	Ticket TicketID
	// Place is where the ticket's talk goes: the room itself, or what was opened
	// beneath it. The zero value: it is not open yet.
	Place chat.ConversationID
	// Made counts how often the card was made: again when it was deleted, or when
	// making it failed. MadeAt is when it was made last; zero: there is none.
	Made   int
	MadeAt time.Time
	// From is the id of the newest entry or note that the card was made with; later
	// ones follow it as messages.
	From string
	// Shown is a hash of what it reads, and Edits counts how often that changed.
	Shown string
	Edits int
	// Problem is why the room can't show it, in plain words; "" when it can.
	Problem string
	// Due is when it is looked at again, though nobody saved the ticket; zero: never.
	Due time.Time
}

// StaffChoice begins the chat.Choice.Data of buttons that are for staff.
const StaffChoice = "st:"

// StaffAccount returns, within the caller's transaction, the agent that an account
// on a network is, and makes one for an account that is new. The caller has made
// sure that it belongs to staff. as names the agent, "" leaves it to the account: the
// one it was before, or a new one named after it. ErrForbidden when that agent is
// disabled.
func (d *Desk) StaffAccount(tx Tx, network chat.Network, who chat.Person, as AgentID) (AgentID, error) {
	id := as
	if id == "" {
		known, err := tx.Account(network, who.ID)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return "", err
		}
		id = known
	}
	if id == "" {
		var err error
		if id, err = d.newStaff(tx, network, who); err != nil {
			return "", err
		}
		return id, tx.SaveAccount(network, who.ID, id)
	}
	_, err := tx.Agent(id)
	if errors.Is(err, ErrNotFound) {
		err = d.addAgent(tx, "", id, RoleAgent)
	}
	if err != nil {
		return "", err
	}
	_, err = authorise(tx, id, RoleAgent)
	return id, err
}

// newStaff makes an agent for an account. A name that is taken is somebody else's:
// nobody becomes another agent by calling themselves like one.
func (d *Desk) newStaff(tx Tx, network chat.Network, who chat.Person) (AgentID, error) {
	name := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		case r == ' ', r == '.', r == '_', r == '-':
			return '-'
		}
		return -1
	}, who.Name)
	if name = strings.Trim(name, "-"); len(name) > 24 {
		name = name[:24]
	}
	byAccount := string(network) + "-" + who.ID
	for _, candidate := range []string{name, name + "-2", name + "-3", byAccount} {
		id, err := ParseAgentID(candidate)
		if err != nil {
			continue
		}
		_, err = tx.Agent(id)
		if errors.Is(err, ErrNotFound) {
			return id, d.addAgent(tx, "", id, RoleAgent)
		}
		if err != nil {
			return "", err
		}
	}
	return "", fmt.Errorf("no name is free for the account %s on %s", who.ID, network)
}

// Refused notes within the caller's transaction that an account that is no staff
// tried what only staff may do. ticket is 0 when it named none.
func (d *Desk) Refused(tx Tx, network chat.Network, account string, ticket TicketID) error {
	if ticket != 0 {
		if _, err := tx.Ticket(ticket); err != nil {
			ticket = 0
		}
	}
	return d.log(tx, "", "refused", ticket, string(network)+" account "+Cut(account, 64))
}

// RoomProblem is a staff room that can't show tickets.
type RoomProblem struct {
	Room    chat.ConversationID
	Problem string // in plain words
}

// RoomProblems returns the rooms whose newest trouble is not over.
func (d *Desk) RoomProblems(ctx context.Context) (found []RoomProblem, err error) {
	err = d.store.View(ctx, func(tx Tx) error {
		found, err = tx.RoomProblems()
		return err
	})
	return found, err
}
