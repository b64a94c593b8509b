package telegram_test

import (
	"strconv"
	"strings"
	"testing"

	"firstline/bot/chat"
	"firstline/bot/telegram"
	"firstline/bot/telegram/telegramtest"
)

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
