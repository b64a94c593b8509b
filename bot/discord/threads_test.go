package discord_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"firstline/bot/chat"
	"firstline/bot/discord"
	"firstline/bot/discord/discordtest"
)

// staffSender returns a Channel with a room for staff whose Run is not running,
// and a card there.
func staffSender(t *testing.T, s *discordtest.Server) (c *discord.Channel, staff string, card chat.MessageID) {
	t.Helper()
	staff = s.AddChannel()
	c, err := discord.New(discord.Options{Token: s.Token, APIBase: s.URL, StaffChannel: staff})
	if err != nil {
		t.Fatal(err)
	}
	if card, err = c.Send(t.Context(), in(staff), &chat.Outbound{Body: chat.Plain("card")}); err != nil {
		t.Fatal(err)
	}
	return c, staff, card
}

func TestOpen(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	c, staff, card := staffSender(t, s)
	for range 3 { // the same thread, however often
		got, err := c.Open(t.Context(), in(staff), card, "#7 deposit missing")
		if err != nil || got != in(string(card)) {
			t.Fatalf("%v, %v", got, err)
		}
	}
	if name, parent, ok := s.Thread(string(card)); !ok || name != "#7 deposit missing" || parent != staff {
		t.Errorf("%q below %s, %t", name, parent, ok)
	}
	s.Archive(string(card), false)
	if got, err := c.Open(t.Context(), in(staff), card, "x"); err != nil || got != in(string(card)) {
		t.Errorf("when it is archived: %v, %v", got, err)
	}
	if _, err := c.Send(t.Context(), in(string(card)), &chat.Outbound{Body: chat.Plain("the question")}); err != nil || len(s.Sent(string(card))) != 1 {
		t.Errorf("%v, sent %+v", err, s.Sent(string(card)))
	}
}

// TestOpenAfterUnknownOutcome: Discord has begun the thread, and nobody heard.
func TestOpenAfterUnknownOutcome(t *testing.T) {
	t.Parallel()
	for _, fault := range []discordtest.Fault{discordtest.DropsAfter, discordtest.DropsBefore, discordtest.Truncated} {
		s := discordtest.New(t)
		c, staff, card := staffSender(t, s)
		s.Fail("POST", "/threads", fault)
		if _, err := c.Open(t.Context(), in(staff), card, "#7"); err == nil || chat.AsSendError(err).Kind != chat.Unknown {
			t.Errorf("%v", err)
		}
		if fault == discordtest.DropsAfter {
			s.Fail("GET", "/channels/"+string(card), discordtest.HTML(502)) // which thread it is can't be told yet
			if _, err := c.Open(t.Context(), in(staff), card, "#7"); err == nil || chat.AsSendError(err).Kind != chat.Temporary {
				t.Errorf("%v", err)
			}
		}
		got, err := c.Open(t.Context(), in(staff), card, "#7")
		if _, _, ok := s.Thread(string(card)); err != nil || got != in(string(card)) || !ok {
			t.Errorf("%v, %v", got, err)
		}
	}
}

func TestOpenErrors(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		fault  discordtest.Fault
		kind   chat.SendKind
		after  time.Duration
		reason string
	}{
		{name: "rate limit", fault: discordtest.RateLimited(time.Minute), kind: chat.Temporary, after: time.Minute, reason: "rate limit"},
		{name: "message deleted", fault: discordtest.Refused(404, 10008, "Unknown Message"), kind: chat.Gone, reason: "deleted"},
		{name: "channel deleted", fault: discordtest.Refused(404, 10003, "Unknown Channel"), kind: chat.Unreachable, reason: "gone"},
		{name: "no permission", fault: discordtest.Refused(403, 50013, "Missing Permissions"), kind: chat.Unreachable, reason: "Create Public Threads"},
		{name: "hidden", fault: discordtest.Refused(403, 50001, "Missing Access"), kind: chat.Unreachable, reason: "View Channel and Create Public Threads"},
		{name: "too many threads", fault: discordtest.Refused(400, 160006, "Maximum number of active threads reached"), kind: chat.Temporary, after: 5 * time.Minute, reason: "archive some"},
		{name: "a page", fault: discordtest.HTML(403), kind: chat.Temporary, reason: "HTTP 403"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := discordtest.New(t)
			c, staff, card := staffSender(t, s)
			s.Fail("POST", "/threads", test.fault)
			_, err := c.Open(t.Context(), in(staff), card, "private-words")
			if e := chat.AsSendError(err); err == nil || e.Kind != test.kind || e.RetryAfter != test.after || !strings.Contains(e.Reason, test.reason) {
				t.Errorf("%v after %v, want %v after %v", err, e.RetryAfter, test.kind, test.after)
			}
			checkSecrets(t, s, err.Error())
		})
	}
}

