package telegram_test

import (
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"firstline/bot/chat"
	"firstline/bot/telegram"
	"firstline/bot/telegram/telegramtest"
)

// TestReceivedEdits has people change what they wrote.
func TestReceivedEdits(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	c, _ := channel(t, s)
	got := newStore()
	run(t, c, got)
	s.WaitRequests(t, "getUpdates", 1)
	_, n := s.Deliver(telegramtest.Incoming{From: 1, Text: "whre is it"})
	s.Edit(telegramtest.Incoming{From: 1, Text: "where is it"}, n)
	s.Edit(telegramtest.Incoming{From: 1, Text: "where is it?"}, n)
	s.Edit(telegramtest.Incoming{From: 1, Fields: fields{"edit_date": nil, "text": "where is it?"}}, n) // only what Telegram shows of it has changed
	s.Edit(telegramtest.Incoming{From: 1, Fields: fields{"location": fields{"latitude": 1}}}, n)        // a live location moves on
	s.Edit(telegramtest.Incoming{From: 1, Chat: -1002, Text: "to nobody here"}, 7)
	s.Edit(telegramtest.Incoming{From: 1, Chat: -1002, Text: "/ask now to the bot"}, 7)
	s.Edit(telegramtest.Incoming{From: 1, Fields: fields{"caption": "part", "media_group_id": "A", "photo": []fields{{"file_id": "p"}}}}, 9)
	s.WaitConfirmed(t)
	all := got.wait(t, 5)
	expect(t, all, shape{Text: "whre is it", ID: id(n)}, shape{Text: "where is it", ID: id(n), Edited: true}, shape{Text: "where is it?", ID: id(n), Edited: true},
		shape{Text: "now to the bot", ID: "7", Edited: true}, shape{Text: "part", Files: "p ", ID: "9", Edited: true})
	if !all[3].Addressed || all[3].Command != chat.CommandAsk {
		t.Errorf("got %+v", all[3])
	}
}

// TestOlderFormsAreDropped has edits overtake what they edit.
func TestOlderFormsAreDropped(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	c, _ := channel(t, s)
	got := newStore()
	run(t, c, got)
	s.WaitRequests(t, "getUpdates", 1)
	at := time.Now().Unix()
	edit := func(text string, at int64) {
		s.Edit(telegramtest.Incoming{From: 1, Text: text, Fields: fields{"edit_date": at}}, 105)
	}
	edit("third", at+20)
	s.WaitConfirmed(t)
	edit("second", at+10)
	s.Deliver(telegramtest.Incoming{From: 1, Text: "first", Fields: fields{"message_id": 105}})
	edit("fourth", at+20)
	s.Deliver(telegramtest.Incoming{From: 1, Text: "another"})
	s.WaitConfirmed(t)
	all := got.wait(t, 3)
	if len(all) != 3 || all[0].Text != "third" || all[1].Text != "fourth" || all[2].Text != "another" {
		t.Errorf("got %+v", shapes(all))
	}
}

