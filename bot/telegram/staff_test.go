package telegram_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"firstline/bot/chat"
	"firstline/bot/telegram"
	"firstline/bot/telegram/telegramtest"
)

func withStaff(id string) func(*telegram.Options) {
	return func(o *telegram.Options) { o.StaffChat = id }
}

// forum returns a server with a staff chat that has topics and a bot that may
// manage them, and the chat's id.
func forum(t testing.TB) (*telegramtest.Server, int64) {
	t.Helper()
	s := telegramtest.New(t)
	s.SetChat(-1001, fields{"is_forum": true})
	s.SetMember(-1001, fields{"status": "administrator", "can_manage_topics": true})
	return s, -1001
}

func in(at, topic int64) chat.ConversationID {
	if topic == 0 {
		return conversation(fmt.Sprint(at))
	}
	return conversation(fmt.Sprintf("%d/%d", at, topic))
}

func kindOf(err error) chat.SendKind {
	if err == nil {
		return -1
	}
	return chat.AsSendError(err).Kind
}

// TestStaffRoom has people do all that they can in the staff chat.
func TestStaffRoom(t *testing.T) {
	t.Parallel()
	s, room := forum(t)
	c, _ := channel(t, s, withStaff(" -1001 "), func(o *telegram.Options) { o.HelpChats, o.AlbumWait = "-1002", time.Millisecond; o.Now = time.Now })
	topic := s.OpenTopic(room, "#7")
	card, err := c.Send(t.Context(), in(room, topic), &chat.Outbound{Body: chat.Plain("a ticket")})
	if err != nil {
		t.Fatal(err)
	}
	var cardID int64
	if _, err := fmt.Sscan(string(card), &cardID); err != nil {
		t.Fatal(err)
	}
	got := newStore()
	run(t, c, got)
	s.WaitRequests(t, "getUpdates", 1)
	tests := []struct {
		in   telegramtest.Incoming
		edit bool
		want chat.Message
	}{
		{in: telegramtest.Incoming{Text: "to colleagues"}, want: chat.Message{Text: "to colleagues"}},
		{in: telegramtest.Incoming{Text: "hm", Topic: topic}, want: chat.Message{Text: "hm", Conversation: in(room, topic)}},
		{in: telegramtest.Incoming{Text: "it is on its way", Topic: topic, ReplyTo: cardID},
			want: chat.Message{Text: "it is on its way", Conversation: in(room, topic), ReplyTo: card, Addressed: true}},
		{in: telegramtest.Incoming{Text: "/claim@" + botName + " #7"}, want: chat.Message{Command: chat.CommandClaim, Text: "#7", Addressed: true}},
		{in: telegramtest.Incoming{Text: "/Note he\ncalled", Topic: topic}, want: chat.Message{Command: chat.CommandNote, Text: "he\ncalled", Addressed: true, Conversation: in(room, topic)}},
		{in: telegramtest.Incoming{Text: "/claim@other_bot #7"}, want: chat.Message{Text: "/claim@other_bot #7"}},
		{in: telegramtest.Incoming{Text: "/help"}, want: chat.Message{Command: chat.CommandHelp, Addressed: true}},
		{in: telegramtest.Incoming{Text: "/solved"}, want: chat.Message{Command: chat.CommandSolved, Addressed: true}},
		{in: telegramtest.Incoming{Text: "/tickets\x00"}, want: chat.Message{Text: "/tickets"}}, // no command of that name
		{in: telegramtest.Incoming{Text: "to a colleague", ReplyTo: 100_000}, want: chat.Message{Text: "to a colleague", ReplyTo: "100000", Addressed: true}},
		{in: telegramtest.Incoming{Text: "corrected", Topic: topic, ReplyTo: cardID}, edit: true,
			want: chat.Message{Text: "corrected", Conversation: in(room, topic), ReplyTo: card, Addressed: true, Edited: true}},
		{in: telegramtest.Incoming{Topic: topic, ReplyTo: cardID, Fields: fields{"photo": []fields{{"file_id": "p"}}, "media_group_id": "A"}},
			want: chat.Message{Conversation: in(room, topic), ReplyTo: card, Addressed: true, Attachments: []chat.Attachment{{Kind: "photo", Ref: "p"}}}},
	}
	for i, tt := range tests {
		tt.in.From, tt.in.Chat = 42, room
		var n int64
		if tt.edit {
			n = 77
			s.Edit(tt.in, n)
		} else {
			_, n = s.Deliver(tt.in)
		}
		m := *got.wait(t, i+1)[i]
		tt.want.StaffRoom, tt.want.ID, tt.want.From = true, id(n), chat.Person{ID: "42", Name: "User 42", Language: "en"}
		if tt.want.Conversation.ID == "" {
			tt.want.Conversation = in(room, 0)
		}
		tt.want.Event, tt.want.SentAt = m.Event, m.SentAt
		if diff := cmp.Diff(tt.want, m); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.in.Text, diff)
		}
	}
	s.CloseTopic(room, topic) // service messages are nobody's
	s.Deliver(telegramtest.Incoming{From: 42, Chat: -1002, Text: "/claim #7"})
	if m := got.wait(t, len(tests)+1)[len(tests)]; m.StaffRoom || !m.Help || m.Command != "" {
		t.Errorf("elsewhere: %+v", m)
	}
}

