// Package telegram is the adapter to Telegram's Bot API: it receives by long
// polling or a webhook, sends and edits text with entities and buttons, and
// fetches files.
//
// It owns everything that is Telegram's: updates, albums, ids of chats and
// topics, groups that become supergroups, error codes, rate limits, and the
// token, which never leaves this package. It knows no database, no article and
// no ticket.
//
// In groups it passes on what is addressed to the bot and, in help chats and the
// staff chat, everything that people write. Bots are not told of messages that people
// delete, so there is never a chat.Message with Deleted.
//
// Telegram sends the parts of an album as messages of their own. They become
// one; what comes too late to be joined, or by a webhook, which gives the next
// part only for the answer to this one, becomes an edit of it with all
// attachments so far. When a person edits a part of an album, the edit holds the
// attachment of that part only.
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

// Channel is a bot on Telegram. It implements chat.Channel, chat.Deleter,
// chat.Editor, chat.Fetcher, chat.Opener, chat.PrivateOpener and chat.Typer.
type Channel struct {
	api         *api
	log         *slog.Logger
	now         func() time.Time
	count       func(event string)
	commands    map[string]map[chat.Command]string
	helps       []place
	staff       staffRoom
	staffMenu   map[chat.Command]string
	moved       *migrations
	edited      edited
	hook        *hook
	pace        *pacer
	presses     chan press
	pollTimeout time.Duration
	albumWait   time.Duration
	hookCheck   time.Duration
	retryMin    time.Duration
	retryMax    time.Duration
	// self is the bot's account; nil until Run has learned it.
	self atomic.Pointer[tgbotapi.User]
}

var (
	_ chat.Channel       = (*Channel)(nil)
	_ chat.Deleter       = (*Channel)(nil)
	_ chat.Editor        = (*Channel)(nil)
	_ chat.Fetcher       = (*Channel)(nil)
	_ chat.Opener        = (*Channel)(nil)
	_ chat.PrivateOpener = (*Channel)(nil)
	_ chat.Typer         = (*Channel)(nil)
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
	helps, err := parseHelpChats(o.HelpChats)
	if err != nil {
		return nil, err
	}
	staff, err := newStaffRoom(&o, helps)
	if err != nil {
		return nil, err
	}
	h, err := newHook(o.WebhookURL, o.Token, strings.TrimRight(base.String(), "/") != DefaultAPIBase)
	if err != nil {
		return nil, err
	}
	o.setDefaults()
	return &Channel{
		api:         newAPI(strings.TrimRight(base.String(), "/"), o.Token, o.RequestTimeout),
		log:         o.Log,
		now:         o.Now,
		count:       o.Count,
		commands:    o.Commands,
		helps:       helps,
		staff:       staff,
		staffMenu:   o.StaffCommands,
		moved:       &migrations{marks: o.Marks},
		hook:        h,
		pace:        newPacer(o.Pace),
		presses:     make(chan press, maxPresses),
		pollTimeout: o.PollTimeout,
		albumWait:   o.AlbumWait,
		hookCheck:   o.WebhookCheck,
		retryMin:    o.RetryMin,
		retryMax:    o.RetryMax,
	}, nil
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
