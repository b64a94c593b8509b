// Package chat is the vocabulary that every part of Firstline shares when it
// speaks about conversations on a network: ids, incoming messages, outgoing
// messages, what a network can do, and the errors of sending.
//
// It knows no network library, no database and no help article. Network
// adapters translate to and from it; nobody else needs to.
package chat

import (
	"context"
	"errors"
	"io"
	"time"
)

// Network names one messaging network, for example "telegram".
type Network string

// The networks that have an adapter.
const (
	Telegram Network = "telegram"
	Discord  Network = "discord"
	Terminal Network = "terminal"
	Web      Network = "web"
)

// ConversationID is where messages are exchanged: a private chat, a channel or
// a thread. ID is opaque: only the network's adapter makes and reads it.
type ConversationID struct {
	Network Network `json:"network"`
	ID      string  `json:"id"`
}

// String returns "network/id", the form used as a key in databases and logs.
func (c ConversationID) String() string { return string(c.Network) + "/" + c.ID }

// MessageID names a message within its conversation, as the network does.
type MessageID string

// Person is somebody on a network. ID is the network's unchangeable id of the
// account; Name is what they call themselves: untrusted, any text, may be
// empty. Language is the network's hint (BCP 47), often empty or wrong.
type Person struct {
	ID       string `json:"id"`
	Name     string `json:"name,omitempty"`
	Language string `json:"language,omitempty"`
}

// Command is something a person asks for by a slash command or its equivalent
// rather than in words.
type Command string

// Commands that adapters recognise. CommandAsk carries the question in Text.
const (
	CommandNone  Command = ""
	CommandStart Command = "start"
	CommandHelp  Command = "help"
	CommandAsk   Command = "ask"
	CommandHuman Command = "human"
	// CommandSolved says that the asker's question in this conversation is solved.
	CommandSolved Command = "solved"
)

// Commands of staff, which adapters recognise in staff rooms only. Text begins
// with "#" and a ticket's number when they name one; what follows is the note of
// CommandNote and the agent's name of CommandTransfer.
const (
	CommandTickets  Command = "tickets"
	CommandClaim    Command = "claim"
	CommandRelease  Command = "release"
	CommandSolve    Command = "solve"
	CommandReopen   Command = "reopen"
	CommandNote     Command = "note"
	CommandTransfer Command = "transfer"
)

// StaffCommands are the commands of staff, in the order in which menus show them.
var StaffCommands = []Command{
	CommandTickets, CommandClaim, CommandRelease, CommandSolve, CommandReopen, CommandNote, CommandTransfer,
}

// Message is something a person did in a conversation: wrote text, pressed a
// choice, or gave a command.
type Message struct {
	// Event is the network's unique key of this event (an update id, a message
	// id, an interaction id). The same event received twice has the same Event.
	Event string `json:"event"`
	// ID is the message itself, to reply to or to delete. For a pressed choice,
	// it is the message that held the choice.
	ID           MessageID      `json:"id"`
	Conversation ConversationID `json:"conversation"`
	From         Person         `json:"from"`
	// Private reports that only this person and the bot are in the conversation.
	Private bool `json:"private,omitempty"`
	// Addressed reports that the message is meant for the bot: always true when
	// Private; in a community when it is a mention, a command or a reply to it.
	Addressed bool `json:"addressed,omitempty"`
	// Text is what the person wrote, without the mention or command that
	// addressed the bot. Valid UTF-8 without NUL; may be empty.
	Text string `json:"text,omitempty"`
	// Edited reports that the message ID, received before or not, now reads Text;
	// Deleted that its author took it back. Such an event has an Event of its own.
	Edited  bool `json:"edited,omitempty"`
	Deleted bool `json:"deleted,omitempty"`
	// Help reports that the operator made the conversation a place for questions: a
	// help channel, forum or group, where the bot may answer what nobody addressed
	// to it, and what nobody answers becomes a ticket.
	Help bool `json:"help,omitempty"`
	// StaffRoom reports that the operator made the conversation, or the one that it
	// is beneath, a room for staff. Everything that people write there is received,
	// whoever they are. Conversation is named as the operator's settings name the
	// room, whatever the network has made of it since.
	StaffRoom bool `json:"staff_room,omitempty"`
	// Roles are the network's ids of the roles that From has where this was
	// written, at that time. Only set in staff rooms.
	Roles []string `json:"roles,omitempty"`
	// ReplyTo is the message of the same conversation, whoever wrote it, that this
	// one replies to; "": none.
	ReplyTo MessageID `json:"reply_to,omitempty"`
	// Command of CommandStart may carry the payload of a deep link in Text.
	Command Command `json:"command,omitempty"`
	// Choice is the Choice.Data of a pressed button; empty for other messages.
	Choice      string       `json:"choice,omitempty"`
	Attachments []Attachment `json:"attachments,omitempty"`
	// Redacted lists what kinds of secret were replaced in Text before anything
	// stored it (see bot/guard); adapters leave it empty.
	Redacted []string `json:"redacted,omitempty"`
	// SentAt is the network's time of the message.
	SentAt time.Time `json:"sent_at"`
}

