package telegram_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"firstline/bot/chat"
	"firstline/bot/telegram"
	"firstline/bot/telegram/telegramtest"
)

// listener is the operator's web server, on which a channel's webhook is.
type listener struct {
	url string
	mux *http.ServeMux
}

func listen(t testing.TB) *listener {
	t.Helper()
	mux := http.NewServeMux()
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	return &listener{url: srv.URL + "/telegram/hook", mux: mux}
}

// hooked returns a channel whose webhook is on l.
func hooked(t testing.TB, s *telegramtest.Server, l *listener, change ...func(*telegram.Options)) (*telegram.Channel, *logs) {
	t.Helper()
	c, log := channel(t, s, append(change, func(o *telegram.Options) {
		o.WebhookURL, o.WebhookCheck = l.url, 5*time.Millisecond
	})...)
	path, h := c.Webhook()
	if path != "/telegram/hook" {
		t.Errorf("the path is %q", path)
	}
	l.mux.Handle(path, h)
	return c, log
}

func TestWebhook(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	l := listen(t)
	c, _ := hooked(t, s, l)
	got := newStore()
	got.fail = func(_ context.Context, call int, _ []*chat.Message) error {
		if call%3 == 1 {
			return errors.New("disk full")
		}
		return nil
	}
	for i := range 30 {
		s.UserSends(int64(1+i%3), string(rune('a'+i)))
	}
	s.UserPresses(1, 5, "y")
	s.PushRaw(`{"update_id":"x"}`) // it can't be read and must not come again and again
	run(t, c, got)
	s.WaitConfirmed(t)
	last := map[string]string{}
	all := got.wait(t, 31)
	for _, m := range all {
		if m.Text != "" && m.Text <= last[m.From.ID] {
			t.Errorf("%q came after %q", m.Text, last[m.From.ID])
		}
		last[m.From.ID] = m.Text
	}
	if len(all) != 31 {
		t.Errorf("%d messages, want 31", len(all))
	}
	s.WaitRequests(t, "answerCallbackQuery", 1)
	if n := len(s.Requests("getUpdates")); n > 0 {
		t.Errorf("%d polls", n)
	}
	if p := s.Requests("setWebhook")[0].Params; len(p.Get("secret_token")) < 32 || strings.Contains(p.Get("secret_token"), secret) || p.Has("drop_pending_updates") {
		t.Errorf("setWebhook: %v", p)
	}

	// Somebody takes it away: it is set again, with nothing lost.
	s.SetWebhook("https://other.example/x")
	s.UserSends(9, "still here")
	got.wait(t, 32)
}

// TestWebhookAlbum sends an album, which comes part by part: what was received
// grows, and what comes twice does not count twice.
func TestWebhookAlbum(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	l := listen(t)
	c, _ := hooked(t, s, l)
	got := newStore()
	run(t, c, got)
	_, a := s.Deliver(photo(1, 0, "A", 1, "see"))
	s.Deliver(photo(1, 0, "A", 2, ""))
	s.WaitConfirmed(t)
	s.Deliver(photo(1, 0, "A", 3, ""))
	_, b := s.Deliver(telegramtest.Incoming{From: 1, Text: "that is it"})
	s.WaitConfirmed(t)
	expect(t, got.wait(t, 4),
		shape{Text: "see", Files: "p1 ", ID: id(a)}, shape{Text: "see", Files: "p1 p2 ", ID: id(a), Edited: true},
		shape{Text: "see", Files: "p1 p2 p3 ", ID: id(a), Edited: true}, shape{Text: "that is it", ID: id(b)})
}

