package telegram

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// webhookInfo is the part of the Bot API's WebhookInfo that is read.
type webhookInfo struct {
	URL       string `json:"url"`
	Pending   int    `json:"pending_update_count"`
	LastError string `json:"last_error_message"`
	ErrorAt   int64  `json:"last_error_date"` // Unix time in seconds
}

func (c *Channel) webhookInfo(ctx context.Context) (info webhookInfo, err error) {
	result, err := c.api.call(ctx, "getWebhookInfo", nil)
	if err != nil {
		return info, err
	}
	if err := json.Unmarshal(result, &info); err != nil {
		return info, &callError{method: "getWebhookInfo", reason: "the answer does not say what the webhook is"}
	}
	return info, nil
}

// erroredAt is when Telegram could not deliver last.
func (i webhookInfo) erroredAt() time.Time { return time.Unix(i.ErrorAt, 0).UTC() }

// host returns what may be shown of the webhook's address: the rest is often a
// secret.
func (i webhookInfo) host() string {
	if u, err := url.Parse(i.URL); err == nil && u.Host != "" {
		return clean(u.Host)
	}
	return "an unknown host"
}

// hookMark is under which name is remembered which webhook this program set.
const hookMark = "webhook"

// fingerprint stands for a webhook's address in the marks.
func fingerprint(address string) string {
	sum := sha256.Sum256([]byte(address))
	return hex.EncodeToString(sum[:])
}

// conflict says why Telegram gives the updates to somebody else, and what to do.
// A webhook that this program set before is removed: it polls now. Another one
// is not: another system may depend on it.
func (c *Channel) conflict(ctx context.Context) string {
	info, err := c.webhookInfo(ctx)
	if err != nil || info.URL == "" { // without an answer this is the likely one
		return "another program receives the messages of this bot: stop the second copy, or give one of them a bot of its own"
	}
	marks, err := c.moved.marks.Load(ctx)
	if err == nil && marks[hookMark] == fingerprint(info.URL) {
		// What Telegram has not delivered yet stays, and comes by polling.
		if _, err := c.api.call(ctx, "deleteWebhook", tgbotapi.Params{}); err == nil {
			return "the webhook that Firstline had set before was still there; it is removed now"
		}
		return "the webhook that Firstline had set before is still there and could not be removed yet"
	}
	return "Telegram delivers the messages of this bot to a webhook at " + info.host() +
		": switch off what set it, then remove it with the Bot API's method deleteWebhook"
}
