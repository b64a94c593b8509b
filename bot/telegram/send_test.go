package telegram_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"firstline/bot/chat"
	"firstline/bot/telegram"
	"firstline/bot/telegram/telegramtest"
)

func TestSend(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	c, _ := channel(t, s)
	_, asked := s.Deliver(telegramtest.Incoming{From: 42, Text: "?"})
	topic := s.OpenTopic(-1001, "Deposits")
	inTopic := fmt.Sprintf("-1001/%d", topic)
	send := func(to string, out *chat.Outbound) string {
		t.Helper()
		id, err := c.Send(t.Context(), conversation(to), out)
		if err != nil {
			t.Fatal(err)
		}
		return string(id)
	}
	asText := strconv.FormatInt(asked, 10)
	rich := chat.Join("\n\n", chat.Styled("Fees 💸", chat.Heading), chat.Plain("<b> & *not* _markup_"),
		chat.Rich{Text: "see here", Spans: []chat.Span{{Start: 4, End: 8, Style: chat.Link, URL: "https://a.example/?a=1&b=2"}}})
	first := send("42", &chat.Outbound{Body: rich, ReplyTo: chat.MessageID(asText),
		Choices: []chat.Choice{{Label: "That helped", Data: "ok:" + strings.Repeat("x", 61)}, {Label: "找人工", Data: "human"}}})
	send(inTopic, &chat.Outbound{Body: chat.Plain("in a topic"), ReplyTo: "not-an-id"})
	send("42", &chat.Outbound{Body: chat.Plain("to what is gone"), ReplyTo: "31337"})
	send("42", &chat.Outbound{Body: chat.Rich{Text: "a\x00\xff💸b", Spans: []chat.Span{{Start: 7, End: 8, Style: chat.Bold}}}})
	send("42", &chat.Outbound{Body: chat.Plain(strings.Repeat("💸", 2048))})

	id, _ := strconv.ParseInt(first, 10, 64)
	want := telegramtest.SentMessage{
		ID: id, ChatID: 42, ReplyTo: asked, Text: "Fees 💸\n\n<b> & *not* _markup_\n\nsee here",
		Entities: []telegramtest.Entity{{Type: "bold", Offset: 0, Length: 7}, {Type: "text_link", Offset: 35, Length: 4, URL: "https://a.example/?a=1&b=2"}},
		Buttons:  []telegramtest.Button{{Text: "That helped", Data: "ok:" + strings.Repeat("x", 61)}, {Text: "找人工", Data: "human"}},
		Rows:     2,
	}
	sent := s.Sent(42)
	if diff := cmp.Diff(want, sent[0]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if m := sent[1]; m.ReplyTo != 0 || m.Text != "to what is gone" {
		t.Errorf("got %+v", m)
	}
	if m := sent[2]; m.Text != "a\uFFFD\uFFFD💸b" || m.Entities[0] != (telegramtest.Entity{Type: "bold", Offset: 5, Length: 1}) {
		t.Errorf("got %+v", m)
	}
	if m := s.Sent(-1001)[0]; m.ThreadID != topic || m.ReplyTo != 0 {
		t.Errorf("got %+v", m)
	}
	for _, r := range s.Requests("sendMessage") {
		if r.Params.Get("link_preview_options") != `{"is_disabled":true}` {
			t.Errorf("link previews: %v", r.Params)
		}
	}
}

func TestSendErrors(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		fault telegramtest.Fault
		want  chat.SendError // an empty Reason means any
		sent  int
	}{
		"flood":         {telegramtest.TooManyRequests(17), chat.SendError{Kind: chat.Temporary, RetryAfter: 17 * time.Second}, 0},
		"500":           {telegramtest.APIError(500, "Internal Server Error: restart"), chat.SendError{Kind: chat.Temporary}, 0},
		"502 page":      {telegramtest.HTMLPage(502), chat.SendError{Kind: chat.Temporary, Reason: "the server answered with an error page (HTTP 502)"}, 0},
		"redirect":      {telegramtest.Raw(302, ""), chat.SendError{Kind: chat.Temporary}, 0},
		"proxy's login": {telegramtest.HTMLPage(200), chat.SendError{Kind: chat.Unknown}, 0},
		"dropped":       {telegramtest.Drop(), chat.SendError{Kind: chat.Unknown, Reason: "the connection was dropped"}, 0},
		"dropped after": {telegramtest.DropAfter(), chat.SendError{Kind: chat.Unknown, Reason: "the connection was dropped"}, 1},
		"broken off":    {telegramtest.CutAfter(), chat.SendError{Kind: chat.Unknown}, 1},
		"timeout":       {telegramtest.Hang(), chat.SendError{Kind: chat.Unknown, Reason: "no answer in time"}, 0},
		"timeout after": {telegramtest.HangAfter(), chat.SendError{Kind: chat.Unknown, Reason: "no answer in time"}, 1},
		"blocked":       {telegramtest.APIError(403, "Forbidden: bot was blocked by the user"), chat.SendError{Kind: chat.Unreachable, Reason: "Telegram says: Forbidden: bot was blocked by the user"}, 0},
		"deactivated":   {telegramtest.APIError(403, "Forbidden: user is deactivated"), chat.SendError{Kind: chat.Unreachable}, 0},
		"kicked":        {telegramtest.APIError(403, "Forbidden: bot was kicked from the group chat"), chat.SendError{Kind: chat.Unreachable}, 0},
		"no chat":       {telegramtest.APIError(400, "Bad Request: chat not found"), chat.SendError{Kind: chat.Unreachable}, 0},
		"muted":         {telegramtest.APIError(400, "Bad Request: not enough rights to send text messages to the chat"), chat.SendError{Kind: chat.Unreachable}, 0},
		"old words":     {telegramtest.APIError(400, "Bad Request: CHAT_WRITE_FORBIDDEN"), chat.SendError{Kind: chat.Unreachable}, 0},
		"topic gone":    {telegramtest.APIError(400, "Bad Request: message thread not found"), chat.SendError{Kind: chat.Gone}, 0},
		"topic deleted": {telegramtest.APIError(400, "Bad Request: TOPIC_DELETED"), chat.SendError{Kind: chat.Gone}, 0},
		"topic invalid": {telegramtest.APIError(400, "Bad Request: TOPIC_ID_INVALID"), chat.SendError{Kind: chat.Gone}, 0},
		"topic closed":  {telegramtest.APIError(400, "Bad Request: TOPIC_CLOSED"), chat.SendError{Kind: chat.Unreachable}, 0},
		"bad":           {telegramtest.APIError(400, "Bad Request: can't parse entities"), chat.SendError{Kind: chat.Rejected, Reason: "Telegram says: Bad Request: can't parse entities"}, 0},
		"migrated":      {telegramtest.Migrated(-1009), chat.SendError{Kind: chat.Unreachable, Reason: "Telegram says: Bad Request: chat not found"}, 0}, // tried there, too
		"token":         {telegramtest.APIError(401, "Unauthorized"), chat.SendError{Kind: chat.Temporary, Reason: "Telegram refuses the bot's token; the operator must correct it"}, 0},
		"no such token": {telegramtest.APIError(404, "Not Found"), chat.SendError{Kind: chat.Temporary, Reason: "Telegram refuses the bot's token; the operator must correct it"}, 0},
		"quotation":     {telegramtest.APIError(400, `Bad Request: wrong "my words" in 'my text' can't be`), chat.SendError{Kind: chat.Rejected, Reason: "Telegram says: Bad Request: wrong  … in … can't be"}, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := telegramtest.New(t)
			c, l := channel(t, s, func(o *telegram.Options) {
				if strings.HasPrefix(name, "timeout") {
					o.RequestTimeout = 200 * time.Millisecond
				}
			})
			s.Meet(42)
			s.Fail("sendMessage", tt.fault)
			_, err := c.Send(t.Context(), conversation("42"), &chat.Outbound{Body: chat.Plain("hello")})
			se, ok := errors.AsType[*chat.SendError](err)
			if !ok {
				t.Fatalf("Send: %v", err)
			}
			if tt.want.Reason == "" {
				tt.want.Reason = se.Reason
			}
			if *se != tt.want {
				t.Errorf("got  %+v\nwant %+v", *se, tt.want)
			}
			if n := len(s.Sent(42)); n != tt.sent {
				t.Errorf("%d messages arrived, want %d", n, tt.sent)
			}
			if refused := strings.Contains(se.Reason, "token"); refused != strings.Contains(l.String(), `"level":"ERROR"`) {
				t.Errorf("the log does not fit: %s", l)
			}
			next, _ := channel(t, s)
			if _, err := next.Send(t.Context(), conversation("42"), &chat.Outbound{Body: chat.Plain("again")}); err != nil {
				t.Errorf("the next message: %v", err)
			}
		})
	}
}

