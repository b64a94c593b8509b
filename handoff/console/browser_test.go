package console_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"firstline/bot/outbox"
	"firstline/handoff"
	"firstline/handoff/console/browsertest"
)

// window is a page of a real browser on a desk.
type window struct {
	*browsertest.Page
	d *desk
	t *testing.T
}

func (d *desk) window(b *browsertest.Browser, width, height int) *window {
	w := &window{b.Page(d.t), d, d.t}
	w.Viewport(width, height)
	return w
}

// signIn opens a new link and presses its button, which has the focus.
func (w *window) signIn(id handoff.AgentID) {
	w.t.Helper()
	w.Navigate(w.d.server.URL + "/sign-in/" + w.d.link(id))
	w.Press("Enter")
	w.Wait(`location.pathname === "/desk/" && document.querySelector("#live")?.dataset.state === "live"`)
}

// open goes to a ticket and waits until it is live.
func (w *window) open(id handoff.TicketID) {
	w.t.Helper()
	w.Navigate(w.d.server.URL + ticketPath(id))
	w.live()
}

func (w *window) live() {
	w.t.Helper()
	w.Wait(`document.querySelector("#live")?.dataset.state === "live"`)
}

func (w *window) shows(text string) {
	w.t.Helper()
	w.Wait(fmt.Sprintf(`document.querySelector("main").innerText.includes(%q)`, text))
}

// fits fails when the page can be scrolled sideways.
func (w *window) fits() {
	w.t.Helper()
	var over int
	w.Eval(`document.documentElement.scrollWidth - window.innerWidth`, &over)
	if over > 0 {
		w.t.Errorf("%s is %d pixels too wide", w.Text("location.pathname"), over)
	}
}

// clean fails on errors in the browser's console.
func (w *window) clean() {
	w.t.Helper()
	for _, c := range w.Complaints() {
		w.t.Errorf("browser: %s", c)
	}
}

func TestInABrowser(t *testing.T) {
	t.Parallel()
	b := browsertest.Start(t)
	for name, f := range map[string]func(*testing.T, *browsertest.Browser){
		"working day":   workingDay,
		"drafts":        draftsSurvive,
		"lost answer":   answerLost,
		"two agents":    twoAgents,
		"signed out":    signedOutElsewhere,
		"evil texts":    evilTexts,
		"below the end": newMessageBelow,
		"focus":         focusStays,
		"changes":       picturesAndChanges,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f(t, b)
		})
	}
}

// workingDay does everything with the keyboard alone.
func workingDay(t *testing.T, b *browsertest.Browser) {
	for _, size := range []struct{ width, height int }{{1280, 800}, {390, 844}} {
		t.Run(fmt.Sprint(size.width), func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			w := d.window(b, size.width, size.height)
			w.signIn("ann")
			w.shows("Nobody is waiting")
			w.fits()

			id := d.ask(question{name: "Ada <b>", text: "Where is my deposit? I sent it two hours ago."})
			w.shows("Where is my deposit?")
			w.Wait(`document.title.startsWith("(1) Queue")`)
			w.Wait(`document.querySelector("#news").textContent === "New ticket in the list"`)
			w.fits()
			w.TabTo("a.question")
			w.Press("Enter")
			w.Wait(fmt.Sprintf(`location.pathname === %q`, ticketPath(id)))
			w.live()
			w.fits()

			w.TabTo("#claim button")
			w.Press("Enter")
			w.shows("You hold this")
			w.Wait(`document.activeElement.id === "reply-text"`)
			w.Type("Hello Ada, it has arrived.")
			w.Press("Control+Enter")
			w.Wait(`[...document.querySelectorAll(".entry.agent .text")].some((e) => e.textContent === "Hello Ada, it has arrived.")`)
			w.Wait(`document.querySelector("#reply-text").value === ""`)
			d.deliver(sent)
			w.Wait(`document.querySelector(".entry.agent .delivery").textContent === "Sent"`)

			w.TabTo("#note-text")
			w.Type("Deposit found by hand.")
			w.TabTo("#note button")
			w.Press("Space")
			w.Wait(`document.querySelector(".internal .text")?.textContent === "Deposit found by hand."`)
			w.fits()

			w.TabTo("#solve button")
			w.Press("Enter")
			w.shows("Solved. How did it go?")
			w.Wait(`document.activeElement.id === "back" && !document.querySelector("#solve") && document.querySelector("#reopen")`)
			w.Press("Enter")
			w.shows("Nobody is waiting")
			w.clean()

			s := d.story(id)
			if got := d.replies(id); s.State != handoff.Solved || len(s.Notes) != 1 || len(got) != 1 {
				t.Errorf("state %s, %d notes, replies %q", s.State, len(s.Notes), got)
			}
		})
	}
}

