package storetest

import (
	"fmt"
	"sync"
	"testing"

	"firstline/bot/chat"
	"firstline/bot/web/weblog"
)

var webTests = []test{
	{"sessions", testWebSessions},
	{"identities", testWebIdentities},
	{"appending", testWebAppend},
	{"receiving", testWebReceive},
	{"pressing", testWebPress},
	{"editing and deleting", testWebChanges},
	{"versions", testWebVersions},
	{"pages", testWebPages},
	{"uploads", testWebUploads},
	{"texts", testWebText},
}

func addSession(t *testing.T, s Store, id string) {
	t.Helper()
	if err := s.AddWebSession(t.Context(), id, "key of "+id, start); err != nil {
		t.Fatalf("AddWebSession: %v", err)
	}
}

func appendWeb(t *testing.T, s Store, session, key string, out chat.Outbound) chat.MessageID {
	t.Helper()
	id, err := s.AppendWeb(t.Context(), session, key, &out, at(5))
	if err != nil || id == "" {
		t.Fatalf("AppendWeb: %q, %v", id, err)
	}
	return id
}

func webLog(t *testing.T, s Store, session string, after int64) []weblog.Message {
	t.Helper()
	all, err := s.WebMessages(t.Context(), session, after, 1000)
	if err != nil {
		t.Fatalf("WebMessages: %v", err)
	}
	return all
}

// fromWeb returns a message that a browser sent under an id of its own.
func fromWeb(session, id, text string) *chat.Message {
	event := weblog.Event(session, id)
	return &chat.Message{
		Event: event, ID: weblog.OwnID(event), Conversation: conversation(chat.Web, session),
		From: chat.Person{ID: session}, Private: true, Addressed: true, Text: text, SentAt: start,
	}
}

func testWebSessions(t *testing.T, s Store) {
	addSession(t, s, "s1")
	addSession(t, s, "s2")
	got, err := s.WebSessionByKey(t.Context(), "key of s1")
	if err != nil {
		t.Fatal(err)
	}
	same(t, "session", got, weblog.Session{ID: "s1", CreatedAt: start})
	for _, key := range []string{"", "s1", "key of s", "key of s1 "} {
		_, err := s.WebSessionByKey(t.Context(), key)
		wantErr(t, fmt.Sprintf("key %q", key), err, weblog.ErrNotFound)
	}
	if err := s.AddWebSession(t.Context(), "s1", "another key", start); err == nil {
		t.Error("a session was made twice")
	}
	_, err = s.WebSessionByKey(t.Context(), "another key")
	wantErr(t, "key of a refused session", err, weblog.ErrNotFound)
}

func testWebIdentities(t *testing.T, s Store) {
	addSession(t, s, "anonymous")
	_, err := s.WebSessionOf(t.Context(), "ann")
	wantErr(t, "before", err, weblog.ErrNotFound)
	_, err = s.WebSessionOf(t.Context(), "")
	wantErr(t, "nobody", err, weblog.ErrNotFound)
	if _, err := s.AddWebSessionOf(t.Context(), "", "x", start); err == nil {
		t.Error("nobody got a session")
	}
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			if _, err := s.AddWebSessionOf(t.Context(), "ann", fmt.Sprint("a", i), start); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	first, err := s.WebSessionOf(t.Context(), "ann")
	if err != nil || first.Identity != "ann" {
		t.Fatalf("session %+v, %v", first, err)
	}
	again, err := s.AddWebSessionOf(t.Context(), "ann", "later", at(9))
	if err != nil {
		t.Fatal(err)
	}
	same(t, "the same session", again, first)
	other, err := s.AddWebSessionOf(t.Context(), "bob", "b", start)
	if err != nil || other.ID != "b" {
		t.Errorf("bob: %+v, %v", other, err)
	}
}

func testWebAppend(t *testing.T, s Store) {
	addSession(t, s, "s1")
	addSession(t, s, "s2")
	out := chat.Outbound{
		Body:    chat.Rich{Text: "Hello there", Spans: []chat.Span{{End: 5, Style: chat.Link, URL: "https://a.example/"}}},
		Choices: []chat.Choice{{Label: "Yes", Data: "y"}},
	}
	id := appendWeb(t, s, "s1", "k1", out)
	same(t, "the same key", appendWeb(t, s, "s1", "k1", chat.Outbound{Body: chat.Plain("other")}), id)
	second := appendWeb(t, s, "s1", "k2", chat.Outbound{Body: chat.Plain("second")})
	appendWeb(t, s, "s2", "k1", chat.Outbound{Body: chat.Plain("elsewhere")})
	same(t, "log", webLog(t, s, "s1", 0), []weblog.Message{
		{ID: id, Position: 1, Version: 1, Author: weblog.Team, Body: out.Body, Choices: out.Choices, At: at(5)},
		{ID: second, Position: 2, Version: 2, Author: weblog.Team, Body: chat.Plain("second"), At: at(5)},
	})
	one, err := s.WebMessage(t.Context(), "s1", id)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "one message", one, webLog(t, s, "s1", 0)[0])
	_, err = s.WebMessage(t.Context(), "s2", second)
	wantErr(t, "another session's message", err, weblog.ErrNotFound)
	_, err = s.AppendWeb(t.Context(), "s3", "k", &out, start)
	wantErr(t, "an unknown session", err, weblog.ErrNotFound)
	if all, err := s.WebMessages(t.Context(), "s1", 0, 1); err != nil || len(all) != 1 || all[0].ID != id {
		t.Errorf("the first only: %d, %v", len(all), err)
	}
}

