package telegram_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"firstline/bot/chat"
	"firstline/bot/telegram"
	"firstline/bot/telegram/telegramtest"
)

func TestTokenRefused(t *testing.T) {
	t.Parallel()
	t.Run("at start", func(t *testing.T) {
		t.Parallel()
		s := telegramtest.New(t)
		s.RevokeToken()
		c, _ := channel(t, s)
		if err := c.Run(t.Context(), newStore()); !errors.Is(err, telegram.ErrTokenRefused) {
			t.Errorf("Run returned %v", err)
		}
	})
	t.Run("never existed", func(t *testing.T) {
		t.Parallel()
		s := telegramtest.New(t)
		c, _ := channel(t, s, func(o *telegram.Options) { o.Token = "1:wrong" })
		if err := c.Run(t.Context(), newStore()); !errors.Is(err, telegram.ErrTokenRefused) {
			t.Errorf("Run returned %v", err)
		}
	})
	t.Run("later", func(t *testing.T) {
		t.Parallel()
		s := telegramtest.New(t)
		c, _ := channel(t, s)
		done := make(chan error, 1)
		go func() { done <- c.Run(t.Context(), newStore()) }()
		s.WaitRequests(t, "getUpdates", 1)
		s.RevokeToken()
		s.Block(1) // ends the poll that is waiting
		if err := ended(t, done); !errors.Is(err, telegram.ErrTokenRefused) {
			t.Errorf("Run returned %v", err)
		}
	})
	t.Run("one odd answer", func(t *testing.T) {
		t.Parallel()
		s := telegramtest.New(t)
		c, _ := channel(t, s)
		s.Fail("getUpdates", telegramtest.APIError(401, "Unauthorized"), telegramtest.APIError(404, "Not Found"))
		s.UserSends(42, "hi")
		got := newStore()
		run(t, c, got)
		got.wait(t, 1)
	})
}

func TestConflict(t *testing.T) {
	t.Parallel()
	t.Run("webhook", func(t *testing.T) {
		t.Parallel()
		s := telegramtest.New(t)
		c, l := channel(t, s)
		s.SetWebhook("https://hooks.example/secret-path")
		s.UserSends(42, "hi")
		got := newStore()
		run(t, c, got)
		l.wait(t, "webhook at hooks.example")
		s.SetWebhook("")
		got.wait(t, 1)
		if strings.Contains(l.String(), "secret-path") {
			t.Error("the webhook's address is in the log")
		}
		if len(s.Requests("deleteWebhook")) > 0 {
			t.Error("the webhook was deleted")
		}
	})
	t.Run("second poller", func(t *testing.T) {
		t.Parallel()
		s := telegramtest.New(t)
		first, l1 := channel(t, s)
		second, l2 := channel(t, s)
		got := newStore()
		run(t, first, got)
		s.WaitRequests(t, "getUpdates", 1)
		stop := run(t, second, got)
		for !strings.Contains(l1.String()+l2.String(), "another program receives") {
			s.WaitRequests(t, "getUpdates", len(s.Requests("getUpdates"))+1)
		}
		if err := stop(); err != nil {
			t.Error(err)
		}
		s.UserSends(42, "hi")
		got.wait(t, 1)
	})
}

func TestRunEndsAtOnce(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	t.Run("polling", func(t *testing.T) {
		c, _ := channel(t, s)
		stop := run(t, c, newStore())
		s.WaitRequests(t, "getUpdates", 1)
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
	t.Run("not connected", func(t *testing.T) {
		c, l := channel(t, s, func(o *telegram.Options) { o.RetryMin, o.RetryMax = time.Hour, time.Hour })
		s.FailAll("getMe", telegramtest.Drop())
		stop := run(t, c, newStore())
		l.wait(t, "can't be reached")
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
}

func TestMenu(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	c, l := channel(t, s, func(o *telegram.Options) {
		o.Commands = map[string]map[chat.Command]string{
			"":    {chat.CommandHelp: "Help", chat.CommandAsk: strings.Repeat("é", 300), chat.CommandStart: "", "odd Name": "x"},
			"de":  {chat.CommandHelp: "Hilfe"},
			"fr":  {},
			"zho": {chat.CommandHelp: "x"},
		}
	})
	s.Fail("setMyCommands", telegramtest.HTMLPage(502)) // the first language is lost, the bot is not
	stop := run(t, c, newStore())
	s.WaitRequests(t, "setMyCommands", 2)
	s.Wait(t, "the menu", func() bool { return len(s.Menu("de")) == 1 })
	l.wait(t, "two letters")
	if err := stop(); err != nil {
		t.Error(err)
	}

	again, _ := channel(t, s, func(o *telegram.Options) {
		o.Commands = map[string]map[chat.Command]string{"": {chat.CommandHelp: "Help", chat.CommandAsk: strings.Repeat("é", 300), "odd Name": "x"}}
	})
	stop = run(t, again, newStore())
	s.Wait(t, "the menu", func() bool { return len(s.Menu("")) == 2 })
	if m := s.Menu(""); m[0].Command != "ask" || m[0].Description != strings.Repeat("é", 256) || m[1].Command != "help" {
		t.Errorf("the menu is %+v", m)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}

	// A third start finds everything as it should be.
	set, asked := len(s.Requests("setMyCommands")), len(s.Requests("getMyCommands"))
	third, _ := channel(t, s, func(o *telegram.Options) {
		o.Commands = map[string]map[chat.Command]string{
			"":   {chat.CommandHelp: "Help", chat.CommandAsk: strings.Repeat("é", 300)},
			"de": {chat.CommandHelp: "Hilfe"},
		}
	})
	stop = run(t, third, newStore())
	s.WaitRequests(t, "getMyCommands", asked+2)
	if err := stop(); err != nil {
		t.Error(err)
	}
	if n := len(s.Requests("setMyCommands")); n != set {
		t.Errorf("the menu was set %d times without a change", n-set)
	}
}
