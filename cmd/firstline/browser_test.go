package main

import (
	"fmt"
	"strings"
	"testing"

	"firstline/bot/telegram/telegramtest"
	"firstline/handoff/console/browsertest"
)

// TestDeskInABrowser is the main job as an agent sees it: the link that serve
// printed, a ticket that arrives while one looks, an answer by keyboard that
// reaches the person on Telegram.
func TestDeskInABrowser(t *testing.T) {
	t.Parallel()
	b := browsertest.Start(t)
	tg := telegramtest.New(t)
	d := newDeployment(t, "TELEGRAM_TOKEN="+tg.Token, "TELEGRAM_API_BASE="+tg.URL)
	serve := d.start().ready()
	const user = 31337

	p := b.Page(t)
	p.Navigate(serve.link)
	p.Press("Enter")
	shows := func(text string) {
		t.Helper()
		p.Wait(fmt.Sprintf(`document.querySelector("main")?.innerText.includes(%q)`, text))
	}
	p.Wait(`location.pathname === "/desk/" && document.querySelector("#live")?.dataset.state === "live"`)
	p.Screenshot("empty-queue")

	tg.UserSends(user, "my usdt deposit has not arrived <b>help</b>")
	tg.WaitSent(t, user, 1)
	tg.UserSends(user, "talk to a human")
	tg.WaitSent(t, user, 2)
	shows("User 31337")
	p.Screenshot("queue")
	p.Navigate(serve.base() + "/desk/tickets/1")
	p.Wait(`document.querySelector("#live")?.dataset.state === "live"`)
	shows("my usdt deposit has not arrived <b>help</b>")
	p.Screenshot("ticket")

	p.TabTo(`textarea[name="text"]`)
	p.Type("Hello, please send me the TxID.")
	p.Press("Control+Enter")
	if got := tg.WaitSent(t, user, 3)[2].Text; !strings.Contains(got, "please send me the TxID") {
		t.Errorf("the asker got %q", got)
	}
	shows("please send me the TxID")
	tg.UserSends(user, "here it is: 0xabc")
	shows("here it is: 0xabc")
	p.Screenshot("answered")
	for _, c := range p.Complaints() {
		t.Errorf("browser: %s", c)
	}
	serve.stop()
}
