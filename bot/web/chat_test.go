package web_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"firstline/bot/chat"
	"firstline/bot/web"
)

func TestConversation(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	b := l.browser()
	if got := b.do("GET", "session", nil); got.status != 200 || got.field("session") != "" {
		t.Fatalf("before: %d %s", got.status, got.body)
	}
	b.makeSession()
	own := b.says("where is my <deposit>?")
	live := b.stream(-1, "")
	before, _ := live.until("ready")
	if texts(before) != "where is my <deposit>?" || before[0].data["id"] != own || before[0].data["by"] != "asker" {
		t.Errorf("log %v", before)
	}
	id := b.hears("k1", "It is on its way.", chat.Choice{Label: "Thanks", Data: "ok"})
	if again := b.hears("k1", "It is on its way."); again != id {
		t.Errorf("the same key made %s after %s", again, id)
	}
	_, e := live.until("message")
	if e.text() != "It is on its way." || e.data["by"] != "team" || e.data["id"] != string(id) {
		t.Errorf("got %v", e)
	}
	l.ch.Typing(t.Context(), b.conversation())
	live.until("typing")
	if err := l.ch.Edit(t.Context(), b.conversation(), id, &chat.Outbound{Body: chat.Plain("It has arrived.")}); err != nil {
		t.Fatal(err)
	}
	if _, e := live.until("message"); e.text() != "It has arrived." || e.data["edited"] != true || e.data["id"] != string(id) {
		t.Errorf("edited: %v", e)
	}
	if err := l.ch.Delete(t.Context(), b.conversation(), chat.MessageID(own)); err != nil {
		t.Fatal(err)
	}
	if _, e := live.until("message"); e.data["deleted"] != true || e.data["id"] != own || e.text() != "" {
		t.Errorf("deleted: %v", e)
	}
	if all := b.log(); texts(all) != "It has arrived.|" {
		t.Errorf("a reload shows %q", texts(all))
	}
}

// TestRetriedPost: the same post again, also at once and after a restart, is one
// message.
func TestRetriedPost(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	b := l.browser().makeSession()
	m := say(clientID(t), "once")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if r := b.do("POST", "messages", m); r.status != 200 {
				t.Errorf("%d %s", r.status, r.body)
			}
		})
	}
	wg.Wait()
	l.stop()
	l.open()
	if r := b.do("POST", "messages", m); r.status != 200 {
		t.Errorf("after a restart: %d %s", r.status, r.body)
	}
	if all := b.log(); texts(all) != "once" {
		t.Errorf("log %q", texts(all))
	}
	items, err := l.store.TakeMessages(t.Context(), []chat.Network{chat.Web}, 10, time.Now(), time.Minute)
	n := 0
	for _, i := range items {
		if i.Message.Conversation == b.conversation() {
			n++
		}
	}
	if err != nil || n != 1 {
		t.Errorf("%d messages in the inbox, %v", n, err)
	}
}

func TestPress(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	b := l.browser().makeSession()
	id := b.hears("k", "Which one?", chat.Choice{Label: "First", Data: "a"}, chat.Choice{Label: "Second", Data: "b"})
	press := func(data string, on chat.MessageID) response {
		return b.do("POST", "messages", object{"id": clientID(t), "choice": object{"message": on, "data": data}})
	}
	for _, guess := range []string{"c", "ra:1:5", "hu"} {
		if r := press(guess, id); r.status != 409 || r.code() != "choice_gone" {
			t.Errorf("guessed %q: %d %s", guess, r.status, r.body)
		}
	}
	if r := press("a", "t999"); r.status != 409 {
		t.Errorf("on no message: %d", r.status)
	}
	if r := press("b", id); r.status != 200 {
		t.Fatalf("%d %s", r.status, r.body)
	}
	if r := press("a", id); r.status != 409 {
		t.Errorf("a second choice: %d", r.status)
	}
	all := b.log()
	if texts(all) != "Which one?|Second" || all[0].data["choices"] != nil {
		t.Errorf("log %v", all)
	}
	if !strings.Contains(l.log.String(), "a choice that is not there") {
		t.Error("guesses are not logged")
	}
}

