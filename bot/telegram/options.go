package telegram

import (
	"log/slog"
	"time"

	"firstline/bot/chat"
)

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
	// HelpChats are the places where people ask without addressing the bot: ids
	// of groups, separated by commas, or group/topic.
	HelpChats string
	// StaffChat is the id of the group where staff work on tickets, in which the
	// bot answers nobody's questions; "": there is none.
	StaffChat string
	// StaffTopics says that a topic is opened there for each ticket, so that
	// Check looks whether that is possible.
	StaffTopics bool
	// StaffCommands is the menu that Telegram shows in the staff chat: command →
	// description. nil: it is left as it is.
	StaffCommands map[chat.Command]string
	// WebhookURL is where Telegram is to deliver updates (see Channel.Webhook);
	// "": they are polled.
	WebhookURL string
	// Marks keep over restarts what groups have become and which webhook was
	// set; nil: both are forgotten.
	Marks Marks
	// Count is told when the bot's place in a chat changes: Blocked, Unblocked,
	// Joined, Removed or Changed; nil: nobody.
	Count func(event string)
	Pace  Pace
	// AlbumWait is how long the next part of an album is waited for; 0: 1 s.
	AlbumWait time.Duration
	// WebhookCheck is how often it is looked whether the webhook is still set;
	// 0: 1 min.
	WebhookCheck time.Duration
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

// setDefaults replaces zero fields.
func (o *Options) setDefaults() {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Count == nil {
		o.Count = func(string) {}
	}
	if o.Marks == nil {
		o.Marks = memory{}
	}
	// 50 s: LONG_POLL_MAX_TIMEOUT of Telegram's server; 0 would not wait at all.
	o.PollTimeout = min(max(orDefault(o.PollTimeout, 30*time.Second), time.Second), 50*time.Second)
	o.RequestTimeout = orDefault(o.RequestTimeout, 30*time.Second)
	o.AlbumWait = orDefault(o.AlbumWait, time.Second)
	o.WebhookCheck = orDefault(o.WebhookCheck, time.Minute)
	o.RetryMin = orDefault(o.RetryMin, time.Second)
	o.RetryMax = max(orDefault(o.RetryMax, time.Minute), o.RetryMin)
}

func orDefault(d, otherwise time.Duration) time.Duration {
	if d <= 0 {
		return otherwise
	}
	return d
}
