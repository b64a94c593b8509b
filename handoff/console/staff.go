package console

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"firstline/handoff"
)

// staffView is the data of the list of staff.
type staffView struct {
	Agents []*handoff.Agent
	Name   string // as typed, when adding failed
	Role   handoff.Role
	// Link signs LinkFor in; it is on the page that made it and nowhere else.
	Link    string
	LinkFor handoff.AgentID
}

func (c *console) staffPage(w http.ResponseWriter, r *http.Request, a *handoff.Agent) error {
	return c.showStaff(w, r, a, staffView{}, nil)
}

func (c *console) showStaff(w http.ResponseWriter, r *http.Request, a *handoff.Agent, v staffView, problem error) error {
	agents, err := c.desk.Staff(r.Context(), a.ID)
	if err != nil {
		return err
	}
	// Those who left are kept for the sake of old tickets, below the others.
	slices.SortStableFunc(agents, func(x, y *handoff.Agent) int {
		switch {
		case x.Disabled == y.Disabled:
			return strings.Compare(string(x.ID), string(y.ID))
		case x.Disabled:
			return 1
		}
		return -1
	})
	v.Agents = agents
	p := c.page(r, a, say("staff.title"))
	p.Nav, p.Self, p.Body = "staff", "/desk/staff", v
	status := http.StatusOK
	if problem != nil {
		c.logInternal(r, problem)
		status, p.Error = explain(problem)
	}
	return c.render(w, status, "staff", p)
}

func (c *console) addAgent(w http.ResponseWriter, r *http.Request, a *handoff.Agent) error {
	v := staffView{Name: r.PostForm.Get("name"), Role: handoff.Role(r.PostForm.Get("role"))}
	id, err := handoff.ParseAgentID(v.Name)
	if err != nil || v.Role != handoff.RoleAgent && v.Role != handoff.RoleLead {
		return c.showStaff(w, r, a, v, errAgentName)
	}
	if err := c.desk.AddAgent(r.Context(), a.ID, id, v.Role); err != nil {
		return c.showStaff(w, r, a, v, c.whyNotAdded(r, a, id, err))
	}
	http.Redirect(w, r, "/desk/staff", http.StatusSeeOther)
	return nil
}

// whyNotAdded finds out whether adding id failed because it is there.
func (c *console) whyNotAdded(r *http.Request, a *handoff.Agent, id handoff.AgentID, err error) error {
	agents, listErr := c.desk.Staff(r.Context(), a.ID)
	if listErr != nil {
		return errors.Join(err, listErr)
	}
	if slices.ContainsFunc(agents, func(o *handoff.Agent) bool { return o.ID == id }) {
		return errAgentExists
	}
	return err
}

// makeLink answers with the page itself, not a redirect: the link must be in no
// address and is stored nowhere.
func (c *console) makeLink(w http.ResponseWriter, r *http.Request, a *handoff.Agent) error {
	id := handoff.AgentID(r.PathValue("agent"))
	secret, err := c.desk.NewSignIn(r.Context(), a.ID, id)
	if err != nil {
		return err
	}
	return c.showStaff(w, r, a, staffView{LinkFor: id, Link: c.base(r) + "/sign-in/" + secret}, nil)
}

func (c *console) disableAgent(w http.ResponseWriter, r *http.Request, a *handoff.Agent) error {
	if err := c.desk.DisableAgent(r.Context(), a.ID, handoff.AgentID(r.PathValue("agent"))); err != nil {
		return err
	}
	c.streams.recheck()
	http.Redirect(w, r, "/desk/staff", http.StatusSeeOther)
	return nil
}

// base is the address of the console as staff reach it.
func (c *console) base(r *http.Request) string {
	switch {
	case c.baseURL != "":
		return c.baseURL
	case c.isSecure(r):
		return "https://" + r.Host
	}
	return "http://" + r.Host
}