// TestOpenLimitedIsKept: thread after thread on different messages share a limit.
func TestOpenLimitedIsKept(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	c, staff, card := staffSender(t, s)
	second, err := c.Send(t.Context(), in(staff), &chat.Outbound{Body: chat.Plain("another card")})
	if err != nil {
		t.Fatal(err)
	}
	s.Fail("POST", "/threads", discordtest.RateLimited(time.Minute))
	for _, on := range []chat.MessageID{card, second} {
		if _, err := c.Open(t.Context(), in(staff), on, "x"); err == nil || chat.AsSendError(err).RetryAfter < 50*time.Second {
			t.Errorf("%v", err)
		}
	}
	if n := s.Calls("POST", "/threads"); n != 1 {
		t.Errorf("%d requests into a closed route", n)
	}
}

func TestOpenRejects(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	c, staff, card := staffSender(t, s)
	for _, test := range []struct {
		in chat.ConversationID
		on chat.MessageID
	}{
		{in(staff), ""}, {in(staff), "i:5"}, {in("../5"), card}, {chat.ConversationID{Network: chat.Telegram, ID: "5"}, card},
	} {
		if _, err := c.Open(t.Context(), test.in, test.on, "x"); err == nil || chat.AsSendError(err).Kind != chat.Rejected {
			t.Errorf("%v on %q: %v", test.in, test.on, err)
		}
	}
	s.SetBotPermissions(0)
	if _, err := c.Open(t.Context(), in(staff), card, "x"); err == nil || chat.AsSendError(err).Kind != chat.Unreachable {
		t.Errorf("without the permission: %v", err)
	}
}

// TestHostileTitles: nobody is named and there is always something to see (the
// server finds what names people and refuses what is empty or too long).
func TestHostileTitles(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	c, staff, _ := staffSender(t, s)
	for title, want := range map[string]string{
		"a < b_c *d* `e`":                       "a < b_c *d* `e`",
		"@everyone @here":                       "＠everyone ＠here",
		"<@501> <@!501> <@&5> <#5>":             "<＠501> <＠!501> <＠&5> <#5>",
		"zero\u200bwidth\u2060 \ufeffand\u00ad": "zerowidth and",
		"\u202e#7 \u2067right to left\u202c":    "#7 right to left",
		"مرحبا":                                 "مرحبا",
		"می\u200cخواهم":                         "می\u200cخواهم",
		" lines\r\n\tand\x00 more ":             "lines and more",
		"":                                      "thread",
		"\u200b\u200d \n":                       "thread",
		strings.Repeat("ä", 5000):               strings.Repeat("ä", 99) + "…",
		strings.Repeat("👩\u200d👧", 2000):        strings.Repeat("👩\u200d👧", 33) + "…",
		"bad \xff bytes":                        "bad \ufffd bytes",
	} {
		card, err := c.Send(t.Context(), in(staff), &chat.Outbound{Body: chat.Plain("card")})
		if err != nil {
			t.Fatal(err)
		}
		opened, err := c.Open(t.Context(), in(staff), card, title)
		if err != nil {
			t.Errorf("%.40q: %v", title, err)
			continue
		}
		if name, _, _ := s.Thread(opened.ID); name != want || utf8.RuneCountInString(name) > chat.MaxTitle {
			t.Errorf("%.40q is called %q, want %q", title, name, want)
		}
	}
}

// TestTitleThatTheServerDoesNotAllow: the ticket gets its thread all the same.
func TestTitleThatTheServerDoesNotAllow(t *testing.T) {
	t.Parallel()
	for _, code := range []int{200001, 50035} {
		s := discordtest.New(t)
		c, staff, card := staffSender(t, s)
		s.Fail("POST", "/threads", discordtest.Refused(400, code, "No"))
		opened, err := c.Open(t.Context(), in(staff), card, "#7 a bad word")
		if name, _, _ := s.Thread(opened.ID); err != nil || name != "thread" {
			t.Errorf("%v, called %q", err, name)
		}
		card, _ = c.Send(t.Context(), in(staff), &chat.Outbound{Body: chat.Plain("card")})
		s.Fail("POST", "/threads", discordtest.Refused(400, code, "No"), discordtest.Refused(400, code, "No"))
		if _, err := c.Open(t.Context(), in(staff), card, "x"); err == nil || chat.AsSendError(err).Kind != chat.Rejected {
			t.Errorf("refused for good: %v", err)
		}
	}
}
