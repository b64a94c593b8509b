package discord_test

import (
	"strings"
	"testing"

	"firstline/bot/chat"
	"firstline/bot/discord"
	"firstline/bot/discord/discordtest"
)

// TestGone tells what was deleted and can be made again from what is no more.
func TestGone(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	c, staff, card := staffSender(t, s)
	say := &chat.Outbound{Body: chat.Plain("x")}
	kind := func(err error) chat.SendKind {
		t.Helper()
		if err == nil {
			t.Fatal("no error")
		}
		return chat.AsSendError(err).Kind
	}
	thread, err := c.Open(t.Context(), in(staff), card, "#7")
	if err != nil {
		t.Fatal(err)
	}
	inside, err := c.Send(t.Context(), thread, say)
	if err != nil {
		t.Fatal(err)
	}
	s.DeleteThread(thread.ID)
	restarted, err := discord.New(discord.Options{Token: s.Token, APIBase: s.URL, StaffChannel: staff})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]*discord.Channel{"the thread is known": c, "nothing is known": restarted} {
		if _, err := c.Send(t.Context(), thread, say); kind(err) != chat.Gone {
			t.Errorf("%s: send: %v", name, err)
		}
		if err := c.Edit(t.Context(), thread, inside, say); kind(err) != chat.Gone {
			t.Errorf("%s: edit: %v", name, err)
		}
		if err := c.Delete(t.Context(), thread, inside); err != nil {
			t.Errorf("%s: delete: %v", name, err)
		}
		// A message has one thread only: where it was deleted the card has to be new.
		if _, err := c.Open(t.Context(), in(staff), card, "#7"); kind(err) != chat.Gone {
			t.Errorf("%s: open: %v", name, err)
		}
	}
	s.UserDeletes(staff, string(card))
	if err := c.Edit(t.Context(), in(staff), card, say); kind(err) != chat.Gone {
		t.Errorf("edit of a card: %v", err)
	}
	if _, err := c.Open(t.Context(), in(staff), card, "#7"); kind(err) != chat.Gone {
		t.Errorf("open on a card: %v", err)
	}
	if err := c.Delete(t.Context(), in(staff), card); err != nil {
		t.Errorf("delete of a card: %v", err)
	}
	dm, err := c.OpenPrivate(t.Context(), chat.Person{ID: "501"})
	if err != nil {
		t.Fatal(err)
	}
	for _, whole := range []string{staff, dm.ID} {
		s.Refuse(whole, discordtest.Refused(404, 10003, "Unknown Channel"))
		if _, err := c.Send(t.Context(), in(whole), say); kind(err) != chat.Unreachable {
			t.Errorf("a whole channel: %v", err)
		}
	}
}

// TestGoneThreadOfARun: what the gateway told of a thread tells what it was.
func TestGoneThreadOfARun(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	channel := s.AddChannel()
	thread := s.AddThreadIn(channel)
	b := start(t, s, nil, nil, helping(channel))
	b.waitLog(t, "discord: connected")
	s.WaitHandled(t)
	for where, want := range map[string]chat.SendKind{thread: chat.Gone, channel: chat.Unreachable} {
		s.Refuse(where, discordtest.Refused(404, 10003, "Unknown Channel"))
		_, err := b.Send(t.Context(), in(where), &chat.Outbound{Body: chat.Plain("x")})
		if err == nil || chat.AsSendError(err).Kind != want {
			t.Errorf("%v, want %v", err, want)
		}
	}
}

// TestLockedThreads: the bot opens a locked thread of staff again, once, if it may;
// others stay locked.
func TestLockedThreads(t *testing.T) {
	t.Parallel()
	const manageThreads, createThreads = 1 << 34, 1 << 35
	s := discordtest.New(t)
	c, staff, card := staffSender(t, s)
	thread, err := c.Open(t.Context(), in(staff), card, "#7")
	if err != nil {
		t.Fatal(err)
	}
	other := s.AddThread()
	send := func(c *discord.Channel, where string) error {
		_, err := c.Send(t.Context(), in(where), &chat.Outbound{Body: chat.Plain("x")})
		return err
	}
	s.Archive(thread.ID, false)
	if err := send(c, thread.ID); err != nil || s.Archived(thread.ID) { // needs no permission
		t.Errorf("archived: %v", err)
	}
	for _, lock := range []func(){func() { s.Archive(thread.ID, true) }, func() { s.Lock(thread.ID) }} {
		lock()
		if err := send(c, thread.ID); err == nil || chat.AsSendError(err).Kind != chat.Unreachable || !strings.Contains(err.Error(), "Manage Threads") {
			t.Errorf("without the permission: %v", err)
		}
	}
	s.Archive(thread.ID, true)
	s.SetBotPermissions(manageThreads | createThreads)
	restarted, err := discord.New(discord.Options{Token: s.Token, APIBase: s.URL, StaffChannel: staff}) // knows nothing of the thread
	if err != nil {
		t.Fatal(err)
	}
	if err := send(restarted, thread.ID); err != nil || s.Archived(thread.ID) {
		t.Errorf("archived and locked: %v", err)
	}
	s.SetBotPermissions(createThreads)
	if err := send(c, thread.ID); err != nil {
		t.Errorf("it stayed locked: %v", err)
	}
	s.Lock(other)
	if err := send(c, other); err == nil || chat.AsSendError(err).Kind != chat.Unreachable {
		t.Errorf("another thread: %v", err)
	}
	if n := s.Calls("PATCH", other); n != 0 {
		t.Errorf("%d requests to open a thread that is not of staff", n)
	}
}
