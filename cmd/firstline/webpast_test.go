package main

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"firstline/bot/chat"
	"firstline/handoff/console/browsertest"
)

// openPast opens the chat of somebody who was told so many things already, in a
// server of this process, since only that can say that the bot is writing.
func openPast(t *testing.T, told int) (srv *server, p *chatPage, session string, ids []chat.MessageID) {
	t.Helper()
	b := browsertest.Start(t)
	srv, err := startServer(t.Context(), slog.New(slog.DiscardHandler),
		&cli{Content: fewContent(t), Database: filepath.Join(t.TempDir(), "firstline.db")}, &serveCmd{Listen: "127.0.0.1:0", Files: 1}, tokens{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := srv.stop(); err != nil {
			t.Error(err)
		}
	})
	p = openChat(t, b, srv.url+"/chat")
	p.says("hello")
	p.hears(0, "")
	c := &webClient{t: t, base: srv.url, key: p.Text(`localStorage.getItem("firstline-chat-key")`)}
	_, answer := c.call("GET", "session", nil)
	var who struct{ Session string }
	if err := json.Unmarshal([]byte(answer), &who); err != nil || who.Session == "" {
		t.Fatalf("session %s, %v", answer, err)
	}
	for i := range told {
		out := &chat.Outbound{Body: chat.Plain(fmt.Sprintf("message %d", i)), Key: fmt.Sprint(i)}
		id, err := srv.engine.store.AppendWeb(t.Context(), who.Session, out.Key, out, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	p.Navigate(srv.url + "/chat")
	p.live()
	return srv, p, who.Session, ids
}

// TestWebChatPast: a new page shows the newest messages; the rest comes by
// scrolling and by keyboard, nothing is lost, doubled, out of order or read out,
// and what the person looks at stays where it is.
func TestWebChatPast(t *testing.T) {
	t.Parallel()
	const told = 120 // and two before them
	srv, p, session, ids := openPast(t, told)
	shows := func(n int) {
		t.Helper()
		p.Wait(fmt.Sprintf(`document.querySelectorAll("#log [id^=m-]").length === %d`, n))
	}
	shows(50)
	if got := p.story(); got[len(got)-1] != fmt.Sprint("message team: message ", told-1) {
		t.Errorf("the newest is %q", got[len(got)-1])
	}
	p.Wait(`!document.querySelector("#earlier").hidden`)

	// What changes in the past meanwhile is not shown out of its place.
	if err := srv.engine.store.EditWeb(t.Context(), session, ids[0], &chat.Outbound{Body: chat.Plain("changed")}); err != nil {
		t.Fatal(err)
	}
	p.says("thank you")
	shows(52)

	// Scrolling up. What is looked at stays.
	const first = `document.querySelector("#log [id^=m-]")`
	var before, after float64
	p.Eval(`window.seen = `+first+`; document.querySelector("#log").scrollTop = 100; window.seen.getBoundingClientRect().top`, &before)
	shows(102)
	p.Eval(`window.seen.getBoundingClientRect().top`, &after)
	if d := after - before; d < -2 || d > 2 {
		t.Errorf("what was looked at has moved by %.0f pixels", d)
	}
	p.Screenshot("web-past")

	// The keyboard: nothing happens before the press, and the focus is not lost
	// with the button.
	p.TabTo("#earlier")
	shows(102)
	p.Press("Enter")
	p.Wait(`document.querySelector("#earlier").hidden && document.activeElement.id === "log"`)
	shows(told + 4)
	story := p.story()
	if story[2] != "message team: changed" {
		t.Errorf("the changed message reads %q", story[2])
	}
	var places []int
	p.Eval(`[...document.querySelectorAll("#log [id^=m-]")].map((m) => Number(m.dataset.n))`, &places)
	if !slices.IsSorted(places) || len(slices.Compact(slices.Clone(places))) != told+4 {
		t.Errorf("places %v", places)
	}
	var aloud int
	p.Eval(`[...document.querySelectorAll("#log [id^=m-]")].slice(0, 72).filter((m) => m.getAttribute("aria-live") !== "off").length`, &aloud)
	if aloud != 0 {
		t.Errorf("%d messages of the past are read out", aloud)
	}

	// Somebody writes, until the answer is there.
	p.Wait(`document.querySelector("#typing").hidden`)
	srv.engine.typing.Load().Show(chat.ConversationID{Network: chat.Web, ID: session})
	p.Wait(`!document.querySelector("#typing").hidden && document.querySelector("#typing").innerText.trim() !== ""`)
	p.says("how do i turn on 2fa")
	p.Wait(`[...document.querySelectorAll("#log .team[data-n]")].at(-1).innerText.includes("2FA")`)
	p.Wait(`document.querySelector("#typing").hidden`)
	shows(told + 6)
	for _, c := range p.Complaints() {
		t.Errorf("browser: %s", c)
	}
}
