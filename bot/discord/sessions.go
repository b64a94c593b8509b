package discord

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// begin notes a new session of a shard with guilds: what was sent since the last
// one, whose youngest message is newest (0: there was none), did not come by the
// gateway. Channels of guilds are looked at when
// described finds that there is something; the others, which are the first
// shard's, can only be asked.
func (q *intake) begin(shard int, guilds []string, newest snowflake) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.begun = time.Now()
	maps.DeleteFunc(q.expected, func(_ string, a awaited) bool { return a.shard == shard })
	for _, g := range guilds {
		q.expected[g] = awaited{shard: shard, since: max(q.floor, newest.before(skew))}
	}
	for channel, p := range q.channels {
		switch {
		case p.gap != nil:
			p.gap.again = true
		case !p.guild && shard == 0:
			q.open(channel, p, false)
		}
	}
	// Who wrote last is likeliest to have written again.
	slices.SortStableFunc(q.pending, func(a, b string) int {
		return cmp.Compare(q.channels[b].last, q.channels[a].last)
	})
}

// described notes the channels of a guild and their youngest messages. A guild
// that the session did not begin with is one that the bot was just added to:
// what was written there before is not its business; expected is false then.
// since is up to where everything in it came before the session.
func (q *intake) described(guild string, channels []wireChannel) (since snowflake, expected bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	await, expected := q.expected[guild]
	delete(q.expected, guild)
	for _, ch := range channels {
		switch ch.Type.V {
		case channelCategory, channelDirectory, channelForum, channelMedia:
			continue
		}
		newest, _ := parseSnowflake(ch.LastMessage.V)
		p := q.channels[ch.ID]
		unknown := p == nil
		if unknown {
			p = &place{last: q.floor}
			q.channels[ch.ID] = p
		}
		p.guild, p.private = true, false
		switch {
		case unknown && (!expected || newest <= q.floor):
			p.last = newest
		case newest > p.last && p.gap == nil:
			q.open(ch.ID, p, unknown)
		case newest <= p.last && p.gap != nil:
			q.cancel(ch.ID, p)
		}
	}
	return await.since, expected
}

// cancel closes a gap that nothing is in and that nobody fills yet.
func (q *intake) cancel(channel string, p *place) {
	if i := slices.Index(q.pending, channel); i >= 0 && len(p.gap.behind) == 0 {
		q.pending = slices.Delete(q.pending, i, i+1)
		q.shut(p)
	}
}

// acquaint makes a direct conversation known in which nothing has come yet: it
// gets a mark, and what it holds is looked at.
func (q *intake) acquaint(channel string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.channels[channel] != nil {
		return
	}
	p := &place{last: q.floor, private: true, unsaved: true}
	q.channels[channel] = p
	q.open(channel, p, true)
}
