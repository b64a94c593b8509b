package discord

import (
	"context"
	"strings"
	"time"
	"unicode"

	"github.com/bwmarrin/discordgo"

	"firstline/bot/chat"
)

// https://discord.com/developers/docs/resources/channel#start-thread-from-message
type newThread struct {
	Name        string `json:"name"`
	AutoArchive int    `json:"auto_archive_duration"` // minutes
}

const (
	aWeek = 7 * 24 * 60 // the longest before a quiet thread is archived
	// plainTitle is for threads whose title has nothing that can be seen, or that
	// the server's rules do not allow.
	plainTitle = "thread"
	// tooManyAgain is when there may be fewer than the 1000 active threads that a
	// server can have.
	tooManyAgain = 5 * time.Minute
)

// Open begins a thread on a message. It implements chat.Opener.
func (c *Channel) Open(ctx context.Context, in chat.ConversationID, on chat.MessageID, title string) (chat.ConversationID, error) {
	if !isMessage(in, on) {
		return chat.ConversationID{}, &chat.SendError{Kind: chat.Rejected, Reason: "a thread on Discord begins with a message"}
	}
	name := threadTitle(title)
	thread, err := c.begin(ctx, in.ID, string(on), name)
	if code := asAPIError(err).code; err != nil && (code == malformedBody || code == titleNotAllowed) && name != plainTitle {
		// It quotes people: servers have words that they do not allow in names.
		c.log.Warn("discord: a thread's title was refused; it gets a plain one", "channel", in.ID, "reason", err.Error())
		thread, err = c.begin(ctx, in.ID, string(on), plainTitle)
	}
	if err != nil && asAPIError(err).code == threadExists {
		return c.threadOn(ctx, string(on))
	}
	if err != nil {
		return chat.ConversationID{}, c.notOpened(err)
	}
	return conversation(thread), nil
}

// begin begins a thread and notes where it is, since what is written there can
// come before Discord tells of it.
func (c *Channel) begin(ctx context.Context, channel, on, name string) (string, error) {
	var ch wireChannel
	err := c.rest.call(ctx, "POST", discordgo.EndpointChannelMessageThread(channel, on), newThread{Name: name, AutoArchive: aWeek}, &ch)
	if err != nil {
		return "", err
	}
	if _, ok := parseSnowflake(ch.ID); !ok {
		ch.ID = on // as Discord has promised
	}
	ch.Parent.V = channel
	c.places.learn(ch.Guild.V, ch)
	return ch.ID, nil
}

// threadOn returns the thread that was begun on a message before: it has the
// message's id. A message whose thread was deleted gets no other.
func (c *Channel) threadOn(ctx context.Context, message string) (chat.ConversationID, error) {
	_, err := c.look(ctx, message)
	switch {
	case err == nil:
		return conversation(message), nil
	case asAPIError(err).code == unknownChannel:
		return chat.ConversationID{}, &chat.SendError{Kind: chat.Gone, Reason: "the thread on this message was deleted"}
	}
	return chat.ConversationID{}, c.sendError(err)
}

// notOpened translates why a thread could not be begun.
func (c *Channel) notOpened(err error) *chat.SendError {
	switch asAPIError(err).code {
	case unknownMessage:
		return &chat.SendError{Kind: chat.Gone, Reason: "the message was deleted"}
	case missingAccess:
		return &chat.SendError{Kind: chat.Unreachable, Reason: "the bot can't see this channel (any more): give it the permissions View Channel and Create Public Threads"}
	case missingPermission:
		return &chat.SendError{Kind: chat.Unreachable, Reason: "the bot may not begin threads in this channel: give it the permission Create Public Threads"}
	case tooManyThreads:
		return &chat.SendError{Kind: chat.Temporary, RetryAfter: tooManyAgain, Reason: "the server has as many active threads as Discord allows: archive some"}
	}
	return c.sendError(err)
}

// threadTitle returns title as the name of a thread: on one line, not too long,
// naming nobody, without what turns the direction of the text around it, and
// with something to see.
func threadTitle(title string) string {
	title = strings.Map(func(r rune) rune {
		switch {
		case r == '@':
			return '＠'
		case unicode.IsControl(r):
			return ' '
		case unicode.Is(unicode.Cf, r) && r != '\u200c' && r != '\u200d': // words and emoji need these two
			return -1
		}
		return r
	}, clean(title))
	title = cut(title, chat.MaxTitle)
	if !strings.ContainsFunc(title, func(r rune) bool { return unicode.In(r, unicode.L, unicode.N, unicode.P, unicode.S) }) {
		return plainTitle
	}
	return title
}

// reopening opens a thread again.
type reopening struct {
	Archived bool  `json:"archived"`
	Locked   *bool `json:"locked,omitempty"`
}

// inThread does something in a channel. When that is a thread which was archived
// meanwhile, it is opened again for it; in the room of staff, where the bot writes
// as long as a ticket is open, also when somebody has locked it.
func (c *Channel) inThread(ctx context.Context, channel string, do func() error) error {
	err := do()
	if err == nil {
		return nil
	}
	code := asAPIError(err).code
	var ways []reopening
	if (code == archivedThread || code == lockedThread) && c.forStaff(ctx, channel) {
		ways = append(ways, reopening{Locked: new(bool)})
	}
	if code == archivedThread {
		ways = append(ways, reopening{})
	}
	for _, way := range ways {
		opened := c.rest.call(ctx, "PATCH", discordgo.EndpointChannel(channel), way, nil)
		if opened == nil {
			return do()
		}
		if asAPIError(opened).passing() {
			return opened
		}
		c.log.Warn("discord: a thread can't be opened again", "channel", channel, "locked", way.Locked != nil, "reason", opened.Error())
	}
	return err
}

// forStaff reports whether channel is in the room of staff, asking Discord when
// the thread has not been told of: archived ones are not.
func (c *Channel) forStaff(ctx context.Context, channel string) bool {
	r, known := c.places.room(channel)
	if !known {
		if _, err := c.look(ctx, channel); err == nil {
			r, _ = c.places.room(channel)
		}
	}
	return r == staffRoom
}

// OpenPrivate returns the direct conversation with somebody. It implements
// chat.PrivateOpener.
func (c *Channel) OpenPrivate(ctx context.Context, with chat.Person) (chat.ConversationID, error) {
	if _, ok := parseSnowflake(with.ID); !ok {
		return chat.ConversationID{}, &chat.SendError{Kind: chat.Rejected, Reason: "not a person on Discord"}
	}
	if dm := c.places.dm(with.ID); dm != "" {
		return conversation(dm), nil
	}
	dm, err := c.openDM(ctx, with.ID)
	if err != nil {
		return chat.ConversationID{}, c.sendError(err)
	}
	// Bots can't list their direct conversations: without a mark what the person
	// writes there while the bot is away would not be found.
	if r := c.active.Load(); r != nil {
		r.intake.acquaint(dm)
		r.saveMarks(ctx, map[string]bool{dm: true})
	}
	return conversation(dm), nil
}

// openDM returns the direct conversation with a person. Discord keeps one for
// each pair; asking for it tells the person nothing.
func (c *Channel) openDM(ctx context.Context, person string) (string, error) {
	var dm wireID
	err := c.rest.call(ctx, "POST", discordgo.EndpointUserChannels("@me"), struct {
		Recipient string `json:"recipient_id"`
	}{person}, &dm)
	if err != nil {
		return "", err
	}
	if _, ok := parseSnowflake(dm.ID); !ok {
		return "", &apiError{cause: "the answer names no conversation"}
	}
	c.places.meet(dm.ID, person)
	return dm.ID, nil
}
