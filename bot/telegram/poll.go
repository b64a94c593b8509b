package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"firstline/bot/backoff"
	"firstline/bot/chat"
)

// allowedUpdates is what Telegram is asked for. Edits are not: nothing answers
// them yet, and what nobody reads should not come here.
const allowedUpdates = `["message","callback_query","my_chat_member"]`

// pollLimit is the most updates of one poll, and Telegram's maximum.
const pollLimit = "100"

// errStore marks an error of the Receiver.
var errStore = errors.New("received messages could not be stored")

// poll fetches updates and hands them to r until ctx ends. Telegram forgets an
// update once a poll asks for a higher offset: that offset is used only after
// r has made the update durable.
func (c *Channel) poll(ctx context.Context, r chat.Receiver, presses chan<- string) error {
	retry := backoff.Backoff{Min: c.retryMin, Max: c.retryMax}
	var offset int64 // 0: from the oldest that Telegram still has
	for ctx.Err() == nil {
		began := time.Now()
		updates, err := c.getUpdates(ctx, offset)
		if err == nil {
			var next int64
			if next, err = c.receive(ctx, r, updates, presses); next != 0 {
				offset = next
			}
		}
		switch {
		case ctx.Err() != nil:
		case err == nil:
			if retry.Failing() {
				retry.Reset()
				c.log.Info("receiving from Telegram again")
			}
			if len(updates) == 0 && time.Since(began) < c.pollTimeout/4 {
				// Something ends polls early (a proxy, a restarting server): do not race with it.
				backoff.Sleep(ctx, c.retryMin)
			}
		case errors.Is(err, errStore):
			wait := retry.Next(0)
			c.log.Error("received messages stay at Telegram for now", "err", err, "retry_in", wait)
			backoff.Sleep(ctx, wait)
		default:
			if err := c.pollFailed(ctx, asCallError(err), &retry); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *Channel) getUpdates(ctx context.Context, offset int64) ([]json.RawMessage, error) {
	params := tgbotapi.Params{
		"timeout":         strconv.Itoa(int(c.pollTimeout / time.Second)),
		"limit":           pollLimit,
		"allowed_updates": allowedUpdates,
	}
	params.AddNonZero64("offset", offset)
	result, err := c.api.callFor(ctx, c.pollTimeout+c.api.timeout, "getUpdates", params)
	if err != nil {
		return nil, err
	}
	var updates []json.RawMessage // decoded one by one: a broken one must not hide the others
	if err := json.Unmarshal(result, &updates); err != nil {
		return nil, &callError{method: "getUpdates", reason: "the answer is not a list of updates"}
	}
	return updates, nil
}

// receive converts updates and gives them to r. next is the offset that
// confirms them, 0 when nothing may be confirmed. Telegram can start over with
// lower ids after a quiet week, so next follows from these updates alone.
func (c *Channel) receive(ctx context.Context, r chat.Receiver, updates []json.RawMessage, presses chan<- string) (next int64, err error) {
	cv := converter{self: *c.self.Load(), now: c.now}
	var batch []*chat.Message
	var pressed []string
	for _, raw := range updates {
		u := cv.convert(raw)
		next = max(next, u.id+1)
		if u.broken {
			c.log.Warn("an update of Telegram could not be read and was skipped", "update", u.id, "kind", u.kind)
		}
		if u.membership != "" {
			c.log.Info("the bot's place in a chat has changed", "conversation", u.conversation, "status", u.membership)
		}
		if u.message != nil {
			batch = append(batch, u.message)
		}
		if u.press != "" {
			pressed = append(pressed, u.press)
		}
	}
	if len(updates) > 0 && next <= 1 {
		return 0, &callError{method: "getUpdates", reason: "the updates have no ids"}
	}
	if len(batch) > 0 {
		if err := r.Receive(ctx, batch); err != nil {
			return 0, fmt.Errorf("%w: %w", errStore, err)
		}
	}
	// After storing: an answer tells the person that the press has arrived.
	for _, id := range pressed {
		select {
		case presses <- id:
		default: // so many wait that this one would be too late anyway
		}
	}
	return next, nil
}

// pollFailed says what is wrong and waits. It returns an error when going on is
// pointless.
func (c *Channel) pollFailed(ctx context.Context, e *callError, retry *backoff.Backoff) error {
	if e.refused() {
		// One odd answer must not end receiving for good: ask a second time.
		c.log.Warn("Telegram refused the token; checking it")
		if err := c.identify(ctx); err != nil {
			return err
		}
	}
	reason := e.reason
	if e.code == http.StatusConflict {
		reason = c.conflict(ctx)
	}
	wait := retry.Next(e.retryAfter)
	c.log.Warn("nothing is received from Telegram", "reason", reason, "retry_in", wait)
	backoff.Sleep(ctx, wait)
	return nil
}

// conflict says why Telegram gives the updates to somebody else, and what to do.
// The webhook is not removed by itself: another system may depend on it.
func (c *Channel) conflict(ctx context.Context) string {
	var info struct {
		URL string `json:"url"`
	}
	if result, err := c.api.call(ctx, "getWebhookInfo", nil); err == nil {
		_ = json.Unmarshal(result, &info) // without it the answer below is the likely one
	}
	if info.URL == "" {
		return "another program receives the messages of this bot: stop the second copy, or give one of them a bot of its own"
	}
	host := "an unknown host"
	if u, err := url.Parse(info.URL); err == nil && u.Host != "" {
		host = u.Host // the rest of the address is often a secret
	}
	return "Telegram delivers the messages of this bot to a webhook at " + host +
		": switch off what set it, then remove it with the Bot API's method deleteWebhook"
}
