package discord_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"firstline/bot/chat"
	"firstline/bot/discord"
	"firstline/bot/discord/discordtest"
)

// staffed configures a channel for staff, and help channels.
func staffed(staff string, help ...string) setup {
	return setup{options: func(o *discord.Options) {
		o.StaffChannel, o.Help = staff, help
		o.StaffCommands = map[chat.Command]string{}
		for _, c := range chat.StaffCommands {
			o.StaffCommands[c] = "Do " + string(c)
		}
	}}
}

// card sends a card to the channel of staff and begins the thread on it.
func (b *bot) card(t *testing.T, staff, text string) (card chat.MessageID, thread string) {
	t.Helper()
	card, err := b.Send(t.Context(), in(staff), &chat.Outbound{
		Body: chat.Plain(text), Key: text, Choices: []chat.Choice{{Label: "Claim", Data: "claim:7"}, {Label: "Solve", Data: "solve:7"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	opened, err := b.Open(t.Context(), in(staff), card, text)
	if err != nil {
		t.Fatal(err)
	}
	return card, opened.ID
}

func TestStaffRoom(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	staff, help, ordinary := s.AddChannel(), s.AddChannel(), s.AddChannel()
	role, other := s.AddRole(), s.AddRole()
	s.SetRoles("501", role, other)
	b := start(t, s, nil, nil, staffed(staff, help))
	b.meet(t, "501")
	card, thread := b.card(t, staff, "#7 deposit")

	inChannel := s.UserPosts(staff, "501", "who takes this?")
	answered := s.UserSends(staff, "502", discordtest.Post{Text: "I do", ReplyTo: inChannel})
	reply := s.UserSends(thread, "501", discordtest.Post{Text: "try again", ReplyTo: string(b.send(t, thread, "the question"))})
	s.UserEdits(thread, reply, "please try again")
	s.UserDeletes(thread, reply)
	s.UserSends(staff, "503", discordtest.Post{Text: "a bot's", Bot: true})
	asked := s.UserPosts(help, "501", "in a help channel")
	s.UserSends(help, "501", discordtest.Post{Text: "a reply there", ReplyTo: asked})
	s.UserPosts(ordinary, "501", "private-words")
	ask := s.UserCommandPrivately(thread, "501", "ask", "privately")

	both := []string{role, other}
	got := b.inbox.wait(t, 8)
	for i, want := range []*chat.Message{
		{ID: chat.MessageID(inChannel), Conversation: in(staff), StaffRoom: true, Roles: both, Text: "who takes this?"},
		{ID: chat.MessageID(answered), Conversation: in(staff), StaffRoom: true, ReplyTo: chat.MessageID(inChannel), Text: "I do"},
		{ID: chat.MessageID(reply), Conversation: in(thread), StaffRoom: true, Roles: both, Addressed: true, Text: "try again"},
		{ID: chat.MessageID(reply), Conversation: in(thread), StaffRoom: true, Roles: both, Addressed: true, Edited: true, Text: "please try again"},
		{ID: chat.MessageID(reply), Conversation: in(thread), StaffRoom: true, Addressed: true, Deleted: true},
		{ID: chat.MessageID(asked), Conversation: in(help), Help: true, Text: "in a help channel"},
		{Conversation: in(help), Help: true, ReplyTo: chat.MessageID(asked), Text: "a reply there"},
		{ID: chat.MessageID("i:" + ask), Conversation: in(s.DM("501")), Private: true, Addressed: true, Text: "privately"},
	} {
		m := got[i]
		if m.Conversation != want.Conversation || m.StaffRoom != want.StaffRoom || !slices.Equal(m.Roles, want.Roles) || m.Help != want.Help ||
			m.Private != want.Private || m.Addressed != want.Addressed || m.Text != want.Text || m.Edited != want.Edited || m.Deleted != want.Deleted {
			t.Errorf("%d: %+v, want %+v", i, m, want)
		}
		if want.ID != "" && m.ID != want.ID || want.ReplyTo != "" && m.ReplyTo != want.ReplyTo {
			t.Errorf("%d: %s replies to %q, want %s and %q", i, m.ID, m.ReplyTo, want.ID, want.ReplyTo)
		}
	}
	if got[2].ReplyTo == "" || got[3].ReplyTo != got[2].ReplyTo || got[0].ReplyTo != "" {
		t.Errorf("replies to %q, %q and %q", got[2].ReplyTo, got[3].ReplyTo, got[0].ReplyTo)
	}
	if got[4].From.ID != "501" || string(card) != thread {
		t.Errorf("%+v, card %s, thread %s", got[4], card, thread)
	}
}

// TestWhatIsNoReply: forwarded messages and those taken over from other channels
// refer to messages too.
func TestWhatIsNoReply(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	b := start(t, s, nil, nil, setup{})
	b.waitLog(t, "discord: connected")
	dm := s.DM("501")
	for i, test := range []struct {
		kind      int
		reference any
		want      chat.MessageID
	}{
		{19, map[string]any{"type": 0, "message_id": "5", "channel_id": dm}, "5"},
		{19, map[string]any{"message_id": "5"}, "5"},
		{0, map[string]any{"type": 1, "message_id": "5", "channel_id": dm}, ""},
		{19, map[string]any{"type": 1, "message_id": "5", "channel_id": dm}, ""},
		{19, map[string]any{"type": 0, "message_id": "5", "channel_id": "6"}, ""},
		{19, map[string]any{"message_id": "<@5>"}, ""},
		{19, "private-words", ""},
		{19, nil, ""},
	} {
		s.Dispatch("MESSAGE_CREATE", map[string]any{
			"id": fmt.Sprint(1<<40 + i), "channel_id": dm, "author": map[string]any{"id": "501"},
			"content": "x", "type": test.kind, "message_reference": test.reference,
		})
		if m := b.inbox.wait(t, i+1)[i]; m.ReplyTo != test.want {
			t.Errorf("%+v: replies to %q", test, m.ReplyTo)
		}
	}
}

// TestStaffWroteMeanwhile: what staff wrote while the bot was away comes once, in
// order and with their roles.
func TestStaffWroteMeanwhile(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	staff, role := s.AddChannel(), s.AddRole()
	s.SetRoles("501", role)
	inb, m := newInbox(), &marks{}
	with := staffed(staff)
	with.timing = discord.Timing{Housekeep: 5 * time.Millisecond}
	b := start(t, s, inb, m, with)
	b.meet(t, "501")
	_, first := b.card(t, staff, "#7")
	_, second := b.card(t, staff, "#8")
	_, quiet := b.card(t, staff, "#9")
	before := s.UserPosts(first, "501", "before")
	inb.wait(t, 1)
	m.wait(t, first, before)
	_ = b.stop()

	want := map[string][]string{first: {"before"}}
	roles := map[string][]string{"501": {role}, "502": nil, "503": nil}
	say := func(where, who, text string) {
		s.UserPosts(where, who, text)
		want[where] = append(want[where], text)
	}
	for i := range 120 { // more than a page
		say(first, "501", fmt.Sprint(i))
	}
	say(first, "502", "I am no staff")
	say(first, "503", "I have left since")
	say(staff, "501", "in the channel")
	say(second, "501", "and archived it")
	s.Archive(second, false)
	s.Leaves("503")
	total := 0
	for _, list := range want {
		total += len(list)
	}
	s.Fail("GET", "/members/", discordtest.HTML(502), discordtest.RateLimited(10*time.Millisecond), discordtest.DropsBefore)
	start(t, s, inb, m, staffed(staff))
	got := map[string][]string{}
	for _, msg := range inb.wait(t, total) {
		got[msg.Conversation.ID] = append(got[msg.Conversation.ID], msg.Text)
		if !msg.StaffRoom || msg.Help || msg.Private || !slices.Equal(msg.Roles, roles[msg.From.ID]) {
			t.Errorf("%+v", msg)
		}
	}
	for where, list := range want {
		if !slices.Equal(got[where], list) {
			t.Errorf("in %s: %q, want %q", where, got[where], list)
		}
	}
	// Everybody was asked about once; the first three answers were none.
	if n := s.Calls("GET", "/members/"); n != 3+3 || inb.repeated != 0 {
		t.Errorf("%d requests for members, %d repeated", n, inb.repeated)
	}
	s.UserPosts(quiet, "501", "after all")
	if last := inb.wait(t, total+1)[total]; last.Text != "after all" || !last.StaffRoom || !slices.Equal(last.Roles, []string{role}) {
		t.Errorf("%+v", last)
	}
}

// TestUnknownStaffThread: a thread is written in before Discord tells where it is.
func TestUnknownStaffThread(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	staff, role := s.AddChannel(), s.AddRole()
	s.SetRoles("501", role)
	thread := s.AddThreadIn(staff)
	s.Archive(thread, false)
	b := start(t, s, nil, nil, staffed(staff))
	b.waitLog(t, "discord: connected")
	s.UserPosts(thread, "501", "one")
	s.UserPosts(thread, "501", "two")
	for _, m := range b.inbox.want(t, "one", "two") {
		if !m.StaffRoom || !slices.Equal(m.Roles, []string{role}) {
			t.Errorf("%+v", m)
		}
	}
}

// TestStaffButtons: whoever presses, the buttons stay until the core edits the card.
func TestStaffButtons(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	staff, role := s.AddChannel(), s.AddRole()
	s.SetRoles("501", role)
	b := start(t, s, nil, nil, staffed(staff))
	b.waitLog(t, "discord: connected")
	card, _ := b.card(t, staff, "#7")
	for i, test := range []struct {
		who, data string
		press     func(userID, messageID, customID string) string
		roles     []string
	}{
		{"501", "claim:7", s.UserPresses, []string{role}},
		{"502", "claim:7", s.UserPresses, nil},
		{"502", "solve:1'; --", s.UserForges, nil},
	} {
		press := test.press(test.who, string(card), test.data)
		m := b.inbox.wait(t, i+1)[i]
		if m.Event != "i:"+press || m.ID != card || m.Conversation != in(staff) || m.Choice != test.data || m.From.ID != test.who ||
			!m.StaffRoom || m.Private || m.Help || !slices.Equal(m.Roles, test.roles) {
			t.Errorf("%+v", m)
		}
		if kind := s.WaitAcknowledged(t, press); kind != 6 {
			t.Errorf("acknowledged with %d, want a deferred update", kind)
		}
	}
	now, _ := s.Message(staff, string(card))
	if now.Content != `\#7` && now.Content != "#7" || len(now.Buttons) != 2 || now.Buttons[0].Disabled || now.Buttons[1].Disabled {
		t.Errorf("the card is now %+v", now)
	}
	err := b.Edit(t.Context(), in(staff), card, &chat.Outbound{Body: chat.Plain("claimed"), Choices: []chat.Choice{{Label: "Release", Data: "release:7"}}})
	if now, _ = s.Message(staff, string(card)); err != nil || now.Content != "claimed" || now.Buttons[0].CustomID != "release:7" {
		t.Errorf("%v, the card is now %+v", err, now)
	}
}

// TestMenuInStaffRoom: a moderator's roles are not the author's.
func TestMenuInStaffRoom(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	staff, role := s.AddChannel(), s.AddRole()
	s.SetRoles("503", role)
	s.SetPermissions("503", 1<<13)
	b := start(t, s, nil, nil, setup{options: func(o *discord.Options) {
		withTexts(o)
		o.StaffChannel = staff
	}})
	b.waitLog(t, "discord: connected")
	post := s.UserPosts(staff, "502", "x")
	s.UserMenu(staff, "503", "Send to support", post)
	s.UserMenu(staff, "503", "Answer this", post)
	got := b.inbox.wait(t, 3)
	if got[1].From.ID != "502" || got[1].Roles != nil || !got[1].StaffRoom {
		t.Errorf("%+v", got[1])
	}
	if got[2].From.ID != "503" || !slices.Equal(got[2].Roles, []string{role}) {
		t.Errorf("%+v", got[2])
	}
}
