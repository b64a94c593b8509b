package handoff

import "context"

// Counts is how many tickets there are for one agent to look at.
type Counts struct {
	Open   int // waiting in the queue, ended claims included
	Mine   int // held by this agent
	Active int // not solved: waiting or held by anybody
	Solved int
}

// Counts counts the tickets as an agent sees them.
func (d *Desk) Counts(ctx context.Context, by AgentID) (Counts, error) {
	now := d.now()
	var c Counts
	err := d.store.View(ctx, func(tx Tx) error {
		if _, err := authorise(tx, by, RoleAgent); err != nil {
			return err
		}
		for _, q := range []struct {
			n *int
			f Filter
		}{
			{&c.Open, Filter{States: []TicketState{Open}}},
			{&c.Mine, Filter{States: []TicketState{Claimed}, ClaimedBy: by}},
			{&c.Active, Filter{States: []TicketState{Open, Claimed}}},
			{&c.Solved, Filter{States: []TicketState{Solved}}},
		} {
			q.f.Now = now
			var err error
			if *q.n, err = tx.CountTickets(q.f); err != nil {
				return err
			}
		}
		return nil
	})
	return c, err
}
