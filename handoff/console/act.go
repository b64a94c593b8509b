package console

import (
	"context"
	"crypto/rand"
	"net/http"
	"regexp"
	"strings"

	"firstline/handoff"
)

// validKey is a form's key. Without one, a text would count as a repetition of
// another that had none, and be lost.
var validKey = regexp.MustCompile(`^[A-Za-z0-9]{16,64}$`)

// act does what a button or form of a ticket's page asks for, and sends the
// browser back to the page.
func (c *console) act(w http.ResponseWriter, r *http.Request, a *handoff.Agent) error {
	id, err := ticketID(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	at := attempt{action: r.PathValue("action"), key: r.PostForm.Get("key"), text: r.PostForm.Get("text")}
	switch at.action {
	case "claim":
		_, at.err = c.desk.Claim(ctx, id, a.ID)
	case "release":
		_, at.err = c.desk.Release(ctx, id, a.ID)
	case "transfer":
		to, err := handoff.ParseAgentID(r.PostForm.Get("to"))
		if at.err = handoff.ErrNoAgent; err == nil {
			_, at.err = c.desk.Transfer(ctx, id, a.ID, to)
		}
	case "solve":
		_, at.err = c.desk.Solve(ctx, id, a.ID)
	case "reopen":
		_, at.err = c.desk.Reopen(ctx, id, a.ID)
	case "reply", "note":
		at.err = c.write(ctx, id, a.ID, &at)
	default:
		return handoff.ErrNotFound
	}
	if at.err != nil {
		return c.showTicket(w, r, a, id, at)
	}
	http.Redirect(w, r, "/desk/tickets/"+id.String(), http.StatusSeeOther)
	return nil
}

// change edits or deletes a reply that was sent.
func (c *console) change(w http.ResponseWriter, r *http.Request, a *handoff.Agent) error {
	id, err := ticketID(r)
	if err != nil {
		return err
	}
	at := attempt{
		action: r.PathValue("action"), entry: r.PathValue("entry"),
		key: r.PostForm.Get("key"), text: r.PostForm.Get("text"),
	}
	switch at.action {
	case "edit":
		if at.err = errBadForm; validKey.MatchString(at.key) {
			_, at.err = c.desk.EditReply(r.Context(), id, a.ID, at.entry, at.key, at.text)
		}
	case "delete":
		_, at.err = c.desk.DeleteReply(r.Context(), id, a.ID, at.entry)
	default:
		return handoff.ErrNotFound
	}
	if at.err != nil {
		return c.showTicket(w, r, a, id, at)
	}
	http.Redirect(w, r, "/desk/tickets/"+id.String(), http.StatusSeeOther)
	return nil
}

// write stores a reply or note.
func (c *console) write(ctx context.Context, id handoff.TicketID, by handoff.AgentID, at *attempt) error {
	if !validKey.MatchString(at.key) {
		return errBadForm
	}
	do := c.desk.Reply
	if at.action == "note" {
		do = c.desk.Note
	}
	if _, err := do(ctx, id, by, at.key, at.text); err != nil {
		return err
	}
	return c.checkWritten(ctx, id, by, at)
}

// checkWritten makes sure that the text of the form is what was stored under
// its key. It is another one when an agent came back to a form that was sent
// already and changed the text: that one was ignored as a repetition.
func (c *console) checkWritten(ctx context.Context, id handoff.TicketID, by handoff.AgentID, at *attempt) error {
	s, err := c.desk.Story(ctx, id, by)
	if err != nil {
		return err
	}
	for _, it := range items(s, by) {
		if it.FormKey != at.key {
			continue
		}
		stored := ""
		if it.Note != nil {
			stored = it.Note.Text
		} else {
			stored = it.Entry.Text
		}
		if !sameText(stored, at.text) {
			at.key = rand.Text()
			return errOldForm
		}
	}
	return nil
}

// sameText compares texts but for white space, which forms and the desk change.
func sameText(a, b string) bool {
	return strings.Join(strings.Fields(a), " ") == strings.Join(strings.Fields(b), " ")
}
