package console_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"firstline/handoff"
)

func TestWhoMayDoWhat(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.ask(question{name: "Ada", text: "Where is my deposit?"})
	path := ticketPath(id)
	key := url.Values{"key": {"0123456789ABCDEFGH"}, "text": {"hello"}}
	d.must(d.rules.EnsureAgent(t.Context(), "gone", handoff.RoleLead))
	nobody, agent, lead, gone := d.browser(), d.as("ann"), d.as("lea"), d.as("gone")
	d.must(d.rules.DisableAgent(t.Context(), "", "gone"))
	const out, ok, see, no = http.StatusUnauthorized, http.StatusOK, http.StatusSeeOther, http.StatusForbidden
	for _, tt := range []struct {
		method, path        string
		form                url.Values
		nobody, agent, lead int
	}{
		{"GET", "/desk/", nil, see, ok, ok},
		{"GET", "/desk/?view=all", nil, see, ok, ok},
		{"GET", "/desk/staff", nil, see, no, ok},
		{"GET", path, nil, see, ok, ok},
		{"GET", "/desk/tickets/999", nil, see, 404, 404},
		{"GET", "/desk/tickets/x", nil, see, 404, 404},
		{"GET", path + "/reply", nil, see, see, see},
		{"POST", path + "/note", key, out, see, see},
		{"POST", path + "/claim", url.Values{}, out, see, 409},
		{"POST", path + "/reply", key, out, see, 409},
		{"POST", path + "/release", url.Values{}, out, see, see},
		{"POST", path + "/solve", url.Values{}, out, see, 409},
		{"POST", path + "/reopen", url.Values{}, out, see, see},
		{"POST", path + "/explode", url.Values{}, out, 404, 404},
		{"POST", "/desk/tickets/999/claim", url.Values{}, out, 404, 404},
		{"POST", "/desk/staff", url.Values{"name": {"mia"}, "role": {"agent"}}, out, no, see},
		{"POST", "/desk/staff/bob/link", url.Values{}, out, no, ok},
		{"POST", "/desk/staff/nobody/link", url.Values{}, out, no, no},
		{"POST", "/desk/staff/bob/disable", url.Values{}, out, no, see},
		{"POST", "/desk/staff/lea/disable", url.Values{}, out, no, no},
		{"GET", "/desk/elsewhere", nil, 404, 404, 404},
	} {
		for _, who := range []struct {
			name string
			b    *browser
			want int
		}{{"nobody", nobody, tt.nobody}, {"disabled", gone, tt.nobody}, {"agent", agent, tt.agent}, {"lead", lead, tt.lead}} {
			var r response
			if tt.method == "GET" {
				r = who.b.get(tt.path)
			} else {
				r = who.b.post(tt.path, tt.form)
			}
			if r.status != who.want {
				t.Errorf("%s %s by %s: %d, want %d", tt.method, tt.path, who.name, r.status, who.want)
			}
			if who.want == out && !strings.Contains(r.body, "signed out") {
				t.Errorf("%s %s by %s: no word about signing in", tt.method, tt.path, who.name)
			}
		}
	}
	if r := nobody.get("/desk/events"); r.status != out {
		t.Errorf("stream for nobody: %d", r.status)
	}
}

func TestOtherSitesCanDoNothing(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.ask(question{name: "Ada", text: "Where is my deposit?"})
	b := d.as("ann")
	for name, header := range map[string]http.Header{
		"cross-site": {"Sec-Fetch-Site": {"cross-site"}},
		"same-site":  {"Sec-Fetch-Site": {"same-site"}},
		"old":        {"Origin": {"https://evil.example"}},
	} {
		for _, path := range []string{ticketPath(id) + "/claim", ticketPath(id) + "/solve", "/desk/sign-out", "/desk/staff", "/sign-in/" + d.link("bob")} {
			r := b.do(http.MethodPost, path, url.Values{}, header)
			if r.status != http.StatusForbidden || !strings.Contains(r.body, "another site") {
				t.Errorf("%s POST %s: %d", name, path, r.status)
			}
		}
	}
	if s := d.story(id); s.State != handoff.Open {
		t.Errorf("the ticket is %s", s.State)
	}
	b.get("/desk/").expect(t, http.StatusOK, "ann") // still signed in, as herself
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.ask(question{name: "Ada", text: "Where is my deposit?"})
	b := d.as("lea")
	for _, path := range []string{"/desk/", ticketPath(id), "/desk/staff", "/sign-in", "/sign-in/x", "/desk/none"} {
		h := b.get(path).header
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store",
			"Content-Type": "text/html; charset=utf-8",
		} {
			if got := h.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", path, name, got, want)
			}
		}
		csp := h.Get("Content-Security-Policy")
		for _, want := range []string{
			"default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "form-action 'self'",
			"frame-ancestors 'none'", "base-uri 'none'",
		} {
			if !strings.Contains(csp, want) {
				t.Errorf("%s: policy %q has no %q", path, csp, want)
			}
		}
		if strings.Contains(csp, "unsafe") {
			t.Errorf("%s: policy %q", path, csp)
		}
	}
}

func TestStaticFiles(t *testing.T) {
	t.Parallel()
	b := newDesk(t).browser()
	for file, kind := range map[string]string{
		"console.css": "text/css", "console.js": "text/javascript", "morph.js": "text/javascript", "icon.svg": "image/svg+xml",
	} {
		r := b.get("/static/" + file)
		r.expect(t, http.StatusOK)
		if got := r.header.Get("Content-Type"); !strings.HasPrefix(got, kind) {
			t.Errorf("%s is %q", file, got)
		}
		again := b.do(http.MethodGet, "/static/"+file, nil, http.Header{"If-None-Match": {r.header.Get("ETag")}})
		again.expect(t, http.StatusNotModified)
	}
	b.get("/static/none.js").expect(t, http.StatusNotFound)
	b.get("/static/..%2fconsole.go").expect(t, http.StatusNotFound)
}
