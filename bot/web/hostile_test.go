package web_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"firstline/bot/chat"
	"firstline/bot/web"
)

// TestOtherSites: what another site makes a browser send gets nothing, whatever
// proof it carries, and is logged.
func TestOtherSites(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	b := l.browser().makeSession()
	b.hears("k", "private")
	const evil = "https://evil.example"
	for name, c := range map[string]struct {
		method, path string
		header       map[string]string
		want         int
	}{
		"post":                 {"POST", "messages", map[string]string{"Origin": evil}, 403},
		"post, cross-site":     {"POST", "messages", map[string]string{"Sec-Fetch-Site": "cross-site"}, 403},
		"post, same-site":      {"POST", "messages", map[string]string{"Sec-Fetch-Site": "same-site", "Origin": "https://sub.evil.example"}, 403},
		"a form's null origin": {"POST", "session", map[string]string{"Origin": "null"}, 403},
		"look-alike":           {"POST", "session", map[string]string{"Origin": site + ".evil.example"}, 403},
		"another scheme":       {"POST", "session", map[string]string{"Origin": "http://www.site.example"}, 403},
		"read":                 {"GET", "events?once=1", map[string]string{"Origin": evil}, 403},
		"preflight":            {"OPTIONS", "messages", map[string]string{"Origin": evil, "Access-Control-Request-Method": "POST"}, 403},
		"upload":               {"POST", "files", map[string]string{"Origin": evil}, 403},
		"allowed site":         {"GET", "events?once=1", map[string]string{"Origin": site}, 200},
		"allowed preflight":    {"OPTIONS", "messages", map[string]string{"Origin": site, "Access-Control-Request-Method": "POST"}, 204},
		"our own page":         {"GET", "session", map[string]string{"Origin": l.server.URL, "Sec-Fetch-Site": "same-origin"}, 200},
	} {
		r := b.request(c.method, c.path, strings.NewReader(`{"id":"from-evil-1","text":"x"}`))
		for k, v := range c.header {
			r.Header.Set(k, v)
		}
		res, err := l.server.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		allow := res.Header.Get("Access-Control-Allow-Origin")
		if res.StatusCode != c.want || (allow != "") != (c.header["Origin"] == site) || allow == evil || res.Header.Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("%s: %d, allows %q", name, res.StatusCode, allow)
		}
	}
	if texts(b.log()) != "private" {
		t.Errorf("log %q", texts(b.log()))
	}
	if log := l.log.String(); !strings.Contains(log, `reason="another site"`) || !strings.Contains(log, evil) {
		t.Error("refusals are not logged")
	}
}

// TestCookie: the browser's cookie opens the session for our own page only.
func TestCookie(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	b := l.browser().makeSession()
	if c := b.cookie; c == nil || !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.MaxAge <= 0 {
		t.Fatalf("cookie %+v", b.cookie)
	}
	b.key = "" // the storage was emptied
	if got := b.do("POST", "session", object{}); got.field("session") != b.session || got.field("key") != "<nil>" {
		t.Errorf("by cookie: %s", got.body)
	}
	b.says("by cookie")
	b.header.Del("X-Firstline-Chat") // as a form or an image would ask
	if r := b.do("GET", "events?once=1", nil); r.status != 401 {
		t.Errorf("without our header: %d", r.status)
	}
	secure := l.browser()
	secure.header.Set("X-Forwarded-Proto", "https")
	secure.makeSession()
	if c := secure.cookie; !c.Secure || !strings.HasPrefix(c.Name, "__Host-") || c.Path != "/" {
		t.Errorf("cookie by TLS %+v", c)
	}
}

func TestGuessedSessions(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	b := l.browser().makeSession()
	b.hears("k", "private")
	for name, auth := range map[string]string{
		"the session's id":  "Bearer " + b.session,
		"a guess":           "Bearer " + strings.Repeat("A", len(b.key)),
		"a cut key":         "Bearer " + b.key[:len(b.key)-1],
		"an empty key":      "Bearer ",
		"the key's neglect": "Basic " + b.key,
	} {
		other := l.browser()
		other.header.Set("Authorization", auth)
		for _, c := range [][2]string{{"GET", "events?once=1"}, {"POST", "messages"}, {"POST", "files"}, {"GET", "files/1"}} {
			if r := other.do(c[0], c[1], say(clientID(t), "x")); r.status != 401 || strings.Contains(r.body, "private") {
				t.Errorf("%s: %s %s: %d %s", name, c[0], c[1], r.status, r.body)
			}
		}
	}
	for _, f := range []string{"firstline.db", "firstline.db-wal"} {
		if strings.Contains(string(read(t, l.dir+"/"+f)), b.key) {
			t.Errorf("the key is in %s", f)
		}
	}
	if log := l.log.String(); strings.Contains(log, b.key) || !strings.Contains(log, "a key that opens no session") {
		t.Error("the log lacks the refusal, or holds the key")
	}
}

