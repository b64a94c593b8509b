package telegram_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"firstline/bot/chat"
	"firstline/bot/telegram"
	"firstline/bot/telegram/telegramtest"
)

// TestNoLeak walks every failure of every call and looks for the token in the
// errors; that it is not in the logs is checked everywhere.
func TestNoLeak(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	s.Meet(42)
	c, l := channel(t, s, func(o *telegram.Options) { o.RequestTimeout = 100 * time.Millisecond })
	check := func(name string, err error) {
		for ; err != nil; err = errors.Unwrap(err) {
			noSecret(t, name, fmt.Sprintf("%v %+v %#v", err, err, err))
			if _, ok := errors.AsType[*chat.SendError](err); !ok {
				t.Errorf("%s: %T is not a SendError", name, err)
			}
		}
	}
	for name, f := range everyFault() {
		for _, method := range []string{"sendMessage", "editMessageText", "deleteMessage", "sendChatAction", "getFile"} {
			s.Fail(method, f)
		}
		_, err := c.Send(t.Context(), conversation("42"), &chat.Outbound{Body: chat.Plain("x")})
		check(name, err)
		check(name, c.Edit(t.Context(), conversation("42"), "1", &chat.Outbound{Body: chat.Plain("x")}))
		check(name, c.Delete(t.Context(), conversation("42"), "1"))
		check(name, c.Fetch(t.Context(), conversation("42"), chat.Attachment{Ref: "f"}, io.Discard, 1))
		c.Typing(t.Context(), conversation("42"))
	}
	for _, base := range []string{"http://127.0.0.1:1", "http://firstline.invalid", strings.Replace(s.URL, "http:", "https:", 1), telegramtest.HalfOpen(t)} {
		other, _ := channel(t, s, func(o *telegram.Options) { o.APIBase, o.RequestTimeout = base, 300*time.Millisecond })
		check(base, other.Fetch(t.Context(), conversation("42"), chat.Attachment{Ref: "f"}, io.Discard, 1))
		_, err := other.Send(t.Context(), conversation("42"), &chat.Outbound{Body: chat.Plain("x")})
		check(base, err)
		if err == nil {
			t.Errorf("%s: no error", base)
		}
	}
	noSecret(t, "the channel", fmt.Sprintf("%v %+v %#v", c, c, c))
	if !strings.Contains(l.String(), "level") {
		t.Error("nothing was logged: the check of logs is empty")
	}
}

func TestNew(t *testing.T) {
	t.Parallel()
	for _, token := range []string{"", "x", "1:", ":" + secret, "1:" + secret + "\n", " 1:" + secret, `"1:` + secret + `"`, "1:" + secret + "/../x", "1:%" + secret} {
		_, err := telegram.New(telegram.Options{Token: token})
		if err == nil {
			t.Errorf("the token %q is accepted", token)
			continue
		}
		noSecret(t, "the error", err.Error())
	}
	for _, base := range []string{"api.telegram.org", "ftp://x", "http://", "http://a b", "http://x?y=1", "http://u:p@x", "://"} {
		if _, err := telegram.New(telegram.Options{Token: telegramtest.Token, APIBase: base}); err == nil {
			t.Errorf("the base %q is accepted", base)
		}
	}
	c, err := telegram.New(telegram.Options{Token: telegramtest.Token})
	if err != nil {
		t.Fatal(err)
	}
	caps := c.Capabilities()
	if c.Network() != chat.Telegram || caps.Limits.Units != 4096 || !caps.Delete || caps.Idempotent || caps.Choices < 4 {
		t.Errorf("capabilities: %+v", caps)
	}
}

// TestBaseWithPath uses a server behind a path with an escape in it.
func TestBaseWithPath(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	s.Meet(42)
	for _, base := range []string{s.URL + "/", s.URL + "/a/%25b%2Fc/"} {
		c, _ := channel(t, s, func(o *telegram.Options) { o.APIBase = base })
		_, err := c.Send(t.Context(), conversation("42"), &chat.Outbound{Body: chat.Plain("x")})
		if strings.HasSuffix(base, "c/") { // the server knows no such path, and says so
			if err == nil || !strings.Contains(err.Error(), "token") {
				t.Errorf("%s: %v", base, err)
			}
		} else if err != nil {
			t.Errorf("%s: %v", base, err)
		}
	}
}
