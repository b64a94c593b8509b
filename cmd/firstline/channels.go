package main

import (
	"context"
	"fmt"
	"log/slog"
	"sync"

	"firstline/bot/chat"
	"firstline/bot/discord"
	"firstline/bot/phrases"
	"firstline/bot/telegram"
	"firstline/handoff/store"
)

// tokens are the secrets of the networks; "" where a channel is off.
type tokens struct{ telegram, discord string }

func readTokens() (t tokens, err error) {
	if t.telegram, err = secret("TELEGRAM_TOKEN"); err != nil {
		return t, err
	}
	t.discord, err = secret("DISCORD_TOKEN")
	return t, err
}

func (t tokens) none() bool { return t.telegram == "" && t.discord == "" }

// has reports whether the channel to a network is on.
func (t tokens) has(n chat.Network) bool {
	return n == chat.Telegram && t.telegram != "" || n == chat.Discord && t.discord != ""
}

// networkChannels makes the channels that have a token. Each one that has none
// says so in one line.
func networkChannels(t tokens, b *bundle, st *store.Store, m *metrics, log *slog.Logger) ([]chat.Channel, error) {
	var channels []chat.Channel
	commands := commandDescriptions(b)
	if t.telegram == "" {
		log.Info("telegram is off: TELEGRAM_TOKEN is not set")
	} else {
		o, err := telegramOptions(t.telegram)
		if err != nil {
			return nil, err
		}
		o.Log, o.Marks = log.With("channel", "telegram"), marksOfTelegram{st}
		o.Commands, o.StaffCommands, o.Count = commands, staffCommands, m.membership
		ch, err := telegram.New(o)
		if err != nil {
			return nil, fmt.Errorf("telegram: %w", err)
		}
		channels = append(channels, ch)
	}
	if t.discord == "" {
		log.Info("discord is off: DISCORD_TOKEN is not set")
	} else {
		o, err := discordOptions(t.discord)
		if err != nil {
			return nil, err
		}
		o.Log, o.Seen = log.With("channel", "discord"), seenOnDiscord{st}
		o.Commands, o.StaffCommands, o.Texts = commands, staffCommands, discordTexts(b)
		o.QuestionLabel = inLanguages(b, phrases.CommandAskQuestion)
		ch, err := discord.New(o)
		if err != nil {
			return nil, fmt.Errorf("discord: %w", err)
		}
		channels = append(channels, ch)
	}
	return channels, nil
}

// seenOnDiscord keeps in the database up to where Discord was received.
type seenOnDiscord struct{ store *store.Store }

// Load implements discord.Seen.
func (s seenOnDiscord) Load(ctx context.Context) (map[string]string, error) {
	return s.store.Marks(ctx, chat.Discord)
}

// Save implements discord.Seen.
func (s seenOnDiscord) Save(ctx context.Context, channelID, messageID string) error {
	return s.store.SaveMark(ctx, chat.Discord, channelID, messageID)
}

// commandDescriptions describes the bot's commands in every language, "" being
// the fallback.
func commandDescriptions(b *bundle) map[string]map[chat.Command]string {
	all := map[string]map[chat.Command]string{}
	describe := func(key, lang string) {
		all[key] = map[chat.Command]string{
			chat.CommandStart:  b.Book.Text(lang, phrases.CommandStart, phrases.Data{}),
			chat.CommandAsk:    b.Book.Text(lang, phrases.CommandAsk, phrases.Data{}),
			chat.CommandHuman:  b.Book.Text(lang, phrases.CommandHuman, phrases.Data{}),
			chat.CommandHelp:   b.Book.Text(lang, phrases.CommandHelp, phrases.Data{}),
			chat.CommandSolved: b.Book.Text(lang, phrases.CommandSolved, phrases.Data{}),
		}
	}
	describe("", b.Site.Fallback)
	for _, lang := range b.Site.Languages {
		describe(lang, lang)
	}
	return all
}

// receiving runs channels and knows which of them have given up.
type receiving struct {
	log     *slog.Logger
	metrics *metrics
	wg      sync.WaitGroup
	mu      sync.Mutex
	failed  map[chat.Network]error
}

// start runs ch until ctx ends. A channel that gives up does not stop the
// others; /readyz and the log say so.
func (r *receiving) start(ctx context.Context, ch chat.Channel, to chat.Receiver) {
	up := r.metrics.channelUp.WithLabelValues(string(ch.Network()))
	up.Set(1)
	r.wg.Go(func() {
		defer up.Set(0)
		err := ch.Run(ctx, to)
		if err == nil {
			return
		}
		r.mu.Lock()
		r.failed[ch.Network()] = err
		r.mu.Unlock()
		r.log.Error("the channel has stopped", "network", ch.Network(), "err", err)
	})
}

// err returns what the first failed channel failed of.
func (r *receiving) err() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for network, err := range r.failed {
		return fmt.Errorf("%s has stopped: %w", network, err)
	}
	return nil
}
