package telegram

import (
	"context"
	"slices"
	"strconv"
	"sync"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"firstline/bot/backoff"
)

// press is a button that was pressed.
type press struct {
	query string // the callback query to answer
	// chat and message are where the keyboard is to be removed; 0: nowhere.
	chat, message int64
	at            time.Time
}

// used notes where the keyboard that cb was pressed on stands. In a group the
// bot's messages are replies to the one they are for: when somebody else
// presses, the buttons stay for that person. An inaccessible message (its date
// is 0) can't be changed.
func (p *press) used(cb *callback) {
	m := cb.Message
	if m.Date == 0 || m.ID == 0 {
		return
	}
	if r := m.ReplyTo; r != nil && r.From != nil && !m.private() && r.From.ID != cb.From.ID {
		return
	}
	p.chat, p.message = m.Chat.ID, m.ID
}

// maxPresses is the most presses that wait to be answered: more would be too
// late for Telegram anyway.
const maxPresses = 512

// pressed has a press answered and its keyboard removed, in the background.
func (c *Channel) pressed(p press) {
	p.at = time.Now()
	select {
	case c.presses <- p:
	default:
	}
}

// answerPresses tells Telegram that buttons were pressed, which ends the
// spinner on them. It is a courtesy: what fails is not tried again.
func (c *Channel) answerPresses(ctx context.Context, used chan<- press) {
	for {
		select {
		case <-ctx.Done():
			return
		case p := <-c.presses:
			// Telegram accepts an answer for only some seconds.
			_, err := c.api.callFor(ctx, min(c.api.timeout, 10*time.Second), "answerCallbackQuery", tgbotapi.Params{"callback_query_id": p.query})
			if err != nil && ctx.Err() == nil {
				c.log.Debug("a pressed button was not answered", "reason", asCallError(err).reason)
			}
			if p.message == 0 {
				continue
			}
			select {
			case used <- p:
			case <-ctx.Done():
			}
		}
	}
}

// How used keyboards are removed: when the chat has room for it beside the next
// message, looked at every tidyEvery, given up after tidyFor.
const (
	tidyEvery = 200 * time.Millisecond
	tidyFor   = time.Minute
)

// removeKeyboards removes used keyboards. Removing one counts as a message of
// the chat, so it gives way to messages; it is a courtesy as well.
func (c *Channel) removeKeyboards(ctx context.Context, used <-chan press) {
	var removing sync.WaitGroup
	defer removing.Wait()
	tick := time.NewTicker(tidyEvery)
	defer tick.Stop()
	var waiting []press
	try := func(p press) (done bool) {
		if time.Since(p.at) > tidyFor {
			return true
		}
		if !c.pace.spareFor(p.chat) {
			return false
		}
		removing.Go(func() { c.removeKeyboard(ctx, p) })
		return true
	}
	for {
		select {
		case <-ctx.Done():
			return
		case p := <-used:
			if !try(p) && len(waiting) < maxPresses {
				waiting = append(waiting, p)
			}
		case <-tick.C:
			waiting = slices.DeleteFunc(waiting, try)
		}
	}
}

func (c *Channel) removeKeyboard(ctx context.Context, p press) {
	retry := backoff.Backoff{Min: c.retryMin, Max: c.retryMax}
	for time.Since(p.at) <= tidyFor {
		_, err := c.api.callFor(ctx, min(c.api.timeout, 10*time.Second), "editMessageReplyMarkup", tgbotapi.Params{
			"chat_id": strconv.FormatInt(p.chat, 10), "message_id": strconv.FormatInt(p.message, 10),
		})
		if err == nil || ctx.Err() != nil {
			return
		}
		e := asCallError(err)
		if e.retryAfter > 0 {
			c.pace.block(p.chat, e.retryAfter)
		}
		if e.outcome.Permanent() || e.refused() {
			c.log.Debug("used buttons were not removed", "reason", e.reason)
			return
		}
		if !backoff.Sleep(ctx, retry.Next(e.retryAfter)) {
			return
		}
	}
}
