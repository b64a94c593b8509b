package discord

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
)

// room is what the operator made of a channel, and of the threads below it.
type room int

const (
	ordinary  room = iota // the bot reads what is addressed to it
	helpRoom              // for questions
	staffRoom             // for staff
)

// roomsOf returns what the channels that o names are for, or what is wrong with
// what o names.
func roomsOf(o Options) (map[string]room, error) {
	rooms := make(map[string]room, len(o.Help)+1)
	for _, id := range o.Help {
		if err := checkID("channel", id); err != nil {
			return nil, err
		}
		rooms[id] = helpRoom
	}
	if id := o.StaffChannel; id != "" {
		if err := checkID("channel", id); err != nil {
			return nil, err
		}
		if rooms[id] == helpRoom {
			return nil, fmt.Errorf("discord: channel %s is both for help and for staff: people who ask must not read along there", id)
		}
		rooms[id] = staffRoom
	}
	if o.StaffRole != "" {
		return rooms, checkID("role", o.StaffRole)
	}
	return rooms, nil
}

// checkID returns how to find the id of what, when id is none.
func checkID(what, id string) error {
	if _, ok := parseSnowflake(id); ok {
		return nil
	}
	return fmt.Errorf("discord: %q is not the id of a %[2]s: switch on Developer Mode in Discord's settings, then right-click the %[2]s → Copy %[3]s ID",
		oneLine(id), what, strings.ToUpper(what[:1])+what[1:])
}

// places is what is known of channels and threads: where they are and which of
// them are for help or for staff.
type places struct {
	rooms map[string]room // as configured; not changed

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

// room returns what channel, or what it is a thread of, is for. known is false
// when that is not to be told yet.
func (p *places) room(channel string) (r room, known bool) {
	if r, ok := p.rooms[channel]; ok || len(p.rooms) == 0 {
		return r, true
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	s, known := p.known[channel]
	return p.rooms[s.parent], known
}

// guild returns the guild of a channel; "" when that is not known.
func (p *places) guild(channel string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.known[channel].guild
}

// mayBeThread reports whether channel, of which Discord says that it is gone,
// was a thread. Of a thread that was deleted nothing is known any more. But the
// channels that settings name, and direct conversations, do not come and go; so
// with a room for staff, where a thread can be begun again, what is unknown is
// taken for a thread.
func (p *places) mayBeThread(channel string) bool {
	if _, ok := p.rooms[channel]; ok {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if s, known := p.known[channel]; known {
		return isThread(s.kind)
	}
	if _, known := p.dms[channel]; known {
		return false
	}
	for _, r := range p.rooms {
		if r == staffRoom {
			return true
		}
	}
	return false
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

// directs returns all known direct conversations.
func (p *places) directs() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Collect(maps.Keys(p.dms))
}
