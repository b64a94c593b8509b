package telegram

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"firstline/bot/backoff"
	"firstline/bot/chat"
)

// Run receives until ctx ends. It returns an error, ErrTokenRefused, only when
// Telegram does not know the token; everything else is logged and tried again.
// Of one bot, only one Run may be active anywhere: Telegram gives each update
// to one poller.
func (c *Channel) Run(ctx context.Context, r chat.Receiver) error {
	defer c.api.client.CloseIdleConnections()
	if err := c.identify(ctx); err != nil || ctx.Err() != nil {
		return err
	}
	var wg sync.WaitGroup
	defer wg.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()

	presses := make(chan string, 512)
	for range 4 {
		wg.Go(func() { c.answerPresses(ctx, presses) })
	}
	wg.Go(func() { c.publishCommands(ctx) })
	return c.poll(ctx, r, presses)
}

// identify learns who the bot is, as often as it takes. It returns
// ErrTokenRefused, or nil; nil also when ctx has ended.
func (c *Channel) identify(ctx context.Context) error {
	retry := backoff.Backoff{Min: c.retryMin, Max: c.retryMax}
	for {
		me, err := c.getMe(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case err == nil:
			c.self.Store(&me)
			c.log.Info("connected to Telegram", "bot", "@"+clean(me.UserName), "sees_all_group_messages", me.CanReadAllGroupMessages)
			return nil
		}
		e := asCallError(err)
		if e.refused() {
			return ErrTokenRefused
		}
		wait := retry.Next(e.retryAfter)
		c.log.Warn("Telegram can't be reached yet", "reason", e.reason, "retry_in", wait)
		backoff.Sleep(ctx, wait)
	}
}

func (c *Channel) getMe(ctx context.Context) (tgbotapi.User, error) {
	var me tgbotapi.User
	result, err := c.api.call(ctx, "getMe", nil)
	if err != nil {
		return me, err
	}
	if err := json.Unmarshal(result, &me); err != nil || me.ID == 0 {
		return me, &callError{method: "getMe", reason: "the answer does not say who the bot is"}
	}
	return me, nil
}

// answerPresses tells Telegram that buttons were pressed, which ends the
// spinner on them. It is a courtesy: what fails is not tried again.
func (c *Channel) answerPresses(ctx context.Context, presses <-chan string) {
	for {
		select {
		case <-ctx.Done():
			return
		case id := <-presses:
			// Telegram accepts an answer for only some seconds.
			_, err := c.api.callFor(ctx, min(c.api.timeout, 10*time.Second), "answerCallbackQuery", tgbotapi.Params{"callback_query_id": id})
			if err != nil && ctx.Err() == nil {
				c.log.Debug("a pressed button was not answered", "reason", asCallError(err).reason)
			}
		}
	}
}
