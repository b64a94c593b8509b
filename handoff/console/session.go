package console

import (
	"errors"
	"net/http"

	"firstline/handoff"
)

// cookieName differs by transport: browsers let nobody but us set the name
// with the __Host- prefix, and accept it over TLS only.
func (c *console) cookieName(r *http.Request) string {
	if c.isSecure(r) {
		return "__Host-firstline"
	}
	return "firstline"
}

// session returns the secret of the request's session; "": none.
func (c *console) session(r *http.Request) string {
	cookie, err := r.Cookie(c.cookieName(r))
	if err != nil {
		return ""
	}
	return cookie.Value
}

// setSession gives the browser a session; "" takes it away.
func (c *console) setSession(w http.ResponseWriter, r *http.Request, session string) {
	age := int(handoff.SessionFor.Seconds())
	if session == "" {
		age = -1
	}
	http.SetCookie(w, &http.Cookie{
		Name: c.cookieName(r), Value: session, Path: "/", MaxAge: age,
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: c.isSecure(r),
	})
}

// agent returns who is signed in, or errSignedOut.
func (c *console) agent(r *http.Request) (*handoff.Agent, error) {
	session := c.session(r)
	if session == "" {
		return nil, errSignedOut
	}
	a, err := c.desk.Session(r.Context(), session)
	if errors.Is(err, handoff.ErrForbidden) {
		return nil, errSignedOut
	}
	return a, err
}

// signInHelp tells who isn't signed in how to get a link.
func (c *console) signInHelp(w http.ResponseWriter, r *http.Request) error {
	return c.render(w, http.StatusOK, "help", c.page(r, nil, say("sign-in.title")))
}

// signInPage asks for a click. Opening the link must not use it up: chat
// networks and mail filters open the links that they carry.
func (c *console) signInPage(w http.ResponseWriter, r *http.Request) error {
	p := c.page(r, nil, say("sign-in.title"))
	if a, err := c.agent(r); err == nil {
		p.Body = a.ID
	}
	return c.render(w, http.StatusOK, "signin", p)
}

func (c *console) signIn(w http.ResponseWriter, r *http.Request) error {
	session, a, err := c.desk.SignIn(r.Context(), r.PathValue("secret"))
	if errors.Is(err, handoff.ErrForbidden) {
		return errLinkUsed
	}
	if err != nil {
		return err
	}
	if old := c.session(r); old != "" {
		if err := c.desk.SignOut(r.Context(), old); err != nil {
			c.log.Error("ending the previous session", "err", err)
		}
		c.streams.recheck()
	}
	c.log.Info("agent signed in", "agent", a.ID)
	c.setSession(w, r, session)
	http.Redirect(w, r, "/desk/", http.StatusSeeOther)
	return nil
}

func (c *console) signOut(w http.ResponseWriter, r *http.Request) error {
	if session := c.session(r); session != "" {
		if err := c.desk.SignOut(r.Context(), session); err != nil {
			return err
		}
		c.streams.recheck()
	}
	c.setSession(w, r, "")
	http.Redirect(w, r, "/sign-in", http.StatusSeeOther)
	return nil
}
