package console_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"firstline/bot/chat"
	"firstline/handoff"
)

const goodKey = "AAAAAAAAAAAAAAAA"

// reply writes a reply and returns the path of its actions.
func (d *desk) reply(id handoff.TicketID, by handoff.AgentID, text string) (path string) {
	d.t.Helper()
	_, err := d.rules.Reply(d.t.Context(), id, by, goodKey, text)
	d.must(err)
	entries := d.story(id).Entries
	return ticketPath(id) + "/entries/" + entries[len(entries)-1].ID + "/"
}

func TestChangingAReply(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.abilities = handoff.Abilities{Edit: true, Delete: true}
	id := d.ask(question{name: "Ada", text: "how long?"})
	path := d.reply(id, "ann", "It takes 3 hours")
	d.deliver(sent)
	ann, bob := d.as("ann"), d.as("bob")
	ann.get(ticketPath(id)).expect(t, http.StatusOK, `action="`+path+`edit"`, `action="`+path+`delete"`)
	if strings.Contains(bob.get(ticketPath(id)).body, path) {
		t.Error("bob is offered to change ann's reply")
	}
	edit := func(b *browser, key, text string) response {
		return b.post(path+"edit", url.Values{"key": {key}, "text": {text}})
	}
	edit(bob, goodKey, "mine").expect(t, http.StatusForbidden)
	edit(ann, "short", "x").expect(t, http.StatusBadRequest)
	edit(ann, goodKey, "my card is "+cardNumber).expect(t, http.StatusUnprocessableEntity, "looks like it holds a secret")
	edit(ann, goodKey, "It takes <b>30</b> hours").expect(t, http.StatusSeeOther)
	ann.get(ticketPath(id)).expect(t, http.StatusOK, "It takes &lt;b&gt;30&lt;/b&gt; hours", "It takes 3 hours", "The change waits to be sent", "Edited")
	d.deliver(sent)
	ann.get(ticketPath(id)).expect(t, http.StatusOK, "Changed for the asker too", "Changed a reply")
	ann.post(path+"delete", nil).expect(t, http.StatusSeeOther)
	ann.post(path+"delete", nil).expect(t, http.StatusSeeOther)
	d.deliver(sent)
	ann.get(ticketPath(id)).expect(t, http.StatusOK, "Deleted for the asker", `class="text gone"`)
	edit(ann, goodKey, "again").expect(t, http.StatusConflict, "deleted already", "again")
	ann.post(path+"shred", nil).expect(t, http.StatusNotFound)
	ann.post(ticketPath(id)+"/entries/none/delete", nil).expect(t, http.StatusNotFound)
}

// TestNetworksThatKeepWhatWasSent: a clear message, and the text is not lost.
func TestNetworksThatKeepWhatWasSent(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.ask(question{name: "Ada", text: "how long?", network: chat.Web})
	path := d.reply(id, "ann", "It takes 3 hours")
	ann := d.as("ann")
	if strings.Contains(ann.get(ticketPath(id)).body, path) {
		t.Error("it is offered")
	}
	ann.post(path+"edit", url.Values{"key": {goodKey}, "text": {"no: 30"}}).
		expect(t, http.StatusConflict, "can&#39;t change what was sent")
	ann.post(path+"delete", nil).expect(t, http.StatusConflict, "can&#39;t take back what was sent")
}

func TestStoryOfChangedMessages(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.ask(question{name: "Ada", text: "first words"})
	more := func(text string, m chat.MessageID) *handoff.Entry {
		e := handoff.Entry{Text: text, In: chat.ConversationID{Network: chat.Telegram, ID: "1"}, Message: m}
		d.more(id, e)
		var found *handoff.Entry
		d.must(d.store.View(t.Context(), func(tx handoff.Tx) (err error) {
			found, err = tx.EntryOf(e.In, m)
			return err
		}))
		return found
	}
	change := func(f func(tx handoff.Tx, th *handoff.Thread) error) {
		d.must(d.store.Update(t.Context(), func(tx handoff.Tx) error {
			k, err := tx.Ticket(id)
			if err != nil {
				return err
			}
			th, err := tx.Thread(k.Thread)
			if err != nil {
				return err
			}
			return f(tx, th)
		}))
	}
	edited, gone := more("it is <i>blue</i>", "11"), more("my real name", "12")
	change(func(tx handoff.Tx, th *handoff.Thread) error {
		return d.rules.Edited(tx, th, edited, "it is green", nil)
	})
	change(func(tx handoff.Tx, th *handoff.Thread) error { return d.rules.Deleted(tx, th, gone) })
	r := d.as("ann").get(ticketPath(id))
	r.expect(t, http.StatusOK, "it is green", "it is &lt;i&gt;blue&lt;/i&gt;", "Edited", "Deleted by the asker",
		"The asker edited a message", "The asker deleted a message")
	if strings.Contains(r.body, "my real name") {
		t.Error("a deleted text is shown")
	}
	// Kept for the ticket's number, and found by nobody.
	d.must(d.store.View(t.Context(), func(tx handoff.Tx) error {
		e, err := tx.Entry(gone.ID)
		if err == nil && (e.Text != "" || e.DeletedAt.IsZero()) {
			t.Errorf("%+v", e)
		}
		return err
	}))
}
