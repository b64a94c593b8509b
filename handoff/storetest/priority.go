package storetest

import (
	"testing"
	"time"

	"firstline/bot/outbox"
	"firstline/handoff"
)

var priorityTests = []test{
	{"replies first", testPriority},
	{"age counts", testAgeCounts},
	{"who hurries takes along what stands before them", testHurry},
	{"an edit finds what was sent", testAim},
}

// putAs puts a delivery of a class, ready at due, in a line of its own.
func putAs(t *testing.T, s Store, class outbox.Class, key string, due time.Time) {
	t.Helper()
	d := delivery(tg, key, key)
	d.Class, d.Due = class, due
	put(t, s, d)
}

func testPriority(t *testing.T, s Store) {
	putAs(t, s, outbox.ClassBroadcast, "broadcast", at(0))
	putAs(t, s, outbox.ClassBot, "bot", at(1))
	putAs(t, s, "", "unknown", at(2))
	putAs(t, s, outbox.ClassNotice, "notice", at(3))
	putAs(t, s, outbox.ClassReply, "reply", at(4))
	for _, want := range []string{"reply", "notice", "bot", "unknown", "broadcast"} {
		all := takeDeliveries(t, s, 1, at(5))
		same(t, "next", keys(all), []string{want})
	}
}

func testAgeCounts(t *testing.T, s Store) {
	for i, c := range []outbox.Class{outbox.ClassReply, outbox.ClassNotice, outbox.ClassBot, outbox.ClassBroadcast} {
		putAs(t, s, c, string(c), at(0))
		ahead := outbox.HeadStart(0) - outbox.HeadStart(i)
		if i == 0 {
			continue
		}
		d := delivery(tg, "late"+string(c), "late"+string(c))
		d.Due = start.Add(ahead + time.Second)
		put(t, s, d)
	}
	// What has waited for longer than the head start goes before a fresh reply.
	for _, want := range []string{"reply", "notice", "latenotice", "bot", "latebot", "broadcast", "latebroadcast"} {
		same(t, "next", keys(takeDeliveries(t, s, 1, at(1000))), []string{want})
	}
}

func testHurry(t *testing.T, s Store) {
	putAs(t, s, outbox.ClassBot, "bot", at(0))
	slow := delivery(tg, "line", "before")
	slow.Class, slow.Due = outbox.ClassBroadcast, at(1)
	reply := delivery(tg, "line", "reply")
	reply.Due = at(1)
	put(t, s, slow, reply)
	before := takeDeliveries(t, s, 1, at(2))
	same(t, "in front of a reply", keys(before), []string{"before"})
	finishDelivery(t, s, before[0], outbox.Result{State: outbox.Sent})
	same(t, "the reply", keys(takeDeliveries(t, s, 1, at(2))), []string{"reply"})
}

func testAim(t *testing.T, s Store) {
	revise := func(key, of string) outbox.Delivery {
		d := delivery(tg, "1", key)
		d.Op, d.Of = outbox.OpEdit, of
		return d
	}
	put(t, s, delivery(tg, "1", "a"), delivery(tg, "1", "b"), revise("edit a", "a"), revise("edit b", "b"), revise("edit none", "none"))
	elsewhere := delivery(tg, "2", "edit a from elsewhere")
	elsewhere.Op, elsewhere.Of = outbox.OpDelete, "a"
	results := map[string]outbox.Result{"a": {State: outbox.Sent, SentID: "m1"}, "b": {State: outbox.Failed, Error: "blocked"}}
	targets := map[string]string{}
	for range 5 {
		d := takeDelivery(t, s, at(0))
		targets[d.Key] = string(d.Target)
		r, ok := results[d.Key]
		if !ok {
			r = outbox.Result{State: outbox.Sent}
		}
		finishDelivery(t, s, d, r)
	}
	same(t, "targets", targets, map[string]string{"a": "", "b": "", "edit a": "m1", "edit b": "", "edit none": ""})
	put(t, s, elsewhere)
	same(t, "in another conversation", string(takeDelivery(t, s, at(0)).Target), "")
	bad := delivery(tg, "1", "no message")
	bad.Op = outbox.OpEdit
	err := s.Update(t.Context(), func(tx handoff.Tx) error { _, err := tx.PutDelivery(bad); return err })
	if err == nil {
		t.Error("an edit of nothing was put")
	}
}
