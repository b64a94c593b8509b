package discord_test

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"firstline/bot/chat"
	"firstline/bot/discord"
	"firstline/bot/discord/discordtest"
)

// TestBackfillAfterRestart sends messages while no bot runs.
func TestBackfillAfterRestart(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	channel, thread, quiet, hidden := s.AddChannel(), s.AddThread(), s.AddChannel(), s.AddChannel()
	s.AddForum()
	in, m := newInbox(), &marks{}
	b := start(t, s, in, m, setup{})
	b.waitLog(t, "discord: connected")
	s.UserDMs("501", "dm 1")
	s.UserDMs("502", "other dm")
	s.UserMentions(channel, "503", "channel 1")
	in.wait(t, 3)
	b.send(t, s.DM("501"), "an answer")
	if err := b.stop(); err != nil {
		t.Fatal(err)
	}

	s.UserDMs("501", "dm 2")
	for i := range 130 { // more than a page
		s.UserPosts(channel, "503", fmt.Sprintf("private-words %d", i))
	}
	s.UserMentions(channel, "503", "channel 2")
	s.UserMentions(thread, "504", "thread")
	s.UserMentions(hidden, "505", "hidden")
	s.UserPosts(quiet, "505", "private-words")
	s.Refuse(hidden, discordtest.Refused(403, 50001, "Missing Access"))
	s.UserDMs("506", "a new person")
	s.UserDMs("501", "dm 3")

	b = start(t, s, in, m, setup{})
	in.wait(t, 3+5-1)
	s.UserDMs("506", "a new person, again")
	s.UserDMs("501", "dm 4")
	got := in.wait(t, 3+5+2)
	for conversation, want := range map[string][]string{
		s.DM("501"): {"dm 1", "dm 2", "dm 3", "dm 4"},
		s.DM("506"): {"a new person", "a new person, again"},
		channel:     {"channel 1", "channel 2"},
		thread:      {"thread"},
	} {
		var have []string
		for _, m := range got {
			if m.Conversation.ID == conversation {
				have = append(have, m.Text)
				if private := conversation == s.DM(m.From.ID); m.Private != private || !m.Addressed {
					t.Errorf("%q: private %v, addressed %v", m.Text, m.Private, m.Addressed)
				}
			}
		}
		if !slices.Equal(have, want) {
			t.Errorf("%s: received %q, want %q", conversation, have, want)
		}
	}
	b.waitLog(t, "can't be read")
}

// TestNoBackfillOfOldMessages: what was written before the bot's first start is
// not its business, nor what was written in a guild before it was added.
func TestNoBackfillOfOldMessages(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	channel := s.AddChannel()
	s.UserMentions(channel, "501", "years ago")
	time.Sleep(2 * time.Millisecond) // ids count milliseconds
	b := start(t, s, nil, nil, setup{})
	b.waitLog(t, "discord: connected")
	s.Dispatch("GUILD_CREATE", map[string]any{
		"id": "900", "channels": []any{map[string]any{"id": channel, "type": 0, "last_message_id": s.UserPosts(channel, "501", "x")}},
	})
	s.UserDMs("502", "hello")
	b.inbox.want(t, "hello")
	if n := s.Calls("GET", "/channels/"+channel+"/messages"); n != 0 {
		t.Errorf("%d requests for old messages", n)
	}
}

// TestLiveWaitsForBackfill: the first message after a restart must not overtake
// those that were missed, even when fetching them fails at first.
func TestLiveWaitsForBackfill(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	in, m := newInbox(), &marks{}
	b := start(t, s, in, m, setup{})
	b.waitLog(t, "discord: connected")
	s.UserDMs("501", "1")
	in.wait(t, 1)
	_ = b.stop()
	s.UserDMs("501", "2")
	s.Fail("GET", "/messages", discordtest.HTML(502), discordtest.DropsBefore, discordtest.RateLimited(time.Millisecond), discordtest.HTML(403))
	b = start(t, s, in, m, setup{})
	s.WaitReady(t, 2)
	s.UserDMs("501", "3")
	in.want(t, "1", "2", "3")
	if in.repeated != 0 {
		t.Errorf("%d messages were received again", in.repeated)
	}
	b.waitLog(t, "can't be fetched yet")
}

