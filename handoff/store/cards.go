package store

import (
	"errors"
	"time"

	"firstline/bot/chat"
	"firstline/handoff"
)

const cardColumns = "network, room, ticket, place, made, made_at, from_id, shown, edits, problem, due"

var upsertCard = "INSERT INTO cards (" + cardColumns + ") VALUES (" + params(11) + `)
ON CONFLICT (network, room, ticket) DO UPDATE SET (` + cardColumns + ") = (" + params(11) + ")"

const (
	selectCard   = "SELECT " + cardColumns + " FROM cards WHERE network = $1 AND room = $2 AND ticket = $3"
	selectCardAt = "SELECT " + cardColumns + " FROM cards WHERE network = $1 AND place = $2 AND place <> '' ORDER BY ticket DESC LIMIT 1"
	selectDue    = "SELECT ticket FROM cards WHERE network = $1 AND room = $2 AND due > 0 AND due <= $3 ORDER BY due, ticket LIMIT $4"
	selectNoCard = `SELECT id FROM tickets WHERE state IN ('open', 'claimed')
AND NOT EXISTS (SELECT 1 FROM cards WHERE network = $1 AND room = $2 AND ticket = tickets.id) ORDER BY id LIMIT $3`
	markCards     = "UPDATE cards SET due = 1 WHERE ticket = $1"
	selectTrouble = "SELECT network, room, MIN(problem) FROM cards WHERE problem <> '' GROUP BY network, room"
)

func readCard(scan scan) (*handoff.Card, error) {
	var c handoff.Card
	err := scan(&c.Room.Network, &c.Room.ID, &c.Ticket, &c.Place.ID, &c.Made, timeAt{&c.MadeAt}, &c.From,
		&c.Shown, &c.Edits, &c.Problem, timeAt{&c.Due})
	if c.Place.ID != "" {
		c.Place.Network = c.Room.Network
	}
	return &c, err
}

func (t *tx) oneCard(text string, args ...any) (*handoff.Card, error) {
	return first(list(t, text, args, readCard))
}

// Card implements handoff.Tx.
func (t *tx) Card(room chat.ConversationID, ticket handoff.TicketID) (*handoff.Card, error) {
	return t.oneCard(selectCard, room.Network, room.ID, ticket)
}

// CardAt implements handoff.Tx.
func (t *tx) CardAt(place chat.ConversationID) (*handoff.Card, error) {
	return t.oneCard(selectCardAt, place.Network, place.ID)
}

// SaveCard implements handoff.Tx.
func (t *tx) SaveCard(c *handoff.Card) error {
	if c.Room.Network == "" || c.Room.ID == "" || c.Ticket == 0 {
		return errors.New("a card lacks its room or ticket")
	}
	_, err := t.exec(upsertCard, c.Room.Network, c.Room.ID, c.Ticket, c.Place.ID, c.Made, c.MadeAt, c.From,
		c.Shown, c.Edits, c.Problem, c.Due)
	return err
}

// CardsDue implements handoff.Tx.
func (t *tx) CardsDue(room chat.ConversationID, now time.Time, limit int) ([]handoff.TicketID, error) {
	due, err := list(t, selectDue, []any{room.Network, room.ID, now, max(limit, 0)}, readTicketID)
	if err != nil {
		return nil, err
	}
	missing, err := list(t, selectNoCard, []any{room.Network, room.ID, max(limit-len(due), 0)}, readTicketID)
	return append(due, missing...), err
}

func readTicketID(scan scan) (id handoff.TicketID, err error) {
	err = scan(&id)
	return id, err
}

// RoomProblems implements handoff.Tx.
func (t *tx) RoomProblems() ([]handoff.RoomProblem, error) {
	return list(t, selectTrouble, nil, func(scan scan) (p handoff.RoomProblem, err error) {
		err = scan(&p.Room.Network, &p.Room.ID, &p.Problem)
		return p, err
	})
}

// EndRoomProblems implements handoff.Tx.
func (t *tx) EndRoomProblems(room chat.ConversationID) error {
	_, err := t.exec("UPDATE cards SET problem = '' WHERE network = $1 AND room = $2 AND problem <> ''", room.Network, room.ID)
	t.touch(Desk)
	return err
}

// Account implements handoff.Tx.
func (t *tx) Account(network chat.Network, account string) (id handoff.AgentID, err error) {
	err = t.one("SELECT agent FROM accounts WHERE network = $1 AND account = $2", []any{network, account}, &id)
	return id, err
}

// SaveAccount implements handoff.Tx.
func (t *tx) SaveAccount(network chat.Network, account string, agent handoff.AgentID) error {
	if network == "" || account == "" {
		return errors.New("an account lacks its network or id")
	}
	if _, err := t.Agent(agent); err != nil {
		return err
	}
	_, err := t.exec(`INSERT INTO accounts (network, account, agent) VALUES ($1, $2, $3)
ON CONFLICT (network, account) DO UPDATE SET agent = $3`, network, account, agent)
	return err
}
