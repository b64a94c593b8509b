package chattest

import (
	"context"
	"fmt"
	"io"
	"slices"
	"testing"

	"firstline/bot/chat"
)

var (
	_ chat.Deleter = (*Fake)(nil)
	_ chat.Editor  = (*Fake)(nil)
	_ chat.Fetcher = (*Fake)(nil)
	_ chat.Typer   = (*Fake)(nil)
)

// file is an attachment on the network, or why it can't be had.
type file struct {
	content []byte
	err     error
}

// Edit implements chat.Editor. Fault is asked as before a send; what was never
// sent is rejected.
func (f *Fake) Edit(_ context.Context, in chat.ConversationID, id chat.MessageID, out *chat.Outbound) error {
	if f.Fault != nil {
		if err := f.Fault(in, out); err != nil {
			return err
		}
	}
	if err := f.missing(in, id); err != nil {
		return err
	}
	err := error(&chat.SendError{Kind: chat.Rejected, Reason: "there is no such message"})
	f.change(func() {
		for i := range f.sent[in] {
			if f.sent[in][i].ID == id {
				f.sent[in][i].Body, f.sent[in][i].Choices = out.Body, out.Choices
				err = nil
			}
		}
	})
	return err
}

// Attach puts a file on the network, to be fetched by ref. A non-nil err is what
// fetching ends with until the file is put again.
func (f *Fake) Attach(ref string, content []byte, err error) {
	f.change(func() { f.files[ref] = file{content: content, err: err} })
}

// Fetch implements chat.Fetcher.
func (f *Fake) Fetch(_ context.Context, _ chat.ConversationID, a chat.Attachment, w io.Writer, max int64) error {
	f.mu.Lock()
	got, ok := f.files[a.Ref]
	f.mu.Unlock()
	if !ok {
		return &chat.SendError{Kind: chat.Rejected, Reason: "there is no such file"}
	}
	if _, err := w.Write(got.content[:min(int64(len(got.content)), max)]); err != nil {
		return err
	}
	if got.err == nil && int64(len(got.content)) > max {
		return chat.ErrTooLarge
	}
	return got.err
}

// Typing implements chat.Typer.
func (f *Fake) Typing(_ context.Context, in chat.ConversationID) {
	f.change(func() { f.typing[in]++ })
}

// WaitTyping waits until the bot has shown n times in a conversation that it
// writes.
func (f *Fake) WaitTyping(t testing.TB, c chat.ConversationID, n int) {
	t.Helper()
	f.wait(t, fmt.Sprintf("%d times typing at %s", n, c), func() bool { return f.typing[c] >= n })
}

// WaitText waits until the message at index i of a conversation, from 0, reads as
// text says.
func (f *Fake) WaitText(t testing.TB, c chat.ConversationID, i int, ok func(text string) bool) {
	t.Helper()
	f.wait(t, fmt.Sprintf("message %d at %s to change", i, c), func() bool {
		return len(f.sent[c]) > i && ok(f.sent[c][i].Body.Text)
	})
}

// Change makes an event by which the author of m edits it to read text.
func (f *Fake) Change(m *chat.Message, text string) *chat.Message {
	changed := f.again(m)
	changed.Text, changed.Edited = text, true
	return changed
}

// Remove makes an event by which the author of m takes it back.
func (f *Fake) Remove(m *chat.Message) *chat.Message {
	removed := f.again(m)
	removed.Text, removed.Attachments, removed.Deleted = "", nil, true
	return removed
}

// again returns another event about m.
func (f *Fake) again(m *chat.Message) *chat.Message {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.events++
	next := *m
	next.Attachments = slices.Clone(m.Attachments)
	next.Event = fmt.Sprintf("in-%d", f.events)
	return &next
}