func testWebReceive(t *testing.T, s Store) {
	addSession(t, s, "s1")
	m := fromWeb("s1", "client-1", "question")
	receive(t, s, m)
	for range 2 {
		if n, err := s.AddMessages(t.Context(), []*chat.Message{m}, at(9)); err != nil || n != 0 {
			t.Fatalf("again: %d, %v", n, err)
		}
	}
	receive(t, s, fromWeb("nobody", "client-1", "x"), message(tg, "s1", "telegram's"))
	same(t, "log", webLog(t, s, "s1", 0), []weblog.Message{
		{ID: "uclient-1", Position: 1, Version: 1, Author: weblog.Asker, Body: chat.Plain("question"), At: start},
	})
	same(t, "nobody's log", len(webLog(t, s, "nobody", 0)), 0)
	// A batch that fails leaves neither log nor inbox.
	bad := []*chat.Message{fromWeb("s1", "client-2", "lost?"), {Event: "x"}}
	if _, err := s.AddMessages(t.Context(), bad, start); err == nil {
		t.Error("a bad batch was added")
	}
	same(t, "after a bad batch", len(webLog(t, s, "s1", 0)), 1)
}

func testWebPress(t *testing.T, s Store) {
	addSession(t, s, "s1")
	choices := []chat.Choice{{Label: "Yes", Data: "y"}, {Label: "No", Data: "n"}}
	holder := appendWeb(t, s, "s1", "k", chat.Outbound{Body: chat.Plain("?"), Choices: choices})
	press := func(id, data string, on chat.MessageID) {
		m := fromWeb("s1", id, "")
		m.ID, m.Choice = on, data
		receive(t, s, m)
	}
	press("client-1", "n", holder)
	press("client-2", "y", holder)     // from another tab: kept, the mark stays
	press("client-3", "guess", holder) // nothing to show
	press("client-4", "y", "t99")
	same(t, "log", webLog(t, s, "s1", 0), []weblog.Message{
		{ID: holder, Position: 1, Version: 2, Author: weblog.Team, Body: chat.Plain("?"), Choices: choices, Used: "n", At: at(5)},
		{ID: "uclient-1", Position: 3, Version: 3, Author: weblog.Asker, Body: chat.Plain("No"), At: start},
		{ID: "uclient-2", Position: 4, Version: 4, Author: weblog.Asker, Body: chat.Plain("Yes"), At: start},
	})
}

func testWebChanges(t *testing.T, s Store) {
	ctx := t.Context()
	addSession(t, s, "s1")
	id := appendWeb(t, s, "s1", "k", chat.Outbound{Body: chat.Plain("one")})
	edit := func(text string) {
		t.Helper()
		if err := s.EditWeb(ctx, "s1", id, &chat.Outbound{Body: chat.Plain(text)}); err != nil {
			t.Fatal(err)
		}
	}
	edit("two")
	edit("two") // reads so already
	m := fromWeb("s1", "client-1", "secret")
	m.Attachments = []chat.Attachment{{Kind: "photo", Ref: "f"}}
	receive(t, s, m)
	for range 2 {
		if err := s.DeleteWeb(ctx, "s1", "uclient-1"); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.DeleteWeb(ctx, "s1", "never"); err != nil {
		t.Errorf("deleting what is not there: %v", err)
	}
	want := []weblog.Message{
		{ID: id, Position: 1, Version: 2, Author: weblog.Team, Body: chat.Plain("two"), At: at(5), Edited: true},
		{ID: "uclient-1", Position: 3, Version: 4, Author: weblog.Asker, At: start, Deleted: true},
	}
	same(t, "log", webLog(t, s, "s1", 0), want)
	same(t, "after the edit", webLog(t, s, "s1", 2), want[1:])
	if err := s.DeleteWeb(ctx, "s1", id); err != nil {
		t.Fatal(err)
	}
	edit("three") // gone stays gone
	if got := webLog(t, s, "s1", 4); len(got) != 1 || !got[0].Deleted || got[0].Body.Text != "" {
		t.Errorf("after the deletion: %+v", got)
	}
	wantErr(t, "editing nothing", s.EditWeb(ctx, "s1", "t99", &chat.Outbound{}), weblog.ErrNotFound)
}

// testWebVersions: readers that follow by version miss nothing of what several
// writers write at once, and see versions only grow.
func testWebVersions(t *testing.T, s Store) {
	addSession(t, s, "s1")
	const writers, each = 4, 25
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				out := chat.Outbound{Body: chat.Plain("x")}
				if _, err := s.AppendWeb(t.Context(), "s1", fmt.Sprint(w, "/", i), &out, start); err != nil {
					t.Error(err)
				}
			}
		})
	}
	seen, last := map[chat.MessageID]bool{}, int64(0)
	for len(seen) < writers*each && !t.Failed() {
		all, err := s.WebMessages(t.Context(), "s1", last, 7)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range all {
			if m.Version <= last || seen[m.ID] {
				t.Fatalf("version %d of %s after %d", m.Version, m.ID, last)
			}
			last, seen[m.ID] = m.Version, true
		}
	}
	wg.Wait()
}

