package telegram_test

import (
	"strings"
	"testing"

	"firstline/bot/telegram"
	"firstline/bot/telegram/telegramtest"
)

// TestCheckStaff goes through what can be wrong with the staff chat.
func TestCheckStaff(t *testing.T) {
	t.Parallel()
	admin := func(s *telegramtest.Server) {
		s.SetMember(-1001, fields{"status": "administrator", "can_manage_topics": true})
	}
	topics := func(s *telegramtest.Server) { s.SetChat(-1001, fields{"is_forum": true}) }
	seesAll := func(s *telegramtest.Server) { s.SetSelf(fields{"can_read_all_group_messages": true}) }
	member := func(s *telegramtest.Server) { s.Meet(-1001) }
	type set = []func(s *telegramtest.Server)
	tests := map[string]struct {
		chat   string
		topics bool
		set    set
		want   []string // a part of each finding on the staff chat; problems begin with "!"
	}{
		"good":            {"-1001", true, set{admin, topics}, []string{"sees all messages"}},
		"without topics":  {"-1001", false, set{member}, []string{"only commands and replies to it, which is enough"}},
		"privacy off":     {"-1001", false, set{member, seesAll}, []string{"sees all messages"}},
		"unknown":         {"-1001", true, nil, []string{"!can't be seen: add the bot"}},
		"thrown out":      {"-1001", true, set{func(s *telegramtest.Server) { s.Block(-1001) }}, []string{"!can't be seen"}},
		"left":            {"-1001", true, set{func(s *telegramtest.Server) { s.SetMember(-1001, fields{"status": "left"}) }}, []string{"!the bot is not in"}},
		"a channel":       {"-1001", false, set{func(s *telegramtest.Server) { s.SetChat(-1001, fields{"type": "channel"}) }}, []string{"!is a channel, not a group"}},
		"public":          {"-1001", false, set{admin, func(s *telegramtest.Server) { s.SetChat(-1001, fields{"username": "help"}) }}, []string{"!is public", "sees all messages"}},
		"no forum":        {"-1001", true, set{admin}, []string{"!topics are switched off", "sees all messages"}},
		"no rights":       {"-1001", true, set{topics, func(s *telegramtest.Server) { s.SetMember(-1001, fields{"status": "administrator"}) }}, []string{"!right to manage topics", "sees all messages"}},
		"no admin":        {"-1001", true, set{topics, seesAll}, []string{"!make it an admin there with the right to manage topics", "sees all messages"}},
		"topics, privacy": {"-1001", true, set{topics}, []string{"!right to manage topics", "!not what agents write in the topic of a ticket; switch it off with /setprivacy"}},
		"muted": {"-1001", false, set{func(s *telegramtest.Server) {
			s.SetMember(-1001, fields{"status": "restricted", "is_member": true, "can_send_messages": false})
		}}, []string{"!must not write", "which is enough"}},
		"moved": {"-5", false, set{func(s *telegramtest.Server) { s.MigrateUnseen(-5, -1001); admin(s) }},
			[]string{"has become the supergroup -1001; the setting can stay", "sees all messages"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := telegramtest.New(t)
			for _, set := range tt.set {
				set(s)
			}
			c, _ := channel(t, s, withStaff(tt.chat), func(o *telegram.Options) { o.StaffTopics = tt.topics })
			all, err := c.Check(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			var found []telegram.Finding
			for _, f := range all {
				if strings.Contains(f.Text, "the staff chat "+tt.chat) {
					found = append(found, f)
				} else if f.Problem {
					t.Errorf("got %+v", f)
				}
			}
			if len(found) != len(tt.want) {
				t.Fatalf("got %+v", found)
			}
			for i, want := range tt.want {
				part, problem := strings.CutPrefix(want, "!")
				if f := found[i]; f.Problem != problem || !strings.Contains(f.Text, part) {
					t.Errorf("got %+v, want %q", f, want)
				}
			}
		})
	}
}

// TestMovedStaffIsLearned starts with an id that is no more, and nothing kept of
// it: what is written in the supergroup is staff's.
func TestMovedStaffIsLearned(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	s.MigrateUnseen(-5, -1001000000005)
	kept := &marks{}
	c, l := channel(t, s, withStaff("-5"), withMarks(kept))
	got := newStore()
	run(t, c, got)
	l.wait(t, "has become a supergroup")
	s.Deliver(telegramtest.Incoming{From: 7, Chat: -1001000000005, Text: "here"})
	if m := got.wait(t, 1)[0]; !m.StaffRoom || m.Conversation != conversation("-5") {
		t.Errorf("got %+v", m)
	}
}
