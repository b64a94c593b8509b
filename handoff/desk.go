package handoff

import (
	"context"
	"errors"
	"fmt"
	"time"

	"firstline/bot/chat"
	"firstline/bot/outbox"
)

// Voice words what the desk tells an asker, in the ticket's language.
type Voice interface {
	// Reply frames what an agent wrote, so that it is seen to come from a person.
	Reply(t *Ticket, text string) chat.Rich
	// Solved says that the ticket is solved and asks how it went.
	Solved(t *Ticket) chat.Outbound
}

// Options configures a Desk. Store, Voice and Clean are required.
type Options struct {
	Store Store
	Voice Voice
	// Clean replaces secrets in a text and returns the kinds it found.
	Clean func(text string) (clean string, kinds []string)
	// Limits returns how long a message may be on a network; nil: no limit.
	Limits func(chat.Network) chat.Limits
	// Can returns what can be done on a network to what was sent; nil: nothing.
	Can func(chat.Network) Abilities
	Now func() time.Time // nil: time.Now
	// ClaimFor is how long a claim lasts after its agent last acted on the
	// ticket. 0: 30 minutes.
	ClaimFor time.Duration
	// ReopenWithin is how long after solving a message reopens the same
	// ticket. 0: seven days.
	ReopenWithin time.Duration
}

// Desk is the rules of tickets. Methods with an AgentID check that it is an
// active member of staff and fail with ErrForbidden otherwise; each is one
// transaction and leaves its line in the audit log.
type Desk struct {
	store        Store
	voice        Voice
	clean        func(string) (string, []string)
	limits       func(chat.Network) chat.Limits
	can          func(chat.Network) Abilities
	now          func() time.Time
	claimFor     time.Duration
	reopenWithin time.Duration
}

// New returns a desk.
func New(o Options) *Desk {
	d := &Desk{
		store: o.Store, voice: o.Voice, clean: o.Clean, limits: o.Limits, can: o.Can, now: o.Now,
		claimFor: o.ClaimFor, reopenWithin: o.ReopenWithin,
	}
	if d.now == nil {
		d.now = time.Now
	}
	if d.limits == nil {
		d.limits = func(chat.Network) chat.Limits { return chat.Limits{} }
	}
	if d.can == nil {
		d.can = func(chat.Network) Abilities { return Abilities{} }
	}
	if d.claimFor <= 0 {
		d.claimFor = 30 * time.Minute
	}
	if d.reopenWithin <= 0 {
		d.reopenWithin = 7 * 24 * time.Hour
	}
	return d
}

// Opening is how Open gave a thread its ticket.
type Opening int

// The ways in which Open ends.
const (
	Created  Opening = iota // a new ticket
	Reopened                // the thread's solved ticket, open again
	Existing                // the thread's ticket was open already
)

// Open gives the thread an open ticket within the caller's transaction: the
// one it has, its recently solved one reopened, or a new one. The caller saves
// the thread, whose Ticket is set and whose timer is cleared. by is the agent
// who asked for it, "" for the bot.
func (d *Desk) Open(tx Tx, th *Thread, reason Reason, article string) (*Ticket, Opening, error) {
	now := d.now()
	th.Unanswered, th.Due = time.Time{}, time.Time{}
	if th.Ticket != 0 {
		t, err := tx.Ticket(th.Ticket)
		switch {
		case errors.Is(err, ErrNotFound):
		case err != nil:
			return nil, 0, err
		case t.State != Solved:
			return t, Existing, d.Touch(tx, t, th)
		case d.Reopens(t):
			return t, Reopened, d.reopen(tx, t, th, "")
		}
	}
	t := &Ticket{
		Thread: th.ID, Conversation: th.Conversation, Person: th.Person, Private: th.Private,
		Language: th.Language, Reason: reason, Article: article, State: Open,
		OpenedAt: now, QueuedAt: now, UpdatedAt: now,
	}
	t.follow(th)
	if err := tx.AddTicket(t); err != nil {
		return nil, 0, err
	}
	th.Ticket = t.ID
	return t, Created, d.log(tx, "", "opened", t.ID, string(reason))
}

