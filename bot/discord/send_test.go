package discord_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"firstline/bot/chat"
	"firstline/bot/discord"
	"firstline/bot/discord/discordtest"
)

// sender returns a Channel whose Run is not running.
func sender(t *testing.T, base, token string) *discord.Channel {
	t.Helper()
	c, err := discord.New(discord.Options{Token: token, APIBase: base})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestSend(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	c := sender(t, s.URL, s.Token)
	channel := s.AddChannel()
	question := s.UserMentions(channel, "501", "how?")
	out := &chat.Outbound{
		Body:    chat.Join(" ", chat.Plain("*not bold* <@501>"), chat.Styled("bold", chat.Bold)),
		ReplyTo: chat.MessageID(question), Key: "discord/1/answer",
	}
	for i := range 7 {
		out.Choices = append(out.Choices, chat.Choice{Label: fmt.Sprintf("Choice %d %s", i, strings.Repeat("ä", 90)), Data: fmt.Sprintf("choice:%d", i)})
	}
	id, err := c.Send(t.Context(), in(channel), out)
	if err != nil {
		t.Fatal(err)
	}
	again, err := c.Send(t.Context(), in(channel), out)
	if err != nil || again != id {
		t.Errorf("sent again as %q (%v), want %q", again, err, id)
	}
	sent := s.Sent(channel)
	if len(sent) != 1 {
		t.Fatalf("%d messages were sent", len(sent))
	}
	got := sent[0]
	if !strings.HasSuffix(got.Content, "**bold**") || strings.Contains(got.Content, "*not bold* <@501>") {
		t.Errorf("content %q", got.Content)
	}
	if got.ReplyTo != question || got.Flags != 4 || len(got.Buttons) != 7 || got.Buttons[6].CustomID != "choice:6" || got.ID != string(id) {
		t.Errorf("sent %+v", got)
	}
	other := s.AddChannel()
	if _, err := c.Send(t.Context(), in(other), out); err != nil {
		t.Fatal(err)
	}
	if got := s.Sent(other); len(got) != 1 || got[0].ReplyTo != "" {
		t.Errorf("in another channel, where there is nothing to reply to: %+v", got)
	}
}

func TestCapabilities(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	c := sender(t, "", s.Token)
	if got := c.Capabilities(); !got.Idempotent || got.Delete || got.Choices != 25 || got.Limits.Units != 2000 {
		t.Errorf("%+v", got)
	}
	if c.Network() != chat.Discord {
		t.Error(c.Network())
	}
}

func TestSendErrors(t *testing.T) {
	t.Parallel()
	refused := func(status, code int) discordtest.Fault { return discordtest.Refused(status, code, "No") }
	for _, test := range []struct {
		name   string
		fault  discordtest.Fault
		kind   chat.SendKind
		after  time.Duration
		reason string
		sent   int
	}{
		{name: "rate limit", fault: discordtest.RateLimited(7500 * time.Millisecond), kind: chat.Temporary, after: 7500 * time.Millisecond, reason: "rate limit"},
		{name: "global rate limit", fault: discordtest.GloballyRateLimited(time.Minute), kind: chat.Temporary, after: time.Minute, reason: "rate limit"},
		{name: "500", fault: refused(500, 0), kind: chat.Temporary, reason: "HTTP 500"},
		{name: "502 page", fault: discordtest.HTML(502), kind: chat.Temporary, reason: "HTTP 502"},
		{name: "503 page", fault: discordtest.HTML(503), kind: chat.Temporary, reason: "HTTP 503"},
		{name: "403 page", fault: discordtest.HTML(403), kind: chat.Temporary, reason: "without an error of Discord's"},
		{name: "429 page", fault: discordtest.HTML(429), kind: chat.Temporary, after: 5 * time.Second, reason: "rate limit"},
		{name: "dropped before", fault: discordtest.DropsBefore, kind: chat.Unknown, reason: "no answer"},
		{name: "dropped after", fault: discordtest.DropsAfter, kind: chat.Unknown, reason: "no answer", sent: 1},
		{name: "redirect", fault: discordtest.HTML(302), kind: chat.Temporary, reason: "HTTP 302"},
		{name: "closed DM", fault: refused(403, 50007), kind: chat.Unreachable, reason: "no direct messages"},
		{name: "no mutual guild", fault: refused(403, 50278), kind: chat.Unreachable, reason: "share no server"},
		{name: "unknown channel", fault: refused(404, 10003), kind: chat.Unreachable, reason: "gone"},
		{name: "missing access", fault: refused(403, 50001), kind: chat.Unreachable, reason: "can't see"},
		{name: "missing permission", fault: refused(403, 50013), kind: chat.Unreachable, reason: "permission"},
		{name: "AutoMod", fault: refused(400, 200000), kind: chat.Rejected, reason: "AutoMod"},
		{name: "another refusal", fault: refused(400, 12345), kind: chat.Rejected, reason: "HTTP 400: No (code 12345)"},
		{name: "refused token", fault: refused(401, 0), kind: chat.Temporary, reason: "token"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := discordtest.New(t)
			c := sender(t, s.URL, s.Token)
			s.Fail("POST", "/messages", test.fault)
			_, err := c.Send(t.Context(), in(s.DM("501")), &chat.Outbound{Body: chat.Plain("private-words"), Key: "k"})
			se, ok := errors.AsType[*chat.SendError](err)
			if !ok {
				t.Fatalf("error %v (%T)", err, err)
			}
			if se.Kind != test.kind || se.RetryAfter != test.after || !strings.Contains(se.Reason, test.reason) {
				t.Errorf("error %v, want %v after %v: …%s…", se, test.kind, test.after, test.reason)
			}
			checkSecrets(t, s, fmt.Sprintf("%v %+v %#v", err, err, *se))
			if n := len(s.Sent(s.DM("501"))); n != test.sent {
				t.Errorf("%d messages were sent, want %d", n, test.sent)
			}
		})
	}
}

