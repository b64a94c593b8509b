package bot_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"firstline/bot/chat"
	"firstline/handoff"
	"firstline/handoff/store"
)

// story returns the asker's entries of a ticket, as "text" or, when it was edited,
// "old → new".
func (w *world) story(id handoff.TicketID) []string {
	w.Helper()
	s, err := w.desk.Story(w.Context(), id, w.agent("alice"))
	if err != nil {
		w.Fatal(err)
	}
	var all []string
	for _, e := range s.Entries {
		if e.Kind != handoff.ByAsker {
			continue
		}
		text := ""
		for _, r := range e.Earlier {
			text += r.Text + " → "
		}
		text += e.Text
		if !e.DeletedAt.IsZero() {
			text += "(deleted)"
		}
		all = append(all, text)
	}
	return all
}

func (w *world) history(id handoff.TicketID) string {
	w.Helper()
	s, err := w.desk.Story(w.Context(), id, w.agent("alice"))
	if err != nil {
		w.Fatal(err)
	}
	var all []string
	for _, e := range s.Events {
		all = append(all, e.Action)
	}
	return strings.Join(all, " ")
}

// TestEditedBeforeItsTurn: one answer, to the new form.
func TestEditedBeforeItsTurn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	asked := w.net.Message("ann", "how do i close my account")
	behind := w.net.Message("ann", "thank you so much")
	w.net.Deliver(t, asked, w.net.Change(asked, "how do i turn on 2fa"), behind)
	w.want(w.hears("ann", 1), "2FA")
	w.want(w.hears("ann", 2), "welcome")
	w.settled()
	if n := len(w.net.Sent(w.net.Private("ann"))); n != 2 {
		t.Errorf("%d messages, want 2", n)
	}
	// And deleted before its turn: none.
	asked = w.net.Message("bob", "how do i turn on 2fa")
	w.net.Deliver(t, asked, w.net.Remove(asked))
	w.settled()
	if n := len(w.net.Sent(w.net.Private("bob"))); n != 0 {
		t.Errorf("%d messages, want none", n)
	}
}

func TestEditedAfterTheAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	asked := w.net.Message("ann", "how do i turn on 2fa")
	w.net.Deliver(t, asked)
	w.hears("ann", 1)
	w.net.Deliver(t, w.net.Change(asked, "how do i close my account"))
	w.settled()
	if n := len(w.net.Sent(w.net.Private("ann"))); n != 1 {
		t.Errorf("%d messages: an answered question is not answered again", n)
	}
	w.says("ann", "talk to a human", 2)
	if got := w.story(1); got[0] != "how do i turn on 2fa → how do i close my account" {
		t.Errorf("story: %q", got)
	}
}

func TestEditOfWhatNobodyHasAnswered(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	asked := w.net.Message("ann", gibberish)
	w.net.Deliver(t, asked)
	w.hears("ann", 1)
	same := w.net.Change(asked, gibberish) // a link's preview, say
	w.net.Deliver(t, same, w.net.Change(asked, gibberish+" again"))
	w.settled()
	if n := len(w.net.Sent(w.net.Private("ann"))); n != 1 || w.tickets() != 0 {
		t.Fatalf("%d messages, %d tickets: an edit is no second miss", n, w.tickets())
	}
	w.net.Deliver(t, w.net.Change(asked, "how do i turn on 2fa"))
	w.want(w.hears("ann", 2), "2FA")
	w.pass(time.Hour)
	if err := w.bot.Sweep(t.Context()); err != nil || w.tickets() != 0 {
		t.Errorf("%v, %d tickets: the edit answered it", err, w.tickets())
	}
	w.says("ann", "talk to a human", 3)
	if got := w.story(1)[0]; got != gibberish+" → "+gibberish+" again → how do i turn on 2fa" {
		t.Errorf("story: %q", got)
	}
}

func TestEditTouchesTheTicket(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	alice := w.agent("alice")
	asked := w.net.Message("ann", "talk to a human about my deposit of 5")
	w.net.Deliver(t, asked)
	w.hears("ann", 1)
	if _, err := w.desk.Claim(t.Context(), 1, alice); err != nil {
		t.Fatal(err)
	}
	before := w.ticket(1).UpdatedAt
	w.pass(time.Minute)
	rings, stop := w.store.Listen(store.Desk)
	defer stop()
	w.net.Deliver(t, w.net.Change(asked, "talk to a human about my deposit of 50"))
	w.settled()
	select {
	case <-rings:
	case <-time.After(30 * time.Second):
		t.Error("the desk was not told")
	}
	if !w.ticket(1).UpdatedAt.After(before) || !strings.Contains(w.history(1), "edited") {
		t.Errorf("updated %s, history %s", w.ticket(1).UpdatedAt, w.history(1))
	}
	if n := len(w.net.Sent(w.net.Private("ann"))); n != 1 {
		t.Errorf("%d messages", n)
	}
}

