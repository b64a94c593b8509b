package chattest

import (
	"context"

	"firstline/bot/chat"
)

var (
	_ chat.Opener        = (*Fake)(nil)
	_ chat.PrivateOpener = (*Fake)(nil)
)

// Open implements chat.Opener: on a message like a thread, without one like a
// topic. Fault is asked with the title as text.
func (f *Fake) Open(_ context.Context, in chat.ConversationID, on chat.MessageID, title string) (chat.ConversationID, error) {
	if f.Fault != nil {
		if err := f.Fault(in, &chat.Outbound{Body: chat.Plain(title)}); err != nil {
			return chat.ConversationID{}, err
		}
	}
	if err := f.missing(in, on); err != nil {
		return chat.ConversationID{}, err
	}
	opened := in
	f.change(func() {
		f.total++
		opened.ID += "/" + string(on)
		if on == "" {
			opened.ID += title
		}
		f.opened[opened] = title
		delete(f.gone, opened)
	})
	return opened, nil
}

// Opened returns the title of a conversation that was opened beneath another.
func (f *Fake) Opened(c chat.ConversationID) (title string, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	title, ok = f.opened[c]
	return title, ok
}

// OpenPrivate implements chat.PrivateOpener.
func (f *Fake) OpenPrivate(_ context.Context, with chat.Person) (chat.ConversationID, error) {
	return f.Private(with.ID), nil
}

// Drop deletes what the bot has sent, or the whole conversation when id is "":
// from then on it is gone to the bot.
func (f *Fake) Drop(c chat.ConversationID, id chat.MessageID) {
	f.change(func() {
		if id == "" {
			f.gone[c] = true
		}
		f.gone[chat.ConversationID{Network: f.network, ID: c.ID + "#" + string(id)}] = true
	})
}

// missing returns chat.Gone when c, or the message id of it, was dropped.
func (f *Fake) missing(c chat.ConversationID, id chat.MessageID) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.gone[c] || id != "" && f.gone[chat.ConversationID{Network: f.network, ID: c.ID + "#" + string(id)}] {
		return &chat.SendError{Kind: chat.Gone, Reason: "it was deleted"}
	}
	return nil
}
