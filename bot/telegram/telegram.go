// Package telegram is the adapter to Telegram's Bot API: it receives by long
// polling and sends text with entities and buttons.
//
// It owns everything that is Telegram's: updates, ids of chats and topics,
// error codes, rate limits, and the token, which never leaves this package. It
// knows no database, no article and no ticket. Private chats are complete;
// messages of groups and their topics are converted and can be answered, but
// what is special about groups (becoming a supergroup, admins) is only
// reported.
package telegram

import (
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"firstline/bot/chat"
	"firstline/bot/markup"
)

// DefaultAPIBase is Telegram's own server. Another one is needed for a
// self-hosted Bot API server and for tests.
const DefaultAPIBase = "https://api.telegram.org"

// ErrTokenRefused is returned by Run when Telegram does not know the token.
var ErrTokenRefused = errors.New("telegram: the token was refused: copy it again from @BotFather, or ask it for a new one")

// maxChoices is the most buttons that Telegram accepts in one inline keyboard.
// The Bot API does not document it; its users found it by trying.
const maxChoices = 100

// Options is what a Channel needs. Only Token is required.
type Options struct {
	// Token is the bot's token as @BotFather gave it. It is a secret.
	Token   string
	APIBase string           // scheme and host, perhaps a path; "": DefaultAPIBase
	Log     *slog.Logger     // nil: nothing is logged
	Now     func() time.Time // the time of events that carry none; nil: time.Now
	// Commands is the menu that Telegram shows for the bot: language (two
	// letters; "" for everybody else) → command → description. nil: the menu
	// is left as it is.
	Commands map[string]map[chat.Command]string
	Pace     Pace
	// PollTimeout is how long Telegram may hold an empty poll open, in whole
	// seconds from 1 s to 50 s; 0: 30 s.
	PollTimeout time.Duration
	// RequestTimeout is how long any other request may take, and a poll beyond
	// PollTimeout; 0: 30 s.
	RequestTimeout time.Duration
	// RetryMin and RetryMax are the first and the longest pause of receiving
	// after an error; 0: 1 s and 1 min.
	RetryMin, RetryMax time.Duration
}

// Channel is a bot on Telegram. It implements chat.Channel, chat.Deleter and
// chat.Typer.
type Channel struct {
	api         *api
	log         *slog.Logger
	now         func() time.Time
	commands    map[string]map[chat.Command]string
	pace        *pacer
	pollTimeout time.Duration
	retryMin    time.Duration
	retryMax    time.Duration
	// self is the bot's account; nil until Run has learned it.
	self atomic.Pointer[tgbotapi.User]
}

var (
	_ chat.Channel = (*Channel)(nil)
	_ chat.Deleter = (*Channel)(nil)
	_ chat.Typer   = (*Channel)(nil)
)

// tokenForm is what tokens look like: the bot's user id and a secret.
var tokenForm = regexp.MustCompile(`^[0-9]+:[A-Za-z0-9_-]+$`)

// New returns a channel for the bot that o.Token belongs to. It does not touch
// the network: whether the token is good turns out in Run. Its errors name what
// to correct and never hold the token.
func New(o Options) (*Channel, error) {
	if !tokenForm.MatchString(o.Token) {
		return nil, errors.New("telegram: the token is not of the form 123456:ABC-DEF that @BotFather gives (perhaps a space or a quote is in it)")
	}
	if o.APIBase == "" {
		o.APIBase = DefaultAPIBase
	}
	base, err := url.Parse(o.APIBase)
	if err != nil || (base.Scheme != "https" && base.Scheme != "http") || base.Host == "" ||
		base.RawQuery != "" || base.Fragment != "" || base.User != nil {
		return nil, fmt.Errorf("telegram: the API base must be an address such as %s", DefaultAPIBase)
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	// 50 s: LONG_POLL_MAX_TIMEOUT of Telegram's server; 0 would not wait at all.
	o.PollTimeout = min(max(orDefault(o.PollTimeout, 30*time.Second), time.Second), 50*time.Second)
	o.RetryMin = orDefault(o.RetryMin, time.Second)
	o.RetryMax = max(orDefault(o.RetryMax, time.Minute), o.RetryMin)
	return &Channel{
		api:         newAPI(strings.TrimRight(base.String(), "/"), o.Token, orDefault(o.RequestTimeout, 30*time.Second)),
		log:         o.Log,
		now:         o.Now,
		commands:    o.Commands,
		pace:        newPacer(o.Pace),
		pollTimeout: o.PollTimeout,
		retryMin:    o.RetryMin,
		retryMax:    o.RetryMax,
	}, nil
}

func orDefault(d, otherwise time.Duration) time.Duration {
	if d <= 0 {
		return otherwise
	}
	return d
}

// Network returns chat.Telegram.
func (c *Channel) Network() chat.Network { return chat.Telegram }

// Capabilities is what Telegram can do, known without a channel too. It has no
// way to recognise a message that is sent twice.
func Capabilities() chat.Capabilities {
	return chat.Capabilities{Limits: markup.TelegramLimits, Choices: maxChoices, Delete: true}
}

// Capabilities implements chat.Channel.
func (c *Channel) Capabilities() chat.Capabilities { return Capabilities() }
