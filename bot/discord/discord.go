// Package discord is the adapter to Discord: direct messages, mentions of the
// bot in channels and threads, everything in help channels and forums and in the
// channel of staff, the commands /ask, /human and /help and those of staff, the two
// commands in the menu of a message, buttons, edits, deletions and files.
//
// It owns everything that is Discord's: the gateway and its sessions, ids,
// error codes, rate limits, interactions, and the token, which never leaves
// this package. It knows no database, no article and no ticket.
//
// The gateway gives each event once and can't be told that it was received.
// Nothing is lost all the same: intake keeps what arrives until the Receiver
// has stored it, and backfill fetches what was sent while no session was there
// to tell, from the marks that Seen keeps. Two things Discord gives no means
// for: commands and buttons that arrive at the moment of a crash are lost, but
// Discord shows that they failed; and somebody who writes to the bot for the
// first time ever while it is away is heard when they write again, since a bot
// can't list its direct conversations. Edits and deletions made while no session
// was there are not told by Discord afterwards: what is fetched then is what the
// messages read by then.
package discord

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bwmarrin/discordgo"

	"firstline/bot/chat"
	"firstline/bot/markup"
)

// DefaultAPIBase is Discord's own server. Another one is needed for a proxy
// and for tests; it must be able to serve GET v9/gateway/bot.
const DefaultAPIBase = libraryBase

// maxChoices is the most buttons of a message: five rows of five.
// https://discord.com/developers/docs/components/reference#action-row
const (
	rowsOfButtons = 5
	buttonsInRow  = 5
	maxChoices    = rowsOfButtons * buttonsInRow
)

// Seen keeps for each channel up to which message everything was received.
// What comes after it is fetched when a session begins. A mark that is older
// than it could be costs requests, and messages that reach the Receiver again
// with the same Event.
type Seen interface {
	// Load returns the marks: channel id → message id.
	Load(ctx context.Context) (map[string]string, error)
	// Save sets the mark of a channel. It is called only after Receive has
	// returned nil for everything up to messageID.
	Save(ctx context.Context, channelID, messageID string) error
}

// Options is what a Channel needs. Only Token is required.
type Options struct {
	// Token is the bot's token from Discord's Developer Portal. It is a secret.
	Token   string
	APIBase string       // "": DefaultAPIBase
	Log     *slog.Logger // nil: nothing is logged
	// Commands are the application commands: language (two letters; "" for
	// everybody else) → command → description. Those that "" describes are
	// registered. nil: what is registered is left as it is.
	Commands map[string]map[chat.Command]string
	// QuestionLabel describes the option of /ask, by language as in Commands.
	QuestionLabel map[string]string
	// Texts are the other texts that people see and that Discord wants in advance.
	Texts Texts
	// Help are the ids of the channels and forums whose messages are for the bot
	// whoever they are addressed to, with the threads below them.
	Help []string
	// StaffChannel is the id of the text channel where staff work, with the threads
	// below it; "": none. Everything that people write there is received.
	StaffChannel string
	// StaffRole is the id of the role that makes somebody staff; "": none. Only
	// Check looks at it: whoever receives messages decides by their Roles.
	StaffRole string
	// StaffCommands describe the commands of staff (see chat.StaffCommands), which
	// are registered in the server of StaffChannel; nil: none are.
	StaffCommands map[chat.Command]string
	// Shards are those that this process serves; zero: all.
	Shards Shards
	// Seen keeps the marks from which missed messages are fetched. nil: they
	// are kept in memory, and what is sent while no process runs is missed.
	Seen Seen
	// OpenTimeout is how long a session may take to begin; 0: 30 s.
	OpenTimeout time.Duration
	// RetryMin and RetryMax are the first and the longest pause between
	// attempts to connect; 0: 1 s and 3 min.
	RetryMin, RetryMax time.Duration
	// IdentifyEvery is the least time between two new sessions; 0: 5.5 s
	// (Discord allows one in 5 s, and 1000 a day).
	IdentifyEvery time.Duration
}

// Channel is a bot on Discord. What it can't do in a direct conversation is
// delete what a person wrote; in servers it can, with the permission.
type Channel struct {
	token    string
	apiBase  string // without a slash at the end
	rest     *rest
	files    files
	shards   Shards
	texts    Texts
	log      *slog.Logger
	seen     Seen
	commands []command
	staff    staffOptions
	places   places
	deferred deferredReplies
	timing   timing
	running  atomic.Bool
	active   atomic.Pointer[run] // nil: Run is not running

	maxWaiting int
}

