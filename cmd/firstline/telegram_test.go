package main

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"firstline/bot/telegram/telegramtest"
)

// TestTelegramWebhook serves behind a proxy, by a webhook, and then polls again.
func TestTelegramWebhook(t *testing.T) {
	t.Parallel()
	tg := telegramtest.New(t)
	var target atomic.Pointer[url.URL]
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		to := target.Load()
		if to == nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		httputil.NewSingleHostReverseProxy(to).ServeHTTP(w, r)
	}))
	t.Cleanup(proxy.Close)
	d := newDeployment(t, "TELEGRAM_TOKEN="+tg.Token, "TELEGRAM_API_BASE="+tg.URL, "TELEGRAM_WEBHOOK_URL="+proxy.URL+"/hooks/telegram")
	serve := d.start().ready()
	base, err := url.Parse(serve.base())
	if err != nil {
		t.Fatal(err)
	}
	target.Store(base)
	tg.UserSends(1, "how do i turn on 2fa")
	if got := tg.WaitSent(t, 1, 1)[0].Text; !strings.Contains(got, "2FA") {
		t.Errorf("answer: %q", got)
	}
	resp, err := http.Post(proxy.URL+"/hooks/telegram", "application/json", strings.NewReader(`{"update_id":1}`))
	if err != nil {
		t.Fatal(err)
	}
	if resp.Body.Close(); resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("a forged update: %d", resp.StatusCode)
	}
	serve.stop()
	if n := len(tg.Requests("getUpdates")); n > 0 {
		t.Errorf("%d polls", n)
	}

	tg.UserSends(1, "hello from the time between")
	polls := newDeployment(t, "TELEGRAM_TOKEN="+tg.Token, "TELEGRAM_API_BASE="+tg.URL)
	polls.dir = d.dir
	polls.env = append(polls.env, "HOME="+d.dir, "XDG_DATA_HOME="+d.dir)
	serve = polls.start().ready()
	tg.WaitSent(t, 1, 2)
	serve.stop()
	if strings.Contains(serve.log.String(), tg.Token) {
		t.Error("the token is in the log")
	}
}

// TestTelegramHelpChats asks in a help group and in one that is none, and has
// the first become a supergroup.
func TestTelegramHelpChats(t *testing.T) {
	t.Parallel()
	tg := telegramtest.New(t)
	d := newDeployment(t, "TELEGRAM_TOKEN="+tg.Token, "TELEGRAM_API_BASE="+tg.URL, "TELEGRAM_HELP_CHATS=-1001000000001")
	serve := d.start().ready()
	tg.Deliver(telegramtest.Incoming{From: 1, Chat: -1001000000002, Text: "how do i turn on 2fa"})
	tg.Deliver(telegramtest.Incoming{From: 1, Chat: -7, Kind: "group", Text: "/ask how do i turn on 2fa"})
	if got := tg.WaitSent(t, -7, 1)[0].Text; !strings.Contains(got, "2FA") {
		t.Errorf("answer: %q", got)
	}
	tg.Deliver(telegramtest.Incoming{From: 2, Chat: -7, Kind: "group", Text: "/human"})
	tg.WaitSent(t, -7, 2)
	tg.MigrateUnseen(-7, -1001000000007)
	d.cli("tickets", "claim", "1", "--as", "alice")
	d.cli("tickets", "reply", "1", "here I am", "--as", "alice")
	if got := tg.WaitSent(t, -1001000000007, 1)[0].Text; !strings.Contains(got, "here I am") {
		t.Errorf("after the migration: %q", got)
	}
	if n := len(tg.Sent(-1001000000002)); n > 0 {
		t.Errorf("%d messages in a group where nobody asked the bot", n)
	}
	tg.Block(99)
	serve.log.wait(t, "the block to be logged", func(s string) bool { return strings.Contains(s, `"blocked"`) })
	if metrics := serve.metrics(); !strings.Contains(metrics, `firstline_telegram_membership_total{event="blocked"} 1`) {
		t.Errorf("the block is not counted: %s", metrics)
	}
	serve.stop()
}

func TestTelegramCheck(t *testing.T) {
	t.Parallel()
	tg := telegramtest.New(t)
	env := []string{"TELEGRAM_TOKEN=" + tg.Token, "TELEGRAM_API_BASE=" + tg.URL}
	if out := newDeployment(t, env...).cli("check"); !strings.Contains(out, "telegram: ok: the token belongs to @"+telegramtest.BotUsername) {
		t.Errorf("check: %s", out)
	}
	tg.Meet(-1001)
	out, err := newDeployment(t, append(env, "TELEGRAM_HELP_CHATS=-1001")...).command("check").CombinedOutput()
	if err == nil || !strings.Contains(string(out), "telegram: problem: privacy mode is on") || !strings.Contains(string(out), "/setprivacy") {
		t.Errorf("check with a help chat: %v, %s", err, out)
	}
	for name, wrong := range map[string]string{"help chat": "TELEGRAM_HELP_CHATS=ann", "webhook": "TELEGRAM_WEBHOOK_URL=bot.example/x",
		"staff chat": "TELEGRAM_STAFF_CHAT=-1001/7", "TELEGRAM_STAFF_TOPICS": "TELEGRAM_STAFF_TOPICS=yes"} {
		out, err := newDeployment(t, append(env, wrong)...).command("serve", "--listen", "127.0.0.1:0").CombinedOutput()
		if err == nil || !strings.Contains(string(out), name) {
			t.Errorf("%s: %v, %s", wrong, err, out)
		}
	}
	tg.RevokeToken()
	out, err = newDeployment(t, env...).command("check").CombinedOutput()
	if err == nil || !strings.Contains(string(out), "token was refused") || strings.Contains(string(out), tg.Token) {
		t.Errorf("check with a refused token: %v, %s", err, out)
	}
}
