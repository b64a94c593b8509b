package console

import (
	"cmp"
	"crypto/rand"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"firstline/handoff"
)

// ticketView is the data of a ticket's page.
type ticketView struct {
	*handoff.Story
	Mine  bool            // this agent holds it
	Ended handoff.AgentID // whose claim ended
	Wait  string
	// What can be done now; noting can always be.
	CanClaim, CanRelease, CanReply, CanSolve, CanReopen bool
	Others                                              []handoff.AgentID // who can be given the ticket; nil: nobody, now

	Reply, Note form
	Edit        form // of a reply that could not be changed; Key is the reply's entry
	Items       []item
}

// form is a text being written. Key makes its second sending a no-op.
type form struct{ Key, Text, Error string }

// item is one thing in the story: an entry, a note or a turn of events.
type item struct {
	At      time.Time
	Entry   *handoff.StoryEntry
	Note    *handoff.Note
	Turn    *handoff.Event
	FormKey string // of the form it was written in, if this agent wrote it
	Own     bool   // a reply of this agent on this ticket
	EditKey string // of the form that changes it
}

func (c *console) ticketPage(w http.ResponseWriter, r *http.Request, a *handoff.Agent) error {
	id, err := ticketID(r)
	if err != nil {
		return err
	}
	return c.showTicket(w, r, a, id, attempt{})
}

// attempt is an action that failed: its page shows the story as it is now,
// what went wrong, and the text that was not sent.
type attempt struct {
	action, key, text string
	entry             string // that it is about; "" for most
	err               error
}

func (c *console) showTicket(w http.ResponseWriter, r *http.Request, a *handoff.Agent, id handoff.TicketID, at attempt) error {
	s, err := c.desk.Story(r.Context(), id, a.ID)
	if err != nil {
		return err
	}
	p := c.page(r, a, say("ticket.title", id))
	p.Self = "/desk/tickets/" + id.String()
	v := c.ticketView(s, a)
	status := http.StatusOK
	if at.err != nil {
		c.logInternal(r, at.err)
		var text string
		status, text = explain(at.err)
		failed := form{Key: at.key, Text: at.text, Error: text}
		switch at.action {
		case "reply":
			v.Reply = failed
		case "note":
			v.Note = failed
		case "edit":
			v.Edit, p.Error = form{Key: at.entry, Text: at.text}, text
		default:
			p.Error = text
		}
	}
	p.Body = v
	return c.render(w, status, "ticket", p)
}

func (c *console) ticketView(s *handoff.Story, a *handoff.Agent) *ticketView {
	t := s.Ticket
	v := &ticketView{
		Story: s,
		Mine:  s.State == handoff.Claimed && t.ClaimedBy == a.ID,
		Reply: form{Key: rand.Text()}, Note: form{Key: rand.Text()},
		Items: items(s, a.ID),
	}
	free := s.State == handoff.Open
	if free {
		v.Ended, v.Wait = t.ClaimedBy, waitLevel(c.now().Sub(t.QueuedAt))
	}
	v.CanClaim, v.CanReopen = free, s.State == handoff.Solved
	v.CanRelease = v.Mine
	v.CanReply = free || v.Mine
	v.CanSolve = free || v.Mine
	if v.Mine || s.State != handoff.Solved && (free || a.Role == handoff.RoleLead) {
		v.Others = slices.DeleteFunc(slices.Clone(s.Colleagues), func(id handoff.AgentID) bool { return id == a.ID && free })
	}
	return v
}

// ReplyBlocked is why the agent can't reply now; "" when they can.
func (v *ticketView) ReplyBlocked() string {
	switch {
	case v.CanReply:
		return ""
	case v.State == handoff.Solved:
		return say("reply.solved")
	}
	return say("reply.taken", v.Ticket.ClaimedBy)
}

// items lays the parts of a story out by time.
func items(s *handoff.Story, me handoff.AgentID) []item {
	var all []item
	for i := range s.Entries {
		e := &s.Entries[i]
		it := item{At: e.At, Entry: e}
		if e.Kind == handoff.ByAgent && e.Agent == me {
			it.FormKey = formKey(e.Key)
			it.Own, it.EditKey = e.Ticket == s.Ticket.ID, rand.Text()
		}
		all = append(all, it)
	}
	for _, n := range s.Notes {
		it := item{At: n.At, Note: n}
		if n.Agent == me {
			it.FormKey = formKey(n.Key)
		}
		all = append(all, it)
	}
	for _, e := range s.Events {
		switch e.Action {
		case "opened", "reopened", "solved":
			all = append(all, item{At: e.At, Turn: e})
		}
	}
	slices.SortStableFunc(all, func(a, b item) int { return cmp.Or(a.At.Compare(b.At), rank(a)-rank(b)) })
	return all
}

// rank orders what happened in one moment: what the asker wrote opens the
// ticket, and the rest is said because of that.
func rank(it item) int {
	switch {
	case it.Entry != nil && it.Entry.Kind == handoff.ByAsker:
		return 0
	case it.Turn != nil:
		return 1
	}
	return 2
}

// formKey returns the key of the form that an entry or note was written in:
// the last part of its own key.
func formKey(key string) string { return key[strings.LastIndexByte(key, '/')+1:] }

// ticketID returns the ticket in r's path; what is no number is not found.
func ticketID(r *http.Request) (handoff.TicketID, error) {
	n, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil || n < 1 {
		return 0, fmt.Errorf("ticket number: %w", handoff.ErrNotFound)
	}
	return handoff.TicketID(n), nil
}
