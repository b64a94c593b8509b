package console_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"firstline/bot/chat"
	"firstline/bot/outbox"
	"firstline/handoff"
	"firstline/handoff/console"
	"firstline/handoff/store"
)

// desk is a console over a real database, with a clock that tests can move.
type desk struct {
	t      *testing.T
	store  *store.Store
	rules  *handoff.Desk
	server *httptest.Server
	clock  *clock
	logs   *logs
	// abilities is what can be done on every network to what was sent.
	abilities handoff.Abilities
}

type clock struct {
	mu   sync.Mutex
	skip time.Duration
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.skip)
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.skip += d
}

// logs keeps what was logged.
type logs struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

type voice struct{}

func (voice) Reply(_ *handoff.Ticket, text string) chat.Rich { return chat.Plain("Team: " + text) }
func (voice) Solved(*handoff.Ticket) chat.Outbound {
	return chat.Outbound{Body: chat.Plain("Solved. How did it go?")}
}

const cardNumber = "4111 1111 1111 1111"

func clean(text string) (string, []string) {
	if strings.Contains(text, cardNumber) {
		return strings.ReplaceAll(text, cardNumber, "[card]"), []string{"card_number"}
	}
	return text, nil
}

// newDesk starts a console with the lead "lea" and the agents "ann" and "bob".
func newDesk(t *testing.T, change ...func(*console.Options)) *desk {
	t.Helper()
	d := &desk{t: t, clock: &clock{}, logs: &logs{}}
	var err error
	d.store, err = store.Open(t.Context(), filepath.Join(t.TempDir(), "desk.db"), store.Options{Now: d.clock.now})
	d.must(err)
	t.Cleanup(func() { _ = d.store.Close() })
	d.rules = handoff.New(handoff.Options{
		Store: d.store, Voice: voice{}, Clean: clean, Now: d.clock.now,
		Can: func(chat.Network) handoff.Abilities { return d.abilities },
	})
	for id, role := range map[handoff.AgentID]handoff.Role{
		"lea": handoff.RoleLead, "ann": handoff.RoleAgent, "bob": handoff.RoleAgent,
	} {
		d.must(d.rules.EnsureAgent(t.Context(), id, role))
	}
	o := console.Options{
		Desk: d.rules, Log: slog.New(slog.NewTextHandler(d.logs, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Listen:  func() (<-chan struct{}, func()) { return d.store.Listen(store.Desk) },
		Product: "tpWallet", Now: d.clock.now,
	}
	for _, f := range change {
		f(&o)
	}
	d.server = httptest.NewUnstartedServer(console.New(o))
	ctx, cancel := context.WithCancel(context.Background())
	d.server.Config.BaseContext = func(net.Listener) context.Context { return ctx }
	d.server.Config.RegisterOnShutdown(cancel)
	d.server.Start()
	t.Cleanup(func() {
		cancel()
		d.server.Close()
	})
	return d
}

func (d *desk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// question is what somebody asks and how it became a ticket.
type question struct {
	name, text, language string
	network              chat.Network
	shared               bool
	reason               handoff.Reason
	article              string
	attachments          []chat.Attachment
	redacted             []string
	answer               string // of the bot, before the ticket
}

var people int64
var peopleMu sync.Mutex

func nextPerson() int64 {
	peopleMu.Lock()
	defer peopleMu.Unlock()
	people++
	return people
}

// ask makes a ticket as the bot does.
func (d *desk) ask(q question) handoff.TicketID {
	d.t.Helper()
	if q.network == "" {
		q.network = chat.Telegram
	}
	if q.reason == "" {
		q.reason = handoff.ReasonAsked
	}
	if q.language == "" {
		q.language = "en"
	}
	n := nextPerson()
	th := handoff.Thread{
		Conversation: chat.ConversationID{Network: q.network, ID: fmt.Sprint(n)},
		Person:       chat.Person{ID: fmt.Sprint(7000000 + n), Name: q.name}, Private: !q.shared,
		Language: q.language, LastMessage: "1", UpdatedAt: d.clock.now(),
	}
	th.ID = handoff.ThreadID(th.Conversation.String())
	var id handoff.TicketID
	d.must(d.store.Update(d.t.Context(), func(tx handoff.Tx) error {
		th := th
		now := d.clock.now().Add(-time.Second) // the talk before the ticket
		err := tx.AddEntry(&handoff.Entry{
			Thread: th.ID, Kind: handoff.ByAsker, Text: q.text, Attachments: q.attachments, Redacted: q.redacted, At: now,
		})
		if err != nil {
			return err
		}
		if q.answer != "" {
			if err := d.botSays(tx, &th, "answer", q.answer, now); err != nil {
				return err
			}
		}
		t, _, err := d.rules.Open(tx, &th, q.reason, q.article)
		if err != nil {
			return err
		}
		id = t.ID
		if err := tx.SaveThread(&th); err != nil {
			return err
		}
		return d.botSays(tx, &th, "handoff", "A person will answer. You are number 1.", d.clock.now())
	}))
	return id
}

func (d *desk) botSays(tx handoff.Tx, th *handoff.Thread, what, text string, at time.Time) error {
	key := what + "/" + string(th.ID)
	_, err := d.rules.SendThread(tx, th, outbox.Delivery{
		Key: key, Class: outbox.ClassNotice, Out: chat.Outbound{Body: chat.Plain(text)},
	})
	if err != nil {
		return err
	}
	return tx.AddEntry(&handoff.Entry{
		Key: key, Thread: th.ID, Ticket: th.Ticket, Kind: handoff.ByBot, Text: text, Delivery: key, At: at,
	})
}

// more adds what the asker writes to their ticket.
func (d *desk) more(id handoff.TicketID, e handoff.Entry) {
	d.t.Helper()
	d.must(d.store.Update(d.t.Context(), func(tx handoff.Tx) error {
		t, err := tx.Ticket(id)
		if err != nil {
			return err
		}
		th, err := tx.Thread(t.Thread)
		if err != nil {
			return err
		}
		e := e
		e.Thread, e.Ticket, e.Kind, e.At = t.Thread, id, handoff.ByAsker, d.clock.now()
		if err := tx.AddEntry(&e); err != nil {
			return err
		}
		return d.rules.Touch(tx, t, th)
	}))
}

// deliver ends the pending deliveries, each as end says.
func (d *desk) deliver(end func(outbox.Delivery) outbox.Result) {
	d.t.Helper()
	networks := []chat.Network{chat.Telegram, chat.Discord, chat.Web}
	for {
		due, err := d.store.TakeDeliveries(d.t.Context(), networks, 100, d.clock.now(), time.Minute)
		d.must(err)
		if len(due) == 0 {
			return
		}
		for _, del := range due {
			d.must(d.store.FinishDelivery(d.t.Context(), del, end(del)))
		}
	}
}

func sent(outbox.Delivery) outbox.Result { return outbox.Result{State: outbox.Sent, SentID: "9"} }

func (d *desk) story(id handoff.TicketID) *handoff.Story {
	d.t.Helper()
	s, err := d.rules.Story(d.t.Context(), id, "lea")
	d.must(err)
	return s
}

func ticketPath(id handoff.TicketID) string { return "/desk/tickets/" + id.String() }

// browser is a person's browser without a window: it keeps cookies and does
// not follow redirects.
type browser struct {
	d      *desk
	client *http.Client
}

func (d *desk) browser() *browser {
	jar, err := cookiejar.New(nil)
	d.must(err)
	return &browser{d: d, client: &http.Client{
		Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// as returns a browser in which somebody is signed in.
func (d *desk) as(id handoff.AgentID) *browser {
	d.t.Helper()
	b := d.browser()
	if r := b.post("/sign-in/"+d.link(id), nil); r.status != http.StatusSeeOther {
		d.t.Fatalf("sign-in of %s: status %d", id, r.status)
	}
	return b
}

func (d *desk) link(id handoff.AgentID) string {
	d.t.Helper()
	secret, err := d.rules.NewSignIn(d.t.Context(), "", id)
	d.must(err)
	return secret
}

type response struct {
	status int
	header http.Header
	body   string
}

func (b *browser) do(method, path string, form url.Values, header http.Header) response {
	b.d.t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	req, err := http.NewRequestWithContext(b.d.t.Context(), method, b.d.server.URL+path, body)
	b.d.must(err)
	for name, values := range header {
		req.Header[name] = values
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, err := b.client.Do(req)
	b.d.must(err)
	defer func() { _ = resp.Body.Close() }()
	data, err := io.ReadAll(resp.Body)
	b.d.must(err)
	return response{resp.StatusCode, resp.Header, string(data)}
}

func (b *browser) get(path string) response {
	b.d.t.Helper()
	return b.do(http.MethodGet, path, nil, nil)
}

func (b *browser) post(path string, form url.Values) response {
	b.d.t.Helper()
	if form == nil {
		form = url.Values{}
	}
	return b.do(http.MethodPost, path, form, http.Header{"Sec-Fetch-Site": {"same-origin"}})
}

var keyInput = regexp.MustCompile(`(?s)<form id="(\w+)".*?name="key" value="(\w+)"`)

// write sends a ticket's form as the page shows it.
func (b *browser) write(id handoff.TicketID, form, text string) response {
	b.d.t.Helper()
	return b.post(ticketPath(id)+"/"+form, url.Values{"key": {b.key(b.get(ticketPath(id)).body, form)}, "text": {text}})
}

func (b *browser) key(page, form string) string {
	b.d.t.Helper()
	at := strings.Index(page, `<form id="`+form+`"`)
	if at < 0 {
		b.d.t.Fatalf("no form %q on the page", form)
	}
	return keyInput.FindStringSubmatch(page[at:])[2]
}

// expect fails unless the answer has the status and holds all texts.
func (r response) expect(t *testing.T, status int, texts ...string) {
	t.Helper()
	if r.status != status {
		t.Fatalf("status %d, want %d:\n%s", r.status, status, r.body)
	}
	for _, text := range texts {
		if !strings.Contains(r.body, text) {
			t.Fatalf("%q is not on the page:\n%s", text, r.body)
		}
	}
}
