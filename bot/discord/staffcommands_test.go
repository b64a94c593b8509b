package discord_test

import (
	"slices"
	"testing"
	"time"

	"firstline/bot/chat"
	"firstline/bot/discord"
	"firstline/bot/discord/discordtest"
)

func TestStaffCommandsAreRegisteredOnce(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	s.AddGuild()
	staff := s.AddChannel()
	with := staffed(staff)
	with.timing = discord.Timing{Housekeep: 5 * time.Millisecond}
	inb, m := newInbox(), &marks{}
	s.Fail("PUT", "/guilds/", discordtest.HTML(503)) // tried again
	s.Fail("GET", "/channels/"+staff, discordtest.HTML(502))
	b := start(t, s, inb, m, with)
	var options []string
	for _, c := range s.WaitGuildCommands(t, s.GuildID) {
		list, _ := c["options"].([]any)
		text := ""
		for _, o := range list {
			o := o.(map[string]any)
			text += " " + o["name"].(string)
			if o["required"] == true {
				text += "!"
			}
		}
		options = append(options, c["name"].(string)+text)
	}
	want := []string{"tickets", "claim ticket", "release ticket", "solve ticket", "reopen ticket", "note text! ticket", "transfer agent! ticket"}
	if !slices.Equal(options, want) {
		t.Errorf("registered %q, want %q", options, want)
	}
	if len(s.Commands()) != 0 {
		t.Errorf("%v are registered everywhere", s.Commands())
	}
	_ = b.stop()
	puts := s.Calls("PUT", "/guilds/")
	b = start(t, s, inb, m, with)
	b.waitLog(t, "discord: connected")
	b.meet(t, "501")
	s.WaitCalls(t, "GET", "/guilds/"+s.GuildID+"/commands", 3)
	_ = b.stop()
	if n := s.Calls("PUT", "/guilds/"); n != puts {
		t.Errorf("registered %d times, then %d", puts, n)
	}
}

// TestStaffCommandsInVain: a channel that the bot can't see costs one warning.
func TestStaffCommandsInVain(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	with := staffed("5")
	with.timing = discord.Timing{Housekeep: 5 * time.Millisecond}
	b := start(t, s, nil, nil, with)
	b.waitLog(t, "their commands are not registered")
	b.meet(t, "501")
	if n := s.Calls("GET", "/channels/5"); n != 1 {
		t.Errorf("asked %d times", n)
	}
}

func TestStaffCommands(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	staff, ordinary, role := s.AddChannel(), s.AddChannel(), s.AddRole()
	s.SetRoles("501", role)
	b := start(t, s, nil, nil, staffed(staff))
	b.waitLog(t, "discord: connected")
	_, thread := b.card(t, staff, "#7")
	for i, test := range []struct {
		command string
		options map[string]any
		want    string
	}{
		{"tickets", nil, ""},
		{"claim", nil, ""},
		{"claim", map[string]any{"ticket": 12}, "#12"},
		{"release", map[string]any{"ticket": 1 << 52}, "#4503599627370496"},
		{"note", map[string]any{"text": " call\nback "}, "call\nback"},
		{"note", map[string]any{"text": "call back", "ticket": 12}, "#12 call back"},
		{"transfer", map[string]any{"ticket": 12, "agent": "Ann B"}, "#12 Ann B"},
		{"solve", nil, ""},
		{"reopen", map[string]any{"ticket": 3}, "#3"},
	} {
		where := []string{staff, thread}[i%2]
		id := s.UserGives(where, "501", test.command, test.options)
		m := b.inbox.wait(t, i+1)[i]
		if m.Command != chat.Command(test.command) || m.Text != test.want || m.Event != "i:"+id || m.ID != chat.MessageID("i:"+id) ||
			m.Conversation != in(where) || !m.StaffRoom || m.Private || m.Help || !slices.Equal(m.Roles, []string{role}) {
			t.Errorf("%+v, want %+v", m, test)
		}
		if kind := s.WaitAcknowledged(t, id); kind != 5 {
			t.Errorf("acknowledged with %d, want a deferred message", kind)
		}
	}
	before := len(b.inbox.wait(t, 9))
	for _, where := range []string{ordinary, s.DM("502"), s.AddThreadIn(ordinary)} {
		refused := s.UserGives(where, "502", "claim", map[string]any{"ticket": 12})
		if kind := s.WaitAcknowledged(t, refused); kind != 4 {
			t.Errorf("acknowledged with %d, want an answer", kind)
		}
	}
	shown := s.WaitPrivate(t, "502", func(list []discordtest.SentMessage) bool { return len(list) == 3 })
	if shown[0].Content != "This works in the staff channel only." {
		t.Errorf("shown %+v", shown)
	}
	s.UserPosts(staff, "501", "the end")
	if got := b.inbox.wait(t, before+1); got[before].Text != "the end" {
		t.Errorf("received %q", texts(got[before:]))
	}
}

// TestAnswerToStaffCommand: the answer is for who gave the command; nothing else
// that is sent there meanwhile goes into it.
func TestAnswerToStaffCommand(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	staff := s.AddChannel()
	b := start(t, s, nil, nil, staffed(staff))
	b.waitLog(t, "discord: connected")
	_, thread := b.card(t, staff, "#7")
	for _, where := range []string{staff, thread} {
		sent, shown := len(s.Sent(where)), len(s.Private("501"))
		id := s.UserGives(where, "501", "claim", nil)
		m := b.inbox.wait(t, 1)[0]
		b.inbox.mu.Lock()
		b.inbox.messages = nil
		b.inbox.mu.Unlock()
		s.WaitAcknowledged(t, id)
		b.send(t, where, "a new card in "+where)
		other := chat.MessageID(s.UserPosts(where, "502", "x"))
		if _, err := b.Send(t.Context(), in(where), &chat.Outbound{Body: chat.Plain("to a message"), ReplyTo: other, Key: "to " + where}); err != nil {
			t.Fatal(err)
		}
		if !s.Thinking(id) || len(s.Sent(where)) != sent+2 {
			t.Fatalf("swallowed: sent %+v", s.Sent(where))
		}
		answer := &chat.Outbound{Body: chat.Plain("Claimed."), ReplyTo: m.ID, Key: "answer " + where}
		for range 2 { // as after an unknown outcome
			if _, err := b.Send(t.Context(), m.Conversation, answer); err != nil {
				t.Fatal(err)
			}
		}
		list := s.Private("501")
		if len(list) != shown+1 || list[shown].Content != "Claimed." || list[shown].Command != id || list[shown].Flags&64 == 0 {
			t.Errorf("shown %+v", list)
		}
		if len(s.Sent(where)) != sent+2 {
			t.Errorf("everybody sees %+v", s.Sent(where))
		}
		// What follows can't refer to what one person sees.
		more := &chat.Outbound{Body: chat.Plain("And more."), ReplyTo: m.ID, Key: "more " + where}
		if _, err := b.Send(t.Context(), m.Conversation, more); err != nil {
			t.Fatal(err)
		}
		if list := s.Sent(where); len(list) != sent+3 || list[sent+2].ReplyTo != "" {
			t.Errorf("sent %+v", list)
		}
		b.inbox.wait(t, 1)
		b.inbox.mu.Lock()
		b.inbox.messages = nil
		b.inbox.mu.Unlock()
	}
}
