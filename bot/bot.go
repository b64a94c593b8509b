// Package bot decides what happens with a message: answer it, ask back, hand
// it to a person, or stay silent. Every effect of a message, and that it was
// handled, is one transaction.
//
// It knows the knowledge base, the rules of tickets and the phrases; it knows
// no network library and no database. The files follow a message: handle.go
// takes it, turn.go keeps and speaks, question.go and press.go decide, handover.go gives it to people,
// sweep.go looks after what nobody answered. community.go is what differs where
// others read along, private.go moves what is not for them, changed.go what happens when a message is edited or deleted.
package bot

import (
	"context"
	"log/slog"
	"time"

	"firstline/bot/chat"
	"firstline/bot/phrases"
	"firstline/handoff"
	"firstline/knowledge"
	"firstline/knowledge/site"
)

// Words is what the bot says and the facts it says them with. It is replaced
// as a whole when the content changes.
type Words struct {
	Book *phrases.Book
	Site *site.Site
}

// Options configures a Bot. All but Now and Observe are required.
type Options struct {
	Base  *knowledge.Base
	Store handoff.Store
	Desk  *handoff.Desk
	Words func() Words // the current ones
	// Capabilities returns what a network can do.
	Capabilities func(chat.Network) chat.Capabilities
	Log          *slog.Logger
	Now          func() time.Time // nil: time.Now
	// Typing is told when the bot begins with a private message, to show that it
	// writes; it must not block. nil: nobody.
	Typing func(chat.ConversationID)
	// Private opens the private conversation with somebody who wrote in public; its
	// errors are *chat.SendError, of a permanent kind where there is none. nil: there
	// never is.
	Private func(context.Context, chat.Network, chat.Person) (chat.ConversationID, error)
	// Observe is told how each message ended; nil: nobody.
	Observe func(Outcome)
}

// Outcome is how a message was handled, for metrics.
type Outcome struct {
	Network  chat.Network
	Language string
	// Verdict is the knowledge base's, or "command", "choice", "held" (a person
	// has the ticket), "ignored" (not addressed to the bot), "edited", "deleted",
	// or "failed".
	Verdict string
	Reason  string // for hand-offs
}

// Bot answers. It keeps no state of its own and is safe for concurrent use.
type Bot struct {
	base    *knowledge.Base
	store   handoff.Store
	desk    *handoff.Desk
	words   func() Words
	can     func(chat.Network) chat.Capabilities
	log     *slog.Logger
	now     func() time.Time
	observe func(Outcome)
	typing  func(chat.ConversationID)
	private func(context.Context, chat.Network, chat.Person) (chat.ConversationID, error)
}

// New returns a bot.
func New(o Options) *Bot {
	b := &Bot{
		base: o.Base, store: o.Store, desk: o.Desk, words: o.Words,
		can: o.Capabilities, log: o.Log, now: o.Now, observe: o.Observe, typing: o.Typing,
	}
	if b.now == nil {
		b.now = time.Now
	}
	if b.private = o.Private; b.private == nil {
		b.private = NewPrivate().Open
	}
	if b.observe == nil {
		b.observe = func(Outcome) {}
	}
	if b.typing == nil {
		b.typing = func(chat.ConversationID) {}
	}
	return b
}
