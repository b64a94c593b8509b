package inbox

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"firstline/bot/chat"
	"firstline/bot/guard"
	"firstline/bot/outbox"
	"firstline/bot/pump"
)

// How long handling may take and how it is retried.
const (
	handleTimeout = 30 * time.Second
	lease         = 60 * time.Second
	firstRetry    = time.Second
	slowRetry     = time.Minute
)

// Inbox accepts messages from channels and has them handled.
type Inbox struct {
	Store   Store
	Handler Handler
	// Networks are those whose messages this process handles.
	Networks []chat.Network
	Wake     <-chan struct{} // rings when the inbox may have changed
	Now      func() time.Time
	Log      *slog.Logger
	// Observe is told of every message that was received and was new; nil:
	// nobody. It must not keep the message.
	Observe func(m *chat.Message)
}

// Receive implements chat.Receiver: it removes secrets from the batch and
// stores it.
func (in *Inbox) Receive(ctx context.Context, batch []*chat.Message) error {
	for _, m := range batch {
		Clean(m)
	}
	if _, err := in.Store.AddMessages(ctx, batch, in.Now()); err != nil {
		return err
	}
	if in.Observe != nil {
		for _, m := range batch {
			in.Observe(m)
		}
	}
	return nil
}

// Clean removes secrets from everything in m that a person could have typed
// and lists their kinds in m.Redacted.
func Clean(m *chat.Message) {
	text, kinds := guard.Clean(m.Text)
	m.Text = text
	m.Redacted = nil
	for _, k := range kinds {
		m.Redacted = append(m.Redacted, string(k))
	}
	m.From.Name = guard.Name(m.From.Name)
	for i := range m.Attachments {
		m.Attachments[i].Name = guard.Name(m.Attachments[i].Name)
	}
}

// Run has stored messages handled until ctx ends and finishes those that have
// begun.
func (in *Inbox) Run(ctx context.Context) {
	p := pump.Pump[Item]{
		Name: "inbox", Wake: in.Wake, Log: in.Log,
		Take: func(ctx context.Context, max int) ([]Item, error) {
			return in.Store.TakeMessages(ctx, in.Networks, max, in.Now(), lease)
		},
		Do: in.handle,
	}
	p.Run(ctx)
}

func (in *Inbox) handle(ctx context.Context, item Item) {
	err := in.try(ctx, item)
	if err == nil || errors.Is(err, outbox.ErrLost) {
		return
	}
	wait := min(firstRetry<<min(item.Attempt-1, 10), slowRetry)
	in.Log.Error("handling a message", "item", item.ID, "network", item.Message.Conversation.Network,
		"attempt", item.Attempt, "retry_in", wait, "err", err)
	if err := in.Store.DelayMessage(ctx, item, in.Now().Add(wait)); err != nil {
		in.Log.Error("putting a message off", "item", item.ID, "err", err)
	}
}

// try turns a panic of the handler into an error: one message that breaks it
// must not stop the others.
func (in *Inbox) try(ctx context.Context, item Item) (err error) {
	ctx, cancel := context.WithTimeout(ctx, handleTimeout)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			err = errors.New("panic while handling")
			in.Log.Error("panic while handling a message", "item", item.ID, "stack", stack())
		}
	}()
	return in.Handler.Handle(ctx, item)
}
