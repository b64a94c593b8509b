package storetest

import (
	"testing"
	"time"

	"firstline/bot/chat"
	"firstline/bot/outbox"
	"firstline/handoff"
)

var fileTests = []test{
	{"a file comes back whole", testFileWhole},
	{"files are taken when due", testFilesTaken},
	{"fencing", testFileFencing},
	{"forgetting", testForgetFiles},
}

func addFile(t *testing.T, s Store, n chat.Network, entry string) *handoff.File {
	t.Helper()
	f := &handoff.File{
		Entry: entry, Thread: "telegram/1", In: conversation(n, "1"), At: start,
		Attachment: chat.Attachment{Kind: "photo", Name: "Bild <1>.png", Size: 7, Ref: "r/" + entry},
	}
	update(t, s, func(tx handoff.Tx) error { return tx.AddFile(f) })
	return f
}

func takeFiles(t *testing.T, s Store, limit int, now time.Time) []*handoff.File {
	t.Helper()
	all, err := s.TakeFiles(t.Context(), networks, limit, now, lease)
	if err != nil {
		t.Fatalf("TakeFiles: %v", err)
	}
	return all
}

// takeFile returns the only file that can be taken.
func takeFile(t *testing.T, s Store, now time.Time) *handoff.File {
	t.Helper()
	all := takeFiles(t, s, 10, now)
	if len(all) != 1 {
		t.Fatalf("TakeFiles: took %d, want one", len(all))
	}
	return all[0]
}

func finishFile(t *testing.T, s Store, f *handoff.File, due time.Time) {
	t.Helper()
	update(t, s, func(tx handoff.Tx) error { return tx.FinishFile(f, due) })
}

func testFileWhole(t *testing.T, s Store) {
	f := addFile(t, s, tg, "e1")
	if f.ID == "" || f.State != handoff.FilePending {
		t.Errorf("id %q, state %q", f.ID, f.State)
	}
	got := takeFile(t, s, at(0))
	f.Attempt = 1
	same(t, "taken", got, f)
	got.State, got.Hash, got.Type, got.Size = handoff.FileKept, "abc", "image/png", 7
	finishFile(t, s, got, time.Time{})
	same(t, "kept", get(t, s, func(tx handoff.Tx) (*handoff.File, error) { return tx.File(f.ID) }), got)
	same(t, "of the thread", get(t, s, func(tx handoff.Tx) ([]*handoff.File, error) { return tx.Files("telegram/1") }), []*handoff.File{got})
	kept := func(hash string) bool {
		return get(t, s, func(tx handoff.Tx) (bool, error) { return tx.FileKept(hash) })
	}
	same(t, "its content is kept, another is not", []bool{kept("abc"), kept("abd")}, []bool{true, false})
	same(t, "work left", len(takeFiles(t, s, 10, at(900))), 0)
	err := s.View(t.Context(), func(tx handoff.Tx) error { _, err := tx.File("none"); return err })
	wantErr(t, "an unknown file", err, handoff.ErrNotFound)
	if err := s.Update(t.Context(), func(tx handoff.Tx) error { return tx.AddFile(&handoff.File{}) }); err == nil {
		t.Error("a file without entry was added")
	}
}

func testFilesTaken(t *testing.T, s Store) {
	for _, entry := range []string{"a", "b", "c"} {
		addFile(t, s, tg, entry)
	}
	addFile(t, s, "web", "w")
	same(t, "at most two", len(takeFiles(t, s, 2, at(0))), 2)
	c := takeFile(t, s, at(0))
	same(t, "while leased", len(takeFiles(t, s, 10, at(59))), 0)
	c.Reason = "temporary: 502"
	finishFile(t, s, c, at(600))
	same(t, "after the lease", len(takeFiles(t, s, 10, at(60))), 2)
	again := takeFiles(t, s, 10, at(600))
	same(t, "all of the networks asked for", len(again), 3)
	for _, f := range again {
		if f.Entry == "c" {
			same(t, "why it waited", []any{f.Reason, f.Attempt}, []any{"temporary: 502", 2})
		}
	}
	all, err := s.TakeFiles(t.Context(), nil, 10, at(900), lease)
	if err != nil || len(all) != 0 {
		t.Errorf("no network: %d, %v", len(all), err)
	}
}

func testFileFencing(t *testing.T, s Store) {
	addFile(t, s, dc, "e")
	old := takeFile(t, s, at(0))
	latest := takeFile(t, s, at(60))
	finish := func(f *handoff.File) error {
		return s.Update(t.Context(), func(tx handoff.Tx) error { return tx.FinishFile(f, at(0)) })
	}
	old.State = handoff.FileKept
	wantErr(t, "the old taker", finish(old), outbox.ErrLost)
	latest.State, latest.Reason = handoff.FileRefused, "too large"
	if err := finish(latest); err != nil {
		t.Fatal(err)
	}
	wantErr(t, "twice", finish(latest), outbox.ErrLost)
}

func testForgetFiles(t *testing.T, s Store) {
	addFile(t, s, tg, "e1")
	kept := takeFile(t, s, at(0))
	kept.State, kept.Hash, kept.Type, kept.Size = handoff.FileKept, "abc", "image/png", 7
	finishFile(t, s, kept, time.Time{})
	addFile(t, s, tg, "e1")
	fetching := takeFile(t, s, at(0))
	addFile(t, s, tg, "e2")

	update(t, s, func(tx handoff.Tx) error { return tx.ForgetFiles("e1") })
	fetching.State, fetching.Hash = handoff.FileKept, "def"
	err := s.Update(t.Context(), func(tx handoff.Tx) error { return tx.FinishFile(fetching, time.Time{}) })
	wantErr(t, "keeping what was forgotten meanwhile", err, outbox.ErrLost)
	same(t, "still kept", get(t, s, func(tx handoff.Tx) (bool, error) { return tx.FileKept("abc") }), false)
	hashes := map[string]int{}
	for _, f := range takeFiles(t, s, 10, at(1)) {
		if f.Entry == "e2" {
			continue
		}
		same(t, "nothing is left of it", []any{f.State, f.Attachment, f.Type}, []any{handoff.FileForgetting, chat.Attachment{}, ""})
		hashes[f.Hash]++
		f.State, f.Hash = handoff.FileForgotten, ""
		finishFile(t, s, f, time.Time{})
	}
	same(t, "contents to remove", hashes, map[string]int{"abc": 1, "": 1})
	update(t, s, func(tx handoff.Tx) error { return tx.ForgetFiles("e1") }) // again: nothing to do
	same(t, "work left", len(takeFiles(t, s, 10, at(900))), 1)
}