func TestIdentities(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	const user = "ann-4711@site.example"
	phone, laptop := l.member(user, web.Sign(secret, user)), l.member(user, web.Sign(secret, user))
	if r := phone.do("GET", "session", nil); r.status != 200 || r.field("session") != "" {
		t.Errorf("before: %d %s", r.status, r.body)
	}
	phone.makeSession()
	laptop.makeSession()
	if phone.session != laptop.session || phone.cookie != nil || phone.key != "" {
		t.Errorf("two devices: %q and %q", phone.session, laptop.session)
	}
	phone.says("from the phone")
	if texts(laptop.log()) != "from the phone" {
		t.Errorf("on the laptop: %q", texts(laptop.log()))
	}
	items, err := l.store.TakeMessages(t.Context(), []chat.Network{chat.Web}, 10, t0(), 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range items {
		if m := i.Message; m.Text == "from the phone" && (m.From.Name == "" || m.From.ID != phone.session || m.Conversation.ID != phone.session || !m.Private || !m.Addressed) {
			t.Errorf("message %+v", m)
		}
	}
	good := web.Sign(secret, user)
	for name, forged := range map[string]*browser{
		"no signature":        l.member(user, ""),
		"another secret":      l.member(user, web.Sign("another secret of a site", user)),
		"another's signature": l.member("bob@site.example", good),
		"upper case":          l.member(user, strings.ToUpper(good)),
		"cut":                 l.member(user, good[:60]),
		"nobody":              l.member("", web.Sign(secret, "")),
		"too long":            l.member(strings.Repeat("x", 201), web.Sign(secret, strings.Repeat("x", 201))),
		"bad UTF-8":           l.member("a\xff", web.Sign(secret, "a\xff")),
	} {
		forged.cookie = nil
		for _, c := range [][2]string{{"POST", "session"}, {"GET", "session"}, {"GET", "events?once=1"}, {"POST", "messages"}} {
			if r := forged.do(c[0], c[1], say(clientID(t), "x")); r.status != 403 || r.code() != "identity_refused" || strings.Contains(r.body, "phone") {
				t.Errorf("%s: %s %s: %d %s", name, c[0], c[1], r.status, r.body)
			}
		}
	}
	log := l.log.String()
	if !strings.Contains(log, "a forged identity") || strings.Contains(log, "4711") || strings.Contains(log, good) || strings.Contains(log, base64.RawURLEncoding.EncodeToString([]byte(user))) {
		t.Error("the log lacks the refusal, or holds the identity")
	}
	// Without a secret nobody is identified.
	l.stop()
	l.open(func(o *web.Options) { o.Secret = "" })
	if r := l.member(user, good).do("POST", "session", object{}); r.status != 403 {
		t.Errorf("without a secret: %d", r.status)
	}
	if r := l.member(user, web.Sign("", user)).do("POST", "session", object{}); r.status != 403 {
		t.Errorf("signed with an empty secret: %d", r.status)
	}
}

func TestBadMessages(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	b := l.browser().makeSession()
	id := func() string { return clientID(t) }
	for name, c := range map[string]struct {
		body   any
		status int
		code   string
	}{
		"no JSON":         {"hello", 400, "bad_request"},
		"empty body":      {"", 400, "bad_request"},
		"another shape":   {`{"id":7}`, 400, "bad_request"},
		"bad UTF-8":       {[]byte("{\"id\":\"" + id() + "\",\"text\":\"a\xff\"}"), 400, "bad_text"},
		"no id":           {object{"text": "x"}, 400, "bad_request"},
		"short id":        {say("short", "x"), 400, "bad_request"},
		"odd id":          {say("a/b/../../c", "x"), 400, "bad_request"},
		"nothing":         {say(id(), ""), 400, "empty"},
		"white space":     {say(id(), " \n\t\u2003"), 400, "empty"},
		"NUL only":        {say(id(), "\x00"), 400, "empty"},
		"too long":        {say(id(), strings.Repeat("я", 4001)), 422, "too_long"},
		"much too long":   {say(id(), strings.Repeat("x", 70<<10)), 413, "too_long"},
		"long choice":     {object{"id": id(), "choice": object{"message": "t1", "data": strings.Repeat("x", 65)}}, 409, "choice_gone"},
		"unknown file":    {object{"id": id(), "files": []object{{"id": "../../etc/passwd"}}}, 422, "no_file"},
		"many files":      {object{"id": id(), "files": make([]object, 11)}, 422, "too_many_files"},
		"the longest":     {say(id(), strings.Repeat("я", 4000)), 200, ""},
		"all of Unicode":  {say(id(), "\u202e<b>@everyone</b>\u0000 _*` \U0001F926\u200d\u2642\ufe0f \u0627\u0644"), 200, ""},
		"unknown members": {object{"id": id(), "text": "x", "future": 1}, 200, ""},
	} {
		if r := b.do("POST", "messages", c.body); r.status != c.status || r.code() != c.code {
			t.Errorf("%s: %d %s, want %d %s", name, r.status, r.body, c.status, c.code)
		}
	}
	if n := len(b.log()); n != 3 {
		t.Errorf("%d messages in the log, want 3", n)
	}
	for _, c := range [][2]string{{"PUT", "messages"}, {"DELETE", "session"}, {"GET", "nothing"}, {"POST", "events"}} {
		if r := b.do(c[0], c[1], nil); r.status < 400 || r.status >= 500 {
			t.Errorf("%s %s: %d", c[0], c[1], r.status)
		}
	}
}

// TestSecretsAreGone: what the guard removes is neither shown nor kept.
func TestSecretsAreGone(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	b := l.browser().makeSession()
	const seed = "legal winner thank year wave sausage worth useful legal winner thank yellow"
	b.says("my phrase is " + seed)
	if all := b.log(); strings.Contains(texts(all), "sausage") || !strings.Contains(texts(all), "my phrase is") {
		t.Errorf("log %q", texts(all))
	}
	for _, f := range []string{"firstline.db", "firstline.db-wal"} {
		if strings.Contains(string(read(t, l.dir+"/"+f)), "sausage") {
			t.Errorf("%s holds the secret", f)
		}
	}
	if strings.Contains(l.log.String(), "phrase is") {
		t.Error("the log holds a person's text")
	}
}

// TestPace: limits of a session, of an address and of new sessions; after the
// pause that is asked for it goes on.
func TestPace(t *testing.T) {
	t.Parallel()
	small := func(n int) web.Limit { return web.Limit{PerSecond: 0.5, Burst: n} }
	for name, c := range map[string]struct {
		pace func(*web.Pace)
		do   func(l *lab, b *browser) response
		pass int
	}{
		"session": {
			func(p *web.Pace) { p.Session = small(4) },
			func(_ *lab, b *browser) response { return b.do("POST", "messages", say(clientID(b.l.t), "x")) }, 4,
		},
		"uploads": {
			func(p *web.Pace) { p.Uploads = small(2) },
			func(_ *lab, b *browser) response { return b.do("POST", "files", "text") }, 2,
		},
		"sessions": {
			func(p *web.Pace) { p.Sessions = small(6) },
			func(l *lab, _ *browser) response { return l.browser().do("POST", "session", object{}) }, 4, // two are made before
		},
	} {
		l := newLab(t, func(o *web.Options) { c.pace(&o.Pace) })
		b := l.browser().makeSession()
		for n := range c.pass {
			if r := c.do(l, b); r.status >= 300 {
				t.Fatalf("%s: request %d: %d %s", name, n, r.status, r.body)
			}
		}
		if r := c.do(l, b); r.status != 429 || r.code() != "too_fast" || r.header.Get("Retry-After") != "2" {
			t.Errorf("%s: %d %s, Retry-After %q", name, r.status, r.body, r.header.Get("Retry-After"))
		}
	}
}

// TestAddressLimit: addresses are told apart by what a proxy of ours adds, not by
// what a client claims.
func TestAddressLimit(t *testing.T) {
	t.Parallel()
	l := newLab(t, func(o *web.Options) { o.Pace.Address = web.Limit{PerSecond: 0.001, Burst: 5} })
	post := func(forwarded string) int {
		b := l.browser()
		b.header.Set("X-Forwarded-For", forwarded)
		return b.do("POST", "session", object{}).status
	}
	for n := range 5 {
		if got := post(fmt.Sprintf("10.9.8.%d, 203.0.113.7", n)); got != 201 {
			t.Fatalf("request %d: %d", n, got)
		}
	}
	if got := post("198.51.100.1, 203.0.113.7"); got != 429 {
		t.Errorf("with another claim: %d", got)
	}
	if got := post("203.0.113.8"); got != 201 {
		t.Errorf("another address: %d", got)
	}
	for range 5 {
		post("2001:db8::1")
	}
	if got := post("2001:db8::2"); got != 429 {
		t.Errorf("the same household: %d", got)
	}
}
