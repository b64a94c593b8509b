package discord

import "sync"

// places is what is known of channels and threads: which of them are for help.
type places struct {
	helps map[string]bool // as configured; not changed

	mu    sync.Mutex
	known map[string]spot
	dms   map[string]string // direct conversation → person
	dmOf  map[string]string // person → direct conversation
}

type spot struct {
	kind                int
	guild, parent, name string
}

// learn notes channels or threads of guild.
func (p *places) learn(guild string, channels ...wireChannel) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.known == nil {
		p.known = map[string]spot{}
	}
	for _, ch := range channels {
		if ch.ID != "" {
			p.known[ch.ID] = spot{kind: ch.Type.V, guild: guild, parent: ch.Parent.V, name: ch.Name.V}
		}
	}
}

// forget forgets a channel that is gone, and what is below it.
func (p *places) forget(channel string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.known, channel)
	for id, s := range p.known {
		if s.parent == channel {
			delete(p.known, id)
		}
	}
}

// help reports whether channel is a place for help, or a thread below one.
// known is false when that is not to be told yet.
func (p *places) help(channel string) (help, known bool) {
	if len(p.helps) == 0 || p.helps[channel] {
		return p.helps[channel], true
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	s, known := p.known[channel]
	return p.helps[s.parent], known
}

// title returns the title of the post that a forum's message begins; "" for all
// other messages.
func (p *places) title(m *wireMessage) string {
	if m.ID != m.Channel { // a post has the id of its first message
		return ""
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	post, ok := p.known[m.Channel]
	if !ok {
		return ""
	}
	switch p.known[post.parent].kind {
	case channelForum, channelMedia:
		return post.name
	}
	return ""
}

// meet notes the direct conversation of a person.
func (p *places) meet(dm, person string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.dms == nil {
		p.dms, p.dmOf = map[string]string{}, map[string]string{}
	}
	p.dms[dm], p.dmOf[person] = person, dm
}

// person returns who a direct conversation is with; "" when that is not known.
func (p *places) person(dm string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.dms[dm]
}

// dm returns the direct conversation of a person; "" when that is not known.
func (p *places) dm(person string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.dmOf[person]
}
