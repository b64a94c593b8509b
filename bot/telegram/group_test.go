package telegram_test

import (
	"context"
	"errors"
	"maps"
	"strings"
	"sync"
	"testing"

	"firstline/bot/chat"
	"firstline/bot/telegram"
	"firstline/bot/telegram/telegramtest"
)

// marks are Marks in memory, which can fail.
type marks struct {
	mu    sync.Mutex
	m     map[string]string
	fails error
}

func (m *marks) Load(context.Context) (map[string]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return maps.Clone(m.m), m.fails
}

func (m *marks) Save(_ context.Context, name, mark string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fails != nil {
		return m.fails
	}
	if m.m == nil {
		m.m = map[string]string{}
	}
	m.m[name] = mark
	return nil
}

func (m *marks) fail(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.fails = err
}

func withMarks(m *marks) func(*telegram.Options) { return func(o *telegram.Options) { o.Marks = m } }

// TestMigration has a group become a supergroup: what is sent to its old id
// arrives in the new one, also after a restart, and replies to nothing there.
func TestMigration(t *testing.T) {
	t.Parallel()
	out := &chat.Outbound{Body: chat.Plain("x"), ReplyTo: "5"}
	t.Run("told by an update", func(t *testing.T) {
		t.Parallel()
		s := telegramtest.New(t)
		kept := &marks{}
		c, _ := channel(t, s, withMarks(kept), func(o *telegram.Options) { o.HelpChats = "-5" })
		got := newStore()
		stop := run(t, c, got)
		s.Migrate(-5, -1001000000005)
		s.Deliver(telegramtest.Incoming{From: 1, Chat: -1001000000005, Text: "where is it?"})
		if m := got.wait(t, 1)[0]; !m.Help || m.Conversation != conversation("-1001000000005") {
			t.Errorf("the help chat is not known by its new id: %+v", m)
		}
		s.WaitConfirmed(t)
		if err := stop(); err != nil {
			t.Fatal(err)
		}
		again, _ := channel(t, s, withMarks(kept))
		if _, err := again.Send(t.Context(), conversation("-5"), out); err != nil {
			t.Fatal(err)
		}
		if m := s.Sent(-1001000000005); len(m) != 1 || m[0].ReplyTo != 0 || len(s.Requests("sendMessage")) != 1 {
			t.Errorf("sent: %+v", m)
		}
	})
	t.Run("told by a refused send", func(t *testing.T) {
		t.Parallel()
		s := telegramtest.New(t)
		kept := &marks{}
		c, _ := channel(t, s, withMarks(kept))
		s.MigrateUnseen(-5, -1001000000005)
		for range 2 {
			if _, err := c.Send(t.Context(), conversation("-5"), out); err != nil {
				t.Fatal(err)
			}
		}
		if n := len(s.Sent(-1001000000005)); n != 2 || len(s.Requests("sendMessage")) != 3 {
			t.Errorf("%d messages with %d calls, want 2 with 3", n, len(s.Requests("sendMessage")))
		}
		if kept.m["moved/-5"] != "-1001000000005" {
			t.Errorf("kept: %v", kept.m)
		}
		// Messages have other ids there: the one with this id is somebody's.
		if err := c.Edit(t.Context(), conversation("-5"), "101", out); err == nil || chat.AsSendError(err).Kind != chat.Gone {
			t.Errorf("Edit: %v", err)
		}
		if err := c.Delete(t.Context(), conversation("-5"), "101"); err == nil || chat.AsSendError(err).Kind != chat.Rejected {
			t.Errorf("Delete: %v", err)
		}
	})
	t.Run("not kept, not confirmed", func(t *testing.T) {
		t.Parallel()
		s := telegramtest.New(t)
		kept := &marks{}
		c, l := channel(t, s, withMarks(kept))
		run(t, c, newStore())
		s.WaitRequests(t, "getUpdates", 1)
		kept.fail(errors.New("disk full"))
		s.Migrate(-5, -1001000000005)
		l.wait(t, "stay at Telegram for now")
		if s.Pending() == 0 {
			t.Error("the migration was confirmed")
		}
		kept.fail(nil)
		s.WaitConfirmed(t)
		if kept.m["moved/-5"] != "-1001000000005" {
			t.Errorf("kept: %v", kept.m)
		}
	})
	t.Run("can't be looked up", func(t *testing.T) {
		t.Parallel()
		s := telegramtest.New(t)
		s.Meet(-1001000000005)
		c, _ := channel(t, s, withMarks(&marks{fails: errors.New("disk full")}))
		if _, err := c.Send(t.Context(), conversation("-5"), out); err == nil || chat.AsSendError(err).Kind != chat.Temporary {
			t.Errorf("Send: %v", err)
		}
		if _, err := c.Send(t.Context(), conversation("-1001000000005"), out); err != nil { // ids of supergroups stay
			t.Errorf("Send: %v", err)
		}
	})
}

func TestMembership(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	var mu sync.Mutex
	var got []string
	c, l := channel(t, s, func(o *telegram.Options) {
		o.Count = func(event string) {
			mu.Lock()
			defer mu.Unlock()
			got = append(got, event)
		}
	})
	status := func(name string) fields { return fields{"status": name, "is_member": false} }
	change := func(id int64, kind, from, to string) {
		s.Push("my_chat_member", fields{"chat": fields{"id": id, "type": kind}, "old_chat_member": status(from), "new_chat_member": status(to)})
	}
	change(1, "private", "member", "kicked")
	change(1, "private", "kicked", "member")
	change(-2, "supergroup", "left", "member")
	change(-2, "supergroup", "member", "administrator")
	change(-2, "supergroup", "administrator", "restricted") // and is no member any more
	run(t, c, newStore())
	s.WaitConfirmed(t)
	mu.Lock()
	defer mu.Unlock()
	if want := "blocked unblocked joined changed removed"; strings.Join(got, " ") != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if !strings.Contains(l.String(), `"status":"blocked"`) {
		t.Errorf("the log: %s", l)
	}
}

func TestHelpChatsSetting(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"x", "5", "-5/", "-5/x", "-5/-1", "-5 -6", "@group"} {
		if _, err := telegram.New(telegram.Options{Token: telegramtest.Token, HelpChats: bad}); err == nil || !strings.Contains(err.Error(), "help chat") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