// TestSendAgainAfterUnknownOutcome must not give the person two messages.
func TestSendAgainAfterUnknownOutcome(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	c := sender(t, s.URL, s.Token)
	s.Fail("POST", "/messages", discordtest.DropsAfter, discordtest.DropsBefore)
	out := &chat.Outbound{Body: chat.Plain("once"), Key: "k"}
	for i := range 3 {
		_, err := c.Send(t.Context(), in(s.DM("501")), out)
		if (err == nil) != (i == 2) {
			t.Errorf("attempt %d: %v", i, err)
		}
	}
	if n := len(s.Sent(s.DM("501"))); n != 1 {
		t.Errorf("%d messages were sent", n)
	}
}

func TestSendRejectsByItself(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	c := sender(t, s.URL, s.Token)
	for name, test := range map[string]struct {
		to  chat.ConversationID
		out chat.Outbound
	}{
		"another network":  {chat.ConversationID{Network: chat.Telegram, ID: "5"}, chat.Outbound{Body: chat.Plain("x")}},
		"a path":           {in("../../users/@me"), chat.Outbound{Body: chat.Plain("x")}},
		"no text":          {in(s.DM("501")), chat.Outbound{Body: chat.Plain(" \n")}},
		"too many buttons": {in(s.DM("501")), chat.Outbound{Body: chat.Plain("x"), Choices: make([]chat.Choice, 26)}},
		"too long":         {in(s.DM("501")), chat.Outbound{Body: chat.Plain(strings.Repeat("x", 2001))}},
	} {
		_, err := c.Send(t.Context(), test.to, &test.out)
		if err == nil || chat.AsSendError(err).Kind != chat.Rejected {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := c.Send(t.Context(), in(s.DM("501")), &chat.Outbound{Body: chat.Plain(strings.Repeat("x", 2001))})
	if !strings.Contains(err.Error(), "content: BASE_TYPE_MAX_LENGTH") {
		t.Errorf("%v does not say which field", err)
	}
}

func TestRateLimitIsKept(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	c := sender(t, s.URL, s.Token)
	send := func(user string) error {
		_, err := c.Send(t.Context(), in(s.DM(user)), &chat.Outbound{Body: chat.Plain("x")})
		return err
	}
	s.Fail("POST", "/messages", discordtest.RateLimited(time.Minute))
	for range 3 {
		if err := send("501"); err == nil || chat.AsSendError(err).RetryAfter <= 50*time.Second {
			t.Errorf("error %v", err)
		}
	}
	if n := s.Calls("POST", "/messages"); n != 1 {
		t.Errorf("%d requests into a closed route", n)
	}
	if err := send("502"); err != nil {
		t.Errorf("another channel: %v", err)
	}
	// A short wait is waited.
	s.Fail("POST", "/messages", discordtest.RateLimited(50*time.Millisecond))
	if err := send("503"); err == nil {
		t.Error("the rate limit was not reported")
	}
	if err := send("503"); err != nil {
		t.Errorf("after a short rate limit: %v", err)
	}
	s.Fail("POST", "/messages", discordtest.GloballyRateLimited(time.Minute))
	for _, user := range []string{"504", "505"} {
		if err := send(user); err == nil {
			t.Error("the global rate limit was not kept")
		}
	}
}

func TestSendHonoursContext(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	c := sender(t, s.URL, s.Token)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := c.Send(ctx, in(s.DM("501")), &chat.Outbound{Body: chat.Plain("x")})
	if se := chat.AsSendError(err); err == nil || se.Kind != chat.Temporary {
		t.Errorf("%v", err)
	}
	s.Fail("POST", "/messages", discordtest.RateLimited(2*time.Second))
	_, _ = c.Send(t.Context(), in(s.DM("501")), &chat.Outbound{Body: chat.Plain("x")})
	ctx, cancel = context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	_, err = c.Send(ctx, in(s.DM("501")), &chat.Outbound{Body: chat.Plain("x")})
	if se := chat.AsSendError(err); err == nil || se.Kind != chat.Temporary {
		t.Errorf("while waiting for the rate limit: %v", err)
	}
}

func TestNobodyListens(t *testing.T) {
	t.Parallel()
	c := sender(t, "http://127.0.0.1:1/api/", "token") // a port that nothing is given
	_, err := c.Send(t.Context(), in("5"), &chat.Outbound{Body: chat.Plain("x"), Key: "k"})
	if se := chat.AsSendError(err); err == nil || se.Kind != chat.Temporary {
		t.Errorf("%v", err)
	}
}

func TestTyping(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	c := sender(t, s.URL, s.Token)
	c.Typing(t.Context(), in(s.DM("501")))
	c.Typing(t.Context(), in("5")) // unknown: nothing happens
	c.Typing(t.Context(), in("nonsense"))
	if n := s.Calls("POST", "/typing"); n != 2 {
		t.Errorf("%d requests", n)
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	for _, o := range []discord.Options{
		{},
		{Token: "Bot "},
		{Token: "secret with spaces"},
		{Token: "secret\n"},
		{Token: `"secret"`},
		{Token: "secret", StaffChannel: "#staff"},
		{Token: "secret", StaffChannel: "5", StaffRole: "support"},
		{Token: "secret", StaffChannel: "5", Help: []string{"4", "5"}},
		{Token: "secret", APIBase: "discord.com"},
		{Token: "secret", APIBase: "ftp://discord.com/api/"},
		{Token: "secret", APIBase: "https://user:pass@discord.com/api/"},
	} {
		_, err := discord.New(o)
		if err == nil {
			t.Errorf("%+v was accepted", o)
		} else if strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "pass") {
			t.Errorf("a secret is in %q", err)
		}
	}
}
