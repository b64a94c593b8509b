// Package rooms puts the desk where staff already are: in a group on Telegram, in a
// channel on Discord. Each unsolved ticket has a card there, which is kept in step
// with it; what staff reply goes to the asker, and buttons and commands claim,
// transfer, note and solve. The desk in the browser and all rooms show the same
// ticket: whoever claims it first holds it everywhere.
//
// Two parts work through the database only. Handle acts on what is written in a
// room, in the transaction in which it is handled. Keep compares each card with its
// ticket and puts what is missing into the outbox, so a card that was deleted, or a
// process that was killed, costs nothing but time. A room is a view of tickets and
// never the only place of anything.
//
// It knows the rules of tickets and the vocabulary of networks; it knows no network,
// no SQL and no article. The files: handle.go and staff.go take what is written,
// intent.go reads it, perform.go does it; keep.go, show.go and talk.go keep cards,
// card.go words them.
package rooms

import (
	"fmt"
	"log/slog"
	"strings"
	"time"

	"firstline/bot/chat"
	"firstline/handoff"
)

// Threads is where the talk about a ticket goes in a room.
type Threads int

// The ways to keep the tickets of a room apart.
const (
	Flat    Threads = iota // all in the room, as replies to the card
	OnCard                 // in a thread on the card's message
	Beneath                // in a topic beneath the room, which has the card, too
)

// Room is a place where staff work.
type Room struct {
	At      chat.ConversationID
	Threads Threads
	// Staff are the accounts that may act, by the network's id, and the agents that
	// they are; "": an agent named after the account.
	Staff map[string]handoff.AgentID
	// Role is the network's id of a role whose holders may act, too; "": none.
	Role string
}

// ParseStaff reads who is staff: ids of accounts separated by commas, each with the
// name of an agent before it or not, such as "alice=1234, 5678".
func ParseStaff(list string) (map[string]handoff.AgentID, error) {
	staff := map[string]handoff.AgentID{}
	for item := range strings.SplitSeq(list, ",") {
		if item = strings.TrimSpace(item); item == "" {
			continue
		}
		name, account, named := strings.Cut(item, "=")
		if !named {
			name, account = "", name
		}
		account = strings.TrimSpace(account)
		if account == "" || strings.Trim(account, "0123456789") != "" {
			return nil, fmt.Errorf("staff %q: want an account's id in digits, or NAME=ID", item)
		}
		var agent handoff.AgentID
		if named {
			var err error
			if agent, err = handoff.ParseAgentID(name); err != nil {
				return nil, fmt.Errorf("staff %q: %w", item, err)
			}
		}
		if _, twice := staff[account]; twice {
			return nil, fmt.Errorf("staff %q: this account is listed twice", item)
		}
		staff[account] = agent
	}
	return staff, nil
}

// Options is what Rooms need; all but Now, URL and Wake are required.
type Options struct {
	Store handoff.Store
	Desk  *handoff.Desk
	// Rooms are at most one for each network.
	Rooms []Room
	// URL is where staff reach the desk; "": nowhere that is worth a link.
	URL  string
	Wake <-chan struct{} // rings when tickets or deliveries may have changed
	Log  *slog.Logger
	Now  func() time.Time // nil: time.Now
}

// Rooms are the rooms of a Firstline. It keeps no state of its own and is safe for
// concurrent use.
type Rooms struct {
	store handoff.Store
	desk  *handoff.Desk
	rooms []*Room
	url   string
	wake  <-chan struct{}
	log   *slog.Logger
	now   func() time.Time
}

// New returns the rooms of o.
func New(o Options) *Rooms {
	r := &Rooms{store: o.Store, desk: o.Desk, url: strings.TrimRight(o.URL, "/"), wake: o.Wake, log: o.Log, now: o.Now}
	if r.now == nil {
		r.now = time.Now
	}
	for _, room := range o.Rooms {
		r.rooms = append(r.rooms, &room)
	}
	return r
}

// room returns the room of a network; nil: it has none.
func (r *Rooms) room(n chat.Network) *Room {
	for _, room := range r.rooms {
		if room.At.Network == n {
			return room
		}
	}
	return nil
}
