package main

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"firstline/bot/telegram/telegramtest"
)

func TestSecondServeRefuses(t *testing.T) {
	t.Parallel()
	d := newDeployment(t)
	first := d.start().ready()
	out, err := d.command("serve", "--listen", "127.0.0.1:0").CombinedOutput()
	if err == nil || !strings.Contains(string(out), "another Firstline already serves") || !strings.Contains(string(out), d.database()) {
		t.Errorf("second serve: %v, %s", err, out)
	}
	// A chat goes on beside it.
	chat := d.command("chat")
	chat.Stdin = strings.NewReader("hola\n")
	if out, err := chat.CombinedOutput(); err != nil || !strings.Contains(string(out), "A serve is running") || !strings.Contains(string(out), "ayudar") {
		t.Errorf("chat beside serve: %v, %s", err, out)
	}
	first.stop()
	d.start().ready().stop() // free again
}

// TestReload edits articles under a running serve: a mistake keeps the last good
// content and is named, a correction is live.
func TestReload(t *testing.T) {
	t.Parallel()
	tg := telegramtest.New(t)
	d := newDeployment(t, "TELEGRAM_TOKEN="+tg.Token, "TELEGRAM_API_BASE="+tg.URL)
	serve := d.start().ready()
	file := filepath.Join(d.content, "en", "using", "blorp.md")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const questions = `questions:
  - how do i frobnicate the blorp
  - blorp frobnication
  - where is the blorp
  - frobnicate
  - my blorp won't frobnicate
  - the blorp thing
  - can i frobnicate it
  - what is a blorp
`
	write("---\ntitle: Frobnicate the blorp\nqustions: []\n---\nText.\n")
	serve.log.wait(t, "the mistake to be named", func(s string) bool {
		return strings.Contains(s, "the last good one stays") && strings.Contains(s, "en/using/blorp.md:3") && strings.Contains(s, "qustions: []")
	})
	tg.UserSends(1, "how do i turn on 2fa")
	if got := tg.WaitSent(t, 1, 1)[0].Text; !strings.Contains(got, "2FA") {
		t.Errorf("with a broken article: %q", got)
	}
	write("---\ntitle: Frobnicate the blorp\n" + questions + "updated: 2026-11-22\n---\nTurn it twice.\n")
	serve.log.wait(t, "the correction to be live", func(s string) bool { return strings.Contains(s, "content reloaded") })
	tg.UserSends(1, "how do i frobnicate the blorp")
	if got := tg.WaitSent(t, 1, 2)[1].Text; !strings.Contains(got, "Turn it twice") {
		t.Errorf("after the correction: %q", got)
	}
	serve.stop()
}

func TestProbesAndMetrics(t *testing.T) {
	t.Parallel()
	tg := telegramtest.New(t)
	d := newDeployment(t, "TELEGRAM_TOKEN="+tg.Token, "TELEGRAM_API_BASE="+tg.URL)
	serve := d.start().ready()
	get := func(path string) (int, string) {
		t.Helper()
		r, err := http.Get(serve.base() + path)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		return r.StatusCode, string(body)
	}
	tg.UserSends(1, "hello, my password is hunter2hunter2")
	tg.WaitSent(t, 1, 1)
	for _, path := range []string{"/healthz", "/readyz"} {
		if code, body := get(path); code != http.StatusOK {
			t.Errorf("%s: %d %s", path, code, body)
		}
	}
	_, metrics := get("/metrics")
	for _, want := range []string{
		`firstline_messages_received_total{network="telegram"} 1`,
		`firstline_secrets_removed_total{kind="password"} 1`,
		`firstline_channel_up{network="telegram"} 1`,
		`firstline_tickets{state="open"} 0`,
	} {
		if !strings.Contains(metrics, want) {
			t.Errorf("no %s in the metrics", want)
		}
	}
	if strings.Contains(metrics, "hunter2") {
		t.Error("a secret is in the metrics")
	}

	// A token that the network refuses stops its channel, not the process.
	tg.RevokeToken()
	tg.CloseConnections() // ends the poll that is under way
	serve.log.wait(t, "the channel to give up", func(s string) bool { return strings.Contains(s, "the channel has stopped") })
	if code, body := get("/readyz"); code != http.StatusServiceUnavailable || !strings.Contains(body, "token was refused") {
		t.Errorf("/readyz: %d %s", code, body)
	}
	serve.stop()
}

func TestMissingTokenFile(t *testing.T) {
	t.Parallel()
	d := newDeployment(t, "TELEGRAM_TOKEN_FILE=/no/such/file")
	out, err := d.command("serve", "--listen", "127.0.0.1:0").CombinedOutput()
	if err == nil || !strings.Contains(string(out), "TELEGRAM_TOKEN_FILE") {
		t.Errorf("%v, %s", err, out)
	}
}
