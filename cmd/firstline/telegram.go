package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"

	"firstline/bot/chat"
	"firstline/bot/telegram"
	"firstline/handoff/store"
)

// telegramOptions are the settings of the channel to Telegram.
func telegramOptions(token string) (telegram.Options, error) {
	o := telegram.Options{
		Token: token, APIBase: os.Getenv("TELEGRAM_API_BASE"),
		HelpChats: os.Getenv("TELEGRAM_HELP_CHATS"), WebhookURL: os.Getenv("TELEGRAM_WEBHOOK_URL"),
		StaffChat: os.Getenv("TELEGRAM_STAFF_CHAT"),
	}
	var err error
	o.StaffTopics, err = staffTopics()
	return o, err
}

// marksOfTelegram keeps in the database what the channel to Telegram remembers.
type marksOfTelegram struct{ store *store.Store }

// Load implements telegram.Marks.
func (m marksOfTelegram) Load(ctx context.Context) (map[string]string, error) {
	return m.store.Marks(ctx, chat.Telegram)
}

// Save implements telegram.Marks.
func (m marksOfTelegram) Save(ctx context.Context, name, mark string) error {
	return m.store.SaveMark(ctx, chat.Telegram, name, mark)
}

// webhooks returns what networks post to, by path.
func webhooks(channels []chat.Channel) map[string]http.Handler {
	hooks := map[string]http.Handler{}
	for _, ch := range channels {
		if tg, ok := ch.(*telegram.Channel); ok {
			if path, h := tg.Webhook(); path != "" {
				hooks[path] = h
			}
		}
	}
	return hooks
}

// checkTelegram says what the bot can and can't do on Telegram. It fails when
// something has to be put right before going live.
func checkTelegram(ctx context.Context, w io.Writer) error {
	t, err := readTokens()
	if err != nil || t.telegram == "" {
		return err
	}
	o, err := telegramOptions(t.telegram)
	if err != nil {
		return err
	}
	ch, err := telegram.New(o)
	if err != nil {
		return err
	}
	findings, err := ch.Check(ctx)
	if err != nil {
		return err
	}
	bad := false
	for _, f := range findings {
		level := "ok"
		if f.Problem {
			level, bad = "problem", true
		}
		if _, err := fmt.Fprintf(w, "telegram: %s: %s\n", level, f.Text); err != nil {
			return err
		}
	}
	if bad {
		return errors.New("telegram: not ready to go live, see above")
	}
	return nil
}