// TestStaffButtonsStay has somebody press a button in the staff chat: a stranger,
// with data that no button has, and an agent. Who may is not the adapter's
// business, and the buttons are the core's.
func TestStaffButtonsStay(t *testing.T) {
	t.Parallel()
	s, room := forum(t)
	c, _ := channel(t, s, withStaff("-1001"))
	topic := s.OpenTopic(room, "#7")
	n := sendButtons(t, c, in(room, topic).ID, "")
	s.Meet(42)
	private := sendButtons(t, c, "42", "")
	got := newStore()
	run(t, c, got)
	s.MemberPresses(room, 666, n, "claim:forged")
	s.MemberPresses(room, 7, n, "y")
	s.UserPresses(42, private, "y")
	for i, want := range []string{"claim:forged", "y"} {
		if m := got.wait(t, 3)[i]; m.Choice != want || !m.StaffRoom || m.Help || m.Conversation != in(room, topic) || m.ID != id(n) || m.ReplyTo != "" {
			t.Errorf("got %+v", m)
		}
	}
	s.Wait(t, "the answers", func() bool { return s.Answered() == 3 })
	s.Wait(t, "the buttons in private to go", func() bool { return buttons(s, 42) == 0 })
	if buttons(s, room) != 1 || len(s.Requests("editMessageReplyMarkup")) != 1 {
		t.Error("the buttons in the staff chat went")
	}
}