// TestNotSent are failures before anything can have been sent.
func TestNotSent(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := "http://" + listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	s := telegramtest.New(t)
	s.Meet(42)
	body := &chat.Outbound{Body: chat.Plain("x")}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	tests := map[string]struct {
		base string
		ctx  context.Context
		to   chat.ConversationID
		out  *chat.Outbound
		want chat.SendError
	}{
		"nobody listens":   {nobody, t.Context(), conversation("42"), body, chat.SendError{Kind: chat.Temporary, Reason: "the connection was refused"}},
		"no such name":     {"http://firstline.invalid", t.Context(), conversation("42"), body, chat.SendError{Kind: chat.Temporary, Reason: "the name of the server could not be resolved"}},
		"not TLS":          {strings.Replace(s.URL, "http:", "https:", 1), t.Context(), conversation("42"), body, chat.SendError{Kind: chat.Temporary, Reason: "the network failed"}},
		"stopped":          {s.URL, cancelled, conversation("42"), body, chat.SendError{Kind: chat.Temporary, Reason: "it was stopped before it was sent"}},
		"other network":    {s.URL, t.Context(), chat.ConversationID{Network: chat.Discord, ID: "42"}, body, chat.SendError{Kind: chat.Rejected, Reason: "this is not a conversation on Telegram"}},
		"no id":            {s.URL, t.Context(), conversation("ann"), body, chat.SendError{Kind: chat.Rejected, Reason: "this is not a conversation on Telegram"}},
		"no topic":         {s.URL, t.Context(), conversation("42/"), body, chat.SendError{Kind: chat.Rejected, Reason: "this is not a conversation on Telegram"}},
		"empty":            {s.URL, t.Context(), conversation("42"), &chat.Outbound{Body: chat.Plain(" \n")}, chat.SendError{Kind: chat.Rejected, Reason: "the message is empty"}},
		"never met":        {s.URL, t.Context(), conversation("43"), body, chat.SendError{Kind: chat.Unreachable, Reason: "Telegram says: Bad Request: chat not found"}},
		"never met, topic": {s.URL, t.Context(), conversation("-9/2"), body, chat.SendError{Kind: chat.Unreachable, Reason: "Telegram says: Bad Request: chat not found"}},
	}
	for name, tt := range tests {
		c, _ := channel(t, s, func(o *telegram.Options) { o.APIBase = tt.base })
		_, err := c.Send(tt.ctx, tt.to, tt.out)
		if se, ok := errors.AsType[*chat.SendError](err); !ok || *se != tt.want {
			t.Errorf("%s: got %v, want %+v", name, err, tt.want)
		}
	}
	if n := len(s.Sent(42)); n != 0 {
		t.Errorf("%d messages arrived", n)
	}
}