// testWebPages: pages hold every message once, by place, as it reads now.
func testWebPages(t *testing.T, s Store) {
	addSession(t, s, "s1")
	addSession(t, s, "s2")
	page := func(before int64, limit int) (all []weblog.Message) {
		t.Helper()
		all, err := s.WebPage(t.Context(), "s1", before, limit)
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	same(t, "an empty page", len(page(0, 5)), 0)
	var ids []chat.MessageID
	for i := range 7 {
		ids = append(ids, appendWeb(t, s, "s1", fmt.Sprint(i), chat.Outbound{Body: chat.Plain(fmt.Sprint(i))}))
		appendWeb(t, s, "s2", fmt.Sprint(i), chat.Outbound{Body: chat.Plain("elsewhere")})
	}
	if err := s.EditWeb(t.Context(), "s1", ids[1], &chat.Outbound{Body: chat.Plain("changed")}); err != nil {
		t.Fatal(err)
	}
	var seen []string
	for before := int64(0); ; {
		all := page(before, 3)
		if len(all) == 0 {
			break
		}
		for i := range all {
			m := all[len(all)-1-i]
			seen = append(seen, m.Body.Text)
			if before != 0 && m.Position >= before {
				t.Errorf("place %d is not before %d", m.Position, before)
			}
			before = m.Position
		}
	}
	same(t, "all pages from the end", seen, []string{"6", "5", "4", "3", "2", "changed", "0"})
	same(t, "nothing of nothing", len(page(0, 0)), 0)
}

func testWebUploads(t *testing.T, s Store) {
	ctx := t.Context()
	addSession(t, s, "s1")
	addSession(t, s, "s2")
	add := func(id, session, hash string, seconds int) weblog.Upload {
		t.Helper()
		u := weblog.Upload{ID: id, Session: session, Hash: hash, Type: "image/png", Size: 100, At: at(seconds)}
		if err := s.AddWebUpload(ctx, u); err != nil {
			t.Fatal(err)
		}
		return u
	}
	kept := add("f1", "s1", "aa", 0)
	add("f2", "s1", "aa", 0)
	add("f3", "s1", "bb", 0)
	add("f4", "s2", "cc", 90)
	got, err := s.WebUpload(ctx, "s1", "f1")
	if err != nil {
		t.Fatal(err)
	}
	same(t, "upload", got, kept)
	_, err = s.WebUpload(ctx, "s2", "f1")
	wantErr(t, "another session's upload", err, weblog.ErrNotFound)
	if n, err := s.WebUploaded(ctx, "s1"); err != nil || n != 300 {
		t.Errorf("uploaded %d, %v", n, err)
	}
	m := fromWeb("s1", "client-1", "look")
	m.Attachments = []chat.Attachment{{Kind: "photo", Ref: "f1", Size: 100, Name: "a.png"}, {Kind: "photo", Ref: "f4"}}
	receive(t, s, m)
	if got, _ := s.WebUpload(ctx, "s1", "f1"); got.Message != "uclient-1" {
		t.Errorf("the upload came with %q", got.Message)
	}
	if got, _ := s.WebUpload(ctx, "s2", "f4"); got.Message != "" {
		t.Error("another session's upload was taken")
	}
	same(t, "files in the log", webLog(t, s, "s1", 0)[0].Files, m.Attachments)
	unused, err := s.PurgeWebUploads(ctx, at(60))
	if err != nil {
		t.Fatal(err)
	}
	same(t, "unused", unused, []string{"bb"}) // aa is still f1's, f4 is too new
	_, err = s.WebUpload(ctx, "s1", "f2")
	wantErr(t, "a purged upload", err, weblog.ErrNotFound)
}

func testWebText(t *testing.T, s Store) {
	addSession(t, s, "s1")
	receive(t, s, fromWeb("s1", "client-1", "a\x00b\xff"))
	appendWeb(t, s, "s1", "k\x00", chat.Outbound{Body: chat.Plain("a\x00b")})
	appendWeb(t, s, "s1", "k\x00", chat.Outbound{Body: chat.Plain("again")})
	got := webLog(t, s, "s1", 0)
	if len(got) != 2 || got[0].Body.Text != "a\uFFFDb\uFFFD" || got[1].Body.Text != "a\uFFFDb" {
		t.Errorf("log %+v", got)
	}
}
