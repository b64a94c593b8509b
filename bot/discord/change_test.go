package discord_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"firstline/bot/chat"
	"firstline/bot/discord/discordtest"
)

func TestEdit(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	c := sender(t, s.URL, s.Token)
	channel := s.AddChannel()
	id, err := c.Send(t.Context(), in(channel), &chat.Outbound{
		Body: chat.Plain("before"), Choices: []chat.Choice{{Label: "A", Data: "a"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // reading so already is no error
		err = c.Edit(t.Context(), in(channel), id, &chat.Outbound{Body: chat.Plain("after <@501> @everyone")})
		if err != nil {
			t.Fatal(err)
		}
	}
	now, _ := s.Message(channel, string(id))
	if !strings.HasPrefix(now.Content, "after") || len(now.Buttons) != 0 {
		t.Errorf("%+v", now)
	}
	person := s.UserPosts(channel, "501", "mine")
	for name, test := range map[string]struct {
		id   chat.MessageID
		out  chat.Outbound
		kind chat.SendKind
	}{
		"somebody else's": {chat.MessageID(person), chat.Outbound{Body: chat.Plain("x")}, chat.Rejected},
		"gone":            {"5", chat.Outbound{Body: chat.Plain("x")}, chat.Gone},
		"a command":       {"i:5", chat.Outbound{Body: chat.Plain("x")}, chat.Rejected},
		"empty":           {id, chat.Outbound{}, chat.Rejected},
	} {
		if err := c.Edit(t.Context(), in(channel), test.id, &test.out); err == nil || chat.AsSendError(err).Kind != test.kind {
			t.Errorf("%s: %v", name, err)
		}
	}
	s.Fail("PATCH", "/messages/", discordtest.RateLimited(time.Minute))
	for range 2 {
		err := c.Edit(t.Context(), in(channel), id, &chat.Outbound{Body: chat.Plain("x")})
		if e := chat.AsSendError(err); e == nil || e.Kind != chat.Temporary || e.RetryAfter < 50*time.Second {
			t.Errorf("limited: %v", err)
		}
	}
	if n := s.Calls("PATCH", channel); n != 5 { // all edits of a channel share a limit; sending has another
		t.Errorf("%d requests", n)
	}
	if _, err := c.Send(t.Context(), in(channel), &chat.Outbound{Body: chat.Plain("x")}); err != nil {
		t.Error(err)
	}
}

func TestDelete(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	c := sender(t, s.URL, s.Token)
	channel := s.AddChannel()
	own, err := c.Send(t.Context(), in(channel), &chat.Outbound{Body: chat.Plain("x")})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // deleting what is gone is no error
		if err := c.Delete(t.Context(), in(channel), own); err != nil {
			t.Error(err)
		}
	}
	if err := c.Delete(t.Context(), in("5"), own); err != nil {
		t.Errorf("in a channel that is gone: %v", err)
	}
	person := chat.MessageID(s.UserPosts(channel, "501", "my seed phrase"))
	err = c.Delete(t.Context(), in(channel), person)
	if e := chat.AsSendError(err); e == nil || e.Kind != chat.Rejected || !strings.Contains(e.Reason, "Manage Messages") {
		t.Errorf("without the permission: %v", err)
	}
	s.SetBotPermissions(1 << 13)
	if err := c.Delete(t.Context(), in(channel), person); err != nil {
		t.Error(err)
	}
	if _, there := s.Message(channel, string(person)); there {
		t.Error("the message is still there")
	}
	direct := chat.MessageID(s.UserDMs("501", "x"))
	err = c.Delete(t.Context(), in(s.DM("501")), direct)
	if e := chat.AsSendError(err); e == nil || e.Kind != chat.Rejected || !strings.Contains(e.Reason, "direct message") {
		t.Errorf("a direct message: %v", err)
	}
}

func TestArchivedThreadIsOpened(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	c := sender(t, s.URL, s.Token)
	thread := s.AddThread()
	out := &chat.Outbound{Body: chat.Plain("an agent's words"), Key: "k"}
	s.Archive(thread, false)
	id, err := c.Send(t.Context(), in(thread), out)
	if err != nil || s.Archived(thread) || len(s.Sent(thread)) != 1 {
		t.Fatalf("%v, %d sent", err, len(s.Sent(thread)))
	}
	s.Archive(thread, false)
	if err := c.Edit(t.Context(), in(thread), id, &chat.Outbound{Body: chat.Plain("other words")}); err != nil {
		t.Error(err)
	}
	s.Archive(thread, true)
	s.SetBotPermissions(1 << 34)
	if err := c.Delete(t.Context(), in(thread), id); err != nil {
		t.Error(err)
	}
	s.Archive(thread, false)
	s.Fail("PATCH", "/channels/"+thread, discordtest.HTML(502))
	out.Key = "2"
	if _, err := c.Send(t.Context(), in(thread), out); err == nil || chat.AsSendError(err).Kind != chat.Temporary {
		t.Errorf("while opening fails: %v", err)
	}
}

// TestHangingSend: Discord has the message and says nothing.
func TestHangingSend(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	c := sender(t, s.URL, s.Token)
	s.Fail("POST", "/messages", discordtest.Hangs)
	out := &chat.Outbound{Body: chat.Plain("once"), Key: "k"}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() {
		s.WaitCalls(t, "POST", "/messages", 1)
		cancel()
	}()
	if _, err := c.Send(ctx, in(s.DM("501")), out); err == nil || chat.AsSendError(err).Kind != chat.Unknown {
		t.Errorf("%v", err)
	}
	if _, err := c.Send(t.Context(), in(s.DM("501")), out); err != nil || len(s.Sent(s.DM("501"))) != 1 {
		t.Errorf("%v, %d sent", err, len(s.Sent(s.DM("501"))))
	}
}

// TestHostileText goes both ways unharmed and pings nobody (the server finds
// that).
func TestHostileText(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	b := start(t, s, nil, nil, setup{})
	b.waitLog(t, "discord: connected")
	texts := []string{
		"a < b > c && <script>alert(1)</script>", "snake_case_name __init__", "@everyone @here", "<@501> <@&5> <#5> </ask:5> <t:0:R>",
		"`code` ``` fence", "*bold* **b** ~~s~~ ||spoiler|| > quote\n# heading\n-# small\n- list\n1. one",
		"zero\u200bwidth\u200d\u2060\ufeff", "\u202eright to left\u202c", "مرحبا بالعالم <b>", "[text](https://example.com) <https://example.com>",
		"\\ back\\slash \\*", ":smile: <:x:1>", "👩‍👩‍👧‍👦 é é",
	}
	for i, text := range texts {
		user := "9" + string(rune('a'+i))
		discordtest.SetName(user, text)
		s.UserDMs(user, text)
		got := b.inbox.wait(t, i+1)[i]
		if got.Text != text || got.From.Name != text {
			t.Errorf("%q arrived as %q of %q", text, got.Text, got.From.Name)
		}
		id := b.send(t, s.DM(user), text)
		sent, _ := s.Message(s.DM(user), string(id))
		if shown := unescaped(sent.Content); shown != text {
			t.Errorf("%q is shown as %q (%q)", text, shown, sent.Content)
		}
		if strings.Contains(strings.ReplaceAll(sent.Content, "\\<", ""), "<@") || strings.Contains(strings.ReplaceAll(sent.Content, "\\@", ""), "@everyone") {
			t.Errorf("%q could ping", sent.Content)
		}
		out := &chat.Outbound{Body: chat.Plain("choose"), Choices: []chat.Choice{{Label: text, Data: "x"}}}
		if _, err := b.Send(t.Context(), in(s.DM(user)), out); err != nil {
			t.Errorf("as a button: %v", err)
		}
	}
}

// unescaped is what Discord shows of text in which everything is escaped.
func unescaped(text string) string {
	var out strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' && i+1 < len(text) && strings.IndexByte("\\*_~`|<>[]@:#-+.()", text[i+1]) >= 0 {
			i++
		}
		out.WriteByte(text[i])
	}
	return out.String()
}
