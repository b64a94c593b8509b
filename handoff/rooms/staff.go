package rooms

import (
	"slices"

	"firstline/bot/chat"
	"firstline/handoff"
)

// by returns which agent wants something; handoff.ErrForbidden when none does.
func (t *turn) by(in intent) (handoff.AgentID, error) {
	if in.do != unsend {
		return t.r.agent(t.tx, t.room, t.m)
	}
	// Of what was deleted networks tell little: neither roles nor, some, by whom. Only
	// its author could, and who moderates the room.
	who := t.m.From.ID
	if who == "" {
		return in.entry.Agent, nil
	}
	as := t.room.Staff[who]
	if as == "" {
		var err error
		if as, err = t.tx.Account(t.m.Conversation.Network, who); handoff.IgnoreNotFound(err) != nil {
			return "", err
		}
	}
	if as != in.entry.Agent {
		return "", handoff.ErrForbidden
	}
	return as, nil
}

// agent returns which agent wrote m, as the settings and the network say now;
// handoff.ErrForbidden when it is none.
func (r *Rooms) agent(tx handoff.Tx, room *Room, m *chat.Message) (handoff.AgentID, error) {
	as, listed := room.Staff[m.From.ID]
	if !listed && (room.Role == "" || !slices.Contains(m.Roles, room.Role)) {
		return "", handoff.ErrForbidden
	}
	return r.desk.StaffAccount(tx, m.Conversation.Network, m.From, as)
}