// TestEditsOfAnAlbum: the part with the words comes alone, a late part with the same
// words again.
func TestEditsOfAnAlbum(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.says("ann", "talk to a human", 1)
	m := w.net.Message("ann", gibberish)
	m.Attachments = []chat.Attachment{{Kind: "photo", Ref: "a"}, {Kind: "photo", Ref: "b"}}
	w.net.Deliver(t, m)
	same := w.net.Change(m, gibberish)
	same.Attachments = same.Attachments[:1]
	late := w.net.Change(m, gibberish)
	late.Attachments = append(late.Attachments, chat.Attachment{Kind: "photo", Ref: "c"})
	edit := w.net.Change(m, gibberish+" edited")
	edit.Attachments = edit.Attachments[:1]
	w.settled()
	for _, e := range []*chat.Message{same, late, edit} {
		w.net.Deliver(t, e)
		w.settled()
	}
	if got := w.story(1)[1]; got != gibberish+" → "+gibberish+" edited" {
		t.Errorf("story: %q", got)
	}
	s, err := w.desk.Story(t.Context(), 1, "alice")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range s.Entries {
		if e.Message == m.ID && (len(e.Attachments) != 3 || len(e.Files) != 3) {
			t.Errorf("attachments %+v, files %d", e.Attachments, len(e.Files))
		}
	}
}

func TestSecretInAnEdit(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.says("ann", "talk to a human", 1)
	asked := w.net.Message("ann", gibberish)
	w.net.Deliver(t, asked)
	const n = 2
	w.want(w.hears("ann", n), "added that")
	edit := w.net.Change(asked, "legal winner thank year wave sausage worth useful legal winner thank yellow")
	w.net.Deliver(t, edit, w.net.Change(asked, edit.Text))
	w.want(w.hears("ann", n+1), "a seed phrase")
	w.settled()
	if ids := w.net.WaitDeleted(t, w.net.Private("ann"), 1); ids[0] != asked.ID {
		t.Errorf("deleted %v", ids)
	}
	if got := fmt.Sprint(w.story(1)); strings.Contains(got, "winner") || !strings.Contains(got, "seed phrase removed") {
		t.Errorf("story: %s", got)
	}
	if n2 := len(w.net.Sent(w.net.Private("ann"))); n2 != n+1 {
		t.Errorf("%d warnings, want one", n2-n)
	}
}

func TestDeletedByItsAuthor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.says("ann", "talk to a human", 1)
	asked := w.net.Message("ann", "my name is Ann Example")
	asked.Attachments = []chat.Attachment{{Kind: "photo", Name: "ann.png", Ref: "r"}}
	w.net.Deliver(t, asked)
	w.settled()
	gone := w.net.Remove(asked)
	gone.From = chat.Person{} // some networks don't say who
	w.net.Deliver(t, gone, w.net.Remove(asked))
	w.settled()
	if got := w.story(1); !slices.Contains(got, "(deleted)") || strings.Contains(fmt.Sprint(got), "Example") {
		t.Errorf("story: %q", got)
	}
	if h := w.history(1); strings.Count(h, "deleted") != 1 {
		t.Errorf("history: %s", h)
	}
	err := w.store.View(t.Context(), func(tx handoff.Tx) error {
		files, err := tx.Files("telegram/ann")
		for _, f := range files {
			if f.State != handoff.FileForgetting || f.Attachment.Name != "" {
				t.Errorf("file: %+v", f)
			}
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// TestDeletedQuestionWaitsNoMore: unless another question of theirs does.
func TestDeletedQuestionWaitsNoMore(t *testing.T) {
	t.Parallel()
	h := newHelp(t)
	first, second := h.post("ann", gibberish), h.post("ann", gibberish+" two")
	h.net.Deliver(t, h.net.Remove(second))
	h.settled()
	h.sweep(30 * time.Minute)
	if got := h.heard(1)[0]; got.ReplyTo != first.ID {
		t.Errorf("replies to %q, want %q", got.ReplyTo, first.ID)
	}
	h.net.Deliver(t, h.net.Remove(h.post("bob", gibberish)))
	h.settled()
	h.sweep(time.Hour)
	h.heard(1)
}

// TestOnlyItsAuthorChangesAMessage: events about somebody else's message.
func TestOnlyItsAuthorChangesAMessage(t *testing.T) {
	t.Parallel()
	h := newHelp(t)
	asked := h.post("ann", gibberish)
	edit, gone := h.net.Change(asked, "forged"), h.net.Remove(asked)
	edit.From.ID, gone.From.ID = "mallory", "mallory"
	h.net.Deliver(t, edit, gone)
	h.sweep(30 * time.Minute)
	h.heard(1)
	if got := h.story(1); len(got) != 1 || got[0] != gibberish {
		t.Errorf("story: %q", got)
	}
}

// TestEditThatAddressesTheBot: in a community, what was none of its business is a
// question once it is.
func TestEditThatAddressesTheBot(t *testing.T) {
	t.Parallel()
	h := newHelp(t)
	m := h.message("ann", "how do i turn on 2fa")
	m.Help = false
	h.net.Deliver(t, m)
	h.heard(0)
	edit := h.net.Change(m, m.Text)
	edit.Addressed = true
	h.net.Deliver(t, edit)
	h.want(h.heard(1)[0], "2FA")
}
