// Package handoff is the domain of questions that people answer: threads,
// tickets, agents, and the rules by which a ticket is opened, claimed,
// answered, solved and reopened. Desk holds the rules; Store is what it needs
// from a database; Voice is how it words what it tells an asker.
//
// It knows chat's vocabulary and the outbox; it knows no network library, no
// SQL, no web page and no article.
package handoff

import (
	"errors"
	"strconv"
	"time"

	"firstline/bot/chat"
)

// Errors of the desk and its store. They are compared with errors.Is and safe
// to show to staff.
var (
	ErrNotFound  = errors.New("not found")
	ErrTaken     = errors.New("another agent holds this ticket")
	ErrNoAgent   = errors.New("there is no active agent of that name")
	ErrForbidden = errors.New("not allowed for this agent")
	ErrSolved    = errors.New("the ticket is solved")
	ErrEmpty     = errors.New("the text is empty")
	ErrNoEdit    = errors.New("this network can't change what was sent")
	ErrNoDelete  = errors.New("this network can't take back what was sent")
	ErrEditLong  = errors.New("the changed text needs more messages than were sent")
	ErrDeleted   = errors.New("the message was deleted already")
	ErrTooLong   = errors.New("the text is too long")
	ErrSecret    = errors.New("the text holds what looks like a secret (seed phrase, key, card or password); take it out")
)

// ThreadID names a Thread.
type ThreadID string

// ThreadOf returns the thread a message belongs to: the conversation when it
// is private; in a community, what this person asks in it.
func ThreadOf(m *chat.Message) ThreadID {
	if m.Private {
		return ThreadID(m.Conversation.String())
	}
	return ThreadID(m.Conversation.String() + "#" + m.From.ID)
}

// Thread is what one person asks in one conversation: the state that the next
// message is understood by.
type Thread struct {
	ID           ThreadID
	Conversation chat.ConversationID
	Person       chat.Person
	Private      bool
	Language     string   // of the conversation so far; "" before the first message
	Article      string   // id of the article the bot last gave, for follow-ups
	Ticket       TicketID // the latest ticket, open or solved; 0: none yet
	// LastMessage is the asker's newest message, to reply to.
	LastMessage chat.MessageID
	// Question is the asker's newest message to which nobody has found an answer;
	// "" when it was answered. It is answered anew when it is edited.
	Question chat.MessageID
	// Source is the payload of the deep link that the asker came by; "" when none.
	Source string
	// Unanswered is when the oldest question that the bot could not answer
	// came, and Due is when it becomes a ticket without further ado. Zero: no
	// question waits.
	Unanswered time.Time
	Due        time.Time
	// Acknowledged is when the asker was last told that a message was added to
	// their ticket.
	Acknowledged time.Time
	UpdatedAt    time.Time
}

// TicketID is the number of a ticket, counted from 1, as staff speak of it.
type TicketID int64

// String returns the number in decimal.
func (id TicketID) String() string { return strconv.FormatInt(int64(id), 10) }

// TicketState is where a ticket stands.
type TicketState string

// The states of a ticket.
const (
	Open    TicketState = "open"    // waits in the queue
	Claimed TicketState = "claimed" // an agent holds it until ClaimedUntil
	Solved  TicketState = "solved"
)

// Reason is why a ticket was opened.
type Reason string

// The reasons of product behaviour; see the table in README.md.
const (
	ReasonAsked      Reason = "asked"      // the person wants a person
	ReasonAlways     Reason = "always"     // a topic that a machine must not answer
	ReasonUnknown    Reason = "unknown"    // no article answers it
	ReasonUnanswered Reason = "unanswered" // the timer of an unanswered question ended
	ReasonFailed     Reason = "failed"     // the bot could not handle the message
	ReasonSecret     Reason = "secret"     // a secret was written where others read
)

