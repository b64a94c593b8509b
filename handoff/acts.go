package handoff

import (
	"errors"
	"strconv"
	"time"

	"firstline/bot/outbox"
)

// Acts is what an agent does with tickets within one transaction of the caller.
// Each method checks that the agent is an active member of staff, and leaves its
// line in the audit log. An error that is one of this package's means that nothing
// was changed: the transaction can go on.
type Acts struct {
	d  *Desk
	tx Tx
	by AgentID
}

// Within returns what by does within tx.
func (d *Desk) Within(tx Tx, by AgentID) Acts { return Acts{d: d, tx: tx, by: by} }

// Claim gives the ticket to the agent for the time of a claim. An agent who
// holds it already renews the claim. ErrTaken when another one holds it.
func (a Acts) Claim(id TicketID) (*Ticket, error) {
	return a.act(id, func(t *Ticket) error {
		fresh := t.ClaimedBy != a.by
		if err := a.hold(t); err != nil {
			return err
		}
		if !fresh {
			return a.tx.SaveTicket(t)
		}
		return a.save(t, "claimed", "")
	})
}

// Release puts the ticket back into the queue, where it was before.
func (a Acts) Release(id TicketID) (*Ticket, error) {
	return a.act(id, func(t *Ticket) error {
		if err := a.hold(t); err != nil {
			return err
		}
		t.State, t.ClaimedBy, t.ClaimedUntil = Open, "", time.Time{}
		return a.save(t, "released", "")
	})
}

// Transfer gives the ticket to another agent, as if that one had claimed it. A
// lead may take it from whoever holds it. ErrNoAgent when there is no active agent
// of that name.
func (a Acts) Transfer(id TicketID, to AgentID) (*Ticket, error) {
	return a.act(id, func(t *Ticket) error {
		if _, err := authorise(a.tx, to, RoleAgent); err != nil {
			if errors.Is(err, ErrForbidden) {
				return ErrNoAgent
			}
			return err
		}
		if t.State == Solved {
			return ErrSolved
		}
		if t.HeldAt(a.d.now()) && t.ClaimedBy != a.by {
			if _, err := authorise(a.tx, a.by, RoleLead); err != nil {
				if errors.Is(err, ErrForbidden) {
					return ErrTaken
				}
				return err
			}
		}
		t.State, t.ClaimedBy, t.ClaimedUntil = Claimed, to, a.d.now().Add(a.d.claimFor)
		return a.save(t, "transferred", string(to))
	})
}

// Solve ends the ticket and asks the asker how it went. ErrSolved when it is
// solved already, ErrTaken when another agent holds it.
func (a Acts) Solve(id TicketID) (*Ticket, error) {
	return a.act(id, func(t *Ticket) error {
		if err := a.hold(t); err != nil {
			return err
		}
		d := a.d
		t.State, t.ClaimedBy, t.ClaimedUntil = Solved, "", time.Time{}
		t.SolvedAt, t.SolvedBy = d.now(), a.by
		out := d.voice.Solved(t)
		out.ReplyTo = t.ReplyTo
		key := "solved/" + id.String() + "/" + strconv.Itoa(t.Reopened)
		if _, err := d.Send(a.tx, t, outbox.Delivery{Key: key, Class: outbox.ClassNotice, Out: out}); err != nil {
			return err
		}
		err := a.tx.AddEntry(&Entry{
			Key: key, Thread: t.Thread, Ticket: id, Kind: ByBot, Text: out.Body.Text,
			Delivery: key, At: d.now(),
		})
		if err != nil {
			return err
		}
		return a.save(t, "solved", "")
	})
}

// Reopen puts a solved ticket back into the queue. One that is not solved stays
// as it is.
func (a Acts) Reopen(id TicketID) (*Ticket, error) {
	return a.act(id, func(t *Ticket) error {
		if t.State != Solved {
			return nil
		}
		return a.d.reopen(a.tx, t, nil, a.by)
	})
}

// act runs f on a ticket for an authorised agent.
func (a Acts) act(id TicketID, f func(*Ticket) error) (*Ticket, error) {
	if _, err := authorise(a.tx, a.by, RoleAgent); err != nil {
		return nil, err
	}
	t, err := a.tx.Ticket(id)
	if err != nil {
		return nil, err
	}
	t.UpdatedAt = a.d.now()
	if err := f(t); err != nil {
		return nil, err
	}
	return t, nil
}

// save stores t and what was done to it.
func (a Acts) save(t *Ticket, action, detail string) error {
	if err := a.tx.SaveTicket(t); err != nil {
		return err
	}
	return a.d.log(a.tx, a.by, action, t.ID, detail)
}

// hold makes the agent the holder of t from now on, or fails with ErrTaken or
// ErrSolved.
func (a Acts) hold(t *Ticket) error {
	now := a.d.now()
	if t.State == Solved {
		return ErrSolved
	}
	if t.HeldAt(now) && t.ClaimedBy != a.by {
		return ErrTaken
	}
	t.State, t.ClaimedBy, t.ClaimedUntil = Claimed, a.by, now.Add(a.d.claimFor)
	return nil
}
