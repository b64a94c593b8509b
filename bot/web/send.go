package web

import (
	"context"
	"errors"
	"strings"

	"firstline/bot/chat"
	"firstline/bot/web/weblog"
)

// Send appends a message to the log of a session. Once it is there it has
// arrived: the browser finds it whenever it looks. The same out.Key again
// changes nothing.
func (c *Channel) Send(ctx context.Context, to chat.ConversationID, out *chat.Outbound) (chat.MessageID, error) {
	if err := ours(to); err != nil {
		return "", err
	}
	if strings.TrimSpace(out.Body.Text) == "" {
		return "", &chat.SendError{Kind: chat.Rejected, Reason: "the message is empty"}
	}
	id, err := c.o.Store.AppendWeb(ctx, to.ID, out.Key, out, c.o.Now())
	if err != nil {
		return "", sendError(err)
	}
	c.hub.wake(to.ID)
	return id, nil
}

// Edit changes a message in the log.
func (c *Channel) Edit(ctx context.Context, in chat.ConversationID, id chat.MessageID, out *chat.Outbound) error {
	if err := ours(in); err != nil {
		return err
	}
	if err := c.o.Store.EditWeb(ctx, in.ID, id, out); err != nil {
		return sendError(err)
	}
	c.hub.wake(in.ID)
	return nil
}

// Delete empties a message in the log, whoever wrote it.
func (c *Channel) Delete(ctx context.Context, in chat.ConversationID, id chat.MessageID) error {
	if err := ours(in); err != nil {
		return err
	}
	if err := c.o.Store.DeleteWeb(ctx, in.ID, id); err != nil {
		return sendError(err)
	}
	c.hub.wake(in.ID)
	return nil
}

// Typing shows "writing…" to browsers that look, for some seconds.
func (c *Channel) Typing(_ context.Context, in chat.ConversationID) {
	if in.Network == chat.Web {
		c.hub.typing(in.ID)
	}
}

func ours(c chat.ConversationID) error {
	if c.Network != chat.Web || c.ID == "" {
		return &chat.SendError{Kind: chat.Rejected, Reason: "this is not a conversation on the web"}
	}
	return nil
}

// sendError words an error of the store. All but an unknown session pass: what
// is sent again under its key arrives once.
func sendError(err error) error {
	if errors.Is(err, weblog.ErrNotFound) {
		return &chat.SendError{Kind: chat.Unreachable, Reason: "the web chat has no such session or message"}
	}
	return &chat.SendError{Kind: chat.Temporary, Reason: "the database did not take the message"}
}
