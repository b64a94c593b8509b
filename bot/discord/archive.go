package discord

import (
	"context"
	"net/url"
	"strconv"
	"time"

	"github.com/bwmarrin/discordgo"

	"firstline/bot/backoff"
)

// Discord describes only the active threads when a session begins. A post in a
// help forum that was asked and closed again while the bot was away is found by
// looking through the archived threads.

// searchArchive asks for channel's archived threads to be looked through, for
// what was written since then.
func (q *intake) searchArchive(channel string, since snowflake) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if before, ok := q.archives[channel]; !ok || since < before {
		q.archives[channel] = since
	}
	ring(q.searches)
}

// nextSearch returns a channel that is to be looked through and since when; ok
// is false when ctx ended first.
func (q *intake) nextSearch(ctx context.Context) (channel string, since snowflake, ok bool) {
	for {
		q.mu.Lock()
		for channel, since := range q.archives {
			q.mu.Unlock()
			return channel, since, ctx.Err() == nil
		}
		q.mu.Unlock()
		select {
		case <-ctx.Done():
			return "", 0, false
		case <-q.searches:
		}
	}
}

// searched notes that channel was looked through since then.
func (q *intake) searched(channel string, since snowflake) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.archives[channel] >= since {
		delete(q.archives, channel)
	}
}

// archived opens a gap for each of the threads in which something may be missing.
func (q *intake) archived(threads []wireChannel, since snowflake) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, ch := range threads {
		newest, _ := parseSnowflake(ch.LastMessage.V)
		p := q.channels[ch.ID]
		fresh := p == nil
		if fresh {
			p = &place{last: since}
			q.channels[ch.ID] = p
		}
		p.guild, p.private = true, false
		switch {
		case newest > p.last && p.gap == nil:
			q.open(ch.ID, p, fresh)
		case newest <= p.last && fresh:
			p.last = newest
		}
	}
}

// searchArchives looks through the archived threads of help channels until ctx
// ends.
func (r *run) searchArchives(ctx context.Context) {
	retry := backoff.Backoff{Min: r.c.timing.retryMin, Max: min(time.Minute, r.c.timing.retryMax)}
	for {
		channel, since, ok := r.intake.nextSearch(ctx)
		if !ok {
			return
		}
		err := r.search(ctx, channel, since)
		if ctx.Err() != nil {
			return
		}
		if err != nil && err.passing() {
			pause := retry.Next(err.retryAfter)
			r.c.log.Warn("discord: archived threads can't be read yet", "channel", channel, "retry_in", pause, "reason", err.Error())
			backoff.Sleep(ctx, pause)
			continue
		}
		if err != nil {
			r.c.log.Warn("discord: archived threads can't be read", "channel", channel, "reason", r.c.sendError(err).Reason)
		}
		retry.Reset()
		r.intake.searched(channel, since)
	}
}

// search lists the threads below channel that were archived since then, the
// latest first.
func (r *run) search(ctx context.Context, channel string, since snowflake) *apiError {
	query := url.Values{"limit": {strconv.Itoa(pageSize)}}
	for {
		var list struct {
			Threads lenient[[]wireChannel] `json:"threads"`
			More    lenient[bool]          `json:"has_more"`
		}
		err := r.c.rest.call(ctx, "GET", discordgo.EndpointChannelPublicArchivedThreads(channel)+"?"+query.Encode(), nil, &list)
		if err != nil {
			return asAPIError(err)
		}
		threads := list.Threads.V
		for _, ch := range threads {
			r.places.learn(ch.Guild.V, ch)
		}
		r.intake.archived(threads, since)
		if !list.More.V || len(threads) == 0 {
			return nil
		}
		last := threads[len(threads)-1].Thread.V.ArchivedAt.V
		if before := last.UTC().Format(time.RFC3339Nano); last.After(since.time()) && before != query.Get("before") {
			query.Set("before", before)
			continue
		}
		return nil
	}
}
