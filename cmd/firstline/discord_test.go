package main

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"

	"firstline/bot/chat"
	"firstline/bot/discord"
	"firstline/bot/discord/discordtest"
)

// TestShippedCommandsOnDiscord registers what is built in, in all languages.
func TestShippedCommandsOnDiscord(t *testing.T) {
	dc := discordtest.New(t)
	b, err := loadContent("")
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("DISCORD_API_BASE", dc.URL)
	o, err := discordOptions(dc.Token)
	if err != nil {
		t.Fatal(err)
	}
	o.Log, o.Commands, o.Texts = slog.New(slog.DiscardHandler), commandDescriptions(b), discordTexts(b)
	ch, err := discord.New(o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- ch.Run(ctx, nobody{}) }()
	eventually(t, "the commands", func() bool { return len(dc.Commands()) == 6 })
	for _, c := range dc.Commands() {
		field := "description_localizations"
		if c["type"] == float64(3) {
			field = "name_localizations"
		}
		texts, _ := c[field].(map[string]any)
		for _, locale := range []string{"en-US", "zh-CN", "es-ES", "fr", "de", "ru", "ar"} {
			if text, _ := texts[locale].(string); text == "" {
				t.Errorf("%v is not described in %s", c["name"], locale)
			}
		}
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// nobody writes anything there.
type nobody struct{}

func (nobody) Receive(context.Context, []*chat.Message) error { return nil }

func TestCheckSaysWhatDiscordAllows(t *testing.T) {
	dc := discordtest.New(t)
	forum := dc.AddForum()
	t.Setenv("DISCORD_API_BASE", dc.URL)
	t.Setenv("DISCORD_TOKEN", dc.Token)
	check := func() (code int, out string) {
		var b bytes.Buffer
		code = run(t.Context(), []string{"check"}, streams{in: strings.NewReader(""), out: &b, err: &b})
		return code, b.String()
	}
	t.Setenv("DISCORD_HELP_CHANNELS", forum+", 5")
	code, out := check()
	if code != 1 || !strings.Contains(out, "discord: ok: #channel-"+forum) || !strings.Contains(out, "discord: problem: help channel 5: the channel is gone") {
		t.Errorf("%d\n%s", code, out)
	}
	t.Setenv("DISCORD_HELP_CHANNELS", forum)
	if code, out = check(); code != 0 {
		t.Errorf("%d\n%s", code, out)
	}
	for variable, value := range map[string]string{"DISCORD_SHARDS": "4", "DISCORD_HELP_CHANNELS": "#help", "DISCORD_STAFF_CHANNEL": "#staff", "DISCORD_STAFF_ROLE": "support"} {
		t.Run(variable, func(t *testing.T) {
			t.Setenv(variable, value)
			if code, out = check(); code != 1 || !strings.Contains(out, value) {
				t.Errorf("%d\n%s", code, out)
			}
		})
	}
	if strings.Contains(out, dc.Token) {
		t.Error("the token is in the output")
	}
}

func TestStaffOfDiscordFromTheEnvironment(t *testing.T) {
	t.Setenv("DISCORD_STAFF_CHANNEL", " 1201 ")
	t.Setenv("DISCORD_STAFF_ROLE", "1202 ")
	if o, err := discordOptions("token"); err != nil || o.StaffChannel != "1201" || o.StaffRole != "1202" {
		t.Errorf("%q, %q, %v", o.StaffChannel, o.StaffRole, err)
	}
}
