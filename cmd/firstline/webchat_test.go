package main

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"firstline/bot/web"
	"firstline/handoff/console/browsertest"
)

// fixed makes a deployment listen on the same free port at every start.
func (d *deployment) fixed() *deployment {
	d.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		d.t.Fatal(err)
	}
	d.listen = l.Addr().String()
	if err := l.Close(); err != nil {
		d.t.Fatal(err)
	}
	return d
}

// chatPage is the page of the web chat in a browser.
type chatPage struct {
	*browsertest.Page
	t *testing.T
}

func openChat(t *testing.T, b *browsertest.Browser, url string) *chatPage {
	t.Helper()
	p := &chatPage{b.Page(t), t}
	p.Viewport(390, 844)
	p.Navigate(url)
	p.live()
	return p
}

func (p *chatPage) live() {
	p.t.Helper()
	p.Wait(`document.body.dataset.state === "live"`)
}

func (p *chatPage) says(text string) {
	p.t.Helper()
	p.Eval(`document.querySelector("#text").focus()`, nil)
	p.Type(text)
	p.Press("Enter")
}

// hears waits for a message of the team after n others of it.
func (p *chatPage) hears(n int, text string) {
	p.t.Helper()
	p.Wait(fmt.Sprintf(`document.querySelectorAll("#log .team[data-n]")[%d]?.innerText.includes(%q)`, n, text))
}

// press presses a button under the newest message that has it.
func (p *chatPage) press(label string) {
	p.t.Helper()
	button := fmt.Sprintf(`[...document.querySelectorAll(".choices button")].filter((b) => b.textContent === %q).at(-1)`, label)
	p.Wait(button)
	p.Eval(button+".click()", nil)
}

// story is everything that the page shows, a line for each message.
func (p *chatPage) story() []string {
	p.t.Helper()
	var lines []string
	p.Eval(`[...document.querySelectorAll("#log [data-n]")].map((m) => m.className + ": " + (m.querySelector(".bubble, .attachments")?.innerText ?? "").slice(0, 60).replaceAll("\n", " "))`, &lines)
	return lines
}

func (p *chatPage) fits() {
	p.t.Helper()
	var over int
	p.Eval(`document.documentElement.scrollWidth - window.innerWidth`, &over)
	if over > 0 {
		p.t.Errorf("the page is %d pixels too wide", over)
	}
}

const upload = `(async () => {
	const canvas = document.createElement("canvas");
	canvas.width = 320; canvas.height = 180;
	const g = canvas.getContext("2d");
	g.fillStyle = "#2f5fd0"; g.fillRect(0, 0, 320, 180); g.fillStyle = "#fff"; g.font = "32px sans-serif"; g.fillText("receipt", 100, 100);
	const blob = await new Promise((done) => canvas.toBlob(done));
	const all = new DataTransfer();
	all.items.add(new File([blob], "receipt.png", { type: "image/png" }));
	const input = document.querySelector("#file");
	input.files = all.files;
	input.dispatchEvent(new Event("change"));
})()`

