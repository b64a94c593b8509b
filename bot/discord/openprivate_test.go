package discord_test

import (
	"context"
	"testing"
	"time"

	"firstline/bot/chat"
	"firstline/bot/discord/discordtest"
)

func TestOpenPrivate(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	inb, m := newInbox(), &marks{}
	b := start(t, s, inb, m, setup{})
	b.waitLog(t, "discord: connected")
	for range 2 {
		got, err := b.OpenPrivate(t.Context(), chat.Person{ID: "501", Name: "<@502>"})
		if err != nil || got != in(s.DM("501")) {
			t.Fatalf("%v, %v", got, err)
		}
	}
	if n := s.Calls("POST", "/users/@me/channels"); n != 1 {
		t.Errorf("asked %d times", n)
	}
	if saved, _ := m.Load(t.Context()); saved[s.DM("501")] == "" {
		t.Errorf("no mark among %v", saved)
	}
	_ = b.stop()
	s.UserDMs("501", "while the bot was away")
	b = start(t, s, inb, m, setup{})
	inb.want(t, "while the bot was away")
	s.UserDMs("501", "and now")
	if got := inb.want(t, "while the bot was away", "and now"); !got[1].Private || got[1].From.ID != "501" {
		t.Errorf("%+v", got[1])
	}
	s.Fail("POST", "/users/@me/channels", discordtest.RateLimited(time.Minute), discordtest.Refused(400, 50033, "Invalid Recipient(s)"),
		discordtest.Refused(404, 10013, "Unknown User"))
	for _, want := range []chat.SendKind{chat.Temporary, chat.Temporary} { // the second is not even asked
		if _, err := b.OpenPrivate(t.Context(), chat.Person{ID: "502"}); err == nil || chat.AsSendError(err).Kind != want {
			t.Errorf("%v, want %v", err, want)
		}
	}
	other := sender(t, s.URL, s.Token)
	for _, want := range []chat.SendKind{chat.Unreachable, chat.Unreachable} {
		if _, err := other.OpenPrivate(t.Context(), chat.Person{ID: "502"}); err == nil || chat.AsSendError(err).Kind != want {
			t.Errorf("%v, want %v", err, want)
		}
	}
	if _, err := other.OpenPrivate(t.Context(), chat.Person{ID: "../5"}); err == nil || chat.AsSendError(err).Kind != chat.Rejected {
		t.Errorf("%v", err)
	}
}

// TestOpenPrivateBeforeRun: what was opened before is looked after from the start.
func TestOpenPrivateBeforeRun(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	b := start(t, s, nil, nil, setup{})
	b.waitLog(t, "discord: connected")
	_ = b.stop()
	if _, err := b.OpenPrivate(t.Context(), chat.Person{ID: "501"}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- b.Run(ctx, b.inbox) }()
	s.WaitCalls(t, "GET", s.DM("501")+"/messages", 1)
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if saved, _ := b.marks.Load(t.Context()); saved[s.DM("501")] == "" {
		t.Errorf("no mark among %v", saved)
	}
}
