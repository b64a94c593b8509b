package telegram_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"firstline/bot/chat"
	"firstline/bot/telegram"
	"firstline/bot/telegram/telegramtest"
)

func TestOpen(t *testing.T) {
	t.Parallel()
	s, room := forum(t)
	c, _ := channel(t, s, withStaff("-1001"))
	for title, want := range map[string]string{
		"#7 <b>Ann_Lee</b> *x* `y`":                "#7 <b>Ann_Lee</b> *x* `y`",
		"#7 @everyone":                             "#7 @everyone",
		" a\r\n\tb\x00\u2028c ":                    "a b c",
		"z\u200be\u2060r\ufeffo\u00ad":             "zero",
		"\u202eevil\u202c \u2067x\u2069":           "evil x",
		"👩\u200d👩\u200d👧 \u0645\u06cc\u200c\u062e": "👩\u200d👩\u200d👧 \u0645\u06cc\u200c\u062e",
		"❤\ufe0f":                                  "❤\ufe0f",
		strings.Repeat("💸", 5000):                  strings.Repeat("💸", 128),
		strings.Repeat("x", 127) + " " + "y":       strings.Repeat("x", 127),
		"a\xff":                                    "a\uFFFD",
		"":                                         "…",
		" \u200d\u200b\u2800\u3164\u0301 ":         "…",
	} {
		opened, err := c.Open(t.Context(), conversation("-1001/99"), "5", title)
		if err != nil {
			t.Errorf("%+q: %v", title, err)
			continue
		}
		topics := s.Topics(room)
		if last := topics[len(topics)-1]; last.Name != want || !last.ByBot || opened != in(room, last.ID) {
			t.Errorf("%+q became %+q in %s, want %+q", title, last.Name, opened, want)
		}
		if _, err := c.Send(t.Context(), opened, &chat.Outbound{Body: chat.Plain("hello")}); err != nil {
			t.Errorf("%+q: %v", title, err)
		}
	}
	if _, err := c.Open(t.Context(), conversation("?"), "", "x"); kindOf(err) != chat.Rejected {
		t.Errorf("no conversation: %v", err)
	}
}

func TestOpenFails(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		set    func(s *telegramtest.Server)
		want   chat.SendKind
		reason string
	}{
		"no rights":  {func(s *telegramtest.Server) { s.SetMember(-1001, fields{"can_manage_topics": false}) }, chat.Rejected, "right to manage topics"},
		"no admin":   {func(s *telegramtest.Server) { s.SetMember(-1001, fields{"status": "member"}) }, chat.Rejected, "make it an admin"},
		"no forum":   {func(s *telegramtest.Server) { s.SetChat(-1001, fields{"is_forum": false}) }, chat.Rejected, "topics are switched off"},
		"thrown out": {func(s *telegramtest.Server) { s.Block(-1001) }, chat.Unreachable, "kicked"},
		"dropped":    {func(s *telegramtest.Server) { s.Fail("createForumTopic", telegramtest.DropAfter()) }, chat.Unknown, "dropped"},
		"page":       {func(s *telegramtest.Server) { s.Fail("createForumTopic", telegramtest.HTMLPage(502)) }, chat.Temporary, "502"},
		"old words": {func(s *telegramtest.Server) {
			s.Fail("createForumTopic", telegramtest.APIError(400, "Bad Request: CHAT_ADMIN_REQUIRED"))
		}, chat.Rejected, "make it an admin"},
		"no id": {func(s *telegramtest.Server) {
			s.Fail("createForumTopic", telegramtest.AnswerAfter(`{"ok":true,"result":true}`))
		}, chat.Rejected, "did not say"},
	}
	for name, tt := range tests {
		s, room := forum(t)
		c, _ := channel(t, s, withStaff("-1001"))
		tt.set(s)
		if _, err := c.Open(t.Context(), in(room, 0), "", "#7"); kindOf(err) != tt.want || !strings.Contains(err.Error(), tt.reason) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestFloodOfTopics has Telegram want a pause when a topic is opened, or a card
// in one is edited: the chat is left alone meanwhile.
func TestFloodOfTopics(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"createForumTopic", "editMessageText", "reopenForumTopic"} {
		s, room := forum(t)
		c, _ := channel(t, s, withStaff("-1001"))
		topic, err := c.Open(t.Context(), in(room, 0), "", "#7")
		if err != nil {
			t.Fatal(err)
		}
		card, err := c.Send(t.Context(), topic, &chat.Outbound{Body: chat.Plain("x")})
		if err != nil {
			t.Fatal(err)
		}
		s.Fail(method, telegramtest.TooManyRequests(30))
		switch method {
		case "createForumTopic":
			_, err = c.Open(t.Context(), in(room, 0), "", "#8")
		case "editMessageText":
			err = c.Edit(t.Context(), topic, card, &chat.Outbound{Body: chat.Plain("y")})
		case "reopenForumTopic":
			s.CloseTopic(room, s.Topics(room)[0].ID)
			_, err = c.Send(t.Context(), topic, &chat.Outbound{Body: chat.Plain("y")})
		}
		if se := chat.AsSendError(err); se == nil || se.Kind != chat.Temporary || se.RetryAfter != 30*time.Second {
			t.Errorf("%s: %v", method, err)
		}
		n := len(s.Requests(""))
		if _, err = c.Open(t.Context(), in(room, 0), "", "#8"); kindOf(err) != chat.Temporary || chat.AsSendError(err).RetryAfter < 25*time.Second {
			t.Errorf("%s, meanwhile: %v", method, err)
		}
		if _, err = c.Send(t.Context(), topic, &chat.Outbound{Body: chat.Plain("z")}); kindOf(err) != chat.Temporary || len(s.Requests("")) != n {
			t.Errorf("%s, meanwhile: %v", method, err)
		}
	}
}