// TestWebChat is the main job as an asker sees it on the web: a question, buttons,
// a file, a person's answer written at the desk, with the server gone in between;
// a reload shows everything once.
func TestWebChat(t *testing.T) {
	t.Parallel()
	b := browsertest.Start(t)
	d := newDeployment(t).fixed()
	serve := d.start().ready()
	link := serve.link
	p := openChat(t, b, serve.base()+"/chat")
	p.Screenshot("web-first")
	p.says("i lost my phone with the authenticator")
	p.hears(0, "Lost phone or authenticator")
	p.fits()
	p.Screenshot("web-answer")
	p.press("Not what I meant")
	p.Wait(`!document.querySelectorAll("#log .team[data-n]")[0].querySelector(".choices") && document.activeElement.id === "text"`)
	p.hears(1, "")
	p.Eval(upload, nil)
	p.Wait(`document.querySelector("#files li") && !document.querySelector("#files li[aria-busy]")`)
	p.Screenshot("web-upload")
	p.says("here is the <b>receipt</b> <img src=x onerror=alert(1)>")
	p.Wait(`document.querySelector("#log .asker[data-n] img")?.naturalWidth === 320`)
	p.says("talk to a person")
	p.Wait(`document.querySelector("#log").innerText.includes("A person will answer you here")`)
	p.Screenshot("web-handoff")
	for _, c := range p.Complaints() {
		t.Errorf("browser: %s", c)
	}

	// The server goes, the person writes on, and loses nothing.
	serve.kill()
	p.says("are you still there?")
	p.Wait(`document.querySelector("#notice").textContent.includes("No connection")`)
	p.Screenshot("web-offline")
	serve = d.start().ready()
	p.Wait(`[...document.querySelectorAll("#log .asker[data-n]:not(.pending)")].at(-1)?.innerText.includes("are you still there?")`)
	p.Wait(`document.querySelector("#notice").textContent === ""`)

	// What could not be sent yet outlives the page; another tab shows the same.
	p.Offline(true)
	p.says("written without a network")
	p.Wait(`document.querySelector("#log .pending")`)
	p.Offline(false)
	p.Navigate(serve.base() + "/chat")
	p.live()
	p.Wait(`[...document.querySelectorAll("#log .asker[data-n]:not(.pending)")].at(-1)?.innerText.includes("written without a network")`)

	// The agent answers at the desk.
	desk := b.Page(t)
	desk.Navigate(link)
	desk.Press("Enter")
	desk.Wait(`location.pathname === "/desk/"`)
	desk.Navigate(serve.base() + "/desk/tickets/1")
	desk.Wait(`document.querySelector("#live")?.dataset.state === "live" && document.querySelector("main").innerText.includes("are you still there?")`)
	desk.Wait(`document.querySelector('main img[alt="receipt.png"]')?.naturalWidth > 0`)
	desk.TabTo(`textarea[name="text"]`)
	desk.Type("Yes, I'm <here>: see https://status.tpwallet.example/ please.")
	desk.Press("Control+Enter")
	p.Wait(`document.querySelector('#log .team a[href="https://status.tpwallet.example/"][rel="noopener noreferrer"][target="_blank"]')`)
	p.Wait(`[...document.querySelectorAll("#log .team")].at(-1).innerText.includes("Yes, I'm <here>")`)
	p.Screenshot("web-reply")

	serve.stop()
	serve = d.start().ready()
	before := p.story()
	p.Navigate(serve.base() + "/chat")
	p.live()
	if after := p.story(); strings.Join(after, "\n") != strings.Join(before, "\n") || len(after) < 9 {
		t.Errorf("after a reload:\n%s\nbefore:\n%s", strings.Join(after, "\n"), strings.Join(before, "\n"))
	}
	seen := map[string]int{}
	for _, line := range p.story() {
		seen[line]++
		if seen[line] > 1 {
			t.Errorf("shown twice: %s", line)
		}
	}
	d.cli("tickets", "solve", "1", "--as", userName())
	p.Wait(`document.querySelectorAll(".choices.scale button").length === 5`)
	p.Screenshot("web-rating")
	p.press("5")
	p.Wait(`document.querySelector("#log").innerText.includes("Thank you for telling us")`)
	p.Wait(`!document.querySelector(".choices.scale")`)
	if got := d.story("1").Rating; got != 5 {
		t.Errorf("rating %d", got)
	}
	var made int
	p.Eval(`document.querySelectorAll("#log img:not(.attachments img), #log script, #log [onerror], #log b").length`, &made)
	if made != 0 {
		t.Errorf("%d elements from text", made)
	}
	p.fits()
	serve.stop()
	if log := serve.log.String(); strings.Contains(log, "still there") {
		t.Error("a person's text is in the log")
	}
}

