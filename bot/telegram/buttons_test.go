package telegram_test

import (
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"firstline/bot/chat"
	"firstline/bot/telegram"
	"firstline/bot/telegram/telegramtest"
)

// sendButtons sends a message with one button and returns its id.
func sendButtons(t testing.TB, c *telegram.Channel, to string, replyTo chat.MessageID) int64 {
	t.Helper()
	out := &chat.Outbound{Body: chat.Plain("?"), Choices: []chat.Choice{{Label: "Yes", Data: "y"}}, ReplyTo: replyTo}
	sent, err := c.Send(t.Context(), conversation(to), out)
	if err != nil {
		t.Fatal(err)
	}
	n, _ := strconv.ParseInt(string(sent), 10, 64)
	return n
}

func buttons(s *telegramtest.Server, in int64) (n int) {
	for _, m := range s.Sent(in) {
		n += len(m.Buttons)
	}
	return n
}

// TestUsedButtonsGo presses buttons: the press is answered and the keyboard
// goes, whatever Telegram says at first.
func TestUsedButtonsGo(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	c, _ := channel(t, s)
	s.Meet(42)
	n := sendButtons(t, c, "42", "")
	s.Fail("editMessageReplyMarkup", telegramtest.TooManyRequests(0), telegramtest.HTMLPage(502), telegramtest.DropAfter())
	got := newStore()
	run(t, c, got)
	s.UserPresses(42, n, "y")
	got.wait(t, 1)
	s.Wait(t, "the answer", func() bool { return s.Answered() == 1 })
	s.Wait(t, "the buttons to go", func() bool { return buttons(s, 42) == 0 })
	if text := s.Sent(42)[0].Text; text != "?" {
		t.Errorf("the text is %q", text)
	}
}

// TestButtonsOfOthersStay has a stranger press what is for the asker.
func TestButtonsOfOthersStay(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	c, _ := channel(t, s)
	_, asked := s.Deliver(telegramtest.Incoming{From: 42, Chat: -1001, Text: "/ask why"})
	n := sendButtons(t, c, "-1001", id(asked))
	got := newStore()
	run(t, c, got)
	s.MemberPresses(-1001, 43, n, "y")
	got.wait(t, 2)
	s.Wait(t, "the answer", func() bool { return s.Answered() == 1 })
	if buttons(s, -1001) != 1 {
		t.Error("a stranger's press removed the buttons")
	}
	s.MemberPresses(-1001, 42, n, "y")
	s.Wait(t, "the buttons to go", func() bool { return buttons(s, -1001) == 0 })
	if m := got.wait(t, 3); m[2].From.ID != "42" || m[2].Conversation != conversation("-1001") {
		t.Errorf("got %+v", m[2])
	}
}

// TestButtonsWait has the removal of buttons give way to messages: a chat at its
// limit is left alone, others are not.
func TestButtonsWait(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	s.Meet(1)
	s.Meet(2)
	c, _ := channel(t, s, func(o *telegram.Options) { o.Pace = telegram.Pace{Chat: 1.0 / 3600, Burst: 3} })
	full := sendButtons(t, c, "1", "")
	sendButtons(t, c, "1", "")
	free := sendButtons(t, c, "2", "")
	got := newStore()
	run(t, c, got)
	s.UserPresses(1, full, "y")
	s.UserPresses(2, free, "y")
	s.Wait(t, "the buttons of the second to go", func() bool { return buttons(s, 2) == 0 })
	if buttons(s, 1) != 2 {
		t.Error("the place of a message was taken")
	}
	sendButtons(t, c, "1", "") // there is one left
}

func TestPresses(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	c, _ := channel(t, s)
	s.Meet(42)
	sentID, err := c.Send(t.Context(), conversation("42"), &chat.Outbound{Body: chat.Plain("?"), Choices: []chat.Choice{{Label: "Yes", Data: "y:1"}}})
	if err != nil {
		t.Fatal(err)
	}
	id, _ := strconv.ParseInt(string(sentID), 10, 64)
	got := newStore()
	run(t, c, got)

	s.UserPresses(42, id, "y:1")
	s.UserPresses(42, 9999, "old\x00") // the message is inaccessible
	from := fields{"id": 42, "first_name": "A"}
	s.Push("callback_query", fields{"id": "q3", "from": from, "data": "d", "inline_message_id": "i"})                 // no message
	s.Push("callback_query", fields{"id": "q4", "from": from, "message": fields{"chat": fields{"id": 42}}})           // a game, no data
	s.Push("callback_query", fields{"id": "q5", "from": from, "data": "d", "message": nil})                           // no message
	s.Push("callback_query", fields{"id": "q6", "from": from, "data": "d", "message": fields{"message_id": 8, "chat": // in a topic
	fields{"id": -1001, "type": "supergroup"}, "message_thread_id":                                                   7, "is_topic_message": true, "date": 1}})

	all := got.wait(t, 3)
	want := []*chat.Message{
		{ID: sentID, Conversation: conversation("42"), Private: true, Addressed: true, Choice: "y:1"},
		{ID: "9999", Conversation: conversation("42"), Private: true, Addressed: true, Choice: "old"},
		{ID: "8", Conversation: conversation("-1001/7"), Addressed: true, Choice: "d"},
	}
	for i, m := range all {
		if len(m.Event) < 4 || m.Event[:3] != "cb:" {
			t.Errorf("event %q", m.Event)
		}
		if m.From.ID != "42" {
			t.Errorf("press %d is by %+v", i, m.From)
		}
		want[i].From, want[i].Event, want[i].SentAt = m.From, m.Event, now
		if diff := cmp.Diff(want[i], m); diff != "" {
			t.Errorf("press %d (-want +got):\n%s", i, diff)
		}
	}
	// All are answered, those that mean nothing too: the button shows a spinner.
	s.WaitRequests(t, "answerCallbackQuery", 6)
	s.Wait(t, "answers", func() bool { return s.Answered() == 2 }) // the server does not know the pushed ones
}
