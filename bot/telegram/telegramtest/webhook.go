package telegramtest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"time"
)

// secretHeader is what Telegram sends the secret_token in.
const secretHeader = "X-Telegram-Bot-Api-Secret-Token"

// webhook is where updates go instead of to polls.
type webhook struct {
	url, secret string
	failed      string // the last error
	failedAt    time.Time
	stop        context.CancelFunc // nil: nobody delivers (see SetWebhook)
}

var secretToken = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)

func (s *Server) setWebhook(_ context.Context, params url.Values) answer {
	var allowed []string
	if !s.decode("setWebhook", params, "allowed_updates", &allowed) {
		return badRequest("can't parse allowed_updates JSON object")
	}
	if secret := params.Get("secret_token"); secret != "" && !secretToken.MatchString(secret) {
		s.find("setWebhook: a secret_token of %d characters that Telegram does not accept", len(secret))
		return badRequest("secret token contains unallowed characters")
	}
	if u, err := url.Parse(params.Get("url")); err != nil || u.Host == "" || (u.Scheme != "https" && u.Hostname() != "127.0.0.1") {
		s.find("setWebhook: an HTTPS address is needed")
		return badRequest("bad webhook: An HTTPS URL must be provided for webhook")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return failed(500, "Internal Server Error: restart")
	}
	if allowed != nil {
		s.allowed = allowed
	}
	s.endWebhook()
	ctx, cancel := context.WithCancel(context.Background())
	s.webhook = webhook{url: params.Get("url"), secret: params.Get("secret_token"), stop: cancel}
	if s.poll != nil { // as at Telegram, setting a webhook ends polls
		close(s.poll.ended)
		s.poll = nil
	}
	s.delivering.Go(func() { s.deliverUpdates(ctx) })
	s.notify()
	return ok(true)
}

func (s *Server) deleteWebhook(context.Context, url.Values) answer {
	s.SetWebhook("")
	return ok(true)
}

// SetWebhook sets the address of a webhook of somebody else, to which nothing is
// delivered and which ends polling; "" removes any.
func (s *Server) SetWebhook(address string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.endWebhook()
	s.webhook = webhook{url: address}
	s.notify()
}

// endWebhook stops delivering. s.mu is held.
func (s *Server) endWebhook() {
	if s.webhook.stop != nil {
		s.webhook.stop()
	}
}

// Webhook returns the address of the webhook and its secret.
func (s *Server) Webhook() (address, secret string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.webhook.url, s.webhook.secret
}

func (s *Server) getWebhookInfo(context.Context, url.Values) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	info := map[string]any{"url": s.webhook.url, "has_custom_certificate": false, "pending_update_count": len(s.updates)}
	if s.webhook.failed != "" {
		info["last_error_message"], info["last_error_date"] = s.webhook.failed, s.webhook.failedAt.Unix()
	}
	return ok(info)
}

// deliverUpdates posts updates to the webhook until ctx ends. As at Telegram
// the updates of one chat go one after the other: a refused one is sent again,
// and only those of other chats pass it.
func (s *Server) deliverUpdates(ctx context.Context) {
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	for ctx.Err() == nil {
		s.mu.Lock()
		list, hook, changed := slices.Clone(s.updates), s.webhook, s.changed
		s.mu.Unlock()
		refused := map[int64]bool{}
		for _, u := range list {
			if ctx.Err() != nil || refused[u.chat()] {
				continue
			}
			failed := post(ctx, client, hook, u.body)
			refused[u.chat()] = failed != ""
			s.delivered(u, failed)
		}
		wait := time.NewTimer(5 * time.Millisecond) // Telegram waits longer before it tries again
		if len(refused) == 0 {
			wait.Reset(time.Hour)
		}
		select {
		case <-ctx.Done():
		case <-changed:
		case <-wait.C:
		}
		wait.Stop()
	}
}

// post delivers one update and says why it was not accepted.
func post(ctx context.Context, client *http.Client, hook webhook, body []byte) (failed string) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, hook.url, bytes.NewReader(body))
	if err != nil {
		return "Invalid address"
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set(secretHeader, hook.secret)
	resp, err := client.Do(req)
	if err != nil {
		return "Connection failed"
	}
	defer func() { _ = resp.Body.Close() }()
	_, _ = io.Copy(io.Discard, resp.Body) // the connection can be used again
	if resp.StatusCode/100 != 2 {
		return "Wrong response from the webhook: " + resp.Status
	}
	return ""
}

// delivered notes how the delivery of an update ended.
func (s *Server) delivered(done update, failed string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.posts++
	if failed != "" {
		s.webhook.failed, s.webhook.failedAt = failed, time.Now()
		return
	}
	s.updates = slices.DeleteFunc(s.updates, func(u update) bool { return u.id == done.id && bytes.Equal(u.body, done.body) })
	s.notify()
}

// Posts returns how often an update was sent to the webhook.
func (s *Server) Posts() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.posts
}

// chat returns the chat that an update is about; 0 when that is not known.
func (u update) chat() int64 {
	var v map[string]struct {
		Chat    struct{ ID int64 }
		Message struct{ Chat struct{ ID int64 } }
	}
	_ = json.Unmarshal(u.body, &v) // update_id is no object: the others are read all the same
	for _, kind := range v {
		if id := kind.Chat.ID + kind.Message.Chat.ID; id != 0 {
			return id
		}
	}
	return 0
}