// TestWidget: on another site's page, with nothing but the keyboard; and for two
// people who log in there.
func TestWidget(t *testing.T) {
	t.Parallel()
	b := browsertest.Start(t)
	const secret = "the secret of the embedding site"
	d := newDeployment(t).fixed()
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// A strict site: it allows our script and frame, and no styles of ours.
		base := "http://" + d.listen
		w.Header().Set("Content-Security-Policy", "default-src 'none'; img-src data:; style-src 'self'; script-src "+base+"; frame-src "+base)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		who := ""
		if user := r.URL.Query().Get("user"); user != "" {
			who = fmt.Sprintf(` data-user="%s" data-signature="%s"`, user, web.Sign(secret, user))
		}
		fmt.Fprintf(w, `<!doctype html><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><title>Shop</title><h1>Shop</h1><p>Things to buy.</p><script src="%s/widget.js" async%s></script>`, base, who)
	}))
	defer site.Close()
	d.env = append(d.env, "FIRSTLINE_WEB_ORIGINS="+site.URL, "FIRSTLINE_WEB_SECRET="+secret)
	serve := d.start().ready()

	open := func(p *browsertest.Page, query string) {
		t.Helper()
		p.Navigate(site.URL + "/" + query)
		p.Wait(`document.querySelector("firstline-chat")`)
		p.TabTo("firstline-chat")
		p.Press("Enter")
	}
	tickets := func(n int) {
		t.Helper()
		// Asked of serve: a process for each look would take the browser's time.
		eventually(t, fmt.Sprintf("%d tickets", n), func() bool { return serve.tickets() == n })
		if got := strings.Count(d.cli("tickets", "--json", "list"), `"id"`); got != n {
			t.Errorf("%d tickets, want %d", got, n)
		}
	}
	anonymous := b.Page(t)
	anonymous.Viewport(1000, 800)
	open(anonymous, "")
	typeWhenReady(anonymous, "talk to a person")
	tickets(1)
	anonymous.Screenshot("widget")
	anonymous.Press("Escape")
	anonymous.Wait(`document.activeElement.localName === "firstline-chat"`)
	d.cli("tickets", "reply", "1", "Here I am.", "--as", "alice")
	anonymous.Wait(`document.querySelector("firstline-chat").dataset.unread === "1"`)
	anonymous.Screenshot("widget-unread")
	anonymous.Navigate(site.URL) // the site's next page still tells
	anonymous.Wait(`document.querySelector("firstline-chat")?.dataset.unread === "1"`)
	anonymous.TabTo("firstline-chat")
	anonymous.Press("Enter")
	anonymous.Wait(`document.querySelector("firstline-chat").dataset.unread === "0"`)

	for range 2 { // on two devices
		p := b.Page(t)
		open(p, "?user=ann@shop.example")
		typeWhenReady(p, "talk to a person")
		tickets(2)
	}
	p := b.Page(t)
	p.Viewport(390, 844)
	open(p, "?user=bob@shop.example")
	typeWhenReady(p, "talk to a person")
	tickets(3)
	p.Screenshot("widget-390")
	if got := d.story("2").Person; got != "ann@shop.example" {
		t.Errorf("the desk sees %q", got)
	}
	for _, page := range []*browsertest.Page{anonymous, p} {
		for _, c := range page.Complaints() {
			t.Errorf("browser: %s", c)
		}
	}
	serve.stop()
}

// typeWhenReady types into the frame, which takes the focus once it is loaded.
func typeWhenReady(p *browsertest.Page, text string) {
	p.Wait(`document.activeElement.localName === "firstline-chat" && document.querySelector("firstline-chat").dataset.state === "ready"`)
	p.Type(text)
	p.Press("Enter")
}

// TestWebChatLooks: every language and scheme fits a narrow screen, says
// nothing in another language, and complains of nothing.
func TestWebChatLooks(t *testing.T) {
	t.Parallel()
	b := browsertest.Start(t)
	d := newDeployment(t)
	serve := d.start().ready()
	questions := map[string]string{
		"en": "how do i turn on 2fa", "zh": "怎么开启2FA", "es": "hola", "fr": "bonjour", "de": "hallo", "ru": "привет", "ar": "مرحبا",
	}
	for lang, question := range questions {
		for _, scheme := range []string{"light", "dark"} {
			if scheme == "dark" && lang != "en" && lang != "ar" {
				continue // colours know no language
			}
			p := &chatPage{b.Page(t), t}
			p.Viewport(390, 844)
			p.Scheme(scheme)
			p.Navigate(serve.base() + "/chat?lang=" + lang)
			p.live()
			if got := p.Text("document.documentElement.lang"); got != lang {
				t.Errorf("%s: the page is in %s", lang, got)
			}
			if got := p.Text("getComputedStyle(document.body).direction"); (got == "rtl") != (lang == "ar") {
				t.Errorf("%s: written %s", lang, got)
			}
			p.says(question)
			p.hears(0, "")
			p.Eval(upload, nil)
			p.Wait(`document.querySelector("#files li") && !document.querySelector("#files li[aria-busy]")`)
			p.fits()
			p.Screenshot("web-" + lang + "-" + scheme)
			p.TabTo("#files button")
			p.Press("Enter")
			p.Wait(`!document.querySelector("#files li") && document.activeElement.id === "text"`)
			for _, c := range p.Complaints() {
				t.Errorf("%s: browser: %s", lang, c)
			}
		}
	}
	serve.stop()
}
