package telegram_test

import (
	"errors"
	"strconv"
	"testing"
	"time"

	"firstline/bot/chat"
	"firstline/bot/telegram"
	"firstline/bot/telegram/telegramtest"
)

func TestDelete(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	c, _ := channel(t, s)
	_, id := s.Deliver(telegramtest.Incoming{From: 42, Text: "my seed phrase is …"})
	message := chat.MessageID(strconv.FormatInt(id, 10))
	for range 2 { // the second time it is gone already
		if err := c.Delete(t.Context(), conversation("42"), message); err != nil {
			t.Fatal(err)
		}
	}
	if d := s.Deleted(42); len(d) != 1 || d[0] != id {
		t.Errorf("deleted %v, want %d", d, id)
	}
	s.Fail("deleteMessage", telegramtest.APIError(400, "Bad Request: message can't be deleted for everyone"),
		telegramtest.TooManyRequests(3), telegramtest.DropAfter())
	for _, want := range []chat.SendKind{chat.Rejected, chat.Temporary, chat.Unknown} {
		if err := c.Delete(t.Context(), conversation("42"), message); err == nil || chat.AsSendError(err).Kind != want {
			t.Errorf("got %v, want %v", err, want)
		}
	}
	for _, bad := range []chat.MessageID{"", "x", "-1", "1 ", "/1", "x/1", "-5/", "-5/0", "-5/1/2"} {
		if err := c.Delete(t.Context(), conversation("42"), bad); err == nil || chat.AsSendError(err).Kind != chat.Rejected {
			t.Errorf("Delete %q: %v", bad, err)
		}
	}
	if err := c.Delete(t.Context(), conversation("?"), message); err == nil || chat.AsSendError(err).Kind != chat.Rejected {
		t.Errorf("Delete: %v", err)
	}
}

func TestTyping(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	c, _ := channel(t, s)
	s.Meet(42)
	c.Typing(t.Context(), conversation("nonsense"))
	c.Typing(t.Context(), conversation("42"))
	if a := s.Actions(42); len(a) != 1 || a[0] != "typing" {
		t.Errorf("actions: %v", a)
	}
	c, _ = channel(t, s, func(o *telegram.Options) { o.RequestTimeout = 100 * time.Millisecond })
	for _, f := range everyFault() { // none of them is anybody's business
		s.Fail("sendChatAction", f)
		c.Typing(t.Context(), conversation("42"))
	}
	slow, _ := channel(t, s, func(o *telegram.Options) { o.Pace = telegram.Pace{Overall: 1e-9} })
	for range 10 {
		slow.Typing(t.Context(), conversation("42"))
	}
	if n := len(s.Requests("sendChatAction")); n >= 1+len(everyFault())+10 {
		t.Errorf("%d calls: typing does not give way", n)
	}
}

func TestEdit(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	c, _ := channel(t, s)
	s.Meet(42)
	_, theirs := s.Deliver(telegramtest.Incoming{From: 42, Text: "?"})
	sent, err := c.Send(t.Context(), conversation("42"), &chat.Outbound{Body: chat.Plain("before"), Choices: []chat.Choice{{Label: "A", Data: "a"}}})
	if err != nil {
		t.Fatal(err)
	}
	after := &chat.Outbound{Body: chat.Styled("after 💸", chat.Bold), Choices: []chat.Choice{{Label: "B", Data: "b"}, {Label: "C", Data: "c"}}, ReplyTo: "1", Key: "k"}
	for range 2 { // the second time it reads so already
		if err := c.Edit(t.Context(), conversation("42"), sent, after); err != nil {
			t.Fatal(err)
		}
	}
	m := s.Sent(42)[0]
	if m.Text != "after 💸" || len(m.Entities) != 1 || m.Entities[0].Length != 8 || len(m.Buttons) != 2 || m.Edits != 1 {
		t.Errorf("got %+v", m)
	}
	if err := c.Edit(t.Context(), conversation("42"), sent, &chat.Outbound{Body: chat.Plain("no buttons")}); err != nil || len(s.Sent(42)[0].Buttons) != 0 {
		t.Errorf("%v, %+v", err, s.Sent(42)[0])
	}
	tests := map[string]struct {
		in    string
		id    chat.MessageID
		out   *chat.Outbound
		fault *telegramtest.Fault
		want  chat.SendKind
	}{
		"a person's":      {in: "42", id: id(theirs), want: chat.Rejected},
		"not there":       {in: "42", id: "31337", want: chat.Gone},
		"gone just now":   {in: "42", id: sent, fault: fault(telegramtest.APIError(400, "Bad Request: MESSAGE_ID_INVALID")), want: chat.Gone},
		"no id":           {in: "42", id: "x", want: chat.Rejected},
		"no conversation": {in: "?", id: sent, want: chat.Rejected},
		"empty":           {in: "42", id: sent, out: &chat.Outbound{Body: chat.Plain(" ")}, want: chat.Rejected},
		"page":            {in: "42", id: sent, fault: fault(telegramtest.HTMLPage(502)), want: chat.Temporary},
		"dropped":         {in: "42", id: sent, fault: fault(telegramtest.DropAfter()), want: chat.Unknown},
	}
	for name, tt := range tests {
		if tt.out == nil {
			tt.out = &chat.Outbound{Body: chat.Plain(name)}
		}
		if tt.fault != nil {
			s.Fail("editMessageText", *tt.fault)
		}
		err := c.Edit(t.Context(), conversation(tt.in), tt.id, tt.out)
		if se, ok := errors.AsType[*chat.SendError](err); !ok || se.Kind != tt.want {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
	}
}

func fault(f telegramtest.Fault) *telegramtest.Fault { return &f }

// TestFloodOfOneChat has Telegram refuse each kind of call for one chat: it is
// left alone for as long as Telegram says, others are not.
func TestFloodOfOneChat(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"sendMessage", "editMessageText", "deleteMessage"} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			s := telegramtest.New(t)
			c, _ := channel(t, s)
			s.Meet(1)
			s.Meet(2)
			out := &chat.Outbound{Body: chat.Plain("x")}
			sent, err := c.Send(t.Context(), conversation("1"), out)
			if err != nil {
				t.Fatal(err)
			}
			call := func() error {
				switch method {
				case "sendMessage":
					_, err := c.Send(t.Context(), conversation("1"), out)
					return err
				case "deleteMessage":
					return c.Delete(t.Context(), conversation("1"), sent)
				}
				return c.Edit(t.Context(), conversation("1"), sent, &chat.Outbound{Body: chat.Plain("y")})
			}
			s.Fail(method, telegramtest.TooManyRequests(30))
			if se := chat.AsSendError(call()); se == nil || se.Kind != chat.Temporary || se.RetryAfter != 30*time.Second {
				t.Errorf("got %v", se)
			}
			n := len(s.Requests("sendMessage"))
			_, err = c.Send(t.Context(), conversation("1"), out)
			if se := chat.AsSendError(err); se == nil || se.Kind != chat.Temporary || se.RetryAfter < 25*time.Second {
				t.Errorf("while it is refused: %v", se)
			}
			if len(s.Requests("sendMessage")) != n {
				t.Error("Telegram was asked although it wants a pause")
			}
			if _, err := c.Send(t.Context(), conversation("2"), out); err != nil {
				t.Errorf("another chat: %v", err)
			}
		})
	}
}
