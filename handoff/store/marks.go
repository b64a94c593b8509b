package store

import (
	"context"

	"firstline/bot/chat"
)

// Marks returns how far each place of a network was received: place → mark,
// both in the words of the network's adapter.
func (s *Store) Marks(ctx context.Context, network chat.Network) (map[string]string, error) {
	marks := map[string]string{}
	err := s.view(ctx, func(t *tx) error {
		return t.each("SELECT place, mark FROM marks WHERE network = $1", []any{network}, func(scan scan) error {
			var place, mark string
			err := scan(&place, &mark)
			marks[place] = mark
			return err
		})
	})
	return marks, err
}

// SaveMark replaces the mark of a place.
func (s *Store) SaveMark(ctx context.Context, network chat.Network, place, mark string) error {
	return s.writer.do(ctx, func(t *tx) error {
		_, err := t.exec(`INSERT INTO marks (network, place, mark) VALUES ($1, $2, $3)
ON CONFLICT (network, place) DO UPDATE SET mark = $3`, network, place, mark)
		return err
	})
}
