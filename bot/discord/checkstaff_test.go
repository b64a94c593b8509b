package discord_test

import (
	"testing"

	"firstline/bot/discord"
	"firstline/bot/discord/discordtest"
)

func TestCheckStaff(t *testing.T) {
	t.Parallel()
	const least, createThreads, manageThreads = 1<<10 | 1<<11 | 1<<16 | 1<<38, 1 << 35, 1 << 34
	for _, test := range []struct {
		name  string
		setUp func(s *discordtest.Server, o *discord.Options)
		want  []string
		not   []string
	}{
		{
			name: "all is well",
			setUp: func(s *discordtest.Server, _ *discord.Options) {
				s.SetBotPermissions(least | createThreads | manageThreads)
			},
			want: []string{"ok: staff channel #channel-"}, not: []string{"problem", "advice: staff"},
		},
		{name: "the least permissions", want: []string{"ok: staff channel #channel-", "advice: staff channel", "Manage Threads"}, not: []string{"problem"}},
		{
			name:  "no permissions",
			setUp: func(s *discordtest.Server, _ *discord.Options) { s.SetBotPermissions(0) },
			want:  []string{"problem: staff channel", "View Channel, Send Messages, Create Public Threads, Send Messages in Threads, Read Message History"},
		},
		{
			name:  "no threads",
			setUp: func(s *discordtest.Server, _ *discord.Options) { s.SetBotPermissions(least) },
			want:  []string{"give the bot the permissions Create Public Threads\n"}, not: []string{"ok: staff"},
		},
		{
			name:  "everybody reads along",
			setUp: func(s *discordtest.Server, _ *discord.Options) { s.SetPermissions(s.GuildID, 1<<10) },
			want:  []string{"problem: staff channel", "everybody in the server can read the tickets"},
		},
		{
			name: "only here everybody reads along",
			setUp: func(s *discordtest.Server, o *discord.Options) {
				s.SetOverwrites(o.StaffChannel, discordtest.Overwrite{ID: s.GuildID, Allow: view})
			},
			want: []string{"everybody in the server can read the tickets"},
		},
		{
			name: "everybody but here",
			setUp: func(s *discordtest.Server, o *discord.Options) {
				s.SetPermissions(s.GuildID, 1<<10)
				s.SetOverwrites(o.StaffChannel, discordtest.Overwrite{ID: s.GuildID, Deny: view}, discordtest.Overwrite{ID: s.BotRole, Allow: view})
			},
			want: []string{"ok: staff channel"}, not: []string{"problem"},
		},
		{
			name:  "a forum",
			setUp: func(s *discordtest.Server, o *discord.Options) { o.StaffChannel = s.AddForum() },
			want:  []string{"problem: staff channel", "has to be a text channel"}, not: []string{"ok: staff"},
		},
		{
			name:  "unknown",
			setUp: func(_ *discordtest.Server, o *discord.Options) { o.StaffChannel = "5" },
			want:  []string{"problem: staff channel 5: the channel is gone"},
		},
		{
			name:  "a direct conversation",
			setUp: func(s *discordtest.Server, o *discord.Options) { o.StaffChannel = s.DM("501") },
			want:  []string{"is in no server"},
		},
		{
			name:  "unknown role",
			setUp: func(_ *discordtest.Server, o *discord.Options) { o.StaffRole = "5" },
			want:  []string{"problem: the staff role 5 (DISCORD_STAFF_ROLE) does not exist"},
		},
		{
			name:  "everybody's role",
			setUp: func(s *discordtest.Server, o *discord.Options) { o.StaffRole = s.GuildID },
			want:  []string{"problem: the staff role", "is @everyone"},
		},
		{
			name:  "a role",
			setUp: func(s *discordtest.Server, o *discord.Options) { o.StaffRole = s.AddRole() },
			not:   []string{"problem"},
		},
		{
			name:  "a role and no channel",
			setUp: func(s *discordtest.Server, o *discord.Options) { o.StaffChannel, o.StaffRole = "", s.AddRole() },
			want:  []string{"advice: DISCORD_STAFF_ROLE does nothing"}, not: []string{"problem"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := discordtest.New(t)
			o := discord.Options{Token: s.Token, APIBase: s.URL, StaffChannel: s.AddChannel()}
			if test.setUp != nil {
				test.setUp(s, &o)
			}
			findings, err := discord.Check(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			wantFindings(t, findings, test.want, test.not)
		})
	}
}
