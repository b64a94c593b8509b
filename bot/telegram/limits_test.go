package telegram_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"firstline/bot/chat"
	"firstline/bot/telegram"
	"firstline/bot/telegram/telegramtest"
)

// TestLongAnswers cuts long texts full of styles and of characters of two units:
// the test server finds every entity that is not whole.
func TestLongAnswers(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 2))
	s := telegramtest.New(t)
	s.Meet(42)
	c, _ := channel(t, s)
	words := []string{"💸💸", "plain", "Übergröße", "钱包", "مرحبا", "👩‍👩‍👧‍👦", "e\u0301", "\u200d", "x"}
	styles := []chat.Style{chat.Bold, chat.Italic, chat.Code, chat.Link, ""}
	for range 30 {
		var parts []chat.Rich
		for range 50 + rng.IntN(900) {
			word := strings.Repeat(words[rng.IntN(len(words))], 1+rng.IntN(12))
			part := chat.Plain(word)
			if style := styles[rng.IntN(len(styles))]; style != "" {
				part = chat.Styled(word, style)
				if style == chat.Link {
					part.Spans[0].URL = "https://a.example/"
				}
			}
			parts = append(parts, part)
		}
		sep := []string{" ", "\n", "\n\n", ""}[rng.IntN(4)]
		whole := chat.Join(sep, parts...)
		before := len(s.Sent(42))
		for _, body := range c.Capabilities().Limits.Split(whole) {
			if _, err := c.Send(t.Context(), conversation("42"), &chat.Outbound{Body: body}); err != nil {
				t.Fatal(err)
			}
		}
		var arrived strings.Builder
		for _, m := range s.Sent(42)[before:] {
			arrived.WriteString(m.Text)
		}
		if got, want := bare(arrived.String()), bare(whole.Text); got != want {
			t.Fatalf("%d bytes arrived, want %d", len(got), len(want))
		}
	}
}

// bare is text without the white space that a cut may drop.
func bare(s string) string { return strings.Join(strings.Fields(s), "") }

// TestHalfOpen has the network go silent: receiving and sending end their calls
// and go on when it is back.
func TestHalfOpen(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	s.Meet(42)
	silent, _ := channel(t, s, func(o *telegram.Options) {
		o.APIBase, o.RequestTimeout = telegramtest.HalfOpen(t), 50*time.Millisecond
	})
	_, err := silent.Send(t.Context(), conversation("42"), &chat.Outbound{Body: chat.Plain("x")})
	if se := chat.AsSendError(err); se == nil || se.Kind != chat.Unknown {
		t.Errorf("got %v", err)
	}
	c, _ := channel(t, s, func(o *telegram.Options) { o.RequestTimeout, o.PollTimeout = time.Second, time.Second })
	s.Fail("getMe", telegramtest.Hang())
	s.Fail("getUpdates", telegramtest.Hang(), telegramtest.HangAfter())
	got := newStore()
	run(t, c, got)
	s.UserSends(42, "hi")
	got.wait(t, 1)
	if _, err := c.Send(t.Context(), conversation("42"), &chat.Outbound{Body: chat.Plain("x")}); err != nil {
		t.Error(err)
	}
}
