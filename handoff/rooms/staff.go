package rooms

import (
	"slices"

	"firstline/bot/chat"
	"firstline/handoff"
)

// agent returns which agent wrote m, as the settings and the network say now;
// handoff.ErrForbidden when it is none.
func (r *Rooms) agent(tx handoff.Tx, room *Room, m *chat.Message) (handoff.AgentID, error) {
	as, listed := room.Staff[m.From.ID]
	if !listed && (room.Role == "" || !slices.Contains(m.Roles, room.Role)) {
		return "", handoff.ErrForbidden
	}
	return r.desk.StaffAccount(tx, m.Conversation.Network, m.From, as)
}
