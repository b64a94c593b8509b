package web

import (
	"encoding/base64"
	"errors"
	"net/http"
	"strings"
	"time"

	"firstline/bot/web/weblog"
)

// cookieFor is how long a browser keeps its cookie: the longest that browsers
// allow.
const cookieFor = 400 * 24 * time.Hour

func cookieName(r *http.Request) string {
	if isSecure(r) {
		return "__Host-firstline-chat"
	}
	return "firstline-chat"
}

// caller is who a request is from.
type caller struct {
	session  *weblog.Session // nil: none yet
	identity string          // signed; "": none
}

// caller reads the proof that r carries:
//
//	Authorization: Bearer <key>                               the key to an anonymous session
//	Authorization: Identity <base64url of user>.<signature>   a signed identity
//	the cookie, with callHeader                               the same key, where the browser sends it
//
// A proof of the wrong form, and a forged identity, are errors. A key that opens
// nothing is none.
func (c *Channel) caller(r *http.Request) (caller, error) {
	kind, proof, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	switch {
	case kind == "Bearer":
		return c.byKey(r, proof)
	case kind == "Identity":
		return c.byIdentity(r, proof)
	case kind != "":
		return caller{}, errNoSession
	}
	cookie, err := r.Cookie(cookieName(r))
	if err != nil || r.Header.Get(callHeader) == "" {
		return caller{}, nil
	}
	return c.byKey(r, cookie.Value)
}

func (c *Channel) byKey(r *http.Request, key string) (caller, error) {
	s, err := c.o.Store.WebSessionByKey(r.Context(), hashOf(key))
	if errors.Is(err, weblog.ErrNotFound) {
		c.refused(r, "a key that opens no session")
		return caller{}, nil
	}
	if err != nil {
		return caller{}, err
	}
	return caller{session: &s}, nil
}

func (c *Channel) byIdentity(r *http.Request, proof string) (caller, error) {
	encoded, signature, _ := strings.Cut(proof, ".")
	user, err := base64.RawURLEncoding.DecodeString(encoded)
	if err != nil || !c.signed(string(user), signature) {
		c.refused(r, "a forged identity")
		return caller{}, errForged
	}
	who := caller{identity: string(user)}
	s, err := c.o.Store.WebSessionOf(r.Context(), who.identity)
	if errors.Is(err, weblog.ErrNotFound) {
		return who, nil
	}
	if err != nil {
		return caller{}, err
	}
	who.session = &s
	return who, nil
}

// session returns the session of r, or errNoSession.
func (c *Channel) session(r *http.Request) (weblog.Session, error) {
	who, err := c.caller(r)
	if err != nil {
		return weblog.Session{}, err
	}
	if who.session == nil {
		return weblog.Session{}, errNoSession
	}
	return *who.session, nil
}

// sessionAnswer tells a browser its session, and once the key to it.
type sessionAnswer struct {
	Session string `json:"session"` // "": none yet
	Key     string `json:"key,omitempty"`
}

// getSession tells whether the proof opens a session.
func (c *Channel) getSession(w http.ResponseWriter, r *http.Request) error {
	who, err := c.caller(r)
	if err != nil {
		return err
	}
	var a sessionAnswer
	if who.session != nil {
		a.Session = who.session.ID
	}
	answer(w, http.StatusOK, a)
	return nil
}

// postSession returns the session that the proof opens, or makes one. Browsers
// make theirs when there is something to send, so who only looks leaves no row.
func (c *Channel) postSession(w http.ResponseWriter, r *http.Request) error {
	if err := c.pace.requests.takeFor(r); err != nil {
		return err
	}
	who, err := c.caller(r)
	if err != nil {
		return err
	}
	if who.session != nil {
		answer(w, http.StatusOK, sessionAnswer{Session: who.session.ID})
		return nil
	}
	if err := c.pace.sessions.takeFor(r); err != nil {
		return err
	}
	id := newID()
	if who.identity != "" {
		s, err := c.o.Store.AddWebSessionOf(r.Context(), who.identity, id, c.o.Now())
		if err != nil {
			return err
		}
		answer(w, http.StatusCreated, sessionAnswer{Session: s.ID})
		return nil
	}
	key, hash := newKey()
	if err := c.o.Store.AddWebSession(r.Context(), id, hash, c.o.Now()); err != nil {
		return err
	}
	// Within another site this cookie is refused by the browser: the key in the
	// frame's own storage is all there is.
	http.SetCookie(w, &http.Cookie{
		Name: cookieName(r), Value: key, Path: "/", MaxAge: int(cookieFor.Seconds()),
		HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: isSecure(r),
	})
	answer(w, http.StatusCreated, sessionAnswer{Session: id, Key: key})
	return nil
}