// draftsSurvive: what an agent is writing outlives all that happens meanwhile.
func draftsSurvive(t *testing.T, b *browsertest.Browser) {
	d := newDesk(t)
	id := d.ask(question{name: "Ada", text: "Where is my deposit?"})
	w := d.window(b, 1280, 800)
	w.signIn("ann")
	w.open(id)
	w.Eval(`document.querySelector("#reply-text").focus()`, nil)
	w.Type("Half a rep")
	w.Eval(`document.querySelector("#reply-text").setSelectionRange(5, 6); document.querySelector("#history").open = true`, nil)

	draft := func(want string) {
		t.Helper()
		var got struct {
			Text, Focus string
			From, To    int
			Open        bool
		}
		w.Eval(`(() => { const e = document.querySelector("#reply-text"); return {
			text: e.value, focus: document.activeElement.id, from: e.selectionStart, to: e.selectionEnd,
			open: document.querySelector("#history").open } })()`, &got)
		if got.Text != want || got.Focus != "reply-text" || got.From != 5 || got.To != 6 || !got.Open {
			t.Fatalf("after a refresh: %+v", got)
		}
	}
	d.more(id, handoff.Entry{Text: "Hello? Anybody?"})
	w.shows("Hello? Anybody?")
	draft("Half a rep")

	if _, err := d.rules.Claim(t.Context(), id, "bob"); err != nil {
		t.Fatal(err)
	}
	w.shows("bob holds this")
	w.Wait(`document.querySelector("#reply button.primary").disabled`)
	draft("Half a rep")

	if _, err := d.rules.Release(t.Context(), id, "bob"); err != nil {
		t.Fatal(err)
	}
	w.Wait(`!document.querySelector("#reply button.primary").disabled`)
	draft("Half a rep")

	// A refused text stays, with the reason beside it.
	w.Press("Control+a")
	w.Type("Your card is " + cardNumber)
	w.Press("Control+Enter")
	w.Wait(`document.querySelector("#reply-error").textContent.includes("holds a secret")`)
	w.Wait(`document.querySelector("#reply-text").value.includes("4111")`)
	for _, c := range w.Complaints() {
		if !strings.Contains(c, "422") {
			t.Errorf("browser: %s", c)
		}
	}

	// Without the network the text stays, too, and across a reload.
	w.Press("Control+a")
	w.Type("A whole reply.")
	w.Offline(true)
	w.Press("Control+Enter")
	w.Wait(`document.querySelector("#reply-error").textContent.includes("could not be reached")`)
	w.Offline(false)
	w.open(id)
	w.Wait(`document.querySelector("#reply-text").value === "A whole reply."`)
	w.Eval(`document.querySelector("#reply-text").focus()`, nil)
	w.Press("Control+Enter")
	w.Wait(`document.querySelector("#reply-text").value === "" && document.querySelector(".entry.agent")`)
	if got := d.replies(id); len(got) != 1 {
		t.Errorf("replies %q", got)
	}
}

// answerLost: the answer to a sent reply is lost on the way. The page finds out that the
// reply was stored and does not offer to send it again.
func answerLost(t *testing.T, b *browsertest.Browser) {
	d := newDesk(t)
	id := d.ask(question{name: "Ada", text: "Where is my deposit?"})
	w := d.window(b, 1280, 800)
	w.signIn("ann")
	w.open(id)
	w.Eval(`document.querySelector("#reply-text").focus()`, nil)
	w.Type("It is there.")
	var key string
	w.Eval(`document.querySelector("#reply").elements.key.value`, &key)
	if _, err := d.rules.Reply(t.Context(), id, "ann", key, "It is there."); err != nil {
		t.Fatal(err)
	}
	w.Wait(`document.querySelector(".entry.agent") && document.querySelector("#reply-text").value === ""`)
	w.Type("And one more.")
	w.Press("Control+Enter")
	w.Wait(`document.querySelectorAll(".entry.agent").length === 2`)
	if got := d.replies(id); len(got) != 2 {
		t.Errorf("replies %q", got)
	}
	w.clean()
}