// TestStaffRoomMoves switches topics on, which makes a group a supergroup: it is
// still the room of the settings, and no message there is taken for an old one.
func TestStaffRoomMoves(t *testing.T) {
	t.Parallel()
	const now = -1001000000005
	s := telegramtest.New(t)
	s.Deliver(telegramtest.Incoming{From: 7, Chat: -5, Kind: "group", Text: "before"})
	kept := &marks{}
	c, _ := channel(t, s, withStaff("-5"), withMarks(kept), func(o *telegram.Options) { o.HelpChats = fmt.Sprint(now) }) // by mistake
	got := newStore()
	stop := run(t, c, got)
	if m := got.wait(t, 1)[0]; !m.StaffRoom || m.Conversation != conversation("-5") {
		t.Errorf("before: %+v", m)
	}
	old, err := c.Send(t.Context(), conversation("-5"), &chat.Outbound{Body: chat.Plain("an old card")})
	if err != nil {
		t.Fatal(err)
	}
	s.SetChat(now, fields{"is_forum": true})
	s.SetMember(now, fields{"status": "administrator", "can_manage_topics": true})
	s.Migrate(-5, now)
	s.WaitConfirmed(t)
	topic, err := c.Open(t.Context(), conversation("-5"), "", "#7")
	if err != nil || topic.ID != fmt.Sprintf("-5/%d", s.Topics(now)[0].ID) {
		t.Fatalf("Open: %s, %v", topic, err)
	}
	card, err := c.Send(t.Context(), topic, &chat.Outbound{Body: chat.Plain("a card"), ReplyTo: old})
	if err != nil {
		t.Fatal(err)
	}
	sent := s.Sent(now)[0]
	if sent.ThreadID != s.Topics(now)[0].ID || sent.ReplyTo != 0 {
		t.Errorf("sent: %+v", sent)
	}
	s.Deliver(telegramtest.Incoming{From: 7, Chat: now, Text: "an answer", Topic: sent.ThreadID, ReplyTo: sent.ID})
	m := got.wait(t, 2)[1]
	if !m.StaffRoom || m.Help || m.Conversation != topic || m.ReplyTo != card || m.ID == id(sent.ID+1) {
		t.Errorf("after: %+v, the card is %s", m, card)
	}
	if _, err := c.Send(t.Context(), topic, &chat.Outbound{Body: chat.Plain("sent"), ReplyTo: m.ID}); err != nil || s.Sent(now)[1].ReplyTo != sent.ID+1 {
		t.Errorf("a reply: %v, %+v", err, s.Sent(now))
	}
	s.MemberPresses(now, 7, sent.ID, "y")
	if m := got.wait(t, 3)[2]; m.ID != card || m.Conversation != topic {
		t.Errorf("a press: %+v", m)
	}
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	again, _ := channel(t, s, withStaff("-5"), withMarks(kept))
	if err := again.Edit(t.Context(), topic, card, &chat.Outbound{Body: chat.Plain("changed")}); err != nil || s.Sent(now)[0].Text != "changed" {
		t.Errorf("Edit: %v, %+v", err, s.Sent(now)[0])
	}
	// An old card can have the number of a new one.
	if err := again.Edit(t.Context(), conversation("-5"), id(sent.ID), &chat.Outbound{Body: chat.Plain("wrong")}); kindOf(err) != chat.Gone || s.Sent(now)[0].Text != "changed" {
		t.Errorf("Edit of an old card: %v, %+v", err, s.Sent(now)[0])
	}
	if err := again.Delete(t.Context(), topic, card); err != nil || len(s.Deleted(now)) != 1 {
		t.Errorf("Delete: %v", err)
	}
	// The settings can name it by its new id while old messages still come.
	renamed, _ := channel(t, s, withStaff(fmt.Sprint(now)), withMarks(kept))
	s.Push("message", fields{"message_id": sent.ID, "date": 1, "from": fields{"id": 7}, "chat": fields{"id": -5, "type": "group"}, "text": "late"})
	run(t, renamed, got)
	if m := got.wait(t, 4)[3]; !m.StaffRoom || m.Conversation != in(now, 0) || m.ID != chat.MessageID(fmt.Sprintf("-5/%d", sent.ID)) {
		t.Errorf("late: %+v", m)
	}
}

func TestStaffSettings(t *testing.T) {
	t.Parallel()
	for bad, want := range map[string]telegram.Options{
		"not an id of a group":    {StaffChat: "@staff"},
		`"5" is not an id`:        {StaffChat: "5"},
		`"-5/7" is not an id`:     {StaffChat: "-5/7"},
		`"-5,-6" is not an id`:    {StaffChat: "-5,-6"},
		"and a help chat":         {StaffChat: "-5", HelpChats: "-6,-5/7"},
		"topics for tickets need": {StaffTopics: true},
	} {
		want.Token = telegramtest.Token
		if _, err := telegram.New(want); err == nil || !strings.Contains(err.Error(), bad) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// TestStaffMenu sets the menu of the staff chat, once, beside that of others.
func TestStaffMenu(t *testing.T) {
	t.Parallel()
	s, room := forum(t)
	texts := map[chat.Command]string{chat.CommandHelp: "what is here", chat.CommandTickets: "who waits", chat.CommandTransfer: "give away", chat.CommandAsk: "no"}
	for range 2 {
		c, _ := channel(t, s, withStaff("-1001"), func(o *telegram.Options) {
			o.StaffCommands = texts
			o.Commands = map[string]map[chat.Command]string{"": {chat.CommandAsk: "ask"}}
		})
		stop := run(t, c, newStore())
		s.Wait(t, "the menus", func() bool { return len(s.MenuIn(room)) > 0 && len(s.Menu("")) == 1 })
		if err := stop(); err != nil {
			t.Fatal(err)
		}
	}
	want := []telegramtest.Command{{Command: "tickets", Description: "who waits"}, {Command: "transfer", Description: "give away"}, {Command: "help", Description: "what is here"}}
	if diff := cmp.Diff(want, s.MenuIn(room)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if n := len(s.Requests("setMyCommands")); n != 2 {
		t.Errorf("%d menus were set, want 2", n)
	}
	c, l := channel(t, s, withStaff("-1009"), func(o *telegram.Options) { o.StaffCommands = texts })
	run(t, c, newStore())
	l.wait(t, "the menu of the staff chat could not be set")
}
