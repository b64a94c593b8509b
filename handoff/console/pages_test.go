package console_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"firstline/bot/chat"
	"firstline/handoff"
	"firstline/handoff/console"
)

func TestQueueViews(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	open := d.ask(question{name: "Ada", text: "open one", language: "ar"})
	mine := d.ask(question{name: "Ben", text: "mine", network: chat.Discord, shared: true})
	theirs := d.ask(question{name: "Cho", text: "theirs", reason: handoff.ReasonUnknown})
	solved := d.ask(question{name: "Dee", text: "solved"})
	claim := func(id handoff.TicketID, by handoff.AgentID) {
		_, err := d.rules.Claim(t.Context(), id, by)
		d.must(err)
	}
	claim(mine, "ann")
	claim(theirs, "bob")
	_, err := d.rules.Solve(t.Context(), solved, "bob")
	d.must(err)
	b := d.as("ann")
	row := regexp.MustCompile(`<li id="t(\d+)"`)
	for _, tt := range []struct {
		view  string
		want  []handoff.TicketID
		texts []string
	}{
		{"", []handoff.TicketID{open}, []string{"Arabic", "Telegram", "Asked for a person", "under 1 min"}},
		{"?view=nonsense", []handoff.TicketID{open}, nil},
		{"?view=mine", []handoff.TicketID{mine}, []string{"Held by you", "Discord", "Group"}},
		{"?view=all", []handoff.TicketID{open, mine, theirs}, []string{"Held by bob", "Nobody holds it", "No article answers it"}},
		{"?view=solved", []handoff.TicketID{solved}, []string{"Solved by bob"}},
	} {
		r := b.get("/desk/" + tt.view)
		r.expect(t, http.StatusOK, append(tt.texts, "<title>(1) Queue · tpWallet</title>",
			`Open <span class="count">1</span>`, `Mine <span class="count">1</span>`,
			`All <span class="count">3</span>`, `Solved <span class="count">1</span>`)...)
		var got []string
		for _, m := range row.FindAllStringSubmatch(r.body, -1) {
			got = append(got, m[1])
		}
		if fmt.Sprint(got) != fmt.Sprint(tt.want) {
			t.Errorf("view %q shows %v, want %v", tt.view, got, tt.want)
		}
	}
	d.clock.pass(31 * time.Minute)
	b.get("/desk/").expect(t, http.StatusOK, "Claim of ann ended", "31 min", `class="wait too-long"`)
}

func TestLongQueueSaysSo(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for n := range 101 {
		d.ask(question{name: "Ada", text: fmt.Sprint("question ", n)})
	}
	r := d.as("ann").get("/desk/")
	r.expect(t, http.StatusOK, "Only the first 100 are shown", "question 99", `<span class="count">101</span>`)
	if strings.Contains(r.body, "question 100") {
		t.Error("the 101st is shown")
	}
}

func TestEmptyQueue(t *testing.T) {
	t.Parallel()
	b := newDesk(t).as("ann")
	b.get("/desk/").expect(t, http.StatusOK, "Nobody is waiting", "<title>Queue · tpWallet</title>")
	b.get("/desk/?view=mine").expect(t, http.StatusOK, "You hold no ticket")
}

func TestStory(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.ask(question{name: "Zoe", text: "before"})
	id := d.ask(question{
		name: "Ada", text: "My phrase is [seed phrase]", language: "fr", shared: true, reason: handoff.ReasonAlways, article: "lost-seed-phrase",
		redacted: []string{"seed_phrase"}, answer: "Read this.",
		attachments: []chat.Attachment{{Kind: "photo", Name: "screen.png", Size: 48_000}, {Kind: "hologram"}},
	})
	b := d.as("ann")
	r := b.get(ticketPath(id))
	r.expect(t, http.StatusOK, "<title>(2) Ticket #2 · tpWallet</title>", "French", "Topic for people only", "lost-seed-phrase",
		"Removed before anything was stored:", "seed phrase", "Photo", "screen.png", "48 kB", "hologram",
		"everybody there reads your reply", "Posted in the group on Telegram", "Ticket opened", ">2</dd>", "Read this.")
	order := []string{"My phrase is", "Read this.", "Ticket opened", "A person will answer"}
	at := 0
	for _, text := range order {
		next := strings.Index(r.body[at:], text)
		if next < 0 {
			t.Fatalf("%q does not come after the ones before it", text)
		}
		at += next
	}
}

const evil = `"><script>alert(1)</script><img src=x onerror=alert(2)>'{{.}}javascript:alert(3)`

