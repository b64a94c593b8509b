package discord

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/bwmarrin/discordgo"

	"firstline/bot/backoff"
)

// pageSize is the most messages that Discord returns at once.
const pageSize = 100

// backfill fills gaps until ctx ends: it fetches what was written in a channel
// while no session was there to tell. One channel after the other: Discord's
// limits leave room for the bot's answers then.
func (r *run) backfill(ctx context.Context) {
	retry := backoff.Backoff{Min: r.c.timing.retryMin, Max: min(30*time.Second, r.c.timing.retryMax)}
	for {
		channel, after, ok := r.intake.nextGap(ctx)
		if !ok {
			return
		}
		err := r.fill(ctx, channel, after)
		if ctx.Err() != nil {
			return
		}
		if err == nil {
			retry.Reset()
			continue
		}
		// What waits behind the gap goes on waiting: when Discord does not let
		// the bot read, it does not let it answer either, and a crash now loses
		// nothing.
		alone := err.status == http.StatusTooManyRequests && !err.global
		pause := err.retryAfter
		if !alone {
			pause = retry.Next(pause)
		}
		r.intake.putOff(channel, pause)
		r.c.log.Warn("discord: missed messages can't be fetched yet", "channel", channel, "retry_in", pause, "reason", err.Error())
		if !alone { // the other channels can't be read either
			backoff.Sleep(ctx, pause)
		}
	}
}

// fill fetches the messages of channel after the given one, oldest first, and
// closes the gap. It returns an error, and leaves the gap, when Discord may
// answer later.
func (r *run) fill(ctx context.Context, channel string, after snowflake) *apiError {
	if private, known := r.intake.isPrivate(channel); known && !private {
		// What waits behind the gap may wait to know what its channel is.
		if _, err := r.privacy(ctx, channel); err != nil && asAPIError(err).passing() {
			return asAPIError(err)
		}
	}
	for {
		if !r.intake.room(ctx) {
			return &apiError{cause: "cancelled"}
		}
		page, err := r.page(ctx, channel, after)
		if err != nil {
			if e := asAPIError(err); e.passing() {
				return e
			}
			// Gone, or hidden from the bot: nobody waits for an answer there.
			r.c.log.Info("discord: missed messages of a channel can't be read", "channel", channel, "reason", err.Error())
		}
		after = max(after, page.last)
		r.intake.filled(channel, page.items, after)
		if page.more {
			continue
		}
		if missed, done := r.intake.closeGap(channel); done {
			if missed > 0 {
				r.c.log.Info("discord: fetched messages that were sent while the bot was away", "channel", channel, "messages", missed)
			}
			return nil
		}
	}
}

// page is a piece of a channel's history.
type page struct {
	items []item    // what is for the bot, oldest first
	last  snowflake // the youngest message, for the bot or not; 0: none
	more  bool      // there can be more after it
}

// page fetches the messages of channel that follow after.
func (r *run) page(ctx context.Context, channel string, after snowflake) (page, error) {
	var history []wireMessage
	query := url.Values{"after": {after.String()}, "limit": {strconv.Itoa(pageSize)}}
	err := r.c.rest.call(ctx, "GET", discordgo.EndpointChannelMessages(channel)+"?"+query.Encode(), nil, &history)
	if err != nil || len(history) == 0 {
		return page{}, err
	}
	private, err := r.privacy(ctx, channel)
	if err != nil {
		return page{}, err
	}
	var p page
	for i := range history {
		m := &history[i]
		m.Channel = channel
		id, _ := parseSnowflake(m.ID)
		p.last = max(p.last, id)
		if msg := r.message(m, private); msg != nil {
			if msg.StaffRoom { // history does not tell
				if msg.Roles, err = r.rolesOf(ctx, channel, msg.From.ID); err != nil {
					return page{}, err
				}
			}
			p.items = append(p.items, item{message: msg, channel: channel, id: id})
		}
	}
	p.more = len(history) == pageSize && p.last > after
	// Discord gives the youngest first.
	slices.SortFunc(p.items, func(a, b item) int { return cmp.Compare(a.id, b.id) })
	return p, nil
}

// privacy reports whether channel is a direct conversation: fetched messages
// do not tell. When it is not, it is known afterwards whether it is for help or for
// staff.
func (r *run) privacy(ctx context.Context, channel string) (bool, error) {
	private, known := r.intake.isPrivate(channel)
	if known && !private {
		_, known = r.places.room(channel)
	}
	if known {
		return private, nil
	}
	var ch wireChannel
	if err := r.c.rest.call(ctx, "GET", discordgo.EndpointChannel(channel), nil, &ch); err != nil {
		return false, err
	}
	if private = ch.Type.V == channelDM; !private {
		r.places.learn(ch.Guild.V, ch)
	} else if len(ch.Recipients.V) > 0 {
		r.places.meet(channel, ch.Recipients.V[0].ID)
	}
	r.intake.setPrivate(channel, private)
	return private, nil
}
