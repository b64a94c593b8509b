package store_test

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"firstline/bot/chat"
	"firstline/handoff"
	"firstline/handoff/store"
)

// BenchmarkUpdate shows what sharing commits brings: each of serial's updates
// pays for a flush of the disk, those of parallel pay together.
func BenchmarkUpdate(b *testing.B) {
	var n atomic.Int64
	one := func(s *store.Store) error {
		key := fmt.Sprint("k", n.Add(1))
		return s.Update(b.Context(), func(tx handoff.Tx) error {
			if err := tx.AddEntry(&handoff.Entry{Key: key, Thread: "t", Kind: handoff.ByAsker, Text: "How long does a withdrawal take?"}); err != nil {
				return err
			}
			_, err := tx.PutDelivery(delivery(key, "t"))
			return err
		})
	}
	b.Run("serial", func(b *testing.B) {
		s := open(b)
		for b.Loop() {
			if err := one(s); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("parallel", func(b *testing.B) {
		s := open(b)
		b.SetParallelism(64)
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				if err := one(s); err != nil {
					b.Error(err)
				}
			}
		})
	})
}

// BenchmarkTake takes and finishes one delivery while 50,000 others are
// pending, in one line or in many.
func BenchmarkTake(b *testing.B) {
	const pending = 50_000
	for name, lines := range map[string]int{"1 line": 1, "5000 lines": 5000, "50000 lines": 50_000} {
		b.Run(name, func(b *testing.B) {
			s := open(b)
			update(b, s, func(tx handoff.Tx) error {
				for i := range pending {
					d := delivery(fmt.Sprint(i), fmt.Sprint(i%lines))
					d.Due = start.Add(time.Hour)
					if _, err := tx.PutDelivery(d); err != nil {
						return err
					}
				}
				return nil
			})
			i := 0
			for b.Loop() {
				i++
				put(b, s, delivery(fmt.Sprint("due", i), "due"))
				taken, err := s.TakeDeliveries(b.Context(), []chat.Network{chat.Telegram}, 32, start, time.Minute)
				if err != nil || len(taken) != 1 {
					b.Fatalf("TakeDeliveries: %d, %v", len(taken), err)
				}
				if err := s.FinishDelivery(b.Context(), taken[0], sent); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkView reads what the bot reads before it answers.
func BenchmarkView(b *testing.B) {
	s := open(b)
	update(b, s, func(tx handoff.Tx) error { return tx.SaveThread(&handoff.Thread{ID: "t"}) })
	for b.Loop() {
		err := s.View(b.Context(), func(tx handoff.Tx) error {
			if _, err := tx.Thread("t"); err != nil {
				return err
			}
			_, err := tx.Entries("t", 20)
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}
