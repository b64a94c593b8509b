package telegram_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"firstline/bot/chat"
	"firstline/bot/telegram"
	"firstline/bot/telegram/telegramtest"
)

// jsonText is JSON that is passed on as it stands.
type jsonText = json.RawMessage

func TestBrokenUpdatesDoNotBlock(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	c, l := channel(t, s)
	const private = "my private words"
	from, in := fields{"id": 42, "first_name": "A"}, fields{"id": 42, "type": "private"}
	s.Push("message", private)
	s.Push("message", []string{private})
	s.Push("message", nil)
	s.Push("message", fields{"message_id": 5, "from": from, "chat": in, "text": fields{"new": private}})
	s.Push("message", fields{"from": from, "text": private})
	s.Push("message", fields{"message_id": "5", "from": private, "chat": in, "text": private})
	s.Push("callback_query", fields{"id": 7, "from": from, "data": private})
	s.Push("callback_query", fields{"data": private})
	s.Push("edited_message", fields{"message_id": 5, "from": from, "chat": in, "text": private})
	s.Push("channel_post", fields{"message_id": 5, "chat": in, "text": private})
	s.Push("something_of_2031", fields{"text": private})
	s.PushRaw(`"` + private + `"`)
	s.PushRaw(`{"update_id":"x","message":{}}`)
	s.PushRaw(`[]`)
	s.UserSends(42, "still here")
	s.Block(-1001) // a group throws the bot out
	got := newStore()
	run(t, c, got)
	if m := got.wait(t, 1); len(m) != 1 || m[0].Text != "still here" {
		t.Errorf("got %+v", m)
	}
	s.WaitConfirmed(t)
	l.wait(t, `"status":"removed"`)
	if strings.Contains(l.String(), private) {
		t.Errorf("a person's words are in the log: %s", l)
	}
	if !strings.Contains(l.String(), `"kind":"callback_query"`) {
		t.Errorf("the log does not say what was skipped: %s", l)
	}
}

func TestUpdatesWithoutIDsAreNotAskedForWithoutEnd(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	c, l := channel(t, s)
	s.Fail("getUpdates", telegramtest.Raw(200, `{"ok":true,"result":[{"message":{}},7]}`))
	s.UserSends(42, "hi")
	got := newStore()
	run(t, c, got)
	got.wait(t, 1)
	l.wait(t, "no ids")
}

// TestStoredBeforeConfirmed is the reason for an own polling loop: what is not
// stored must come again.
func TestStoredBeforeConfirmed(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	c, _ := channel(t, s)
	const n = 250 // three polls
	for i := range n {
		s.UserSends(int64(1+i%7), fmt.Sprint(i))
	}
	got := newStore()
	got.fail = func(_ context.Context, call int, batch []*chat.Message) error {
		if len(batch) > s.Pending() {
			t.Errorf("%d messages are received, Telegram has only %d left", len(batch), s.Pending())
		}
		if call%2 == 1 {
			return errors.New("disk full")
		}
		return nil
	}
	run(t, c, got)
	all := got.wait(t, n)
	for i, m := range all {
		if m.Text != fmt.Sprint(i) {
			t.Fatalf("message %d is %q", i, m.Text)
		}
	}
	s.WaitConfirmed(t)
}

// TestCrash ends a bot in the middle of storing, as often as there are batches.
func TestCrash(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	const n = 90
	for i := range n {
		s.UserSends(42, fmt.Sprint(i))
	}
	got := newStore()
	for crash := range 3 {
		c, _ := channel(t, s)
		storing := make(chan struct{})
		dying := newStore()
		dying.fail = func(ctx context.Context, _ int, batch []*chat.Message) error {
			if crash == 1 { // it is stored, but the crash comes before it is confirmed
				if err := got.Receive(ctx, batch); err != nil {
					return err
				}
			}
			close(storing)
			<-ctx.Done()
			return ctx.Err()
		}
		stop := run(t, c, dying)
		<-storing
		if err := stop(); err != nil {
			t.Fatal(err)
		}
		if s.Pending() != n {
			t.Fatalf("after a crash Telegram has %d messages, want %d", s.Pending(), n)
		}
	}
	c, _ := channel(t, s)
	run(t, c, got)
	s.WaitConfirmed(t)
	if all := got.wait(t, n); len(all) != n {
		t.Errorf("%d messages, want %d", len(all), n)
	}
}

func TestIDsStartOver(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	c, _ := channel(t, s)
	got := newStore()
	run(t, c, got)
	s.UserSends(42, "before")
	got.wait(t, 1)
	s.WaitConfirmed(t)
	s.RestartIDs(5000)
	s.UserSends(42, "after a week")
	got.wait(t, 2)
	s.WaitConfirmed(t)
}

func TestPollingSurvives(t *testing.T) {
	t.Parallel()
	for name, f := range everyFault() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := telegramtest.New(t)
			c, l := channel(t, s, func(o *telegram.Options) {
				o.PollTimeout, o.RequestTimeout = time.Second, 100*time.Millisecond
			})
			s.Fail("getMe", f, f)
			s.Fail("getUpdates", f, f)
			s.Fail("getWebhookInfo", f)
			s.Fail("setMyCommands", f)
			s.Fail("getMyCommands", f)
			s.Fail("editMessageReplyMarkup", f)
			s.Fail("answerCallbackQuery", f)
			s.UserSends(42, "hello")
			s.UserPresses(42, 1, "x")
			got := newStore()
			if name == "401" || name == "404" {
				if err := c.Run(t.Context(), got); !errors.Is(err, telegram.ErrTokenRefused) {
					t.Errorf("Run returned %v", err)
				}
				return
			}
			run(t, c, got)
			got.wait(t, 2)
			s.WaitConfirmed(t)
			s.WaitRequests(t, "answerCallbackQuery", 1)
			if !strings.Contains(l.String(), "retry_in") && !strings.HasPrefix(name, "slow") {
				t.Errorf("nothing about the failure is in the log: %s", l)
			}
		})
	}
}

// everyFault are all the ways in which a call can fail, and some in which it
// seems to.
func everyFault() map[string]telegramtest.Fault {
	leak := "Bad Request: https://api.telegram.org/bot" + telegramtest.Token + "/x"
	return map[string]telegramtest.Fault{
		"400": telegramtest.APIError(400, "Bad Request: message is too long"), "400 leaking": telegramtest.APIError(400, leak),
		"401": telegramtest.APIError(401, "Unauthorized"), "403": telegramtest.APIError(403, "Forbidden: bot was blocked by the user"),
		"404": telegramtest.APIError(404, "Not Found"), "409": telegramtest.APIError(409, "Conflict: terminated by other getUpdates request"),
		"429": telegramtest.TooManyRequests(0), "500": telegramtest.APIError(500, "Internal Server Error: restart"),
		"502 page": telegramtest.HTMLPage(502), "404 page": telegramtest.HTMLPage(404), "302": telegramtest.Raw(302, ""),
		"200 page": telegramtest.HTMLPage(200), "200 empty": telegramtest.Raw(200, ""), "200 nonsense": telegramtest.Raw(200, `{"ok":true,"result":"?"}`),
		"200 null": telegramtest.Raw(200, `null`), "200 not ok": telegramtest.Raw(200, `{"ok":false}`),
		"drop": telegramtest.Drop(), "drop after": telegramtest.DropAfter(), "cut": telegramtest.CutAfter(),
		"hang": telegramtest.Hang(), "hang after": telegramtest.HangAfter(), "migrated": telegramtest.Migrated(-100777),
	}
}