// TestServerRestarts kills kept connections between two sends: the
// next one must use a new connection, not fail.
func TestServerRestarts(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	s.Meet(42)
	c, _ := channel(t, s)
	for i := range 3 {
		if _, err := c.Send(t.Context(), conversation("42"), &chat.Outbound{Body: chat.Plain(fmt.Sprint(i))}); err != nil {
			if chat.AsSendError(err).Kind != chat.Unknown {
				t.Fatal(err)
			}
			continue // the connection was closed in the same moment
		}
		s.CloseConnections()
	}
	if n := len(s.Sent(42)); n == 0 {
		t.Error("nothing arrived")
	}
}

func TestBlockedUser(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	c, _ := channel(t, s)
	s.Block(42)
	out := &chat.Outbound{Body: chat.Plain("x")}
	if _, err := c.Send(t.Context(), conversation("42"), out); chat.AsSendError(err).Kind != chat.Unreachable {
		t.Errorf("Send: %v", err)
	}
	s.Unblock(42)
	if _, err := c.Send(t.Context(), conversation("42"), out); err != nil {
		t.Errorf("Send: %v", err)
	}
}

func TestSentWithoutID(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	s.Meet(42)
	c, l := channel(t, s)
	s.Fail("sendMessage", telegramtest.AnswerAfter(`{"ok":true,"result":true}`))
	id, err := c.Send(t.Context(), conversation("42"), &chat.Outbound{Body: chat.Plain("x")})
	if id != "" || err != nil {
		t.Errorf("Send: %q, %v", id, err)
	}
	l.wait(t, "did not say which id")
}
