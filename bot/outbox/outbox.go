// Package outbox keeps outgoing messages until they are delivered. Whoever has
// something to send puts a keyed Delivery into the database in the same
// transaction as its cause; the Courier sends it, as often as it takes, in
// order within a conversation, and records how it ended.
//
// It knows channels and a store by their interfaces; it knows no network, no
// ticket rules and no article.
package outbox

import (
	"context"
	"errors"
	"strconv"
	"time"

	"firstline/bot/chat"
)

// Class says who speaks in a delivery, which decides whether it may still be
// sent when its turn comes.
type Class string

const (
	// ClassBot is what the bot says of its own accord. It is withheld when a
	// person holds the ticket at the moment of sending.
	ClassBot Class = "bot"
	// ClassNotice tells an asker about their ticket or a removed secret. It is
	// always sent.
	ClassNotice Class = "notice"
	// ClassReply is what an agent wrote to the asker. It is always sent.
	ClassReply Class = "reply"
	// ClassBroadcast is what goes to many people at once. It is always sent, and
	// makes way for everything else.
	ClassBroadcast Class = "broadcast"
)

// Priority says whose turn comes first when several conversations compete: 0 is
// first. A class that is not known goes as the bot's own words do.
func (c Class) Priority() int {
	switch c {
	case ClassReply:
		return 0
	case ClassNotice:
		return 1
	case ClassBroadcast:
		return 3
	}
	return 2
}

// headStarts is by how much each priority goes before what has the last one: age
// counts, so that a burst of the first can't starve the rest.
var headStarts = [...]time.Duration{10 * time.Minute, 10*time.Minute - 5*time.Second, 10*time.Minute - 15*time.Second, 0}

// Priorities is how many there are.
const Priorities = len(headStarts)

// HeadStart is how much older than it is a delivery of a priority counts for
// when it competes with those of other conversations.
func HeadStart(priority int) time.Duration {
	return headStarts[min(max(priority, 0), Priorities-1)]
}

// Op is what a delivery does on the network.
type Op string

const (
	// OpSend sends Out.
	OpSend Op = "send"
	// OpDelete deletes the message Target.
	OpDelete Op = "delete"
	// OpEdit makes the message Target read Out.
	OpEdit Op = "edit"
	// OpOpen opens a conversation beneath To, on the message Target when it or Of
	// is set. It is called what Out.Body.Text says; its ID is the SentID.
	OpOpen Op = "open"
)

// State is how far a delivery has come. Every state but Pending is final.
type State string

// The states of a delivery.
const (
	Pending  State = "pending"  // waiting for its turn, its due time, or the end of a lease
	Sent     State = "sent"     // the network accepted it
	Failed   State = "failed"   // it can't be delivered; staff see why
	Withheld State = "withheld" // a person took over before the bot's message went out
)

// Delivery is one effect on a network that must happen.
type Delivery struct {
	ID  string // UUIDv7, set by Put when empty; its order is the order of sending within To
	Key string // unique: putting the same key again changes nothing
	To  chat.ConversationID
	// Thread and Ticket say what the delivery belongs to (handoff's ids as
	// plain values; either may be zero).
	Thread string
	Ticket int64

	Class  Class
	Op     Op
	Out    chat.Outbound  // for OpSend, OpEdit and OpOpen; fits the channel's limits (see Parts)
	Target chat.MessageID // for OpDelete and OpEdit, perhaps for OpOpen
	// Of is the key of the delivery in the same conversation that sent Target, for
	// who does not know Target yet: it was put earlier, so its turn comes first,
	// and TakeDeliveries then fills in Target. It stays "" when nothing was sent.
	Of string

	State     State
	CreatedAt time.Time
	Due       time.Time // not before this time
	// Attempt counts how often it was taken. It fences: only the latest taker
	// can finish the delivery.
	Attempt int
	// Uncertain counts the attempts whose outcome is unknown: each of them may
	// have reached the person.
	Uncertain int

	SentID chat.MessageID // set when Sent
	Error  string         // why it failed or waits, in plain words; never holds text or tokens
	// Gone reports, of what Failed, that what it was about was deleted (chat.Gone).
	Gone bool
}

// Result is how an attempt ended.
type Result struct {
	State     State          // Pending: try again at Due
	Due       time.Time      // for Pending
	SentID    chat.MessageID // for Sent
	Error     string         // for Pending and Failed
	Uncertain bool           // the outcome of this attempt is unknown
	Gone      bool           // for Failed: see Delivery.Gone
}

// ErrLost means that the lease ended and somebody else has taken the work
// since: the result was not recorded.
var ErrLost = errors.New("lease lost to a later taker")

// Store keeps deliveries. Put happens inside the transaction of its cause (see
// handoff.Tx); the courier needs the rest.
type Store interface {
	// TakeDeliveries leases up to max due deliveries to networks until
	// now+lease, at most one for each conversation: its oldest pending one. One
	// that is leased or not yet due keeps those behind it waiting, so order
	// within a conversation holds. When more are due than max, those of the most
	// urgent conversations come: by the best Priority of what waits in each, with
	// HeadStart counted as age. It counts up their Attempt.
	TakeDeliveries(ctx context.Context, networks []chat.Network, max int, now time.Time, lease time.Duration) ([]Delivery, error)
	// FinishDelivery records r and ends the lease. ErrLost when d.Attempt is
	// not the latest.
	FinishDelivery(ctx context.Context, d Delivery, r Result) error
}

// Parts returns d as deliveries that each fit l, in order: a long text is cut,
// the reply mark stays on the first and the choices on the last. Keys get a
// suffix from the second on. Cutting happens before storing so that an
// interrupted delivery resumes at the part that is missing.
func Parts(d Delivery, l chat.Limits) []Delivery {
	if d.Op != OpSend {
		return []Delivery{d}
	}
	bodies := l.Split(d.Out.Body)
	if len(bodies) == 0 { // nothing but white space: the channel says what is wrong with it
		return []Delivery{d}
	}
	parts := make([]Delivery, len(bodies))
	for i, body := range bodies {
		p := d
		p.Out.Body = body
		if i > 0 {
			p.Key = d.Key + "/" + strconv.Itoa(i+1)
			p.Out.ReplyTo = ""
		}
		if i < len(bodies)-1 {
			p.Out.Choices = nil
		}
		parts[i] = p
	}
	return parts
}