// TestStreams: reloads, other tabs, lost connections, restarts, a database from
// a backup: everybody sees everything once.
func TestStreams(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	b := l.browser().makeSession()
	for n := range 250 {
		b.hears(fmt.Sprint("k", n), fmt.Sprint("line ", n))
	}
	first, second := b.stream(-1, ""), b.stream(0, "")
	got, _ := first.until("ready")
	if len(got) != 250 {
		t.Fatalf("%d messages, want 250", len(got))
	}
	last := int64(0)
	for _, e := range got {
		if e.id <= last {
			t.Fatalf("id %d after %d", e.id, last)
		}
		last = e.id
	}
	second.until("ready")
	b.hears("new", "for all tabs")
	for name, s := range map[string]*stream{"first": first, "second": second} {
		if _, e := s.until("message"); e.text() != "for all tabs" || e.id != last+1 {
			t.Errorf("%s tab: %v", name, e)
		}
	}
	first.close()
	b.hears("away", "while away")
	if missed, _ := b.stream(last, "").until("ready"); texts(missed) != "for all tabs|while away" {
		t.Errorf("after a lost connection: %q", texts(missed))
	}
	if missed, _ := b.stream(-1, fmt.Sprintf("?once=1&after=%d", last+1)).until("ready"); texts(missed) != "while away" {
		t.Errorf("with ?after=: %q", texts(missed))
	}
	l.stop()
	l.open()
	if missed, _ := b.stream(last+1, "").until("ready"); texts(missed) != "while away" {
		t.Errorf("after a restart: %q", texts(missed))
	}
	b.hears("later", "later")
	if missed, _ := b.stream(last+2, "").until("ready"); texts(missed) != "later" || missed[0].id != last+3 {
		t.Errorf("numbers after a restart: %v", missed)
	}
	all, _ := b.stream(last+1000, "").until("ready")
	if all[0].name != "reset" || len(all) != 254 {
		t.Errorf("with a version from the future: %d events, first %q", len(all), all[0].name)
	}
	if r := b.do("GET", "events?after=x", nil); r.status != 400 {
		t.Errorf("?after=x: %d", r.status)
	}
}

// TestStreamOutlivesTimeouts: the server's timeouts are 300 ms.
func TestStreamOutlivesTimeouts(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	b := l.browser().makeSession()
	l.stop()
	l.timeout = 300 * time.Millisecond
	l.open(func(o *web.Options) { o.Heartbeat = 20 * time.Millisecond })
	s := b.stream(-1, "")
	s.until("ready")
	beats := 0
	for start := time.Now(); time.Since(start) < 900*time.Millisecond; beats++ {
		if !s.lines.Scan() {
			t.Fatalf("the stream ended after %s", time.Since(start))
		}
	}
	b.hears("k", "still there")
	if _, e := s.until("message"); e.text() != "still there" || beats < 10 {
		t.Errorf("%v after %d heartbeats", e, beats)
	}
	// What is written by another process has no bell, and is found all the same.
	if _, err := l.store.AppendWeb(t.Context(), b.session, "other", &chat.Outbound{Body: chat.Plain("unheard")}, time.Now()); err != nil {
		t.Fatal(err)
	}
	if _, e := s.until("message"); e.text() != "unheard" {
		t.Errorf("%v", e)
	}
}

func TestTooManyTabs(t *testing.T) {
	t.Parallel()
	l := newLab(t, func(o *web.Options) { o.Streams = 2 })
	b := l.browser().makeSession()
	oldest := b.stream(-1, "")
	oldest.until("ready")
	for range 2 {
		b.stream(-1, "").until("ready")
	}
	oldest.until("end")
	if _, ok := oldest.next(); ok {
		t.Error("a replaced stream goes on")
	}
}

func TestBeforeAndAfterRunning(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	b := l.browser().makeSession()
	idle, err := web.New(web.Options{
		Store: l.store, Dir: t.TempDir(), Languages: []string{"en"}, Fallback: "en", Text: nil,
	})
	if err != nil {
		t.Fatal(err)
	}
	l.server.Config.Handler = idle.Handler()
	r := b.do("POST", "messages", say(clientID(t), "anybody?"))
	if r.status != 503 || r.code() != "unavailable" || r.header.Get("Retry-After") == "" {
		t.Errorf("%d %s", r.status, r.body)
	}
	if all := b.log(); len(all) != 0 {
		t.Errorf("a refused message is in the log: %v", all)
	}
}

func TestSendErrors(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	b := l.browser().makeSession()
	body := func(text string) *chat.Outbound { return &chat.Outbound{Body: chat.Plain(text), Key: "k"} }
	nobody := chat.ConversationID{Network: chat.Web, ID: "nobody"}
	for name, c := range map[string]struct {
		err  error
		want chat.SendKind
	}{
		"another network":    {second(l.ch.Send(t.Context(), chat.ConversationID{Network: chat.Telegram, ID: "1"}, body("x"))), chat.Rejected},
		"an unknown session": {second(l.ch.Send(t.Context(), nobody, body("x"))), chat.Unreachable},
		"an empty message":   {second(l.ch.Send(t.Context(), b.conversation(), body(" \n"))), chat.Rejected},
		"editing nothing":    {l.ch.Edit(t.Context(), b.conversation(), "t9", body("x")), chat.Unreachable},
	} {
		if se, ok := errors.AsType[*chat.SendError](c.err); !ok || se.Kind != c.want {
			t.Errorf("%s: %v, want %s", name, c.err, c.want)
		}
	}
	if err := l.ch.Delete(t.Context(), b.conversation(), "t9"); err != nil {
		t.Errorf("deleting nothing: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := l.ch.Send(ctx, b.conversation(), body("x"))
	if se := chat.AsSendError(err); se.Kind != chat.Temporary {
		t.Errorf("with the time over: %v", err)
	}
}

func second(_ chat.MessageID, err error) error { return err }
