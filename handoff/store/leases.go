package store

import (
	"context"
	"time"

	"firstline/bot/chat"
)

// ReleaseLeases makes work of networks that is leased ready at once. Who alone
// works on these networks (see LockServe) calls it before beginning: what the
// process before had in hand when it died needs not wait for its leases to end.
// Deliveries among it may have been sent; they count as Uncertain when they are
// taken again. Messages and attachments that were put off are tried at once, too.
func (s *Store) ReleaseLeases(ctx context.Context, networks []chat.Network, now time.Time) error {
	return s.writer.do(ctx, func(t *tx) error {
		for _, network := range networks {
			for _, text := range []string{
				"UPDATE outbox SET ready_at = $2 WHERE network = $1 AND head = 1 AND leased = 1 AND ready_at > $2",
				"UPDATE inbox SET ready_at = $2 WHERE network = $1 AND head = 1 AND ready_at > $2",
				"UPDATE files SET ready_at = $2 WHERE network = $1 AND state IN ('pending', 'forgetting') AND ready_at > $2",
			} {
				if _, err := t.exec(text, network, now); err != nil {
					return err
				}
			}
		}
		t.touch(Inbox, Outbox, Files)
		return nil
	})
}
