package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"firstline/bot/backoff"
	"firstline/bot/chat"
)

// updateKinds are the kinds of updates that Telegram is asked for.
var updateKinds = []string{"message", "edited_message", "callback_query", "my_chat_member"}

// pollLimit is the most updates of one poll, and Telegram's maximum.
const pollLimit = "100"

// errStore marks an error of the Receiver.
var errStore = errors.New("received messages could not be stored")

// poll fetches updates and hands them to r until ctx ends. Telegram forgets an
// update once a poll asks for a higher offset: that offset is used only after
// r has made the update durable.
func (c *Channel) poll(ctx context.Context, r chat.Receiver) error {
	q := &line{wait: c.albumWait}
	retry := backoff.Backoff{Min: c.retryMin, Max: c.retryMax}
	var offset int64 // 0: from the oldest that Telegram still has
	for ctx.Err() == nil {
		began := time.Now()
		timeout := c.pollTimeout
		if len(q.held) > 0 {
			timeout = 0 // what waits comes again at once: only what is new counts
		}
		updates, err := c.getUpdates(ctx, offset, timeout)
		if err == nil {
			var next int64
			if next, err = c.receive(ctx, r, q, updates); next != 0 {
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
			if len(q.held) > 0 {
				backoff.Sleep(ctx, c.albumWait/4)
			} else if len(updates) == 0 && time.Since(began) < c.pollTimeout/4 {
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

func (c *Channel) getUpdates(ctx context.Context, offset int64, timeout time.Duration) ([]json.RawMessage, error) {
	params := tgbotapi.Params{
		"timeout": strconv.Itoa(int(timeout / time.Second)),
		"limit":   pollLimit,
	}
	if err := params.AddInterface("allowed_updates", updateKinds); err != nil {
		return nil, &callError{method: "getUpdates", reason: "the request can't be written as JSON"}
	}
	params.AddNonZero64("offset", offset)
	result, err := c.api.callFor(ctx, timeout+c.api.timeout, "getUpdates", params)
	if err != nil {
		return nil, err
	}
	var updates []json.RawMessage // decoded one by one: a broken one must not hide the others
	if err := json.Unmarshal(result, &updates); err != nil {
		return nil, &callError{method: "getUpdates", reason: "the answer is not a list of updates"}
	}
	return updates, nil
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