// Ticket is a request that people answer.
type Ticket struct {
	ID           TicketID
	Thread       ThreadID
	Conversation chat.ConversationID
	Person       chat.Person
	Private      bool
	Language     string
	Reason       Reason
	Article      string // for ReasonAlways: the article that says so
	// ReplyTo is the asker's newest message when the conversation is shared, so
	// that an agent's reply is seen to be theirs; empty in private.
	ReplyTo chat.MessageID

	State        TicketState
	ClaimedBy    AgentID   // "" unless Claimed
	ClaimedUntil time.Time // the claim's lease

	OpenedAt     time.Time // when it was opened first
	QueuedAt     time.Time // when it last entered the queue: opened, reopened or released
	FirstReplyAt time.Time // zero: no agent has replied yet
	SolvedAt     time.Time // zero unless Solved
	SolvedBy     AgentID
	Reopened     int // how often it was reopened
	Rating       int // 1 (bad) to 5 (good); 0: none
	UpdatedAt    time.Time
}

// HeldAt reports whether an agent holds the ticket at now: then the bot is
// silent. A claim whose lease has ended holds nothing.
func (t *Ticket) HeldAt(now time.Time) bool {
	return t.State == Claimed && now.Before(t.ClaimedUntil)
}

// StateAt is the state with ended claims counted as open.
func (t *Ticket) StateAt(now time.Time) TicketState {
	if t.State == Claimed && !t.HeldAt(now) {
		return Open
	}
	return t.State
}

// EntryKind says who wrote an Entry.
type EntryKind string

// The kinds of entries. All of them were seen by the asker.
const (
	ByAsker EntryKind = "asker"
	ByBot   EntryKind = "bot"
	ByAgent EntryKind = "agent"
)

// PressMark begins the text of an asker's entry that is a pressed button or a
// command, not words that they wrote.
const PressMark = "▸ "

// Entry is something that the asker wrote or was sent. It belongs to the
// thread; Ticket is the ticket that was open when it was written, 0 for the
// talk before one. Text has no secrets in it.
type Entry struct {
	ID          string // UUIDv7, set by AddEntry when empty
	Key         string // unique when not empty: adding it again changes nothing
	Thread      ThreadID
	Ticket      TicketID
	Kind        EntryKind
	Agent       AgentID // for ByAgent
	Text        string
	Attachments []chat.Attachment
	Redacted    []string // kinds of secret that were removed
	// Delivery is the outbox key under which it goes to the asker; "" for
	// ByAsker. A long text has more deliveries, whose keys begin with it.
	Delivery string
	At       time.Time

	// In and Message are where an asker's message stands on its network, and an
	// agent's in the staff room that it was written in; zero for a pressed button and
	// for what was written elsewhere.
	In      chat.ConversationID
	Message chat.MessageID
	// Earlier is what the entry read before it was edited, oldest first.
	Earlier  []Revision
	EditedAt time.Time // zero: never edited
	// DeletedAt is when its author took it back; zero: never. Of an asker's
	// message nothing is left then but that it was.
	DeletedAt time.Time
	// Revision is the outbox key of the newest edit or deletion of an agent's
	// reply; a long one has more, whose keys begin with it.
	Revision string
}

// Revision is a text that an entry no longer has. At is when it was replaced.
type Revision struct {
	Text string    `json:"text"`
	At   time.Time `json:"at"`
}

// Note is an internal remark on a ticket. It is a type of its own, kept apart
// from entries: nothing that sends can be given one.
type Note struct {
	ID     string // UUIDv7, set by AddNote when empty
	Key    string // as Entry.Key
	Ticket TicketID
	Agent  AgentID
	Text   string
	At     time.Time
	// In and Message are where it was written in a staff room; zero: in none.
	In      chat.ConversationID
	Message chat.MessageID
}

// Event is a line of the audit log: who did what to which ticket. Detail never
// holds a person's text.
type Event struct {
	ID     string // UUIDv7, set by AddEvent when empty
	At     time.Time
	Agent  AgentID  // "" when the system or the asker did it
	Action string   // opened, claimed, released, transferred, replied, noted, solved, reopened, rated, edited, deleted, viewed, signed-in …
	Ticket TicketID // 0 when none
	Detail string
}

// AgentID names a member of staff: a short lower-case name, unique, for good.
type AgentID string

// Role is what a member of staff may do.
type Role string

// The roles. A lead may do all that an agent may.
const (
	RoleAgent Role = "agent"
	RoleLead  Role = "lead"
)

// Agent is a member of staff.
type Agent struct {
	ID        AgentID
	Role      Role
	Disabled  bool
	CreatedAt time.Time
}
