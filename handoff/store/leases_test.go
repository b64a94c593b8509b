package store_test

import (
	"path/filepath"
	"testing"
	"time"

	"firstline/bot/chat"
	"firstline/bot/chat/chattest"
	"firstline/bot/outbox"
	"firstline/handoff"
	"firstline/handoff/store"
)

func TestReleaseLeases(t *testing.T) {
	t.Parallel()
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	now := time.UnixMilli(1_800_000_000_000)
	both := []chat.Network{chat.Telegram, chat.Discord}
	for _, network := range both {
		net := chattest.New(network, chat.Capabilities{})
		if _, err := s.AddMessages(t.Context(), []*chat.Message{net.Message("ann", "hello")}, now); err != nil {
			t.Fatal(err)
		}
		err := s.Update(t.Context(), func(tx handoff.Tx) error {
			for person, due := range map[string]time.Time{"ann": now, "later": now.Add(time.Hour)} {
				_, err := tx.PutDelivery(outbox.Delivery{
					Key: string(network) + person, To: net.Private(person), Op: outbox.OpSend, Class: outbox.ClassBot, Due: due,
				})
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	take := func() (messages, deliveries, uncertain int) {
		t.Helper()
		items, err := s.TakeMessages(t.Context(), both, 10, now, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		ds, err := s.TakeDeliveries(t.Context(), both, 10, now, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range ds {
			uncertain += d.Uncertain
		}
		return len(items), len(ds), uncertain
	}
	check := func(when string, wantItems, wantDeliveries, wantUncertain int) {
		t.Helper()
		if m, d, u := take(); m != wantItems || d != wantDeliveries || u != wantUncertain {
			t.Errorf("%s: %d messages, %d deliveries, %d uncertain; want %d, %d, %d", when, m, d, u, wantItems, wantDeliveries, wantUncertain)
		}
	}
	check("at first", 2, 2, 0)
	check("leased", 0, 0, 0)
	if err := s.ReleaseLeases(t.Context(), []chat.Network{chat.Telegram}, now); err != nil {
		t.Fatal(err)
	}
	check("released on one network", 1, 1, 1)
}
