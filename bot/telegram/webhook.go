package telegram

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"firstline/bot/chat"
)

// secretHeader is where Telegram repeats the secret that the webhook was set with.
const secretHeader = "X-Telegram-Bot-Api-Secret-Token"

// maxUpdate bounds the bytes of one update that is delivered. The longest text
// takes 16 KiB, and an update repeats a few messages at most.
const maxUpdate = 1 << 20

// hook is the receiving end of a webhook.
type hook struct {
	url, path string // url "": there is none, the channel polls
	secret    string

	mu       sync.RWMutex // held for reading while an update is received
	receiver chat.Receiver
	running  context.Context // of Run; nil: it is not running

	albums  albums
	warning rate.Sometimes // for the log: anybody can send forged updates
}

// Telegram delivers to these ports only (core.telegram.org/bots/webhooks).
var webhookPorts = []string{"", "443", "80", "88", "8443"}

// hookPath is a path that a router of any kind takes literally.
var hookPath = regexp.MustCompile(`^(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+$`)

// newHook checks the address of a webhook. own reports that the API is not
// Telegram's own server: others also deliver without TLS and to any port.
func newHook(address, token string, own bool) (*hook, error) {
	h := &hook{url: address, warning: rate.Sometimes{Interval: time.Minute}}
	if address == "" {
		return h, nil
	}
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil ||
		(u.Scheme != "https" && (u.Scheme != "http" || !own)):
		return nil, errors.New("telegram: the webhook's address must be like https://bot.example.com/telegram")
	case !hookPath.MatchString(u.Path):
		return nil, errors.New("telegram: the webhook's address needs a path of its own, such as https://bot.example.com/telegram")
	case !own && !slices.Contains(webhookPorts, u.Port()):
		return nil, errors.New("telegram: Telegram delivers to the ports 443, 80, 88 and 8443 only: correct the webhook's address")
	}
	h.path = u.Path
	// Derived rather than random: what Telegram sends between two starts is
	// accepted as soon as the second one runs. It tells nothing of the token.
	mac := hmac.New(sha256.New, []byte(token))
	fmt.Fprintf(mac, "webhook secret of %s", address)
	h.secret = hex.EncodeToString(mac.Sum(nil))
	return h, nil
}

// Webhook returns the path and the handler of the webhook; the path is "" when
// the channel polls. The handler accepts updates while Run is running and tells
// Telegram to try again later otherwise.
func (c *Channel) Webhook() (path string, h http.Handler) {
	return c.hook.path, http.HandlerFunc(c.deliver)
}

// deliver receives one update. Telegram is told that it arrived only when it is
// stored; after any other answer it sends it again, in order for each chat.
func (c *Channel) deliver(w http.ResponseWriter, r *http.Request) {
	h := c.hook
	given, want := sha256.Sum256([]byte(r.Header.Get(secretHeader))), sha256.Sum256([]byte(h.secret))
	if subtle.ConstantTimeCompare(given[:], want[:]) != 1 || h.url == "" {
		h.warning.Do(func() { c.log.Warn("something that is not from Telegram came to the webhook and was refused") })
		http.Error(w, "this is for Telegram only", http.StatusUnauthorized)
		return
	}
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "updates are posted", http.StatusMethodNotAllowed)
		return
	}
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxUpdate))
	if err != nil {
		status := http.StatusBadRequest
		if _, tooLong := errors.AsType[*http.MaxBytesError](err); tooLong {
			status = http.StatusRequestEntityTooLarge
			c.log.Error("an update of Telegram is too large to be received", "limit", maxUpdate)
		}
		http.Error(w, "the update could not be read", status)
		return
	}
	h.mu.RLock() // Run waits for this before it ends
	defer h.mu.RUnlock()
	if h.running == nil || h.running.Err() != nil {
		w.Header().Set("Retry-After", "1")
		http.Error(w, "not ready", http.StatusServiceUnavailable)
		return
	}
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	defer context.AfterFunc(h.running, cancel)()
	if err := c.take(ctx, h, raw); err != nil {
		if ctx.Err() == nil {
			c.log.Error("a received message stays at Telegram for now", "err", err)
		}
		http.Error(w, "not stored", http.StatusInternalServerError)
		return
	}
	w.WriteHeader(http.StatusOK)
}

// take receives one update. Telegram sends the next one of a chat only when this
// one is answered, so an album can't wait for its other parts: each further
// part makes an edit of what came before.
func (c *Channel) take(ctx context.Context, h *hook, raw []byte) error {
	u := c.converter().convert(raw)
	c.note(u)
	if u.message != nil && u.album != "" {
		u.parts = []*chat.Message{u.message}
		u.message = h.albums.join(u.album, u.parts)
	}
	if err := c.store(ctx, h.receiver, []update{u}); err != nil {
		return err
	}
	if u.message != nil && u.album != "" {
		h.albums.keep(u.album, u.message, u.parts, c.now())
	}
	c.settle(u)
	return nil
}
