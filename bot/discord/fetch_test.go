package discord_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"firstline/bot/chat"
	"firstline/bot/discord/discordtest"
)

func TestFetch(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	b := start(t, s, nil, nil, setup{})
	b.waitLog(t, "discord: connected")
	data := bytes.Repeat([]byte("0123456789"), 100_000)
	s.UserSends(s.DM("501"), "501", discordtest.Post{
		Attachments: []discordtest.Attachment{
			{ID: "1", Filename: "proof.png", ContentType: "image/png", Data: data},
			{ID: "2", Filename: "lies.png", ContentType: "image/png", Data: data, Size: 10},
			{ID: "3", Filename: "elsewhere", URL: "http://127.0.0.1:1/private-words"},
			{ID: "4", Filename: "local", URL: "file:///etc/passwd"},
			{ID: "5", Filename: "look-alike", URL: "https://cdn.discordapp.com.example/private-words"},
			{ID: "6", Filename: "as somebody", URL: "https://user@cdn.discordapp.com/private-words"},
		},
		Stickers: []any{map[string]any{"id": "9", "name": "wave", "format_type": 1}},
	})
	m := b.inbox.wait(t, 1)[0]
	for _, test := range []struct {
		file int
		max  int64
		want string // of the error
	}{
		{0, int64(len(data)), ""}, {0, int64(len(data)) - 1, "too large"}, {0, 0, "too large"}, {1, 20, "too large"},
		{2, 100, "not on Discord's servers"}, {3, 100, "not on Discord's servers"}, {4, 100, "not on Discord's servers"}, {5, 100, "not on Discord's servers"},
		{6, 100, ""},
	} {
		var got bytes.Buffer
		err := b.Fetch(t.Context(), m.Conversation, m.Attachments[test.file], &got, test.max)
		switch {
		case int64(got.Len()) > test.max:
			t.Errorf("%d bytes were written, %d allowed", got.Len(), test.max)
		case test.want == "":
			if err != nil || (test.file == 0 && !bytes.Equal(got.Bytes(), data)) {
				t.Errorf("%+v: %v, %d bytes", test, err, got.Len())
			}
		case err == nil || !strings.Contains(err.Error(), test.want):
			t.Errorf("%+v: %v", test, err)
		}
		if test.want == "too large" && !errors.Is(err, chat.ErrTooLarge) {
			t.Errorf("%v is not ErrTooLarge", err)
		}
	}
	for _, ref := range []string{"", "1/2", "1/2/3/4", "../2/3", "1/2/x"} {
		if err := b.Fetch(t.Context(), m.Conversation, chat.Attachment{Ref: ref}, &bytes.Buffer{}, 10); err == nil || chat.AsSendError(err).Kind != chat.Rejected {
			t.Errorf("%q: %v", ref, err)
		}
	}
}

func TestFetchFails(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	b := start(t, s, nil, nil, setup{})
	b.waitLog(t, "discord: connected")
	id := s.UserSends(s.DM("501"), "501", discordtest.Post{Attachments: []discordtest.Attachment{{ID: "1", Filename: "a", Data: []byte("data")}}})
	m := b.inbox.wait(t, 1)[0]
	fetch := func() *chat.SendError {
		return chat.AsSendError(b.Fetch(t.Context(), m.Conversation, m.Attachments[0], &bytes.Buffer{}, 100))
	}
	s.Fail("GET", "/messages/", discordtest.HTML(502))
	if e := fetch(); e == nil || e.Kind != chat.Temporary {
		t.Errorf("%v", e)
	}
	s.Fail("GET", "/attachments/", discordtest.HTML(503), discordtest.Truncated, discordtest.HTML(302))
	for range 3 {
		if e := fetch(); e == nil || e.Kind != chat.Temporary {
			t.Errorf("%v", e)
		}
	}
	if err := b.Fetch(t.Context(), m.Conversation, m.Attachments[0], broken{}, 100); chat.AsSendError(err).Kind != chat.Temporary {
		t.Errorf("%v", err)
	}
	if e := fetch(); e != nil {
		t.Error(e)
	}
	s.UserDeletes(s.DM("501"), id)
	if e := fetch(); e == nil || e.Kind != chat.Rejected {
		t.Errorf("%v", e)
	}
}

// broken is a disk that is full.
type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("full") }
