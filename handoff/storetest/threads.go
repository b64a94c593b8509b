package storetest

import (
	"testing"
	"time"

	"firstline/bot/chat"
	"firstline/handoff"
)

var threadTests = []test{
	{"a thread comes back whole", testThreadWhole},
	{"threads due", testThreadsDue},
	{"threads waiting in a conversation", testThreadsWaiting},
}

func testThreadWhole(t *testing.T, s Store) {
	want := &handoff.Thread{
		ID: "discord/5#7", Conversation: conversation(dc, "5"), Person: chat.Person{ID: "7", Name: "O'Neil", Language: "en"},
		Private: true, Language: "de", Article: "deposit", Ticket: 12, LastMessage: "m9",
		Unanswered: at(1), Due: at(2), Acknowledged: at(3), UpdatedAt: at(4),
		Question: "m8", Source: "spring-mail",
	}
	read := func(id handoff.ThreadID) (th *handoff.Thread, err error) {
		err = s.View(t.Context(), func(tx handoff.Tx) (err error) {
			th, err = tx.Thread(id)
			return err
		})
		return th, err
	}
	for _, th := range []*handoff.Thread{want, {ID: want.ID}, want} { // new, emptied, filled again
		update(t, s, func(tx handoff.Tx) error { return tx.SaveThread(th) })
		got, err := read(want.ID)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "thread", got, th)
	}
	_, err := read("discord/5#8")
	wantErr(t, "an unknown thread", err, handoff.ErrNotFound)
	err = s.Update(t.Context(), func(tx handoff.Tx) error { return tx.SaveThread(&handoff.Thread{}) })
	if err == nil {
		t.Error("a thread without id was saved")
	}
}

func testThreadsDue(t *testing.T, s Store) {
	for id, due := range map[handoff.ThreadID]time.Time{"b": at(20), "a": at(30), "c": at(10), "never": {}, "d": at(30)} {
		update(t, s, func(tx handoff.Tx) error { return tx.SaveThread(&handoff.Thread{ID: id, Due: due}) })
	}
	due := func(now time.Time, limit int) []handoff.ThreadID {
		return append([]handoff.ThreadID{},
			get(t, s, func(tx handoff.Tx) ([]handoff.ThreadID, error) { return tx.ThreadsDue(now, limit) })...)
	}
	same(t, "none yet", due(at(9), 10), []handoff.ThreadID{})
	same(t, "at the moment", due(at(20), 10), []handoff.ThreadID{"c", "b"})
	same(t, "all", due(at(99), 10), []handoff.ThreadID{"c", "b", "a", "d"})
	same(t, "at most two", due(at(99), 2), []handoff.ThreadID{"c", "b"})
	update(t, s, func(tx handoff.Tx) error { return tx.SaveThread(&handoff.Thread{ID: "c"}) })
	same(t, "answered", due(at(20), 10), []handoff.ThreadID{"b"})
}

func testThreadsWaiting(t *testing.T, s Store) {
	for id, due := range map[handoff.ThreadID]time.Time{"a": at(20), "b": at(10), "c": {}} {
		update(t, s, func(tx handoff.Tx) error {
			return tx.SaveThread(&handoff.Thread{ID: id, Conversation: conversation(tg, "1"), Due: due})
		})
	}
	other := &handoff.Thread{ID: "other", Conversation: conversation(tg, "2"), Due: at(1)}
	update(t, s, func(tx handoff.Tx) error { return tx.SaveThread(other) })
	got := get(t, s, func(tx handoff.Tx) ([]handoff.ThreadID, error) { return tx.ThreadsWaiting(conversation(tg, "1")) })
	same(t, "waiting", got, []handoff.ThreadID{"b", "a"})
}
