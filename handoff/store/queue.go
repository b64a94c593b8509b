package store

import (
	"cmp"
	"slices"
	"time"

	"firstline/bot/chat"
)

// queue is a table of work with one line for each conversation: inbox or
// outbox. Of each line the oldest pending row has head = 1, and only heads can
// be taken. So one that is leased or not yet due holds up its own line and no
// other, and finding work reads as many index rows as it returns, be there one
// line of 50,000 or 50,000 lines.
//
// The mark is set when a row joins an empty line (isHead) and passed on when
// the head is done (advance). SQLite runs writers one after the other, which
// makes that safe; on PostgreSQL both need pg_advisory_xact_lock on the
// conversation before they look.
type queue string

const (
	inboxQueue  queue = "inbox"
	outboxQueue queue = "outbox"
)

// isHead is an SQL expression: 1 when the line of network ($1) and
// conversation ($2) is empty, else 0.
func (q queue) isHead() string {
	return "CASE WHEN EXISTS (SELECT 1 FROM " + string(q) +
		" WHERE network = $1 AND conversation = $2 AND state = 'pending') THEN 0 ELSE 1 END"
}

// What finds the ready heads of one network, those that have been ready for
// longest first; deliveries of one priority.
const (
	readyMessages   = "SELECT ready_at, id FROM inbox WHERE head = 1 AND network = $1 AND ready_at <= $2 ORDER BY ready_at, id LIMIT $3"
	readyDeliveries = "SELECT ready_at, id FROM outbox WHERE head = 1 AND network = $1 AND priority = $4 AND ready_at <= $2 ORDER BY ready_at, id LIMIT $3"
)

func (q queue) advanceText() string {
	return "UPDATE " + string(q) + " SET head = 1 WHERE id = (SELECT id FROM " + string(q) +
		" WHERE network = $1 AND conversation = $2 AND state = 'pending' ORDER BY id LIMIT 1)"
}

// head is the first row of a line. at is when it became ready, in milliseconds,
// for the order in which heads are taken.
type head struct {
	at int64
	id string
}

// ready returns up to limit heads of each network that text finds ready at now;
// more is what text needs besides.
func (q queue) ready(t *tx, networks []chat.Network, limit int, text string, now time.Time, more ...any) ([]head, error) {
	var heads []head
	// One query for each network: an index can't give the rows of several in
	// the order of ready_at. A network named twice counts once.
	for _, network := range slices.Compact(slices.Sorted(slices.Values(networks))) {
		found, err := list(t, text, append([]any{network, now, max(limit, 0)}, more...), func(scan scan) (h head, err error) {
			err = scan(&h.at, &h.id)
			return h, err
		})
		if err != nil {
			return nil, err
		}
		heads = append(heads, found...)
	}
	return heads, nil
}

// earliest returns the ids of up to limit heads, the earliest first.
func earliest(heads []head, limit int) []string {
	slices.SortFunc(heads, func(a, b head) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.id, b.id))
	})
	var ids []string
	for _, h := range heads[:min(len(heads), max(limit, 0))] {
		ids = append(ids, h.id)
	}
	return ids
}

// advance makes the oldest pending row of the line its head. Call it after the
// head was done.
func (q queue) advance(t *tx, network, conversation string) error {
	_, err := t.exec(q.advanceText(), network, conversation)
	return err
}
