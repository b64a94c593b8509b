package handoff

import (
	"context"
	"time"

	"firstline/bot/chat"
	"firstline/bot/outbox"
)

// Store is a database. Everything that must change together changes in one
// Update.
type Store interface {
	// View runs f in a read-only transaction: f sees one state of the data.
	View(ctx context.Context, f func(Tx) error) error
	// Update runs f in a transaction and makes it durable before returning
	// nil. When f returns an error nothing of it is kept, and Update returns
	// that error. f may run more than once, so it must have no effects but on
	// its Tx and on variables it sets anew; it must not use the store itself.
	Update(ctx context.Context, f func(Tx) error) error
}

// Tx reads and writes within one transaction. Rows that Thread and Ticket
// return in an Update stay locked until it ends. Methods that look one thing
// up return ErrNotFound when it is not there.
type Tx interface {
	Thread(id ThreadID) (*Thread, error)
	SaveThread(t *Thread) error
	// ThreadsDue returns up to max threads with Due not after now, oldest first.
	ThreadsDue(now time.Time, max int) ([]ThreadID, error)
	// ThreadsWaiting returns the threads of a conversation that have a Due, oldest
	// first.
	ThreadsWaiting(in chat.ConversationID) ([]ThreadID, error)

	Ticket(id TicketID) (*Ticket, error)
	// AddTicket stores a new ticket and sets its ID.
	AddTicket(t *Ticket) error
	SaveTicket(t *Ticket) error
	Tickets(f Filter) ([]*Ticket, error)
	CountTickets(f Filter) (int, error)
	// FirstReplies returns the time from OpenedAt to FirstReplyAt of up to max
	// tickets that were first replied to since then, newest first.
	FirstReplies(since time.Time, max int) ([]time.Duration, error)

	// AddEntry adds e unless an entry with its key is there.
	AddEntry(e *Entry) error
	// Entries returns the newest max entries of a thread, oldest first.
	Entries(thread ThreadID, max int) ([]*Entry, error)
	Entry(id string) (*Entry, error)
	// EntryOf returns the entry of a message; the newest, should there be several.
	EntryOf(in chat.ConversationID, m chat.MessageID) (*Entry, error)
	// NoteOf returns the note that was written as a message in a staff room.
	NoteOf(in chat.ConversationID, m chat.MessageID) (*Note, error)
	// ReviseEntry saves what can change of an entry: its text, what it read
	// before, attachments, kinds of secret, when it was edited and deleted, and by
	// which delivery.
	ReviseEntry(e *Entry) error
	AddNote(n *Note) error
	Notes(ticket TicketID) ([]*Note, error) // oldest first
	AddEvent(e *Event) error
	Events(ticket TicketID) ([]*Event, error) // oldest first

	// AddFile stores an attachment that is to be fetched and sets its ID.
	AddFile(f *File) error
	// Files returns the attachments of a thread's entries, in order.
	Files(thread ThreadID) ([]*File, error)
	File(id string) (*File, error)
	// ForgetFiles has the attachments of an entry removed: they become Forgetting,
	// and nothing is left of their names.
	ForgetFiles(entry string) error
	// FinishFile records how far f has come and ends its lease; due is when it is
	// work again, for Pending and Forgetting. outbox.ErrLost when f.Attempt is not
	// the latest, or when it was to be forgotten meanwhile and f is not.
	FinishFile(f *File, due time.Time) error
	// FileKept reports whether the content of a hash belongs to a file that is
	// Kept.
	FileKept(hash string) (bool, error)

	// PutDelivery adds d to the outbox. added is false, and nothing changes,
	// when its key is known.
	PutDelivery(d outbox.Delivery) (added bool, err error)
	// Deliveries returns the deliveries of a thread created at since or later,
	// oldest first.
	Deliveries(thread ThreadID, since time.Time) ([]outbox.Delivery, error)
	// SentAs returns the delivery that a message of ours was sent by.
	SentAs(in chat.ConversationID, id chat.MessageID) (*outbox.Delivery, error)
	// Sending reports whether a delivery to a conversation was taken and its outcome
	// is not known yet: it may be there already.
	Sending(in chat.ConversationID) (bool, error)
	// FinishMessage marks an inbox item as handled; outbox.ErrLost when attempt
	// is not the latest, which must end the transaction.
	FinishMessage(id string, attempt int) error

	Card(room chat.ConversationID, ticket TicketID) (*Card, error)
	// CardAt returns the card whose talk goes to a place; the newest, should there
	// be several.
	CardAt(place chat.ConversationID) (*Card, error)
	SaveCard(c *Card) error
	// CardsDue returns up to max tickets that a room has to look at: those whose
	// card is due at now, which SaveTicket makes it, and unsolved ones without a card.
	CardsDue(room chat.ConversationID, now time.Time, max int) ([]TicketID, error)
	// RoomProblems returns one problem of each room that has any.
	RoomProblems() ([]RoomProblem, error)
	// EndRoomProblems makes the cards of a room have none.
	EndRoomProblems(room chat.ConversationID) error
	// Account returns the agent that an account on a network is.
	Account(network chat.Network, account string) (AgentID, error)
	SaveAccount(network chat.Network, account string, agent AgentID) error

	Agent(id AgentID) (*Agent, error)
	Agents() ([]*Agent, error) // by id
	SaveAgent(a *Agent) error
	// AddToken stores a sign-in token or a session by the SHA-256 of its secret.
	AddToken(t Token) error
	// Token returns a token that has not expired at now.
	Token(kind TokenKind, hash string, now time.Time) (*Token, error)
	// DeleteToken removes a token. ErrNotFound when it is gone: of two that
	// use a one-time token, one gets that.
	DeleteToken(kind TokenKind, hash string) error
	// DeleteTokens removes all tokens of an agent.
	DeleteTokens(agent AgentID) error
}

// Filter selects tickets. Zero fields select all.
type Filter struct {
	States    []TicketState // by StateAt(Now): an ended claim counts as open
	Now       time.Time     // required with States
	ClaimedBy AgentID
	// Before selects tickets that entered the queue before this time (used for
	// the place in the queue: with ties by ID, see BeforeID).
	Before   time.Time
	BeforeID TicketID
	// Newest orders by UpdatedAt, newest first; otherwise by QueuedAt then ID,
	// oldest first.
	Newest bool
	Max    int // 0: 200
}

// TokenKind is what a token is good for.
type TokenKind string

// The kinds of tokens.
const (
	SignInToken  TokenKind = "sign-in" // one use, short-lived
	SessionToken TokenKind = "session"
)

// Token is a secret's hash and whom it stands for.
type Token struct {
	Kind      TokenKind
	Hash      string // hex SHA-256 of the secret
	Agent     AgentID
	CreatedAt time.Time
	ExpiresAt time.Time
}
