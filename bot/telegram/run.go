package telegram

import (
	"context"
	"encoding/json"
	"sync"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"firstline/bot/backoff"
	"firstline/bot/chat"
)

// Run receives until ctx ends, by polling or, with Options.WebhookURL, by the
// handler that Webhook returns. It returns an error, ErrTokenRefused, only when
// Telegram does not know the token; everything else is logged and tried again.
// Of one bot, only one Run may be active anywhere: Telegram gives each update
// once.
func (c *Channel) Run(ctx context.Context, r chat.Receiver) error {
	defer c.api.client.CloseIdleConnections()
	if err := c.identify(ctx); err != nil || ctx.Err() != nil {
		return err
	}
	if !c.loadMoved(ctx) {
		return nil
	}
	var wg sync.WaitGroup
	defer wg.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()

	used := make(chan press)
	for range 4 {
		wg.Go(func() { c.answerPresses(ctx, used) })
	}
	wg.Go(func() { c.removeKeyboards(ctx, used) })
	wg.Go(func() { c.publishCommands(ctx); c.publishStaffMenu(ctx) })
	wg.Go(func() { c.reportSetUp(ctx) })
	if c.hook.url != "" {
		return c.serveWebhook(ctx, r)
	}
	return c.poll(ctx, r)
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

// loadMoved reads what groups have become, as often as it takes: without it a
// help chat would not be known by its new id. It returns false when ctx has
// ended.
func (c *Channel) loadMoved(ctx context.Context) bool {
	retry := backoff.Backoff{Min: c.retryMin, Max: c.retryMax}
	for ctx.Err() == nil {
		err := c.moved.load(ctx)
		if err == nil {
			return true
		}
		wait := retry.Next(0)
		c.log.Error("it can't be read which groups have become supergroups", "err", err, "retry_in", wait)
		backoff.Sleep(ctx, wait)
	}
	return false
}
