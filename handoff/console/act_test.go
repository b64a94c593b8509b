package console_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"firstline/bot/chat"
	"firstline/bot/outbox"
	"firstline/handoff"
)

// replies are the deliveries that carry agents' words.
func (d *desk) replies(id handoff.TicketID) (texts []string) {
	d.t.Helper()
	d.must(d.store.View(d.t.Context(), func(tx handoff.Tx) error {
		texts = nil
		t, err := tx.Ticket(id)
		if err != nil {
			return err
		}
		all, err := tx.Deliveries(t.Thread, time.Time{})
		for _, del := range all {
			if del.Class == outbox.ClassReply {
				texts = append(texts, del.Out.Body.Text)
			}
		}
		return err
	}))
	return texts
}

func TestDoubleSubmitIsOneMessage(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.ask(question{name: "Ada", text: "Where is my deposit?"})
	b := d.as("ann")
	for _, form := range []string{"reply", "note"} {
		body := url.Values{"key": {b.key(b.get(ticketPath(id)).body, form)}, "text": {"It is on its way.\r\nPatience!"}}
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				if r := b.post(ticketPath(id)+"/"+form, body); r.status != http.StatusSeeOther {
					t.Errorf("%s: status %d", form, r.status)
				}
			})
		}
		wg.Wait()
	}
	if got := d.replies(id); len(got) != 1 || got[0] != "Team: It is on its way.\nPatience!" {
		t.Errorf("replies %q, want one", got)
	}
	if got := d.story(id).Notes; len(got) != 1 {
		t.Errorf("%d notes, want 1", len(got))
	}
}

// An agent goes back to a form that was sent and changes the text: it must not
// vanish as a repetition.
func TestChangedTextOfASentForm(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.ask(question{name: "Ada", text: "Where is my deposit?"})
	b := d.as("ann")
	form := url.Values{"key": {b.key(b.get(ticketPath(id)).body, "reply")}, "text": {"first"}}
	b.post(ticketPath(id)+"/reply", form).expect(t, http.StatusSeeOther)
	form.Set("text", "second <thought>")
	r := b.post(ticketPath(id)+"/reply", form)
	r.expect(t, http.StatusConflict, "sent already", "second &lt;thought&gt;</textarea>")
	if got := d.replies(id); len(got) != 1 {
		t.Fatalf("replies %q", got)
	}
	form.Set("key", b.key(r.body, "reply"))
	b.post(ticketPath(id)+"/reply", form).expect(t, http.StatusSeeOther)
	if got := d.replies(id); len(got) != 2 {
		t.Errorf("replies %q", got)
	}
}

func TestTwoAgentsClaim(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.ask(question{name: "Ada", text: "Where is my deposit?"})
	agents := map[handoff.AgentID]*browser{"ann": d.as("ann"), "bob": d.as("bob")}
	var mu sync.Mutex
	status := map[int]handoff.AgentID{}
	var wg sync.WaitGroup
	for name, b := range agents {
		wg.Go(func() {
			r := b.post(ticketPath(id)+"/claim", nil)
			mu.Lock()
			defer mu.Unlock()
			status[r.status] = name
		})
	}
	wg.Wait()
	winner, loser := status[http.StatusSeeOther], status[http.StatusConflict]
	if winner == "" || loser == "" {
		t.Fatalf("ends %v, want one 303 and one 409", status)
	}
	agents[winner].get(ticketPath(id)).expect(t, http.StatusOK, "You hold this", `id="release"`, `id="solve"`)
	r := agents[loser].get(ticketPath(id))
	r.expect(t, http.StatusOK, string(winner)+" holds this", "You can leave a note")
	for _, button := range []string{`id="claim"`, `id="release"`, `id="solve"`, `id="reopen"`} {
		if strings.Contains(r.body, button) {
			t.Errorf("%s is offered, and is not possible", button)
		}
	}
	// Whoever tries in spite of that keeps the text.
	r = agents[loser].write(id, "reply", "Let me help!")
	r.expect(t, http.StatusConflict, "A colleague holds this ticket", "Let me help!</textarea>")
	if got := d.replies(id); len(got) != 0 {
		t.Errorf("replies %q", got)
	}
	d.clock.pass(31 * time.Minute) // the claim ends
	agents[loser].get(ticketPath(id)).expect(t, http.StatusOK, "The claim of "+string(winner)+" ended", `id="claim"`)
	agents[loser].post(ticketPath(id)+"/claim", nil).expect(t, http.StatusSeeOther)
}

func TestActionsThatArePossible(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.ask(question{name: "Ada", text: "Where is my deposit?"})
	b := d.as("ann")
	offers := func(want string) {
		t.Helper()
		page := b.get(ticketPath(id)).body
		var got []string
		for _, action := range []string{"claim", "release", "solve", "reopen"} {
			if strings.Contains(page, ticketPath(id)+"/"+action) {
				got = append(got, action)
			}
		}
		if s := strings.Join(got, " "); s != want {
			t.Fatalf("offers %q, want %q", s, want)
		}
	}
	do := func(action string) {
		t.Helper()
		b.post(ticketPath(id)+"/"+action, nil).expect(t, http.StatusSeeOther)
	}
	offers("claim solve")
	do("claim")
	offers("release solve")
	do("release")
	offers("claim solve")
	b.write(id, "reply", "Here it is.").expect(t, http.StatusSeeOther)
	offers("release solve")
	do("solve")
	offers("reopen")
	b.get(ticketPath(id)).expect(t, http.StatusOK, "Reopen it to reply")
	b.write(id, "reply", "one more").expect(t, http.StatusConflict, "one more</textarea>", "is solved")
	b.write(id, "note", "noted afterwards").expect(t, http.StatusSeeOther)
	b.post(ticketPath(id)+"/solve", nil).expect(t, http.StatusConflict, "is solved")
	do("reopen")
	offers("claim solve")
}

