// Package inbox makes received messages durable before their network is told
// that they arrived, and gives them to the bot in order within a conversation,
// conversations in parallel, again after a crash until they are handled.
//
// Secrets are removed by bot/guard before anything is stored. It knows no
// network and no rules of conversation.
package inbox

import (
	"context"
	"time"

	"firstline/bot/chat"
)

// Item is a stored message that is being handled.
type Item struct {
	ID         string // UUIDv7: the order of receipt
	Message    *chat.Message
	ReceivedAt time.Time
	// Attempt counts how often the item was taken; it fences like
	// outbox.Delivery.Attempt.
	Attempt int
}

// Store keeps received messages.
type Store interface {
	// AddMessages stores the batch in one transaction, in order. A message
	// whose (network, Event) is known is skipped. added is how many were new.
	//
	// An edit of a message that waits here replaces it: the message keeps its place
	// and its Event and is handled once, as it reads now; who has it in hand loses
	// it. A deletion takes the message out and stands in line itself. What is
	// older than a change that has come (an original behind its edit, an edit
	// behind the deletion) is known, and never handled.
	AddMessages(ctx context.Context, batch []*chat.Message, now time.Time) (added int, err error)
	// TakeMessages leases up to max unhandled messages of networks until
	// now+lease, at most one for each conversation: its oldest. It counts up
	// their Attempt.
	TakeMessages(ctx context.Context, networks []chat.Network, max int, now time.Time, lease time.Duration) ([]Item, error)
	// DelayMessage ends the lease of an item that could not be handled: it is
	// due again at due. outbox.ErrLost when item.Attempt is not the latest.
	DelayMessage(ctx context.Context, item Item, due time.Time) error
}

// Handler handles one message and marks it as handled in the same transaction
// as its effects (handoff.Tx.FinishMessage). An error leaves it unhandled.
type Handler interface {
	Handle(ctx context.Context, item Item) error
}