// Reopens reports whether a solved ticket is still young enough that a new
// message belongs to it.
func (d *Desk) Reopens(t *Ticket) bool { return d.now().Sub(t.SolvedAt) <= d.reopenWithin }

// Touch records within the caller's transaction that the asker wrote again.
func (d *Desk) Touch(tx Tx, t *Ticket, th *Thread) error {
	t.follow(th)
	t.UpdatedAt = d.now()
	return tx.SaveTicket(t)
}

// follow brings t in step with what the thread's newest message says.
func (t *Ticket) follow(th *Thread) {
	t.Person = th.Person
	if th.Language != "" {
		t.Language = th.Language
	}
	if !th.Private {
		t.ReplyTo = th.LastMessage
	}
}

func (d *Desk) reopen(tx Tx, t *Ticket, th *Thread, by AgentID) error {
	now := d.now()
	t.State, t.ClaimedBy, t.ClaimedUntil = Open, "", time.Time{}
	t.SolvedAt, t.SolvedBy = time.Time{}, ""
	t.Reopened++
	t.QueuedAt, t.UpdatedAt = now, now
	if th != nil {
		t.follow(th)
	}
	if err := tx.SaveTicket(t); err != nil {
		return err
	}
	return d.log(tx, by, "reopened", t.ID, "")
}

// SolvedByAsker ends within the caller's transaction the ticket that the thread
// has, because its asker says that it is solved, whoever holds it. nil: there was
// none that is not solved.
func (d *Desk) SolvedByAsker(tx Tx, th *Thread) (*Ticket, error) {
	if th.Ticket == 0 {
		return nil, nil
	}
	t, err := tx.Ticket(th.Ticket)
	if err != nil || t.State == Solved {
		return nil, IgnoreNotFound(err)
	}
	now := d.now()
	t.State, t.ClaimedBy, t.ClaimedUntil = Solved, "", time.Time{}
	t.SolvedAt, t.SolvedBy, t.UpdatedAt = now, "", now
	if err := tx.SaveTicket(t); err != nil {
		return nil, err
	}
	return t, d.log(tx, "", "solved", t.ID, "by the asker")
}

// Rate records the asker's rating, 1 to 5, of the ticket their thread has. A
// rating of another thread's ticket is ErrForbidden.
func (d *Desk) Rate(tx Tx, th *Thread, id TicketID, rating int) error {
	if rating < 1 || rating > 5 {
		return fmt.Errorf("rating %d: want 1 to 5", rating)
	}
	t, err := tx.Ticket(id)
	if err != nil {
		return err
	}
	if t.Thread != th.ID {
		return ErrForbidden
	}
	t.Rating, t.UpdatedAt = rating, d.now()
	if err := tx.SaveTicket(t); err != nil {
		return err
	}
	return d.log(tx, "", "rated", id, fmt.Sprint(rating))
}

// MaySend reports whether a delivery may go out now. The bot's own words are
// held back while a person holds the ticket of the thread; everything else may
// always go. The courier asks immediately before each send.
func (d *Desk) MaySend(ctx context.Context, del outbox.Delivery) (bool, error) {
	if del.Class != outbox.ClassBot || del.Thread == "" {
		return true, nil
	}
	held := false
	err := d.store.View(ctx, func(tx Tx) error {
		th, err := tx.Thread(ThreadID(del.Thread))
		if err != nil {
			return IgnoreNotFound(err)
		}
		held, err = d.Held(tx, th)
		return err
	})
	return !held, err
}

// Held reports whether an agent holds the thread's ticket now.
func (d *Desk) Held(tx Tx, th *Thread) (bool, error) {
	if th.Ticket == 0 {
		return false, nil
	}
	t, err := tx.Ticket(th.Ticket)
	if err != nil {
		return false, IgnoreNotFound(err)
	}
	return t.HeldAt(d.now()), nil
}

// IgnoreNotFound returns err unless it says that something is not there.
func IgnoreNotFound(err error) error {
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

func (d *Desk) log(tx Tx, by AgentID, action string, id TicketID, detail string) error {
	return tx.AddEvent(&Event{At: d.now(), Agent: by, Action: action, Ticket: id, Detail: detail})
}