func TestEdit(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	c, _ := channel(t, s)
	s.Meet(42)
	_, theirs := s.Deliver(telegramtest.Incoming{From: 42, Text: "?"})
	sent, err := c.Send(t.Context(), conversation("42"), &chat.Outbound{Body: chat.Plain("before"), Choices: []chat.Choice{{Label: "A", Data: "a"}}})
	if err != nil {
		t.Fatal(err)
	}
	after := &chat.Outbound{Body: chat.Styled("after 💸", chat.Bold), Choices: []chat.Choice{{Label: "B", Data: "b"}, {Label: "C", Data: "c"}}, ReplyTo: "1", Key: "k"}
	for range 2 { // the second time it reads so already
		if err := c.Edit(t.Context(), conversation("42"), sent, after); err != nil {
			t.Fatal(err)
		}
	}
	m := s.Sent(42)[0]
	if m.Text != "after 💸" || len(m.Entities) != 1 || m.Entities[0].Length != 8 || len(m.Buttons) != 2 || m.Edits != 1 {
		t.Errorf("got %+v", m)
	}
	if err := c.Edit(t.Context(), conversation("42"), sent, &chat.Outbound{Body: chat.Plain("no buttons")}); err != nil || len(s.Sent(42)[0].Buttons) != 0 {
		t.Errorf("%v, %+v", err, s.Sent(42)[0])
	}
	tests := map[string]struct {
		in    string
		id    chat.MessageID
		out   *chat.Outbound
		fault *telegramtest.Fault
		want  chat.SendKind
	}{
		"a person's":      {in: "42", id: id(theirs), want: chat.Rejected},
		"not there":       {in: "42", id: "31337", want: chat.Rejected},
		"no id":           {in: "42", id: "x", want: chat.Rejected},
		"no conversation": {in: "?", id: sent, want: chat.Rejected},
		"empty":           {in: "42", id: sent, out: &chat.Outbound{Body: chat.Plain(" ")}, want: chat.Rejected},
		"page":            {in: "42", id: sent, fault: fault(telegramtest.HTMLPage(502)), want: chat.Temporary},
		"dropped":         {in: "42", id: sent, fault: fault(telegramtest.DropAfter()), want: chat.Unknown},
	}
	for name, tt := range tests {
		if tt.out == nil {
			tt.out = &chat.Outbound{Body: chat.Plain(name)}
		}
		if tt.fault != nil {
			s.Fail("editMessageText", *tt.fault)
		}
		err := c.Edit(t.Context(), conversation(tt.in), tt.id, tt.out)
		if se, ok := errors.AsType[*chat.SendError](err); !ok || se.Kind != tt.want {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
	}
}

func fault(f telegramtest.Fault) *telegramtest.Fault { return &f }

// TestFloodOfOneChat has Telegram refuse each kind of call for one chat: it is
// left alone for as long as Telegram says, others are not.
func TestFloodOfOneChat(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"sendMessage", "editMessageText", "deleteMessage"} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			s := telegramtest.New(t)
			c, _ := channel(t, s)
			s.Meet(1)
			s.Meet(2)
			out := &chat.Outbound{Body: chat.Plain("x")}
			sent, err := c.Send(t.Context(), conversation("1"), out)
			if err != nil {
				t.Fatal(err)
			}
			call := func() error {
				switch method {
				case "sendMessage":
					_, err := c.Send(t.Context(), conversation("1"), out)
					return err
				case "deleteMessage":
					return c.Delete(t.Context(), conversation("1"), sent)
				}
				return c.Edit(t.Context(), conversation("1"), sent, &chat.Outbound{Body: chat.Plain("y")})
			}
			s.Fail(method, telegramtest.TooManyRequests(30))
			if se := chat.AsSendError(call()); se == nil || se.Kind != chat.Temporary || se.RetryAfter != 30*time.Second {
				t.Errorf("got %v", se)
			}
			n := len(s.Requests("sendMessage"))
			_, err = c.Send(t.Context(), conversation("1"), out)
			if se := chat.AsSendError(err); se == nil || se.Kind != chat.Temporary || se.RetryAfter < 25*time.Second {
				t.Errorf("while it is refused: %v", se)
			}
			if len(s.Requests("sendMessage")) != n {
				t.Error("Telegram was asked although it wants a pause")
			}
			if _, err := c.Send(t.Context(), conversation("2"), out); err != nil {
				t.Errorf("another chat: %v", err)
			}
		})
	}
}