// Attachment describes a file that came with a message. Ref is how the
// adapter finds it again; it never contains a token.
type Attachment struct {
	Kind string `json:"kind"` // photo, document, voice, video, sticker, other
	Name string `json:"name,omitempty"`
	Size int64  `json:"size,omitempty"` // bytes; 0 when unknown
	Ref  string `json:"ref,omitempty"`
}

// Fetcher is a Channel whose attachments can be fetched. Fetch writes at most
// max bytes to w and fails with ErrTooLarge when there are more; its other errors
// are *SendError.
type Fetcher interface {
	Fetch(ctx context.Context, in ConversationID, a Attachment, w io.Writer, max int64) error
}

// ErrTooLarge means that an attachment is larger than what is kept of one.
var ErrTooLarge = errors.New("the attachment is too large")

// Choice is a button under an outgoing message. Label is shown; Data comes
// back as Message.Choice when it is pressed and is at most MaxChoiceData bytes
// of ASCII.
type Choice struct {
	Label string `json:"label"`
	Data  string `json:"data"`
}

// MaxChoiceData is the length in bytes that every network accepts for
// Choice.Data (Telegram's limit of 64 is the smallest).
const MaxChoiceData = 64

// Outbound is a message to be sent. The zero ReplyTo replies to nothing.
type Outbound struct {
	Body    Rich      `json:"body"`
	Choices []Choice  `json:"choices,omitempty"`
	ReplyTo MessageID `json:"reply_to,omitempty"`
	// Key names this message for networks that can refuse duplicates. Set by
	// the courier from the delivery's key.
	Key string `json:"-"`
}

// Capabilities is what a network can do, as data, so that callers decide
// without knowing the network.
type Capabilities struct {
	Limits  Limits
	Choices int  // most buttons under one message; 0: none, choices are written as a numbered list
	Delete  bool // a person's message in a private chat can be deleted by the bot
	// Idempotent reports that the network refuses a second message with the
	// same Outbound.Key, so that a send whose outcome is unknown can be repeated.
	Idempotent bool
}

// Receiver accepts what a channel received.
type Receiver interface {
	// Receive makes the batch durable. When it returns nil every message in it
	// is stored, or was already: only then may the channel acknowledge the
	// batch to its network. On an error nothing may be acknowledged.
	Receive(ctx context.Context, batch []*Message) error
}

// Channel is one network's adapter.
type Channel interface {
	Network() Network
	Capabilities() Capabilities
	// Run receives until ctx ends, and then returns nil. It returns an error
	// only when going on is pointless (a refused token); it reconnects after
	// everything else. Messages of one conversation reach r in the order in
	// which the network gave them.
	Run(ctx context.Context, r Receiver) error
	// Send delivers one message that fits Capabilities().Limits. Its errors are
	// *SendError. It may be called from several goroutines and while Run is
	// not running.
	Send(ctx context.Context, to ConversationID, out *Outbound) (MessageID, error)
}

// Deleter is a Channel that can delete a message of a person. Its errors are
// *SendError. Deleting what is already gone is not an error.
type Deleter interface {
	Delete(ctx context.Context, in ConversationID, id MessageID) error
}

// Editor is a Channel that can change what it has sent. Out must fit the limits;
// its ReplyTo and Key count for nothing. Its errors are *SendError. Editing what
// reads so already is not an error.
type Editor interface {
	Edit(ctx context.Context, in ConversationID, id MessageID, out *Outbound) error
}

// Opener is a Channel on which a conversation can be opened beneath another: a
// topic of a group, a thread of a channel. It is called title, at most MaxTitle
// runes, which names nobody and pings nobody. Where threads begin with a message,
// that is on, and opening one twice on the same message returns the same
// conversation; elsewhere on is "". Its errors are *SendError.
type Opener interface {
	Open(ctx context.Context, in ConversationID, on MessageID, title string) (ConversationID, error)
}

// MaxTitle is the length in runes that every network accepts for the title of an
// opened conversation (Discord's limit of 100 is the smallest).
const MaxTitle = 100

// PrivateOpener is a Channel that can begin a private conversation with somebody
// who has written where others read along. It sends nothing; whether they accept
// messages turns out when one is sent. Its errors are *SendError.
type PrivateOpener interface {
	OpenPrivate(ctx context.Context, with Person) (ConversationID, error)
}

// Typer is a Channel that can show that an answer is being written. It is a
// courtesy: errors are not reported.
type Typer interface {
	Typing(ctx context.Context, in ConversationID)
}