func TestEvilTextsAreText(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.ask(question{
		name: evil, text: evil, language: `en" onload="alert(4)`, reason: handoff.Reason(evil), article: evil, answer: evil,
		network: chat.Telegram, redacted: []string{evil}, attachments: []chat.Attachment{{Kind: evil, Name: evil}},
	})
	b := d.as("lea")
	b.write(id, "note", evil).expect(t, http.StatusSeeOther)
	b.write(id, "reply", evil).expect(t, http.StatusSeeOther)
	pages := map[string]response{
		"queue":   b.get("/desk/?view=all"),
		"ticket":  b.get(ticketPath(id)),
		"view":    b.get("/desk/?view=" + url.QueryEscape(evil)),
		"404":     b.get("/desk/" + url.PathEscape(evil)),
		"sign-in": d.browser().get("/sign-in/" + url.PathEscape(evil)),
		"staff":   b.post("/desk/staff", url.Values{"name": {evil}, "role": {evil}}),
		"secret":  b.write(id, "reply", evil+cardNumber),
	}
	title := regexp.MustCompile(`<title>[^<]*</title>`)
	for name, r := range pages {
		for _, bad := range []string{"<script>alert", "<img", `" onload="`, "href=\"javascript"} {
			if strings.Contains(r.body, bad) {
				t.Errorf("%s holds %s", name, bad)
			}
		}
		if got := title.FindString(r.body); strings.Contains(got, "alert") || got == "" {
			t.Errorf("%s: title %q", name, got)
		}
		for field, values := range r.header {
			if strings.Contains(strings.Join(values, " "), "alert") {
				t.Errorf("%s: header %s: %q", name, field, values)
			}
		}
	}
	for name, count := range map[string]int{"queue": 2, "ticket": 6, "staff": 1, "secret": 7} {
		if got := strings.Count(pages[name].body, "&lt;script&gt;alert(1)"); got < count {
			t.Errorf("%s shows the text %d times, want %d", name, got, count)
		}
	}
	if log := d.logs.String(); strings.Contains(log, "alert(") {
		t.Errorf("log: %s", log)
	}
}

func TestNamesWithNothingToSee(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for _, name := range []string{"", "  ", "\u200b\u200d", "\u3164", "\u202e"} {
		id := d.ask(question{name: name, text: "hello"})
		d.as("ann").get(ticketPath(id)).expect(t, http.StatusOK, `<bdi dir="auto">No name</bdi>`)
	}
}

func TestStaffPage(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	lead := d.as("lea")
	lead.get("/desk/").expect(t, http.StatusOK, `href="/desk/staff"`)
	if strings.Contains(d.as("ann").get("/desk/").body, `href="/desk/staff"`) {
		t.Error("an agent is offered the staff page")
	}
	add := func(name, role string) response {
		return lead.post("/desk/staff", url.Values{"name": {name}, "role": {role}})
	}
	add(" Mia ", "agent").expect(t, http.StatusSeeOther)
	add("mia", "agent").expect(t, http.StatusConflict, "of that name already", `value="mia"`)
	add("Mia Müller", "agent").expect(t, http.StatusUnprocessableEntity, `value="Mia Müller"`)
	add("max", "admin").expect(t, http.StatusUnprocessableEntity)
	r := lead.post("/desk/staff/mia/link", nil)
	r.expect(t, http.StatusOK, "Sign-in link for mia")
	link := regexp.MustCompile(regexp.QuoteMeta(d.server.URL) + `(/sign-in/\w{26})"`).FindStringSubmatch(r.body)
	if link == nil {
		t.Fatalf("no link on the page:\n%s", r.body)
	}
	if strings.Contains(lead.get("/desk/staff").body, "/sign-in/") {
		t.Error("the link is shown a second time")
	}
	mia := d.browser()
	mia.post(link[1], nil).expect(t, http.StatusSeeOther)
	mia.get("/desk/").expect(t, http.StatusOK, "mia")
	page := lead.get("/desk/staff").body
	if strings.Contains(page, "/desk/staff/lea/disable") || !strings.Contains(page, "/desk/staff/mia/disable") {
		t.Error("want everybody to be disabled but oneself")
	}
	lead.post("/desk/staff/mia/disable", nil).expect(t, http.StatusSeeOther)
	mia.get("/desk/").expect(t, http.StatusSeeOther)
	lead.get("/desk/staff").expect(t, http.StatusOK, "Disabled")
	if log := d.logs.String(); strings.Contains(log, link[1]) {
		t.Errorf("the log holds the link: %s", log)
	}
}

func TestLinksOfAFixedAddress(t *testing.T) {
	t.Parallel()
	d := newDesk(t, func(o *console.Options) { o.BaseURL = "https://desk.example.org/" })
	d.as("lea").post("/desk/staff/ann/link", nil).expect(t, http.StatusOK, `value="https://desk.example.org/sign-in/`)
}

func TestDatabaseGone(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.ask(question{name: "Ada", text: "Where is my deposit?"})
	b := d.as("ann")
	d.must(d.store.Close())
	b.get(ticketPath(id)).expect(t, http.StatusInternalServerError, "Something went wrong")
	b.post(ticketPath(id)+"/claim", nil).expect(t, http.StatusInternalServerError, "Something went wrong")
	if log := d.logs.String(); !strings.Contains(log, `route="POST /desk/tickets/{id}/{action}"`) {
		t.Errorf("log: %s", log)
	}
}
