package telegram_test

import (
	"strings"
	"testing"

	"firstline/bot/chat"
	"firstline/bot/telegram/telegramtest"
)

// TestDeletedTopic has people delete a topic: what is for it is gone, and nothing
// stays in General, whether Telegram refuses it or puts it there.
func TestDeletedTopic(t *testing.T) {
	t.Parallel()
	for name, stray := range map[string]bool{"refused": false, "astray": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, room := forum(t)
			c, l := channel(t, s, withStaff("-1001"))
			topic, err := c.Open(t.Context(), in(room, 0), "", "#7")
			if err != nil {
				t.Fatal(err)
			}
			card, err := c.Send(t.Context(), topic, &chat.Outbound{Body: chat.Plain("a card")})
			if err != nil {
				t.Fatal(err)
			}
			s.DeleteTopic(room, s.Topics(room)[0].ID)
			if stray {
				s.StrayIntoGeneral()
			}
			if id, err := c.Send(t.Context(), topic, &chat.Outbound{Body: chat.Plain("secret"), ReplyTo: card}); kindOf(err) != chat.Gone || id != "" {
				t.Errorf("Send: %q, %v", id, err)
			}
			if m := s.InTopic(room, 0); len(m) > 0 {
				t.Errorf("in General: %+v", m)
			}
			if err := c.Edit(t.Context(), topic, card, &chat.Outbound{Body: chat.Plain("changed")}); kindOf(err) != chat.Gone {
				t.Errorf("Edit: %v", err)
			}
			if err := c.Delete(t.Context(), topic, card); err != nil {
				t.Errorf("Delete: %v", err)
			}
			if !stray {
				return
			}
			s.Fail("deleteMessage", telegramtest.APIError(400, "Bad Request: message can't be deleted"))
			if _, err := c.Send(t.Context(), topic, &chat.Outbound{Body: chat.Plain("x")}); kindOf(err) != chat.Gone {
				t.Errorf("Send: %v", err)
			}
			l.wait(t, "could not be deleted that Telegram put elsewhere")
			// What is for General goes there.
			if _, err := c.Send(t.Context(), in(room, 0), &chat.Outbound{Body: chat.Plain("to all")}); err != nil {
				t.Errorf("Send: %v", err)
			}
		})
	}
}

// TestReplyToDeleted replies to what people deleted: the message counts more.
func TestReplyToDeleted(t *testing.T) {
	t.Parallel()
	s, room := forum(t)
	c, _ := channel(t, s, withStaff("-1001"))
	_, n := s.Deliver(telegramtest.Incoming{From: 7, Chat: room, Text: "/tickets"})
	s.DeleteMessage(room, n)
	if _, err := c.Send(t.Context(), in(room, 0), &chat.Outbound{Body: chat.Plain("none"), ReplyTo: id(n)}); err != nil || len(s.InTopic(room, 0)) != 1 {
		t.Errorf("Send: %v", err)
	}
}

func TestClosedTopic(t *testing.T) {
	t.Parallel()
	member := func(s *telegramtest.Server) { s.SetMember(-1001, fields{"status": "member"}) }
	tests := map[string]struct {
		staff  string
		set    func(s *telegramtest.Server)
		want   chat.SendKind // -1: it is sent
		reason string
	}{
		"reopened":    {"-1001", nil, -1, ""},
		"not allowed": {"-1001", member, chat.Unreachable, "the right to manage topics"},
		"by somebody": {"-1001", func(s *telegramtest.Server) {
			s.Fail("reopenForumTopic", telegramtest.APIError(400, "Bad Request: TOPIC_NOT_MODIFIED"))
		}, chat.Unreachable, "is closed"},
		"deleted now": {"-1001", func(s *telegramtest.Server) {
			s.Fail("reopenForumTopic", telegramtest.APIError(400, "Bad Request: TOPIC_ID_INVALID"))
		}, chat.Gone, ""},
		"page":          {"-1001", func(s *telegramtest.Server) { s.Fail("reopenForumTopic", telegramtest.HTMLPage(502)) }, chat.Temporary, ""},
		"not known":     {"-1001", func(s *telegramtest.Server) { s.Fail("reopenForumTopic", telegramtest.DropAfter()) }, chat.Temporary, ""},
		"no staff chat": {"", nil, chat.Unreachable, "is closed"},
	}
	for name, tt := range tests {
		s, room := forum(t)
		c, _ := channel(t, s, withStaff(tt.staff))
		topic := s.OpenTopic(room, "#7")
		s.CloseTopic(room, topic)
		if tt.set != nil {
			tt.set(s)
		}
		_, err := c.Send(t.Context(), in(room, topic), &chat.Outbound{Body: chat.Plain("x")})
		if kindOf(err) != tt.want || (err != nil && !strings.Contains(err.Error(), tt.reason)) {
			t.Errorf("%s: %v", name, err)
		}
		if n := len(s.InTopic(room, topic)); (n == 1) != (tt.want == -1) || len(s.Requests("reopenForumTopic")) > 1 {
			t.Errorf("%s: %d messages with %d attempts to open", name, n, len(s.Requests("reopenForumTopic")))
		}
	}
}
