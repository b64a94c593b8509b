package discord_test

import (
	"strings"
	"testing"
	"time"

	"firstline/bot/chat"
	"firstline/bot/discord"
	"firstline/bot/discord/discordtest"
)

func TestEdits(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	channel, help := s.AddChannel(), s.AddChannel()
	inb, m := newInbox(), &marks{}
	with := helping(help)
	with.timing = discord.Timing{Housekeep: 5 * time.Millisecond}
	b := start(t, s, inb, m, with)
	b.meet(t, "501")

	direct := s.UserDMs("501", "how do I deposit")
	posted := s.UserPosts(help, "502", "what is staking")
	mentioned := s.UserMentions(channel, "503", "and I?")
	other := s.UserPosts(channel, "504", "private-words")
	s.Unfurls(help, posted)
	s.UserEdits(s.DM("501"), direct, "how do I withdraw")
	s.Unfurls(s.DM("501"), direct) // edited before, and the same text
	s.UserEdits(help, posted, "what is staking?")
	s.UserEdits(channel, mentioned, "never mind") // without the mention
	s.UserEdits(channel, other, "private-words, edited")
	s.UserEdits(channel, other, "<@"+s.BotID+"> now to the bot")
	s.UserEdits(s.DM("501"), direct, "how do I withdraw, again")

	got := inb.want(t, "how do I deposit", "what is staking", "and I?",
		"how do I withdraw", "what is staking?", "never mind", "now to the bot", "how do I withdraw, again")
	events := map[string]bool{}
	for i, m := range got {
		events[m.Event] = true
		if m.Edited != (i >= 3) || m.Deleted {
			t.Errorf("%+v", m)
		}
	}
	if len(events) != len(got) {
		t.Errorf("%d events have %d keys", len(got), len(events))
	}
	if e := got[3]; e.ID != chat.MessageID(direct) || !e.Private || e.From.ID != "501" {
		t.Errorf("%+v", e)
	}
	if e := got[4]; !e.Help || e.Addressed || e.ID != chat.MessageID(posted) {
		t.Errorf("%+v", e)
	}
	if e := got[5]; !e.Addressed || e.Help {
		t.Errorf("without its mention: %+v", e)
	}

	// Marks wait for the search of archived threads: stopped before, the bot would
	// fetch it all again.
	m.wait(t, s.DM("501"), direct)

	// After a restart nothing is remembered of the texts: the key is the same.
	_ = b.stop()
	b = start(t, s, inb, m, helping(help))
	b.waitLog(t, "discord: connected")
	s.Unfurls(s.DM("501"), direct)
	s.UserDMs("501", "the end")
	inb.wait(t, len(got)+1)
	if inb.repeated != 1 {
		t.Errorf("%d repeated", inb.repeated)
	}
}

// TestEditsWhileFilling: what backfill fetches may be newer than the edits that
// wait behind it. The last word is the latest in any case.
func TestEditsWhileFilling(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	b := start(t, s, nil, nil, setup{})
	b.waitLog(t, "discord: connected")
	s.Fail("GET", "/messages", discordtest.HTML(502))
	id := s.UserDMs("501", "one") // not known until now: history is looked through
	for _, text := range []string{"two", "three", "four"} {
		s.UserEdits(s.DM("501"), id, text)
	}
	s.UserDMs("501", "the end")
	for n := 1; ; n++ {
		got := b.inbox.wait(t, n)
		if got[n-1].Text != "the end" {
			continue
		}
		if last := got[n-2]; last.Text != "four" || last.ID != chat.MessageID(id) {
			t.Errorf("received %q", texts(got))
		}
		return
	}
}

func TestDeletions(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	channel, help := s.AddChannel(), s.AddChannel()
	b := start(t, s, nil, nil, helping(help))
	b.meet(t, "501")
	direct := s.UserDMs("501", "direct")
	first, second := s.UserPosts(help, "502", "first"), s.UserPosts(help, "503", "second")
	mentioned, other := s.UserMentions(channel, "504", "mentioned"), s.UserPosts(channel, "505", "private-words")
	s.UserDeletes(s.DM("501"), direct)
	s.UserDeletes(help, first, second)
	s.UserDeletes(channel, other)
	s.UserDeletes(channel, mentioned)
	got := b.inbox.wait(t, 8)[4:]
	for i, want := range []struct {
		id, from, where string
		help            bool
	}{
		{direct, "501", s.DM("501"), false}, {first, "502", help, true}, {second, "503", help, true}, {mentioned, "504", channel, false},
	} {
		m := got[i]
		if !m.Deleted || m.Edited || m.Text != "" || m.ID != chat.MessageID(want.id) || m.From.ID != want.from ||
			m.Conversation != in(want.where) || m.Help != want.help || m.Event != "d:"+want.id {
			t.Errorf("%+v, want %+v", m, want)
		}
	}
}

func TestOddEdits(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	b := start(t, s, nil, nil, setup{})
	b.waitLog(t, "discord: connected")
	for _, nonsense := range []any{nil, []any{}, "private-words", map[string]any{}, map[string]any{"id": "5"},
		map[string]any{"id": "5", "channel_id": s.DM("501"), "edited_timestamp": "2026-01-01T00:00:00Z"},
		map[string]any{"id": "5", "channel_id": s.DM("501"), "edited_timestamp": 7, "content": "x"},
		map[string]any{"ids": "x", "channel_id": s.DM("501")}, map[string]any{"ids": []any{"x", 7}, "channel_id": s.DM("501")},
	} {
		for _, name := range []string{"MESSAGE_UPDATE", "MESSAGE_DELETE", "MESSAGE_DELETE_BULK", "THREAD_UPDATE", "THREAD_LIST_SYNC", "CHANNEL_DELETE"} {
			if !strings.HasPrefix(name, "MESSAGE_DELETE") || !deletes(nonsense) {
				s.Dispatch(name, nonsense)
			}
		}
	}
	s.UserDMs("501", "still here")
	b.inbox.want(t, "still here")
}

// deletes reports whether an odd event is a good deletion.
func deletes(event any) bool {
	fields, _ := event.(map[string]any)
	return fields["id"] != nil && fields["channel_id"] != nil
}
