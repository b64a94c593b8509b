package telegram_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"firstline/bot/chat"
	"firstline/bot/telegram"
	"firstline/bot/telegram/telegramtest"
)

func TestFetch(t *testing.T) {
	t.Parallel()
	data := make([]byte, 300_000)
	for i := range data {
		data[i] = byte(rand.N(256))
	}
	huge := telegramtest.Raw(200, `{"ok":true,"result":{"file_id":"f","file_path":"documents/file 0.dat","file_size":7}}`)
	tests := map[string]struct {
		ref    string
		size   int64
		max    int64
		getsIt *telegramtest.Fault // of getFile
		file   *telegramtest.Fault
		want   chat.SendKind
		large  bool
		reason string // a part; with ok, none
		ok     bool
	}{
		"whole":            {ref: "f", max: 1 << 20, ok: true},
		"exactly":          {ref: "f", max: 300_000, ok: true},
		"one more":         {ref: "f", max: 299_999, large: true},
		"announced":        {ref: "f", size: 2 << 20, max: 1 << 20, large: true},
		"too big for bots": {ref: "big", max: 1 << 40, large: true},
		"said to be huge":  {ref: "f", size: 21 << 20, max: 1 << 40, large: true},
		"larger than said": {ref: "f", max: 1000, getsIt: &huge, large: true},
		"endless":          {ref: "f", max: 1000, getsIt: &huge, file: fault(telegramtest.Endless()), large: true},
		"unknown":          {ref: "?", max: 1 << 20, want: chat.Temporary, reason: "temporarily unavailable"},
		"no file":          {ref: "", max: 1 << 20, want: chat.Rejected, reason: "not a file"},
		"bad id":           {ref: "f", max: 1 << 20, getsIt: fault(telegramtest.APIError(400, "Bad Request: invalid file_id")), want: chat.Rejected},
		"flood":            {ref: "f", max: 1 << 20, getsIt: fault(telegramtest.TooManyRequests(7)), want: chat.Temporary, reason: "retry after 7s"},
		"flood at file":    {ref: "f", max: 1 << 20, file: fault(telegramtest.TooManyRequests(8)), want: chat.Temporary, reason: "retry after 8s"},
		"page":             {ref: "f", max: 1 << 20, getsIt: fault(telegramtest.HTMLPage(502)), want: chat.Temporary},
		"page at file":     {ref: "f", max: 1 << 20, file: fault(telegramtest.HTMLPage(502)), want: chat.Temporary, reason: "HTTP 502"},
		"gone":             {ref: "f", max: 1 << 20, file: fault(telegramtest.APIError(404, "Not Found")), want: chat.Temporary, reason: "HTTP 404"},
		"token":            {ref: "f", max: 1 << 20, file: fault(telegramtest.APIError(401, "Unauthorized")), want: chat.Temporary, reason: "token"},
		"redirect":         {ref: "f", max: 1 << 20, file: fault(telegramtest.Raw(302, "")), want: chat.Temporary},
		"dropped":          {ref: "f", max: 1 << 20, file: fault(telegramtest.Drop()), want: chat.Temporary, reason: "dropped"},
		"cut":              {ref: "f", max: 8 << 20, file: fault(telegramtest.CutAfter()), want: chat.Temporary, reason: "to its end"},
		"hangs":            {ref: "f", max: 1 << 20, file: fault(telegramtest.Hang()), want: chat.Temporary, reason: "did not come"},
		"on disk":          {ref: "f", max: 1 << 20, getsIt: fault(telegramtest.Raw(200, `{"ok":true,"result":{"file_path":"/var/lib/f"}}`)), want: chat.Rejected, reason: "--local"},
		"way out":          {ref: "f", max: 1 << 20, getsIt: fault(telegramtest.Raw(200, `{"ok":true,"result":{"file_path":"../../botX/getMe"}}`)), want: chat.Temporary},
		"query":            {ref: "f", max: 1 << 20, getsIt: fault(telegramtest.Raw(200, `{"ok":true,"result":{"file_path":"a?b#c"}}`)), want: chat.Temporary, reason: "HTTP 404"},
		"no path":          {ref: "f", max: 1 << 20, getsIt: fault(telegramtest.Raw(200, `{"ok":true,"result":{}}`)), want: chat.Temporary},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := telegramtest.New(t)
			s.AddFile("f", data)
			s.AddHugeFile("big")
			c, _ := channel(t, s, func(o *telegram.Options) {
				if name == "hangs" {
					o.RequestTimeout = 100 * time.Millisecond
				}
			})
			if tt.getsIt != nil {
				s.Fail("getFile", *tt.getsIt)
			}
			if tt.file != nil {
				s.FailAll("file", *tt.file) // GET is tried again when a kept connection breaks
			}
			var got bytes.Buffer
			err := c.Fetch(t.Context(), conversation("42"), chat.Attachment{Ref: tt.ref, Size: tt.size}, &got, tt.max)
			noSecret(t, "the error", fmt.Sprint(err))
			if int64(got.Len()) > tt.max {
				t.Errorf("%d bytes were written", got.Len())
			}
			se, typed := errors.AsType[*chat.SendError](err)
			switch {
			case tt.ok:
				if err != nil || !bytes.Equal(got.Bytes(), data) {
					t.Errorf("%v, %d bytes", err, got.Len())
				}
			case tt.large:
				if !errors.Is(err, chat.ErrTooLarge) {
					t.Errorf("got %v", err)
				}
			case !typed || se.Kind != tt.want || !strings.Contains(se.Error(), tt.reason):
				t.Errorf("got %v, want %v with %q", err, tt.want, tt.reason)
			}
		})
	}
}

// full is a disk that is full.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestFetchEnds(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	s.AddFile("f", []byte("data"))
	c, _ := channel(t, s)
	err := c.Fetch(t.Context(), conversation("42"), chat.Attachment{Ref: "f"}, full{}, 100)
	if se, ok := errors.AsType[*chat.SendError](err); !ok || se.Kind != chat.Temporary || !strings.Contains(se.Reason, "written") {
		t.Errorf("got %v", err)
	}
	s.Fail("file", telegramtest.Hang())
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		s.WaitRequests(t, "file", 2)
		cancel()
	}()
	if err := c.Fetch(ctx, conversation("42"), chat.Attachment{Ref: "f"}, full{}, 100); err == nil {
		t.Error("a stopped download succeeded")
	}
	half, _ := channel(t, s, func(o *telegram.Options) {
		o.APIBase, o.RequestTimeout = telegramtest.HalfOpen(t), 100*time.Millisecond
	})
	if err := half.Fetch(t.Context(), conversation("42"), chat.Attachment{Ref: "f"}, full{}, 100); err == nil {
		t.Error("a half-open connection gave a file")
	}
}
