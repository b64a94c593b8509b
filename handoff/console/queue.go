package console

import (
	"net/http"
	"time"

	"firstline/handoff"
)

// maxLines is the most tickets of one view of the queue.
const maxLines = 100

// When a wait becomes long, and when too long, for its colour only.
const (
	longWait    = 10 * time.Minute
	tooLongWait = 30 * time.Minute
)

// queueView is the data of the queue's page.
type queueView struct {
	View  string // open, mine, all or solved
	Tabs  []tab
	Lines []line
	More  int // how many are shown when there are more; 0: all are
	// Rooms are those that can't show tickets, so that agents know that colleagues
	// there don't see them.
	Rooms []handoff.RoomProblem
}

type tab struct {
	View    string
	Count   int
	Current bool
}

// line is a ticket in the queue.
type line struct {
	handoff.Line
	Mine  bool
	Ended handoff.AgentID // whose claim ended
	Wait  string          // "", "long" or "too-long"
}

func (c *console) queuePage(w http.ResponseWriter, r *http.Request, a *handoff.Agent) error {
	view := r.URL.Query().Get("view")
	f := handoff.Filter{Max: maxLines + 1}
	switch view {
	case "mine":
		f.States, f.ClaimedBy = []handoff.TicketState{handoff.Claimed}, a.ID
	case "all":
		f.States = []handoff.TicketState{handoff.Open, handoff.Claimed}
	case "solved":
		f.States, f.Newest = []handoff.TicketState{handoff.Solved}, true
	default:
		view, f.States = "open", []handoff.TicketState{handoff.Open}
	}
	lines, err := c.desk.Queue(r.Context(), a.ID, f)
	if err != nil {
		return err
	}
	p := c.page(r, a, say("queue.title"))
	p.Nav = "queue"
	v := queueView{View: view}
	for _, t := range []tab{
		{View: "open", Count: p.Counts.Open}, {View: "mine", Count: p.Counts.Mine},
		{View: "all", Count: p.Counts.Active}, {View: "solved", Count: p.Counts.Solved},
	} {
		t.Current = t.View == view
		v.Tabs = append(v.Tabs, t)
	}
	if v.Rooms, err = c.desk.RoomProblems(r.Context()); err != nil {
		return err
	}
	if len(lines) > maxLines {
		lines, v.More = lines[:maxLines], maxLines
	}
	for _, l := range lines {
		v.Lines = append(v.Lines, c.line(l, a))
	}
	p.Body = v
	return c.render(w, http.StatusOK, "queue", p)
}

func (c *console) line(l handoff.Line, a *handoff.Agent) line {
	v := line{Line: l, Mine: l.State == handoff.Claimed && l.ClaimedBy == a.ID}
	if l.State == handoff.Open {
		v.Ended = l.ClaimedBy
		v.Wait = waitLevel(c.now().Sub(l.QueuedAt))
	}
	return v
}

func waitLevel(wait time.Duration) string {
	switch {
	case wait >= tooLongWait:
		return "too-long"
	case wait >= longWait:
		return "long"
	}
	return ""
}