var (
	_ chat.Channel       = (*Channel)(nil)
	_ chat.Typer         = (*Channel)(nil)
	_ chat.Editor        = (*Channel)(nil)
	_ chat.Deleter       = (*Channel)(nil)
	_ chat.Fetcher       = (*Channel)(nil)
	_ chat.Opener        = (*Channel)(nil)
	_ chat.PrivateOpener = (*Channel)(nil)
)

// timing is every time that a test wants shorter.
type timing struct {
	openTimeout, retryMin, retryMax, identifyEvery time.Duration

	stable     time.Duration // a connection that held this long was not a failure
	idle       time.Duration // a connection on which nothing arrives is dead
	storeRetry time.Duration // first pause after the Receiver failed
	ackTimeout time.Duration // how long acknowledging may take
	ackWithin  time.Duration // an interaction is acknowledged by then, stored or not
	housekeep  time.Duration // how often marks are saved and forgotten replies removed
	spinner    time.Duration // how long "is thinking…" may be shown
}

// New returns a channel for the bot that o.Token belongs to. It does not touch
// the network: whether the token is good turns out in Run. Its errors name what
// to correct and never hold the token.
func New(o Options) (*Channel, error) {
	token := strings.TrimPrefix(o.Token, "Bot ")
	if token == "" || strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r == '"' || r > '~' }) {
		return nil, errors.New("discord: the token is empty or has a space or quote in it: copy it again from the Developer Portal, under Bot")
	}
	if o.APIBase == "" {
		o.APIBase = DefaultAPIBase
	}
	client, err := newHTTPClient(o.APIBase)
	if err != nil {
		return nil, err
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Seen == nil {
		o.Seen = &memory{}
	}
	rooms, err := roomsOf(o)
	if err != nil {
		return nil, err
	}
	return &Channel{
		token:      token,
		apiBase:    strings.TrimRight(o.APIBase, "/"),
		files:      newFiles(o.APIBase),
		shards:     o.Shards,
		texts:      o.Texts,
		log:        o.Log,
		seen:       o.Seen,
		commands:   commandsOf(o.Commands, o.QuestionLabel, o.Texts),
		staff:      staffOptions{channel: o.StaffChannel, role: o.StaffRole, commands: staffCommandsOf(o.StaffCommands)},
		places:     places{rooms: rooms},
		rest:       &rest{http: client, auth: "Bot " + token, userAgent: userAgent},
		maxWaiting: maxWaiting,
		timing: timing{
			openTimeout:   orDefault(o.OpenTimeout, 30*time.Second),
			retryMin:      orDefault(o.RetryMin, time.Second),
			retryMax:      orDefault(o.RetryMax, 3*time.Minute),
			identifyEvery: orDefault(o.IdentifyEvery, 5500*time.Millisecond),
			stable:        time.Minute,
			// Discord asks for a heartbeat, and answers it, every 41 s.
			idle:       2 * time.Minute,
			storeRetry: 200 * time.Millisecond,
			ackWithin:  1500 * time.Millisecond, // Discord waits 3 s in all
			ackTimeout: 2500 * time.Millisecond,
			housekeep:  15 * time.Second,
			spinner:    5 * time.Minute,
		},
	}, nil
}

// userAgent is of the form that Discord demands.
const userAgent = "DiscordBot (https://github.com/bwmarrin/discordgo, v" + discordgo.VERSION + ")"

func orDefault(d, otherwise time.Duration) time.Duration {
	if d <= 0 {
		return otherwise
	}
	return d
}

// Network returns chat.Discord.
func (c *Channel) Network() chat.Network { return chat.Discord }

// Capabilities is what Discord can do, known without a channel too. Discord
// recognises a repeated message for some minutes.
func Capabilities() chat.Capabilities {
	return chat.Capabilities{Limits: markup.DiscordLimits, Choices: maxChoices, Idempotent: true}
}

// Capabilities implements chat.Channel.
func (c *Channel) Capabilities() chat.Capabilities { return Capabilities() }

// memory is the Seen of a process that keeps none.
type memory struct {
	mu    sync.Mutex
	marks map[string]string
}

func (m *memory) Load(context.Context) (map[string]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	marks := make(map[string]string, len(m.marks))
	for channel, id := range m.marks {
		marks[channel] = id
	}
	return marks, nil
}

func (m *memory) Save(_ context.Context, channel, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.marks == nil {
		m.marks = make(map[string]string)
	}
	m.marks[channel] = id
	return nil
}
