package discord_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"firstline/bot/chat"
	"firstline/bot/discord"
	"firstline/bot/discord/discordtest"
)

// helping configures help channels.
func helping(channels ...string) setup {
	return setup{options: func(o *discord.Options) { o.Help = channels }}
}

func TestHelpChannels(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	ordinary, channel, forum := s.AddChannel(), s.AddChannel(), s.AddForum()
	thread, elsewhere := s.AddThreadIn(channel), s.AddThreadIn(ordinary)
	b := start(t, s, nil, nil, helping(channel, forum))
	b.waitLog(t, "discord: connected")

	s.UserPosts(ordinary, "501", "private-words among people")
	s.UserPosts(elsewhere, "501", "private-words in a thread of people")
	s.UserMentions(ordinary, "501", "mentioned")
	s.UserPosts(channel, "502", "in the channel")
	s.UserPosts(thread, "503", "in a thread of it")
	s.UserSends(channel, "504", discordtest.Post{Text: "a bot's", Bot: true})
	post := s.UserAsks(forum, "505", "Deposit missing", "It has been two days.")
	s.UserPosts(post, "506", "same here")
	s.UserMentions(channel, "507", "mentioned in help")
	s.UserCommand(post, "508", "ask", "a command")

	got := b.inbox.want(t, "mentioned", "in the channel", "in a thread of it",
		"Deposit missing\n\nIt has been two days.", "same here", "mentioned in help", "a command")
	for i, want := range []struct {
		where           string
		help, addressed bool
	}{
		{ordinary, false, true}, {channel, true, false}, {thread, true, false},
		{post, true, false}, {post, true, false}, {channel, true, true}, {post, true, true},
	} {
		m := got[i]
		if m.Conversation != in(want.where) || m.Help != want.help || m.Addressed != want.addressed || m.Private {
			t.Errorf("%q: %+v, want %+v", m.Text, m, want)
		}
	}
	if got[3].ID != chat.MessageID(post) {
		t.Errorf("the post's message is %s, want %s", got[3].ID, post)
	}
}

// TestPostBeforeItsThread: the message comes before the event that tells where
// its thread belongs.
func TestPostBeforeItsThread(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	forum, other := s.AddForum(), s.AddForum()
	b := start(t, s, nil, nil, helping(forum))
	b.waitLog(t, "discord: connected")
	s.UserAsksBackwards(other, "501", "private-words", "private-words")
	post := s.UserAsksBackwards(forum, "502", "Title", "body")
	s.UserPosts(post, "502", "and another thing")
	got := b.inbox.want(t, "Title\n\nbody", "and another thing")
	if !got[0].Help || !got[1].Help || b.inbox.repeated != 0 {
		t.Errorf("%+v %+v, %d repeated", got[0], got[1], b.inbox.repeated)
	}
}

// TestAnHourAway: 500 messages missed in a channel, a thread, posts that were
// archived meanwhile, direct messages: all come once and in order.
func TestAnHourAway(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	channel, forum := s.AddChannel(), s.AddForum()
	thread := s.AddThreadIn(channel)
	inb, m := newInbox(), &marks{}
	b := start(t, s, inb, m, helping(channel, forum))
	b.meet(t, "501")
	if err := b.stop(); err != nil {
		t.Fatal(err)
	}

	want := map[string][]string{}
	say := func(where, text string) {
		s.UserPosts(where, "501", text)
		want[where] = append(want[where], text)
	}
	for i := range 500 {
		say(channel, fmt.Sprintf("in the channel %d", i))
	}
	for i := range 130 {
		say(thread, fmt.Sprintf("in the thread %d", i))
		say(s.DM("501"), fmt.Sprintf("directly %d", i))
	}
	for i := range 120 { // more than a page of archived threads
		post := s.UserAsks(forum, "501", "Title", fmt.Sprint(i))
		want[post] = []string{fmt.Sprintf("Title\n\n%d", i)}
		if i%4 == 0 {
			say(post, "never mind")
		}
		if i%10 != 0 {
			s.Archive(post, false)
		}
	}
	total := 0
	for _, list := range want {
		total += len(list)
	}
	s.Fail("GET", "/threads/archived", discordtest.HTML(502), discordtest.DropsBefore)
	s.Fail("GET", "/messages", discordtest.RateLimited(20*time.Millisecond), discordtest.HTML(500))
	start(t, s, inb, m, helping(channel, forum))
	got := map[string][]string{}
	for _, msg := range inb.wait(t, total) {
		got[msg.Conversation.ID] = append(got[msg.Conversation.ID], msg.Text)
		if msg.Help == msg.Private {
			t.Errorf("%+v", msg)
		}
	}
	for where, list := range want {
		if !slices.Equal(got[where], list) {
			t.Errorf("in %s: %q, want %q", where, got[where], list)
		}
	}
	if inb.repeated != 0 {
		t.Errorf("%d repeated", inb.repeated)
	}
}

// TestLimitedChannelDelaysNoOther: the backfill of a channel that Discord limits
// waits alone.
func TestLimitedChannelDelaysNoOther(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	inb, m := newInbox(), &marks{}
	b := start(t, s, inb, m, setup{})
	b.meet(t, "501")
	b.meet(t, "502")
	_ = b.stop()
	s.UserDMs("501", "first")
	s.UserDMs("502", "second")
	s.Fail("GET", s.DM("501")+"/messages", discordtest.RateLimited(time.Hour))
	b = start(t, s, inb, m, setup{})
	inb.want(t, "second")
	b.waitLog(t, "retry_in=1h")
}

func TestRepeatedAndSwappedEvents(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	channel := s.AddChannel()
	b := start(t, s, nil, nil, helping(channel))
	b.meet(t, "501")
	block := make(chan struct{})
	b.inbox.mu.Lock()
	b.inbox.block = block
	b.inbox.mu.Unlock()
	s.UserDMs("501", "0")
	b.waitBlocked(t)
	s.RepeatEvents(true)
	s.SwapMessages(20)
	want := map[string][]string{s.DM("501"): {"0"}}
	for i := 1; i < 50; i++ {
		text := fmt.Sprint(i)
		s.UserDMs("501", text)
		s.UserPosts(channel, "502", text)
		want[s.DM("501")] = append(want[s.DM("501")], text)
		want[channel] = append(want[channel], text)
	}
	s.WaitHandled(t)
	close(block)
	got := map[string][]string{}
	for _, m := range b.inbox.wait(t, 99) {
		got[m.Conversation.ID] = append(got[m.Conversation.ID], m.Text)
	}
	for where, list := range want {
		if !slices.Equal(got[where], list) {
			t.Errorf("%q, want %q", got[where], list)
		}
	}
}

// TestNotWritten: what the operator has to do is said in plain words.
func TestNotWritten(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	locked := s.AddThread()
	s.Archive(locked, true)
	for _, test := range []struct {
		code int
		want string
	}{
		{50001, "View Channel"}, {50013, "Send Messages"}, {50083, "Manage Threads"},
	} {
		c := sender(t, s.URL, s.Token)
		where := locked
		if test.code != 50083 {
			where = s.AddChannel()
			s.Refuse(where, discordtest.Refused(403, test.code, "Missing"))
		}
		_, err := c.Send(t.Context(), in(where), &chat.Outbound{Body: chat.Plain("x")})
		if e := chat.AsSendError(err); e == nil || e.Kind != chat.Unreachable || !strings.Contains(e.Reason, test.want) {
			t.Errorf("%d: %v, want something about %s", test.code, err, test.want)
		}
	}
}
