package console

import (
	"context"
	"errors"
	"net/http"

	"firstline/handoff"
)

// Errors of the pages themselves; those of the desk come from handoff.
var (
	errSignedOut   = errors.New("no session")
	errLinkUsed    = errors.New("sign-in link used or too old")
	errCrossOrigin = errors.New("sent by another site")
	errBadForm     = errors.New("form not readable")
	errBodyTooLong = errors.New("form too long")
	errOldForm     = errors.New("form sent before with another text")
	errAgentExists = errors.New("agent exists")
	errAgentName   = errors.New("agent name not valid")
)

// problems is what each error means to a browser and to its reader.
var problems = []struct {
	err    error
	status int
	text   string // key of texts
}{
	{errSignedOut, http.StatusUnauthorized, "error.signed-out"},
	{errLinkUsed, http.StatusGone, "error.link-used"},
	{errCrossOrigin, http.StatusForbidden, "error.cross-origin"},
	{errBadForm, http.StatusBadRequest, "error.bad-form"},
	{errBodyTooLong, http.StatusRequestEntityTooLarge, "error.too-long"},
	{errOldForm, http.StatusConflict, "error.old-form"},
	{errAgentExists, http.StatusConflict, "error.agent-exists"},
	{errAgentName, http.StatusUnprocessableEntity, "error.agent-name"},
	{handoff.ErrNotFound, http.StatusNotFound, "error.not-found"},
	{handoff.ErrForbidden, http.StatusForbidden, "error.forbidden"},
	{handoff.ErrNoAgent, http.StatusUnprocessableEntity, "error.no-agent"},
	{handoff.ErrTaken, http.StatusConflict, "error.taken"},
	{handoff.ErrSolved, http.StatusConflict, "error.solved"},
	{handoff.ErrEmpty, http.StatusUnprocessableEntity, "error.empty"},
	{handoff.ErrEditLong, http.StatusUnprocessableEntity, "error.edit-long"},
	{handoff.ErrTooLong, http.StatusUnprocessableEntity, "error.too-long"},
	{handoff.ErrNoEdit, http.StatusConflict, "error.no-edit"},
	{handoff.ErrNoDelete, http.StatusConflict, "error.no-delete"},
	{handoff.ErrDeleted, http.StatusConflict, "error.deleted"},
	{handoff.ErrSecret, http.StatusUnprocessableEntity, "error.secret"},
}

func explain(err error) (status int, text string) {
	for _, p := range problems {
		if errors.Is(err, p.err) {
			return p.status, say(p.text)
		}
	}
	return http.StatusInternalServerError, say("error.internal")
}

func statusOf(err error) int {
	status, _ := explain(err)
	return status
}

// fail answers a request that ended with err. Only what is our own fault is
// logged, by the route's pattern: a path may hold a secret.
func (c *console) fail(w http.ResponseWriter, r *http.Request, a *handoff.Agent, err error) {
	c.logInternal(r, err)
	status, text := explain(err)
	p := c.page(r, a, say("error.title"))
	p.Error = text
	if rerr := c.render(w, status, "message", p); rerr != nil {
		c.log.Error("console page", "route", r.Pattern, "err", rerr)
		http.Error(w, text, status)
	}
}

func (c *console) logInternal(r *http.Request, err error) {
	if statusOf(err) == http.StatusInternalServerError && !errors.Is(err, context.Canceled) {
		c.log.Error("console request", "route", r.Pattern, "method", r.Method, "err", err)
	}
}
