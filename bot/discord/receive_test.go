package discord_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"firstline/bot/chat"
	"firstline/bot/discord/discordtest"
)

func TestDirectMessage(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	b := start(t, s, nil, nil, setup{})
	b.waitLog(t, "discord: connected")
	id := s.UserDMs("501", "my deposit is\x00 missing")
	got := b.inbox.wait(t, 1)[0]
	want := &chat.Message{
		Event: "m:" + id, ID: chat.MessageID(id), Conversation: in(s.DM("501")),
		From: chat.Person{ID: "501", Name: "User 501"}, Private: true, Addressed: true,
		Text: "my deposit is missing",
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(chat.Message{}, "SentAt")); diff != "" {
		t.Error(diff)
	}
	if d := time.Since(got.SentAt); d < 0 || d > time.Minute || got.SentAt.Location() != time.UTC {
		t.Errorf("SentAt = %v", got.SentAt)
	}
}

func TestGuildMessages(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	channel, thread := s.AddChannel(), s.AddThread()
	b := start(t, s, nil, nil, setup{})
	b.waitLog(t, "discord: connected")

	s.UserPosts(channel, "501", "private-words to nobody")
	s.UserMentions(channel, "502", "how do I withdraw?")
	s.UserPosts(channel, "503", "hey <@!"+s.BotID+">, is <@502> right?")
	s.UserPosts(thread, "504", "<@&"+s.BotRole+">: in a thread")
	s.UserSends(channel, "505", discordtest.Post{Text: "<@" + s.BotID + "> beep", Bot: true})
	s.UserSends(channel, "506", discordtest.Post{Text: "joined <@" + s.BotID + ">", Type: 7})
	answer := string(b.send(t, channel, "here is how"))
	s.UserSends(channel, "502", discordtest.Post{Text: "that did not work", ReplyTo: answer})
	s.UserSends(channel, "503", discordtest.Post{Text: "to somebody else", ReplyTo: s.UserPosts(channel, "502", "x")})
	s.UserDMs("507", "the end")

	got := b.inbox.want(t, "how do I withdraw?", "hey , is <@502> right?", "in a thread", "that did not work", "the end")
	for _, m := range got[:4] {
		if m.Private || !m.Addressed {
			t.Errorf("%q: private %v, addressed %v", m.Text, m.Private, m.Addressed)
		}
	}
	if got[2].Conversation != in(thread) {
		t.Errorf("conversation %v, want the thread", got[2].Conversation)
	}
}

func TestAttachments(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	b := start(t, s, nil, nil, setup{})
	b.waitLog(t, "discord: connected")
	dm := s.DM("501")
	id := s.UserSends(dm, "501", discordtest.Post{
		Attachments: []discordtest.Attachment{
			{ID: "1", Filename: "proof.png", ContentType: "image/png", Size: 1234},
			{ID: "2", Filename: "log.txt", ContentType: "text/plain", Size: 5},
			{ID: "3", Filename: "clip.mp4", ContentType: "video/mp4"},
			{ID: "4", Filename: "unknown"},
		},
		Stickers: []any{map[string]any{"id": "9", "name": "wave", "format_type": 1}},
	})
	s.UserSends(dm, "501", discordtest.Post{
		Flags: 1 << 13, Attachments: []discordtest.Attachment{{ID: "5", Filename: "voice-message.ogg", ContentType: "audio/ogg"}},
	})
	got := b.inbox.wait(t, 2)
	ref := dm + "/" + id + "/"
	want := []chat.Attachment{
		{Kind: "photo", Name: "proof.png", Size: 1234, Ref: ref + "1"},
		{Kind: "document", Name: "log.txt", Size: 5, Ref: ref + "2"},
		{Kind: "video", Name: "clip.mp4", Ref: ref + "3"},
		{Kind: "document", Name: "unknown", Ref: ref + "4"},
		{Kind: "sticker", Name: "wave", Ref: ref + "9"},
	}
	if diff := cmp.Diff(want, got[0].Attachments); diff != "" {
		t.Error(diff)
	}
	if a := got[1].Attachments; len(a) != 1 || a[0].Kind != "voice" {
		t.Errorf("voice message: %+v", a)
	}
}

// TestOddEvents sends what Discord could come to send. Each must cost at most
// itself.
func TestOddEvents(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	b := start(t, s, nil, nil, setup{})
	b.waitLog(t, "discord: connected")
	dm := s.DM("501")

	s.UserSends(dm, "501", discordtest.Post{Text: "unknown component", Components: json.RawMessage(`[{"type":9999,"id":1}]`)})
	b.inbox.want(t, "unknown component")
	odd := map[string]any{
		"id": s.UserPosts(s.AddChannel(), "502", "an id to borrow"), "channel_id": dm, "content": "fields of other shapes", "type": 0,
		"author": map[string]any{"id": "501", "username": 7, "global_name": []int{1}}, "timestamp": "yesterday",
		"mentions": "none", "attachments": map[string]any{}, "sticker_items": 3, "referenced_message": "x", "flags": "y",
	}
	s.Dispatch("MESSAGE_CREATE", odd)
	for _, nonsense := range []any{nil, []any{}, "private-words", 7, map[string]any{}, map[string]any{"id": 5},
		map[string]any{"id": "5", "channel_id": "6"}, map[string]any{"id": "x", "channel_id": dm, "author": map[string]any{"id": "501"}},
	} {
		s.Dispatch("MESSAGE_CREATE", nonsense)
		s.Dispatch("INTERACTION_CREATE", nonsense)
	}
	s.Dispatch("GUILD_CREATE", map[string]any{"id": "77", "channels": "x", "roles": 5})
	s.Dispatch("SOMETHING_NEW", map[string]any{"a": 1})
	s.AskForHeartbeat()
	s.UserDMs("501", "still here")
	b.inbox.want(t, "unknown component", "fields of other shapes", "still here")
	if s.Connections() != 1 {
		t.Errorf("%d connections", s.Connections())
	}
}

func TestOrderOfManyMessages(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	b := start(t, s, nil, nil, setup{})
	b.waitLog(t, "discord: connected")
	want := numbered(500)
	for _, text := range want {
		s.UserDMs("501", text)
	}
	b.inbox.want(t, want...)
}

func TestReceiverFailsForAWhile(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	in := newInbox()
	in.failures = 3
	b := start(t, s, in, nil, setup{})
	b.waitLog(t, "discord: connected")
	want := numbered(250)
	for _, text := range want {
		s.UserDMs("501", text)
	}
	b.inbox.want(t, want...)
	b.waitLog(t, "could not be stored")
}
