package console_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"firstline/handoff"
)

func TestSignInLinkWorksOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	link := "/sign-in/" + d.link("ann")
	b := d.browser()
	for range 2 { // as a link preview does
		b.get(link).expect(t, http.StatusOK, `<form method="post">`)
	}
	r := b.post(link, nil)
	r.expect(t, http.StatusSeeOther)
	if got := r.header.Get("Location"); got != "/desk/" {
		t.Errorf("sent to %q", got)
	}
	cookie := r.header.Get("Set-Cookie")
	for _, want := range []string{"firstline=", "Path=/", "HttpOnly", "SameSite=Lax", "Max-Age=2592000"} {
		if !strings.Contains(cookie, want) {
			t.Errorf("cookie %q has no %q", cookie, want)
		}
	}
	if strings.Contains(cookie, "Secure") {
		t.Errorf("cookie %q is for TLS only, and this is not TLS", cookie)
	}
	b.get("/desk/").expect(t, http.StatusOK, "Sign out", "ann")

	d.browser().post(link, nil).expect(t, http.StatusGone, "used already", "firstline agents link NAME")
	d.browser().post("/sign-in/nonsense", nil).expect(t, http.StatusGone)
}

func TestSignInLinkExpires(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	link := "/sign-in/" + d.link("ann")
	d.clock.pass(handoff.SignInFor + time.Second)
	b := d.browser()
	b.get(link).expect(t, http.StatusOK)
	b.post(link, nil).expect(t, http.StatusGone, "too old")
	b.get("/desk/").expect(t, http.StatusSeeOther)
}

func TestSecureCookieBehindTLS(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	tls := http.Header{"X-Forwarded-Proto": {"https"}}
	r := d.browser().do(http.MethodPost, "/sign-in/"+d.link("ann"), url.Values{}, tls)
	r.expect(t, http.StatusSeeOther)
	cookie := r.header.Get("Set-Cookie")
	if !strings.HasPrefix(cookie, "__Host-firstline=") || !strings.Contains(cookie, "Secure") {
		t.Errorf("cookie %q", cookie)
	}
	session, _, _ := strings.Cut(strings.TrimPrefix(cookie, "__Host-firstline="), ";")
	with := func(name string) http.Header {
		return http.Header{"X-Forwarded-Proto": {"https"}, "Cookie": {name + "=" + session}}
	}
	d.browser().do(http.MethodGet, "/desk/", nil, with("__Host-firstline")).expect(t, http.StatusOK)
	// A name that another site of the domain could have set counts for nothing.
	d.browser().do(http.MethodGet, "/desk/", nil, with("firstline")).expect(t, http.StatusSeeOther)
}

func TestSignOut(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	b := d.as("ann")
	u, err := url.Parse(d.server.URL)
	d.must(err)
	before := b.client.Jar.Cookies(u)
	b.post("/desk/sign-out", nil).expect(t, http.StatusSeeOther)
	if got := b.client.Jar.Cookies(u); len(got) != 0 {
		t.Errorf("cookies left: %v", got)
	}
	b.client.Jar.SetCookies(u, before)
	r := b.get("/desk/") // the old cookie is worth nothing
	r.expect(t, http.StatusSeeOther)
	if got := r.header.Get("Location"); got != "/sign-in" {
		t.Errorf("sent to %q", got)
	}
	d.browser().get("/sign-in").expect(t, http.StatusOK, "firstline agents link NAME")
}

func TestSigningInEndsTheSessionBefore(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	b := d.as("ann")
	u, err := url.Parse(d.server.URL)
	d.must(err)
	old := b.client.Jar.Cookies(u)
	link := "/sign-in/" + d.link("bob")
	b.get(link).expect(t, http.StatusOK, "signed in as ann")
	b.post(link, nil).expect(t, http.StatusSeeOther)
	b.get("/desk/").expect(t, http.StatusOK, "bob")
	again := d.browser()
	again.client.Jar.SetCookies(u, old)
	again.get("/desk/").expect(t, http.StatusSeeOther)
}