// twoAgents look at one ticket at the same time.
func twoAgents(t *testing.T, b *browsertest.Browser) {
	d := newDesk(t)
	id := d.ask(question{name: "Ada", text: "Where is my deposit?"})
	ann, bob := d.window(b, 1280, 800), d.window(b, 1280, 800)
	for w, name := range map[*window]handoff.AgentID{ann: "ann", bob: "bob"} {
		w.signIn(name)
		w.open(id)
	}
	ann.TabTo("#claim button")
	ann.Press("Enter")
	bob.shows("ann holds this")
	bob.Wait(`!document.querySelector("#claim") && !document.querySelector("#solve")`)
	ann.Wait(`document.activeElement.id === "reply-text"`)
	ann.Type("unsent words")
	ann.TabTo("#solve button")
	ann.Press("Enter")
	if got := ann.Dialog(); !strings.Contains(got, "have not sent") {
		t.Errorf("asked %q", got)
	}
	if got := d.story(id).State; got != handoff.Claimed {
		t.Errorf("the ticket is %s", got)
	}
	for n := range 4 {
		text := fmt.Sprint("line ", n)
		d.more(id, handoff.Entry{Text: text})
		ann.shows(text)
		bob.shows(text)
	}
	// A few readings each, however often the pages are refreshed.
	views := 0
	for _, e := range d.story(id).Events {
		if e.Action == "viewed" && e.Agent != "lea" {
			views++
		}
	}
	if views > 4 {
		t.Errorf("%d readings in the log", views)
	}
	ann.clean()
	bob.clean()
}

// signedOutElsewhere: the page says so, and keeps what is being written.
func signedOutElsewhere(t *testing.T, b *browsertest.Browser) {
	d := newDesk(t)
	id := d.ask(question{name: "Ada", text: "Where is my deposit?"})
	w := d.window(b, 1280, 800)
	w.signIn("ann")
	w.open(id)
	w.Eval(`document.querySelector("#reply-text").focus()`, nil)
	w.Type("still here")
	d.as("lea").post("/desk/staff/ann/disable", nil).expect(t, http.StatusSeeOther)
	w.Wait(`document.querySelector("#flash").innerText.includes("You are signed out")`)
	w.Wait(`document.querySelector("#reply-text").value === "still here"`)
	w.clean()
}

// evilTexts: nothing that a person wrote runs, is fetched, or breaks the page's width.
func evilTexts(t *testing.T, b *browsertest.Browser) {
	d := newDesk(t)
	long := strings.Repeat("w", 3000)
	id := d.ask(question{name: evil + long, text: evil + long, answer: evil})
	w := d.window(b, 390, 844)
	w.signIn("ann")
	w.shows("alert(1)")
	w.fits()
	w.open(id)
	w.shows("alert(1)")
	w.fits()
	d.more(id, handoff.Entry{Text: "\u202eright to left\u202c " + evil})
	w.shows("right to left")
	d.deliver(func(outbox.Delivery) outbox.Result { return outbox.Result{State: outbox.Failed, Error: long} })
	w.Wait(`document.querySelector(".delivery.bad")`)
	w.fits()
	var made int
	w.Eval(`document.querySelectorAll("main img, main script, main [onerror], main [onload]").length`, &made)
	if made != 0 {
		t.Errorf("%d elements from text", made)
	}
	w.clean()
}

// newMessageBelow: who reads further up is not moved, but told.
func newMessageBelow(t *testing.T, b *browsertest.Browser) {
	d := newDesk(t)
	id := d.ask(question{name: "Ada", text: "Where is my deposit?"})
	for n := range 30 {
		d.more(id, handoff.Entry{Text: fmt.Sprint("line ", n)})
	}
	w := d.window(b, 1280, 800)
	w.signIn("ann")
	w.open(id)
	w.Wait(`window.scrollY > 300`) // at the end
	d.more(id, handoff.Entry{Text: "read along"})
	w.shows("read along")
	w.Wait(`document.querySelector("#story").lastElementChild.getBoundingClientRect().bottom < window.innerHeight`)
	w.Eval(`window.scrollTo(0, 100)`, nil)
	d.more(id, handoff.Entry{Text: "further down"})
	w.Wait(`!document.querySelector("#below").hidden`)
	w.Wait(`window.scrollY === 100`)
	w.Eval(`document.querySelector("#below").click()`, nil)
	w.Wait(`document.querySelector("#story").lastElementChild.getBoundingClientRect().bottom < window.innerHeight`)
	w.Wait(`document.querySelector("#below").hidden`)
	w.clean()
}

// focusStays on a row of the queue when rows above it go.
func focusStays(t *testing.T, b *browsertest.Browser) {
	d := newDesk(t)
	first := d.ask(question{name: "Ada", text: "first"})
	second := d.ask(question{name: "Ben", text: "second"})
	w := d.window(b, 1280, 800)
	w.signIn("ann")
	row := fmt.Sprintf("#t%d a.question", second)
	w.TabTo(row)
	if _, err := d.rules.Solve(t.Context(), first, "bob"); err != nil {
		t.Fatal(err)
	}
	w.Wait(fmt.Sprintf(`!document.querySelector("#t%d")`, first))
	if !w.Focused(row) {
		t.Errorf("the focus went to %s", w.Text("document.activeElement.outerHTML"))
	}
	w.clean()
}