// TestTextsArriveUnharmed sends odd names and texts both ways.
func TestTextsArriveUnharmed(t *testing.T) {
	t.Parallel()
	texts := []string{
		"<b>bold</b> & <script>alert(1)</script>", "_under_ *star* `tick` ~x~ ||spoiler|| [a](tg://user?id=1)",
		"@everyone @here @channel", "zero\u200bwidth\u200d\u2060join\ufeff", "مرحبا \u202eevil\u202c كيف", "שלום \u2067x\u2069",
		"👩‍👩‍👧‍👦 🇩🇪 e\u0301", "\\ \\_ \\@", "/not_a_command@x", "{{product}} %s ${x}", "a\tb\nc\n\n\nd", "'; DROP TABLE inbox; --",
		"mail me@example.com or @name_1",
	}
	s := telegramtest.New(t)
	c, _ := channel(t, s)
	s.Meet(-1001)
	got := newStore()
	run(t, c, got)
	for _, text := range texts {
		s.Deliver(telegramtest.Incoming{From: 42, Text: text, Fields: fields{"from": fields{"id": 42, "first_name": text}}})
	}
	for i, m := range got.wait(t, len(texts)) {
		if m.Text != texts[i] || m.From.Name != strings.TrimSpace(texts[i]) {
			t.Errorf("received %+q as %+q from %+q", texts[i], m.Text, m.From.Name)
		}
	}
	for _, to := range []int64{42, -1001} {
		for i, text := range texts {
			in := conversation(strconv.FormatInt(to, 10))
			sentID, err := c.Send(t.Context(), in, &chat.Outbound{Body: chat.Plain(text), Choices: []chat.Choice{{Label: text, Data: "x"}}})
			if err != nil {
				t.Fatal(err)
			}
			if err := c.Edit(t.Context(), in, sentID, &chat.Outbound{Body: chat.Styled(text+"!", chat.Bold)}); err != nil {
				t.Fatal(err)
			}
			if m := s.Sent(to)[i]; m.Text != text+"!" {
				t.Errorf("sent %+q as %+q", text, m.Text)
			}
		}
	}
	for _, r := range s.Requests("") {
		if r.Params.Has("parse_mode") {
			t.Error("a text is parsed as markup")
		}
	}
}

// TestNobodyIsPinged looks for names in what is sent to groups that are not
// inside code, where Telegram makes mentions of them.
func TestNobodyIsPinged(t *testing.T) {
	t.Parallel()
	tests := []struct {
		body chat.Rich
		want []telegramtest.Entity
	}{
		{chat.Plain("hello @ann and @bob_1!"), []telegramtest.Entity{{Type: "code", Offset: 6, Length: 4}, {Type: "code", Offset: 15, Length: 6}}},
		{chat.Plain("💸@ann"), []telegramtest.Entity{{Type: "code", Offset: 2, Length: 4}}},
		{chat.Plain("mail me@example.com, @ alone"), nil},
		{chat.Styled("bold @ann here", chat.Bold), []telegramtest.Entity{
			{Type: "bold", Offset: 0, Length: 4}, {Type: "code", Offset: 5, Length: 4}, {Type: "bold", Offset: 10, Length: 4}}},
		{chat.Rich{Text: "x @ann y", Spans: []chat.Span{{Start: 0, End: 4, Style: chat.Bold}}}, []telegramtest.Entity{
			{Type: "bold", Offset: 0, Length: 1}, {Type: "code", Offset: 2, Length: 2}, {Type: "code", Offset: 4, Length: 2}}},
		{chat.Styled("code @ann", chat.Code), []telegramtest.Entity{{Type: "code", Offset: 0, Length: 9}}},
		{chat.Rich{Text: "see here", Spans: []chat.Span{{Start: 4, End: 8, Style: chat.Link, URL: "tg://user?id=1"}}}, nil},
	}
	s := telegramtest.New(t)
	s.Meet(-1001)
	s.Meet(42)
	c, _ := channel(t, s, func(o *telegram.Options) { o.Log = nil })
	for i, tt := range tests {
		if _, err := c.Send(t.Context(), conversation("-1001"), &chat.Outbound{Body: tt.body}); err != nil {
			t.Fatal(err)
		}
		m := s.Sent(-1001)[i]
		same := len(m.Entities) == len(tt.want)
		for j := range tt.want {
			same = same && m.Entities[j] == tt.want[j]
		}
		if !same || m.Text != tt.body.Text {
			t.Errorf("%q: %+v, want %+v", m.Text, m.Entities, tt.want)
		}
	}
	if _, err := c.Send(t.Context(), conversation("42"), &chat.Outbound{Body: chat.Plain("@ann")}); err != nil || len(s.Sent(42)[0].Entities) != 0 {
		t.Errorf("in private: %v, %+v", err, s.Sent(42))
	}
}
