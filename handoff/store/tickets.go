package store

import (
	"strconv"
	"strings"
	"time"

	"firstline/handoff"
)

const (
	ticketColumns = `id, thread, network, conversation, person, private, language, reason, article, reply_to,
state, claimed_by, claimed_until, opened_at, queued_at, first_reply_at, solved_at, solved_by, reopened, rating, updated_at`
	// maxTickets is Filter.Max when that is 0.
	maxTickets = 200
)

var (
	insertTicket = "INSERT INTO tickets (" + ticketColumns + ") VALUES (" + params(21) + ")"
	updateTicket = "UPDATE tickets SET (" + ticketColumns + ") = (" + params(21) + ") WHERE id = $1"
)

func readTicket(scan scan) (*handoff.Ticket, error) {
	var k handoff.Ticket
	err := scan(&k.ID, &k.Thread, &k.Conversation.Network, &k.Conversation.ID, jsonAt{&k.Person},
		&k.Private, &k.Language, &k.Reason, &k.Article, &k.ReplyTo,
		&k.State, &k.ClaimedBy, timeAt{&k.ClaimedUntil}, timeAt{&k.OpenedAt}, timeAt{&k.QueuedAt},
		timeAt{&k.FirstReplyAt}, timeAt{&k.SolvedAt}, &k.SolvedBy, &k.Reopened, &k.Rating, timeAt{&k.UpdatedAt})
	return &k, err
}

func ticketValues(id handoff.TicketID, k *handoff.Ticket) ([]any, error) {
	person, err := jsonOf(k.Person)
	return []any{id, k.Thread, k.Conversation.Network, k.Conversation.ID, person,
		k.Private, k.Language, k.Reason, k.Article, k.ReplyTo,
		k.State, k.ClaimedBy, k.ClaimedUntil, k.OpenedAt, k.QueuedAt,
		k.FirstReplyAt, k.SolvedAt, k.SolvedBy, k.Reopened, k.Rating, k.UpdatedAt}, err
}

// Ticket implements handoff.Tx.
func (t *tx) Ticket(id handoff.TicketID) (*handoff.Ticket, error) {
	return first(list(t, "SELECT "+ticketColumns+" FROM tickets WHERE id = $1", []any{id}, readTicket))
}

// AddTicket implements handoff.Tx. The number comes from a counter in the same
// transaction, so none is lost or given twice.
func (t *tx) AddTicket(k *handoff.Ticket) error {
	if err := t.writable(); err != nil {
		return err
	}
	var id handoff.TicketID
	if err := t.one("UPDATE counters SET value = value + 1 WHERE name = $1 RETURNING value", []any{"ticket"}, &id); err != nil {
		return err
	}
	values, err := ticketValues(id, k)
	if err != nil {
		return err
	}
	if _, err := t.exec(insertTicket, values...); err != nil {
		return err
	}
	k.ID = id
	t.touch(Desk)
	return nil
}

// SaveTicket implements handoff.Tx. A ticket that was not added is
// handoff.ErrNotFound.
func (t *tx) SaveTicket(k *handoff.Ticket) error {
	values, err := ticketValues(k.ID, k)
	if err != nil {
		return err
	}
	n, err := t.exec(updateTicket, values...)
	if err != nil {
		return err
	}
	if n == 0 {
		return handoff.ErrNotFound
	}
	if _, err := t.exec(markCards, k.ID); err != nil { // rooms show it otherwise now
		return err
	}
	t.touch(Desk)
	return nil
}

// Tickets implements handoff.Tx.
func (t *tx) Tickets(f handoff.Filter) ([]*handoff.Ticket, error) {
	where, args := condition(f)
	order := "queued_at, id"
	if f.Newest {
		order = "updated_at DESC, id DESC"
	}
	limit := f.Max
	if limit <= 0 {
		limit = maxTickets
	}
	args = append(args, limit)
	return list(t, "SELECT "+ticketColumns+" FROM tickets"+where+" ORDER BY "+order+" LIMIT $"+strconv.Itoa(len(args)),
		args, readTicket)
}

// CountTickets implements handoff.Tx. It counts all: Filter.Max is of no
// account.
func (t *tx) CountTickets(f handoff.Filter) (n int, err error) {
	where, args := condition(f)
	err = t.one("SELECT COUNT(*) FROM tickets"+where, args, &n)
	return n, err
}

// condition returns f as an SQL condition, "" for all tickets.
func condition(f handoff.Filter) (where string, args []any) {
	var terms []string
	arg := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	if len(f.States) > 0 {
		var states []string
		for _, s := range f.States {
			// What Ticket.StateAt says, in SQL. Stored times are whole
			// milliseconds, so rounding Now down changes no comparison.
			switch s {
			case handoff.Open:
				states = append(states, "state = 'open'", "(state = 'claimed' AND claimed_until <= "+arg(f.Now)+")")
			case handoff.Claimed:
				states = append(states, "(state = 'claimed' AND claimed_until > "+arg(f.Now)+")")
			default:
				states = append(states, "state = "+arg(s))
			}
		}
		terms = append(terms, "("+strings.Join(states, " OR ")+")")
	}
	if f.ClaimedBy != "" {
		terms = append(terms, "claimed_by = "+arg(f.ClaimedBy))
	}
	if !f.Before.IsZero() {
		terms = append(terms, "(queued_at < "+arg(f.Before)+" OR (queued_at = "+arg(f.Before)+" AND id < "+arg(f.BeforeID)+"))")
	}
	if len(terms) == 0 {
		return "", nil
	}
	return " WHERE " + strings.Join(terms, " AND "), args
}

// FirstReplies implements handoff.Tx.
func (t *tx) FirstReplies(since time.Time, limit int) ([]time.Duration, error) {
	return list(t, `SELECT first_reply_at - opened_at FROM tickets
WHERE first_reply_at > 0 AND first_reply_at >= $1 ORDER BY first_reply_at DESC, id DESC LIMIT $2`,
		[]any{since, max(limit, 0)}, func(scan scan) (time.Duration, error) {
			var ms int64
			err := scan(&ms)
			return time.Duration(ms) * time.Millisecond, err
		})
}
