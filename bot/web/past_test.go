package web_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"firstline/bot/chat"
)

// messagesPage is an answer of GET messages.
type messagesPage struct {
	Messages []object
	More     bool
}

func (b *browser) page(query string) (p messagesPage) {
	b.l.t.Helper()
	r := b.do("GET", "messages"+query, nil)
	if r.status != 200 {
		b.l.t.Fatalf("messages%s: %d %s", query, r.status, r.body)
	}
	b.l.must(json.Unmarshal([]byte(r.body), &p))
	return p
}

// texts of a page, in its order.
func (p messagesPage) texts() string {
	var all []event
	for _, m := range p.Messages {
		all = append(all, event{data: m})
	}
	return texts(all)
}

// TestPast: a new page gets the newest, and asks for the rest; together they are
// everything, once, whatever changed meanwhile.
func TestPast(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	b := l.browser().makeSession()
	var sent []chat.MessageID
	for i := range 9 {
		sent = append(sent, b.hears(fmt.Sprint("k", i), fmt.Sprint(i)))
	}
	edit := func(i int, text string) {
		t.Helper()
		l.must(l.ch.Edit(t.Context(), b.conversation(), sent[i], &chat.Outbound{Body: chat.Plain(text)}))
	}
	edit(7, "seven") // of the newest, with the latest version
	edit(2, "two")   // earlier, with a later one still
	s := b.stream(-1, "?newest=3")
	first, _ := s.until("ready")
	if first[0].name != "earlier" || first[0].data["before"] != float64(7) {
		t.Fatalf("the stream begins with %+v", first[0])
	}
	// In the order of versions; what changed since is told, wherever its place.
	if got := texts(first[1:]); got != "6|8|seven|two" {
		t.Errorf("the newest: %s", got)
	}
	edit(1, "one")
	if e, _ := s.next(); e.text() != "one" || e.data["n"] != float64(2) {
		t.Errorf("a change of the past: %+v", e)
	}

	// The rest, page by page.
	page := b.page("?before=7&limit=4")
	if got := page.texts(); got != "two|3|4|5" || !page.More {
		t.Errorf("before that: %s, %v", got, page.More)
	}
	page = b.page(fmt.Sprintf("?before=%v&limit=4", page.Messages[0]["n"]))
	if got := page.texts(); got != "0|one" || page.More {
		t.Errorf("the beginning: %s, %v", got, page.More)
	}
	if got := b.page("?before=1"); len(got.Messages) != 0 || got.More {
		t.Errorf("before the beginning: %+v", got)
	}
	if got := b.page(""); len(got.Messages) != 9 || got.More {
		t.Errorf("everything: %+v", got)
	}
	if got := l.browser().makeSession().page(""); len(got.Messages) != 0 {
		t.Errorf("somebody else sees %+v", got)
	}

	// A stream that broke off anywhere in the newest goes on with the rest.
	for i, e := range first[1:] {
		rest, _ := b.stream(e.id, "?newest=3&once=1").until("ready")
		want := texts(first[i+2:])
		if got := strings.TrimSuffix(strings.TrimSuffix(texts(rest), "one"), "|"); got != want {
			t.Errorf("after %q: %s, want %s", e.text(), got, want)
		}
		if slices.ContainsFunc(rest, func(e event) bool { return e.name == "earlier" }) {
			t.Errorf("after %q it begins anew", e.text())
		}
	}

	whole, _ := b.stream(-1, "?newest=50&once=1").until("ready")
	if whole[0].data["before"] != float64(0) || len(whole) != 10 {
		t.Errorf("a page that holds everything: %d, %+v", len(whole), whole[0])
	}
	for _, query := range []string{"messages?before=x", "messages?limit=-1", "events?newest=many"} {
		if r := b.do("GET", query, nil); r.status != 400 || r.code() != "bad_request" {
			t.Errorf("%s: %d %s", query, r.status, r.body)
		}
	}
	if r := l.browser().do("GET", "messages", nil); r.status != 401 {
		t.Errorf("without a session: %d", r.status)
	}
}

// TestRepetitionTellsThePlace: a page that has only what came later must not
// show its own old message as one that is being sent.
func TestRepetitionTellsThePlace(t *testing.T) {
	t.Parallel()
	b := newLab(t).browser().makeSession()
	id := clientID(t)
	for _, want := range []string{"<nil>", "1"} {
		if r := b.do("POST", "messages", say(id, "hello")); r.status != 200 || r.field("n") != want {
			t.Errorf("%d %s, want the place %s", r.status, r.body, want)
		}
	}
}
