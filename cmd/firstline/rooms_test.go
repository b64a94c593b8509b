package main

import (
	"slices"
	"strings"
	"testing"

	"firstline/bot/discord/discordtest"
	"firstline/bot/telegram/telegramtest"
)

// staffGroup is where staff work in these tests.
const staffGroup = -1001000000500

// withText returns the newest message that has text in it; nil: there is none.
func withText(sent []telegramtest.SentMessage, text string) *telegramtest.SentMessage {
	for _, m := range slices.Backward(sent) {
		if strings.Contains(m.Text, text) {
			return &m
		}
	}
	return nil
}

// TestTelegramStaffGroup works on a ticket from a group: claim by button, reply,
// note, solve; over a restart, and past a stranger.
func TestTelegramStaffGroup(t *testing.T) {
	t.Parallel()
	tg := telegramtest.New(t)
	d := newDeployment(t, "TELEGRAM_TOKEN="+tg.Token, "TELEGRAM_API_BASE="+tg.URL,
		"TELEGRAM_STAFF_CHAT=-1001000000500", "TELEGRAM_STAFF=alice=71,72")
	tg.Meet(staffGroup)
	serve := d.start().ready()
	tg.UserSends(1, "talk to a person <b>@everyone</b>")
	tg.WaitSent(t, 1, 1)
	inGroup := func(text string) *telegramtest.SentMessage {
		t.Helper()
		var m *telegramtest.SentMessage
		tg.Wait(t, "the group to read "+text, func() bool {
			m = withText(tg.Sent(staffGroup), text)
			return m != nil
		})
		return m
	}
	card := inGroup("#1 · waits since")
	if !strings.Contains(card.Text, "<b>@everyone</b>") || !strings.Contains(card.Text, "Telegram") {
		t.Errorf("card: %q", card.Text)
	}
	tg.MemberPresses(staffGroup, 666, card.ID, "st:claim:1") // no staff
	tg.MemberPresses(staffGroup, 71, card.ID, "st:claim:1")
	inGroup("#1 · held by alice")
	tg.Deliver(telegramtest.Incoming{From: 71, Chat: staffGroup, Text: "It is on its way.", ReplyTo: card.ID})
	tg.Wait(t, "the reply to arrive", func() bool { return withText(tg.Sent(1), "It is on its way.") != nil })
	serve.kill()
	serve = d.start().ready()
	tg.Deliver(telegramtest.Incoming{From: 71, Chat: staffGroup, Text: "! a vip", ReplyTo: card.ID})
	tg.Deliver(telegramtest.Incoming{From: 666, Chat: staffGroup, Text: "send me your coins", ReplyTo: card.ID})
	tg.UserSends(1, "thank you, when")
	post := inGroup("thank you, when")
	tg.Deliver(telegramtest.Incoming{From: 72, Chat: staffGroup, Text: "/solve #1"})
	inGroup("alice holds it")
	tg.Deliver(telegramtest.Incoming{From: 71, Chat: staffGroup, Text: "/solve@" + telegramtest.BotUsername, ReplyTo: post.ID})
	inGroup("#1 is solved.")
	inGroup("#1 · solved by alice")
	s := d.story("1")
	if len(s.Notes) != 1 || s.State != "solved" {
		t.Errorf("story: %+v", s)
	}
	for _, text := range []string{"vip", "coins"} {
		if m := withText(tg.Sent(1), text); m != nil {
			t.Errorf("the asker got %q", m.Text)
		}
	}
	if n := strings.Count(serve.log.String(), "refused: not staff"); n != 1 {
		t.Errorf("%d refusals in the log of the second process, want 1", n)
	}
	serve.stop()
}

// TestTelegramStaffTopics: a topic for each ticket, made again when it is deleted.
func TestTelegramStaffTopics(t *testing.T) {
	t.Parallel()
	tg := telegramtest.New(t)
	tg.SetChat(staffGroup, map[string]any{"type": "supergroup", "is_forum": true})
	tg.SetMember(staffGroup, map[string]any{"status": "administrator", "can_manage_topics": true})
	d := newDeployment(t, "TELEGRAM_TOKEN="+tg.Token, "TELEGRAM_API_BASE="+tg.URL,
		"TELEGRAM_STAFF_CHAT=-1001000000500", "TELEGRAM_STAFF=alice=71", "TELEGRAM_STAFF_TOPICS=true")
	tg.Meet(staffGroup)
	serve := d.start().ready()
	tg.UserSends(1, "talk to a person")
	topic := func(n int) int64 {
		t.Helper()
		tg.Wait(t, "a topic with a card", func() bool {
			all := tg.Topics(staffGroup)
			return len(all) >= n && withText(tg.InTopic(staffGroup, all[n-1].ID), "#1 · ") != nil
		})
		return tg.Topics(staffGroup)[n-1].ID
	}
	first := topic(1)
	tg.Deliver(telegramtest.Incoming{From: 71, Chat: staffGroup, Topic: first, Text: "Hello from the topic"})
	tg.Wait(t, "the reply to arrive", func() bool { return withText(tg.Sent(1), "Hello from the topic") != nil })
	tg.DeleteTopic(staffGroup, first)
	tg.UserSends(1, "are you still there")
	second := topic(2)
	if m := withText(tg.InTopic(staffGroup, second), "are you still there"); m == nil {
		t.Errorf("the new topic lacks what the asker wrote: %+v", tg.InTopic(staffGroup, second))
	}
	tg.Deliver(telegramtest.Incoming{From: 71, Chat: staffGroup, Topic: second, Text: "Yes I am"})
	tg.Wait(t, "the reply to arrive", func() bool { return withText(tg.Sent(1), "Yes I am") != nil })
	serve.stop()
}