// TestOpenWaitsItsTurn counts topics as messages of their chat.
func TestOpenWaitsItsTurn(t *testing.T) {
	t.Parallel()
	s, room := forum(t)
	c, _ := channel(t, s, withStaff("-1001"), func(o *telegram.Options) { o.Pace = telegram.Pace{Group: 1.0 / 3600, Burst: 1} })
	if _, err := c.Open(t.Context(), in(room, 0), "", "#7"); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Open(t.Context(), in(room, 0), "", "#8"); kindOf(err) != chat.Temporary || len(s.Topics(room)) != 1 {
		t.Errorf("got %v", err)
	}
}

func TestOpenPrivate(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	c, _ := channel(t, s)
	at, err := c.OpenPrivate(t.Context(), chat.Person{ID: "42", Name: "Ann"})
	if err != nil || at != conversation("42") || len(s.Requests("")) != 0 {
		t.Errorf("got %s, %v", at, err)
	}
	if _, err := c.Send(t.Context(), at, &chat.Outbound{Body: chat.Plain("x")}); kindOf(err) != chat.Unreachable {
		t.Errorf("to somebody who never wrote: %v", err)
	}
	for id, want := range map[string]chat.SendKind{"-1001": chat.Unreachable, "": chat.Rejected, "0": chat.Rejected, "ann": chat.Rejected} {
		if at, err := c.OpenPrivate(t.Context(), chat.Person{ID: id}); kindOf(err) != want || at.ID != "" {
			t.Errorf("%q: %s, %v", id, at, err)
		}
	}
}

// TestHostileCards puts what askers call themselves into cards and buttons.
func TestHostileCards(t *testing.T) {
	t.Parallel()
	s, room := forum(t)
	c, _ := channel(t, s, withStaff("-1001"))
	for _, name := range []string{"<b>x</b>", "_x_ *y*", "@everyone @ann", "z\u200b\u200d", "\u202eevil", strings.Repeat("n", 3000)} {
		topic, err := c.Open(t.Context(), in(room, 0), "", name)
		if err != nil {
			t.Fatal(err)
		}
		card, err := c.Send(t.Context(), topic, &chat.Outbound{Body: chat.Plain("from " + name), Choices: []chat.Choice{{Label: name[:1], Data: "x"}}})
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Edit(t.Context(), topic, card, &chat.Outbound{Body: chat.Plain("claimed, from " + name)}); err != nil {
			t.Fatal(err)
		}
		all := s.Sent(room)
		m := all[len(all)-1]
		if m.Text != "claimed, from "+name || !utf8.ValidString(m.Text) {
			t.Errorf("%+q: %+q", name, m.Text)
		}
		for _, e := range m.Entities {
			if e.Type != "code" { // where no name is a mention
				t.Errorf("%+q: %+v", name, e)
			}
		}
	}
}