// TestWebhookRefuses sends what does not come from Telegram.
func TestWebhookRefuses(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	l := listen(t)
	c, log := hooked(t, s, l)
	update := `{"update_id":7,"message":{"message_id":1,"date":1,"from":{"id":2},"chat":{"id":2,"type":"private"},"text":"forged"}}`
	post := func(method, secret, body string) int {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), method, l.url, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer http.DefaultClient.CloseIdleConnections()
		defer resp.Body.Close()
		return resp.StatusCode
	}
	if code := post("POST", "", update); code != http.StatusUnauthorized {
		t.Errorf("before Run: %d", code)
	}
	got := newStore()
	stop := run(t, c, got)
	s.Wait(t, "the webhook", func() bool { address, _ := s.Webhook(); return address != "" })
	_, right := s.Webhook()
	for name, wrong := range map[string]string{"none": "", "other": strings.Repeat("0", len(right)), "shorter": right[1:], "longer": right + "0"} {
		if code := post("POST", wrong, update); code != http.StatusUnauthorized {
			t.Errorf("%s: %d", name, code)
		}
	}
	for want, code := range map[int]int{
		http.StatusMethodNotAllowed:      post("GET", right, ""),
		http.StatusRequestEntityTooLarge: post("POST", right, strings.Repeat(" ", 1<<20)+update),
		http.StatusOK:                    post("POST", right, "no JSON"),
	} {
		if code != want {
			t.Errorf("got %d, want %d", code, want)
		}
	}
	if len(got.all) > 0 {
		t.Errorf("received: %+v", got.all)
	}
	if n := strings.Count(log.String(), "not from Telegram"); n != 1 {
		t.Errorf("%d warnings, want one a minute", n)
	}
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	if code := post("POST", right, update); code != http.StatusServiceUnavailable {
		t.Errorf("after Run: %d", code)
	}
	if strings.Contains(log.String(), right) {
		t.Error("the secret is in the log")
	}
}

// TestBackToPolling starts with a webhook and then without: what came in between
// is polled. The webhook of somebody else stays, see TestConflict.
func TestBackToPolling(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	l := listen(t)
	kept := &marks{}
	first, _ := hooked(t, s, l, withMarks(kept))
	got := newStore()
	stop := run(t, first, got)
	s.UserSends(1, "one")
	got.wait(t, 1)
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	s.UserSends(1, "two")
	second, log := channel(t, s, withMarks(kept))
	run(t, second, got)
	if all := got.wait(t, 2); all[1].Text != "two" {
		t.Errorf("got %+v", shapes(all))
	}
	log.wait(t, "removed now")
	if d := s.Requests("deleteWebhook"); len(d) != 1 || d[0].Params.Has("drop_pending_updates") {
		t.Errorf("deleteWebhook: %v", d)
	}
	for _, mark := range kept.m {
		if strings.Contains(mark, "telegram/hook") {
			t.Error("the webhook's address is kept in clear")
		}
	}
}

// TestWebhookSurvives has calls fail while the webhook is set.
func TestWebhookSurvives(t *testing.T) {
	t.Parallel()
	for name, f := range everyFault() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := telegramtest.New(t)
			l := listen(t)
			c, _ := hooked(t, s, l, func(o *telegram.Options) { o.RequestTimeout = 100 * time.Millisecond })
			s.Fail("setWebhook", f)
			s.Fail("getWebhookInfo", f)
			s.UserSends(1, "hello")
			got := newStore()
			run(t, c, got)
			got.wait(t, 1)
			s.WaitConfirmed(t)
		})
	}
}

func TestWebhookAddress(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"x", "http://bot.example/x", "https://bot.example", "https://bot.example/", "https://bot.example:8080/x",
		"https://bot.example/x?y=1", "https://u:p@bot.example/x", "https:///x", "https://bot.example/x/", "https://bot.example/{x}", "https://bot.example/a/../x", "https://bot.example/%20", "ftp://bot.example/x"} {
		if _, err := telegram.New(telegram.Options{Token: telegramtest.Token, WebhookURL: bad}); err == nil || !strings.Contains(err.Error(), "webhook") {
			t.Errorf("%s: %v", bad, err)
		}
	}
	c, err := telegram.New(telegram.Options{Token: telegramtest.Token, WebhookURL: "https://bot.example:8443/x"})
	if err != nil {
		t.Fatal(err)
	}
	if path, _ := c.Webhook(); path != "/x" {
		t.Errorf("the path is %q", path)
	}
	polls, err := telegram.New(telegram.Options{Token: telegramtest.Token})
	if err != nil {
		t.Fatal(err)
	}
	path, h := polls.Webhook()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/x", bytes.NewReader(nil)))
	if path != "" || w.Code != http.StatusUnauthorized {
		t.Errorf("a channel that polls: %q, %d", path, w.Code)
	}
}