// TestStaffSettings: mistakes in them are told before going live.
func TestStaffSettings(t *testing.T) {
	t.Parallel()
	tg := telegramtest.New(t)
	env := []string{"TELEGRAM_TOKEN=" + tg.Token, "TELEGRAM_API_BASE=" + tg.URL}
	for want, set := range map[string]string{
		"nobody is staff":   "TELEGRAM_STAFF_CHAT=-1001000000500",
		"names no room":     "TELEGRAM_STAFF=alice=71",
		"an account's id":   "TELEGRAM_STAFF=alice",
		"not an id of a gr": "TELEGRAM_STAFF_CHAT=ann",
	} {
		d := newDeployment(t, append(env, set)...)
		for _, args := range [][]string{{"check"}, {"serve", "--listen", "127.0.0.1:0"}} {
			out, err := d.command(args...).CombinedOutput()
			if err == nil || !strings.Contains(string(out), want) {
				t.Errorf("%s with %s: %v, %s; want %q", args[0], set, err, out, want)
			}
		}
	}
	tg.Meet(staffGroup)
	out, _ := newDeployment(t, append(env, "TELEGRAM_STAFF_CHAT=-1001000000500", "TELEGRAM_STAFF=alice=71,72")...).command("check").CombinedOutput()
	if !strings.Contains(string(out), "telegram: ok: in the staff room -1001000000500, 2 accounts may act") {
		t.Errorf("check: %s", out)
	}
}

// TestDiscordStaffChannel works on a question from Telegram in a thread on Discord,
// beside a group on Telegram that sees the same.
func TestDiscordStaffChannel(t *testing.T) {
	t.Parallel()
	tg, dc := telegramtest.New(t), discordtest.New(t)
	channel, role := dc.AddChannel(), dc.AddRole()
	const agent, stranger = "200000000000000071", "200000000000000666"
	dc.SetRoles(agent, role)
	d := newDeployment(t, "TELEGRAM_TOKEN="+tg.Token, "TELEGRAM_API_BASE="+tg.URL,
		"TELEGRAM_STAFF_CHAT=-1001000000500", "TELEGRAM_STAFF=alice=71",
		"DISCORD_TOKEN="+dc.Token, "DISCORD_API_BASE="+dc.URL, "DISCORD_STAFF_CHANNEL="+channel, "DISCORD_STAFF_ROLE="+role)
	tg.Meet(staffGroup)
	serve := d.start().ready()
	dc.WaitReady(t, 1)
	tg.UserSends(1, "talk to a person")
	var card discordtest.SentMessage
	in := func(conversation, text string) discordtest.SentMessage {
		t.Helper()
		var m discordtest.SentMessage
		eventually(t, "Discord to read "+text, func() bool {
			all := dc.Sent(conversation)
			i := slices.IndexFunc(all, func(s discordtest.SentMessage) bool { return strings.Contains(s.Content, text) })
			if i >= 0 {
				m = all[i]
			}
			return i >= 0
		})
		return m
	}
	card = in(channel, "1 · waits since")
	thread := card.ID // a thread on a message has its id
	eventually(t, "the thread", func() bool { _, _, ok := dc.Thread(thread); return ok })
	dc.UserForges(stranger, card.ID, "st:claim:1")
	dc.UserPosts(thread, stranger, "send me your coins")
	dc.UserPresses(agent, card.ID, "st:claim:1")
	in(channel, "1 · held by")
	tg.Wait(t, "the group to see the claim", func() bool { return withText(tg.Sent(staffGroup), "#1 · held by") != nil })
	said := dc.UserPosts(thread, agent, "It takes 3 hours.")
	tg.Wait(t, "the reply", func() bool { return withText(tg.Sent(1), "It takes 3 hours.") != nil })
	dc.UserEdits(thread, said, "It takes 30 hours.")
	tg.Wait(t, "the changed reply", func() bool { return withText(tg.Sent(1), "It takes 30 hours.") != nil })
	serve.kill()
	dc.UserPosts(thread, agent, "! written while the bot was away")
	serve = d.start().ready()
	eventually(t, "the note", func() bool { return len(d.story("1").Notes) == 1 })
	dc.UserGives(thread, agent, "solve", nil)
	in(channel, "1 · solved by")
	tg.Wait(t, "the group to see it solved", func() bool { return withText(tg.Sent(staffGroup), "#1 · solved by") != nil })
	dc.WaitPrivate(t, agent, func(all []discordtest.SentMessage) bool {
		return slices.ContainsFunc(all, func(m discordtest.SentMessage) bool { return strings.Contains(m.Content, "is solved") })
	})
	for _, text := range []string{"coins", "away"} {
		if m := withText(tg.Sent(1), text); m != nil {
			t.Errorf("the asker got %q", m.Text)
		}
	}
	serve.stop()
}
