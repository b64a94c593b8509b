package telegram_test

import (
	"errors"
	"strings"
	"testing"

	"firstline/bot/telegram"
	"firstline/bot/telegram/telegramtest"
)

// TestCheck goes through what can be wrong with a set-up.
func TestCheck(t *testing.T) {
	t.Parallel()
	admin := fields{"status": "administrator"}
	tests := map[string]struct {
		helps   string
		webhook string
		set     func(s *telegramtest.Server)
		want    []string // a part of each finding after the first; problems begin with "!"
	}{
		"private only": {"", "", nil, []string{"privacy mode is on: in groups the bot sees only", "polled"}},
		"privacy off":  {"", "", func(s *telegramtest.Server) { s.SetSelf(fields{"can_read_all_group_messages": true}) }, []string{"privacy mode is off", "polled"}},
		"good": {"-1001", "", func(s *telegramtest.Server) { s.SetMember(-1001, admin) },
			[]string{"polled", "in the help chat -1001 the bot sees all messages"}},
		"privacy": {"-1001", "", func(s *telegramtest.Server) { s.Meet(-1001) },
			[]string{"polled", "!switch it off with /setprivacy at @BotFather"}},
		"unknown":    {"-1001", "", nil, []string{"polled", "!the help chat -1001 can't be seen: add the bot"}},
		"thrown out": {"-1001", "", func(s *telegramtest.Server) { s.Block(-1001) }, []string{"polled", "!can't be seen"}},
		"left": {"-1001", "", func(s *telegramtest.Server) { s.SetMember(-1001, fields{"status": "left"}) },
			[]string{"polled", "!the bot is not in the help chat -1001"}},
		"muted": {"-1001", "", func(s *telegramtest.Server) {
			s.SetMember(-1001, fields{"status": "restricted", "is_member": true, "can_send_messages": false})
		}, []string{"polled", "!must not write", "!privacy mode is on"}},
		"group closed": {"-1001", "", func(s *telegramtest.Server) {
			s.SetChat(-1001, fields{"permissions": fields{"can_send_messages": false}})
			s.SetSelf(fields{"can_read_all_group_messages": true})
		}, []string{"privacy mode is off", "polled", "!must not write", "the bot sees all messages"}},
		"no topics": {"-1001/7", "", func(s *telegramtest.Server) { s.SetMember(-1001, admin) },
			[]string{"polled", "!topics are switched off", "the bot sees all messages"}},
		"topics": {"-1001/7", "", func(s *telegramtest.Server) { s.SetMember(-1001, admin); s.SetChat(-1001, fields{"is_forum": true}) },
			[]string{"polled", "the bot sees all messages"}},
		"a channel": {"-1001", "", func(s *telegramtest.Server) { s.SetChat(-1001, fields{"type": "channel"}) }, []string{"polled", "!is a channel, not a group"}},
		"moved": {"-5", "", func(s *telegramtest.Server) { s.MigrateUnseen(-5, -1001000000005) },
			[]string{"polled", "!has become the supergroup -1001000000005: correct the setting"}},
		"no groups": {"-1001", "", func(s *telegramtest.Server) {
			s.SetSelf(fields{"can_join_groups": false, "can_read_all_group_messages": true})
			s.Meet(-1001)
		}, []string{"!/setjoingroups", "privacy mode is off", "polled", "the bot sees all messages"}},
		"webhook of others": {"", "", func(s *telegramtest.Server) { s.SetWebhook("https://other.example/secret") },
			[]string{"privacy", "!webhook at other.example"}},
		"webhook to be": {"", "http://127.0.0.1:1/x", nil, []string{"privacy", "will come to the webhook"}},
		"webhook there": {"", "http://127.0.0.1:1/x", func(s *telegramtest.Server) { s.SetWebhook("http://127.0.0.1:1/x") },
			[]string{"privacy", "messages come to the webhook; 0 are waiting"}},
		"other webhook": {"", "http://127.0.0.1:1/x", func(s *telegramtest.Server) { s.SetWebhook("https://other.example/secret") },
			[]string{"privacy", "!another webhook, at other.example"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := telegramtest.New(t)
			if tt.set != nil {
				tt.set(s)
			}
			c, _ := channel(t, s, func(o *telegram.Options) { o.HelpChats, o.WebhookURL = tt.helps, tt.webhook })
			found, err := c.Check(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if len(found) != len(tt.want)+1 || !strings.Contains(found[0].Text, "@"+botName) {
				t.Fatalf("got %+v", found)
			}
			for i, want := range tt.want {
				part, problem := strings.CutPrefix(want, "!")
				if f := found[i+1]; f.Problem != problem || !strings.Contains(f.Text, part) || strings.Contains(f.Text, "secret") {
					t.Errorf("got %+v, want %q", f, want)
				}
			}
		})
	}
}

func TestCheckFails(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	c, _ := channel(t, s)
	for name, f := range everyFault() {
		if strings.HasPrefix(name, "hang") {
			continue // takes the request timeout, which is long here
		}
		s.Fail("getMe", f)
		_, err := c.Check(t.Context())
		if (name == "401" || name == "404") != errors.Is(err, telegram.ErrTokenRefused) || err == nil {
			t.Errorf("%s: %v", name, err)
		}
		noSecret(t, name, err.Error())
	}
}

// TestProblemsAreLogged looks at what Run says of the set-up.
func TestProblemsAreLogged(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	s.Meet(-1001)
	c, l := channel(t, s, func(o *telegram.Options) { o.HelpChats = "-1001" })
	run(t, c, newStore())
	l.wait(t, "/setprivacy")
}