func TestTransfer(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.ask(question{name: "Ada", text: "Where is my deposit?"})
	ann, bob := d.as("ann"), d.as("bob")
	to := func(b *browser, name string, status int, want ...string) {
		t.Helper()
		b.post(ticketPath(id)+"/transfer", url.Values{"to": {name}}).expect(t, status, want...)
	}
	ann.get(ticketPath(id)).expect(t, http.StatusOK, "<option>bob</option>")
	to(ann, "bob", http.StatusSeeOther)
	ann.get(ticketPath(id)).expect(t, http.StatusOK, "bob holds this", "Transferred to")
	if page := ann.get(ticketPath(id)).body; strings.Contains(page, `id="transfer"`) {
		t.Error("what bob holds is not ann's to give")
	}
	to(ann, "ann", http.StatusConflict, "A colleague holds this ticket")
	to(bob, "nobody", http.StatusUnprocessableEntity, "no active agent of that name")
	to(bob, "<x>", http.StatusUnprocessableEntity, "no active agent of that name")
	to(bob, "ann", http.StatusSeeOther)
	ann.get(ticketPath(id)).expect(t, http.StatusOK, "You hold this")
}

func TestTextsThatAreRefused(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.ask(question{name: "Ada", text: "Where is my deposit?"})
	b := d.as("ann")
	long := strings.Repeat("文", handoff.MaxText+1)
	for name, tt := range map[string]struct {
		text, want string
		status     int
		lost       bool // the text is not on the page again
	}{
		"empty":  {" \n ", "There is no text", 422, true},
		"long":   {long, "too long", 422, false},
		"secret": {"your card is " + cardNumber, "holds a secret", 422, false},
		"huge":   {strings.Repeat("x", 1<<20), "too long", 413, true},
	} {
		for _, form := range []string{"reply", "note"} {
			r := b.write(id, form, tt.text)
			r.expect(t, tt.status, tt.want)
			if !tt.lost && !strings.Contains(r.body, tt.text+"</textarea>") {
				t.Errorf("%s %s: the text is not kept", name, form)
			}
		}
	}
	for _, key := range []string{"", "short", "with/slash/and/more", strings.Repeat("k", 65)} {
		r := b.post(ticketPath(id)+"/reply", url.Values{"key": {key}, "text": {"hi"}})
		r.expect(t, http.StatusBadRequest, "Reload the page", "hi</textarea>")
	}
	if s := d.story(id); len(d.replies(id)) != 0 || len(s.Notes) != 0 {
		t.Errorf("something was stored: %q, %d notes", d.replies(id), len(s.Notes))
	}
	if log := d.logs.String(); strings.Contains(log, "level=ERROR") || strings.Contains(log, "4111") {
		t.Errorf("log: %s", log)
	}
}

func TestNotesStayInside(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.ask(question{name: "Ada", text: "Where is my deposit?"})
	b := d.as("ann")
	const secret = "known fraudster, stall them"
	b.write(id, "note", secret).expect(t, http.StatusSeeOther)
	b.write(id, "reply", "We are looking into it.").expect(t, http.StatusSeeOther)
	b.post(ticketPath(id)+"/solve", nil).expect(t, http.StatusSeeOther)
	s := d.story(id)
	for _, e := range s.Entries {
		if strings.Contains(e.Text, secret) {
			t.Errorf("an entry holds the note: %+v", e.Entry)
		}
	}
	d.must(d.store.View(t.Context(), func(tx handoff.Tx) error {
		all, err := tx.Deliveries(s.Ticket.Thread, time.Time{})
		for _, del := range all {
			if strings.Contains(del.Out.Body.Text, secret) {
				t.Errorf("a delivery holds the note: %s", del.Key)
			}
		}
		if len(all) != 3 {
			t.Errorf("%d deliveries, want the notice, the reply and the end", len(all))
		}
		return err
	}))
	page := b.get(ticketPath(id))
	page.expect(t, http.StatusOK, "Internal note: never sent")
	before, _, _ := strings.Cut(page.body, secret)
	if at := strings.LastIndex(before, "<li "); !strings.Contains(before[at:], `class="internal"`) {
		t.Errorf("the note stands in %s", before[at:])
	}
}

func TestDeliveriesInPlainWords(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.ask(question{name: "Ada", text: "Where is my deposit?", network: chat.Discord})
	b := d.as("ann")
	b.write(id, "reply", "first").expect(t, http.StatusSeeOther)
	b.get(ticketPath(id)).expect(t, http.StatusOK, "Waiting to be sent")
	d.deliver(func(del outbox.Delivery) outbox.Result {
		if del.Class == outbox.ClassReply {
			return outbox.Result{State: outbox.Failed, Error: "the person blocked the bot"}
		}
		return sent(del)
	})
	b.get(ticketPath(id)).expect(t, http.StatusOK, "Not delivered: the person blocked the bot", "Sent</p>")
	b.get("/desk/?view=mine").expect(t, http.StatusOK, "Reply not delivered")
	b.write(id, "reply", "second").expect(t, http.StatusSeeOther)
	d.deliver(func(outbox.Delivery) outbox.Result { return outbox.Result{State: outbox.Withheld} })
	r := b.get("/desk/?view=mine")
	r.expect(t, http.StatusOK)
	if strings.Contains(r.body, "Reply not delivered") {
		t.Error("the mark stays though a newer reply did not fail")
	}
	b.get(ticketPath(id)).expect(t, http.StatusOK, "Not sent: a person had taken over")
}
