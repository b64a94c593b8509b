package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"firstline/bot/discord"
	"firstline/bot/phrases"
)

// discordOptions are the settings of the channel to Discord.
func discordOptions(token string) (discord.Options, error) {
	shards, err := discord.ParseShards(os.Getenv("DISCORD_SHARDS"))
	if err != nil {
		return discord.Options{}, fmt.Errorf("DISCORD_SHARDS: %w", err)
	}
	return discord.Options{
		Token: token, APIBase: os.Getenv("DISCORD_API_BASE"), Shards: shards,
		StaffChannel: strings.TrimSpace(os.Getenv("DISCORD_STAFF_CHANNEL")),
		StaffRole:    strings.TrimSpace(os.Getenv("DISCORD_STAFF_ROLE")),
		Help:         strings.FieldsFunc(os.Getenv("DISCORD_HELP_CHANNELS"), func(r rune) bool { return r == ',' || r == ' ' }),
	}, nil
}

// discordTexts are what Discord shows around commands.
func discordTexts(b *bundle) discord.Texts {
	return discord.Texts{
		Private:       inLanguages(b, phrases.DiscordPrivate),
		AnswerThis:    inLanguages(b, phrases.DiscordAnswerThis),
		SendToSupport: inLanguages(b, phrases.DiscordSendToSupport),
		FormTitle:     inLanguages(b, phrases.DiscordFormTitle),
		FormLabel:     inLanguages(b, phrases.DiscordFormLabel),
		OnlyAuthor:    inLanguages(b, phrases.DiscordOnlyAuthor),
		OnlyPeople:    inLanguages(b, phrases.DiscordOnlyPeople),
	}
}

// inLanguages is a phrase in every language, "" being the fallback.
func inLanguages(b *bundle, id phrases.ID) map[string]string {
	texts := map[string]string{"": b.Book.Text(b.Site.Fallback, id, phrases.Data{})}
	for _, lang := range b.Site.Languages {
		texts[lang] = b.Book.Text(lang, id, phrases.Data{})
	}
	return texts
}

// checkDiscord says what the bot can and can't do on Discord. It fails when
// something has to be put right before going live.
func checkDiscord(ctx context.Context, w io.Writer) error {
	t, err := readTokens()
	if err != nil || t.discord == "" {
		return err
	}
	o, err := discordOptions(t.discord)
	if err != nil {
		return err
	}
	findings, err := discord.Check(ctx, o)
	if err != nil {
		return fmt.Errorf("discord: %w", err)
	}
	bad := false
	for _, f := range findings {
		if _, err := fmt.Fprintf(w, "discord: %s: %s\n", f.Level, f.Text); err != nil {
			return err
		}
		bad = bad || f.Level == discord.Problem
	}
	if bad {
		return errors.New("discord: not ready to go live, see above")
	}
	return nil
}