func TestMarks(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	channel := s.AddChannel()
	in, m := newInbox(), &marks{saved: map[string]string{"nonsense": "5", "5": "nonsense"}}
	m.refuses = 2 // of Load
	b := start(t, s, in, m, setup{timing: discord.Timing{Housekeep: 5 * time.Millisecond}})
	b.waitLog(t, "discord: connected")
	m.mu.Lock()
	m.refuses = 1 // of Save
	m.mu.Unlock()
	dm := s.UserDMs("501", "hello")
	in.wait(t, 1)
	answer := b.send(t, s.DM("501"), "an answer")
	chatter := s.UserPosts(channel, "502", "private-words")
	want := map[string]string{s.DM("501"): string(answer), channel: chatter}
	for deadline := time.Now().Add(patience); ; time.Sleep(time.Millisecond) {
		saved, _ := m.Load(t.Context())
		if saved[s.DM("501")] == want[s.DM("501")] && saved[channel] == chatter {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("saved %v, want %v (the question is %s)", saved, want, dm)
		}
	}
	b.waitLog(t, "can't be read yet")
	b.waitLog(t, "could not be saved")
}

// TestMarkNotSavedBeforeStored: a crash while the database is away must lose
// nothing.
func TestMarkNotSavedBeforeStored(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	in, m := newInbox(), &marks{}
	b := start(t, s, in, m, setup{})
	b.waitLog(t, "discord: connected")
	first := s.UserDMs("501", "1")
	in.wait(t, 1)

	in.mu.Lock()
	in.failures = 1 << 30
	in.mu.Unlock()
	s.UserDMs("501", "2")
	s.UserDMs("501", "3")
	b.waitLog(t, "could not be stored")
	_ = b.stop() // drains in vain
	if saved, _ := m.Load(t.Context()); saved[s.DM("501")] != first {
		t.Fatalf("saved %v, want %s", saved, first)
	}
	in.mu.Lock()
	in.failures = 0
	in.mu.Unlock()
	start(t, s, in, m, setup{})
	in.want(t, "1", "2", "3")
}

// TestShutdownStoresWhatArrived: what is in memory when Run ends is stored.
func TestShutdownStoresWhatArrived(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	in, m := newInbox(), &marks{}
	in.block = make(chan struct{})
	b := start(t, s, in, m, setup{})
	b.waitLog(t, "discord: connected")
	want := numbered(150)
	for _, text := range want {
		s.UserDMs("501", text)
	}
	s.UserCommand(s.DM("501"), "501", "ask", "the last")
	s.WaitHandled(t)
	done := make(chan error)
	go func() { done <- b.stop() }()
	close(in.block)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	want = append(want, "the last")
	in.want(t, want...)

	// The conversation is known from now on, whatever had been done about it.
	s.UserDMs("501", "after the end")
	start(t, s, in, m, setup{})
	in.want(t, append(want, "after the end")...)
}

// TestMemoryIsBounded turns messages away and fetches them later.
func TestMemoryIsBounded(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	in := newInbox()
	b := start(t, s, in, nil, setup{timing: discord.Timing{MaxWaiting: 10}})
	b.waitLog(t, "discord: connected")
	s.UserDMs("501", "0")
	in.wait(t, 1)
	block := make(chan struct{})
	in.mu.Lock()
	in.block = block
	in.mu.Unlock()
	want := []string{"0", "1"}
	s.UserDMs("501", "1")
	b.waitBlocked(t)
	for i := 2; i < 300; i++ {
		want = append(want, strconv.Itoa(i))
		s.UserDMs("501", strconv.Itoa(i))
	}
	b.waitLog(t, "too many messages wait")
	command := s.UserCommand(s.DM("501"), "501", "human", "") // turned away
	s.UserDMs("501", "the end")
	s.WaitHandled(t)
	close(block)
	got := in.wait(t, 301)
	if list := texts(got); !slices.Equal(list, append(want, "the end")) {
		t.Errorf("received %q", list)
	}
	if slices.ContainsFunc(got, func(m *chat.Message) bool { return m.Command != "" }) || s.Acknowledged(command) != 0 {
		t.Error("the command that was turned away was acknowledged")
	}
}

// TestMarksInMemory: without a Seen, what is sent between two Runs of one
// process is not missed.
func TestMarksInMemory(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	b := start(t, s, nil, nil, setup{options: func(o *discord.Options) { o.Seen = nil }})
	b.meet(t, "501")
	_ = b.stop()
	s.UserDMs("501", "meanwhile")
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- b.Run(ctx, b.inbox) }()
	b.inbox.want(t, "meanwhile")
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
