package discord_test

import (
	"strings"
	"testing"

	"firstline/bot/discord"
	"firstline/bot/discord/discordtest"
)

const (
	view, write, history, inThreads = "1024", "2048", "65536", "274877906944"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		setUp func(s *discordtest.Server, channel, forum string)
		token string
		help  func(channel, forum string) []string
		want  []string // "level: part"
		not   []string
	}{
		{
			name: "all is well", setUp: func(s *discordtest.Server, _, _ string) { s.SetBotPermissions(1 << 3) },
			want: []string{"ok: the token is good", "ok: the bot may read messages", "ok: the bot is in 1 servers", "ok: #channel-"},
			not:  []string{"problem", "advice"},
		},
		{name: "the least permissions", want: []string{"ok: #channel-", "advice: #channel-"}, not: []string{"problem"}},
		{name: "refused token", token: "another", want: []string{"problem: the token was refused"}},
		{
			name: "intent off", setUp: func(s *discordtest.Server, _, _ string) { s.DisallowMessageContent() },
			want: []string{"problem: the bot may not read messages: switch on Message Content Intent"},
		},
		{
			name: "no permissions", setUp: func(s *discordtest.Server, _, _ string) { s.SetBotPermissions(0) },
			want: []string{"problem: #channel-", "View Channel, Send Messages, Send Messages in Threads, Read Message History"},
		},
		{
			name: "denied in the channel", setUp: func(s *discordtest.Server, channel, forum string) {
				s.SetOverwrites(channel,
					discordtest.Overwrite{ID: s.GuildID, Deny: write},
					discordtest.Overwrite{ID: s.BotRole, Allow: write, Deny: history},
					discordtest.Overwrite{ID: s.BotID, Type: 1, Allow: "0", Deny: inThreads})
				s.SetOverwrites(forum, discordtest.Overwrite{ID: s.BotRole, Deny: write}) // it only answers there
			},
			want: []string{"give the bot the permissions Send Messages in Threads, Read Message History"}, not: []string{"View Channel"},
		},
		{
			name: "hidden", setUp: func(s *discordtest.Server, channel, _ string) {
				s.Refuse(channel, discordtest.Refused(403, 50001, "Missing Access"))
			},
			want: []string{"problem: help channel", "View Channel"},
		},
		{
			name: "unknown", help: func(_, _ string) []string { return []string{"5"} },
			want: []string{"problem: help channel 5: the channel is gone"},
		},
		{name: "none", help: func(_, _ string) []string { return nil }, want: []string{"advice: there are no help channels"}},
		{
			name: "no sessions", setUp: func(s *discordtest.Server, _, _ string) { s.SetSessions(0) },
			want: []string{"problem: Discord lets the bot connect again only in"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := discordtest.New(t)
			channel, forum := s.AddChannel(), s.AddForum()
			if test.setUp != nil {
				test.setUp(s, channel, forum)
			}
			o := discord.Options{Token: s.Token, APIBase: s.URL, Help: []string{channel, forum}}
			if test.token != "" {
				o.Token = test.token
			}
			if test.help != nil {
				o.Help = test.help(channel, forum)
			}
			findings, err := discord.Check(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			text := wantFindings(t, findings, test.want, test.not)
			checkSecrets(t, s, text)
			if n := s.Calls("PUT", "") + s.Calls("POST", "") + s.Calls("PATCH", ""); n != 0 || s.Connections() != 0 {
				t.Error("checking has changed something")
			}
		})
	}
}

// wantFindings looks for parts of what was found, and for what was not.
func wantFindings(t *testing.T, findings []discord.Finding, want, not []string) string {
	t.Helper()
	text := ""
	for _, f := range findings {
		text += string(f.Level) + ": " + f.Text + "\n"
	}
	for _, part := range want {
		if !strings.Contains(text, part) {
			t.Errorf("no %q in:\n%s", part, text)
		}
	}
	for _, part := range not {
		if strings.Contains(text, part) {
			t.Errorf("%q in:\n%s", part, text)
		}
	}
	return text
}

func TestCheckInVain(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	s.Fail("GET", "", discordtest.HTML(502))
	if _, err := discord.Check(t.Context(), discord.Options{Token: s.Token, APIBase: s.URL}); err == nil || !strings.Contains(err.Error(), "502") {
		t.Errorf("%v", err)
	}
	if _, err := discord.Check(t.Context(), discord.Options{Token: s.Token, Help: []string{"#help"}}); err == nil || !strings.Contains(err.Error(), "Copy Channel ID") {
		t.Errorf("%v", err)
	}
}
