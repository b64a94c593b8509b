package telegram

import (
	"context"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"firstline/bot/backoff"
	"firstline/bot/chat"
)

// serveWebhook has Telegram deliver to the webhook until ctx ends, and sets it
// again should somebody take it away. At the end it stays: Telegram keeps what
// comes for a day and delivers it to the next Run.
func (c *Channel) serveWebhook(ctx context.Context, r chat.Receiver) error {
	h := c.hook
	h.mu.Lock()
	h.receiver, h.running = r, ctx
	h.mu.Unlock()
	defer func() {
		h.mu.Lock() // after the updates that are being received
		h.receiver, h.running = nil, nil
		h.mu.Unlock()
	}()
	retry := backoff.Backoff{Min: c.retryMin, Max: c.retryMax}
	set := false   // by this Run: one that is there may have another secret
	var told int64 // the last error of delivery that was logged
	for ctx.Err() == nil {
		info, err := c.webhookInfo(ctx)
		if err == nil && (info.URL != h.url || !set) {
			if info.URL != "" && info.URL != h.url {
				c.log.Warn("the messages of this bot went to another webhook; they come here now", "host", info.host())
			}
			err = c.setWebhook(ctx)
			set = err == nil
		}
		if ctx.Err() != nil {
			break
		}
		if err != nil {
			e := asCallError(err)
			if e.refused() {
				if err := c.identify(ctx); err != nil {
					return err
				}
			}
			wait := retry.Next(e.retryAfter)
			c.log.Warn("it is not sure that Telegram delivers here", "reason", e.reason, "retry_in", wait)
			backoff.Sleep(ctx, wait)
			continue
		}
		retry.Reset()
		if info.ErrorAt > told && info.URL == h.url && info.Pending > 0 {
			told = info.ErrorAt
			c.log.Warn("Telegram could not deliver to the webhook", "reason", c.api.describe(info.LastError),
				"at", info.erroredAt(), "waiting", info.Pending)
		}
		backoff.Sleep(ctx, c.hookCheck)
	}
	return nil
}

// setWebhook remembers that the webhook is this program's, so that it may be
// removed by a later start that polls, and sets it.
func (c *Channel) setWebhook(ctx context.Context) error {
	if err := c.moved.marks.Save(ctx, hookMark, fingerprint(c.hook.url)); err != nil {
		return &callError{method: "setWebhook", reason: "that it is set could not be kept"}
	}
	params := tgbotapi.Params{"url": c.hook.url, "secret_token": c.hook.secret}
	if err := params.AddInterface("allowed_updates", updateKinds); err != nil {
		return &callError{method: "setWebhook", reason: "the request can't be written as JSON"}
	}
	if _, err := c.api.call(ctx, "setWebhook", params); err != nil {
		return err
	}
	c.log.Info("Telegram delivers to the webhook")
	return nil
}
