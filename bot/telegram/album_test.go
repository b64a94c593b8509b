package telegram_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"firstline/bot/chat"
	"firstline/bot/telegram"
	"firstline/bot/telegram/telegramtest"
)

// clock is a time that only a test moves.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// albumWait is short, since it is also how often a bot polls that waits; what
// counts is the time of the clock.
const albumWait = 8 * time.Millisecond

func withClock(c *clock) func(*telegram.Options) {
	return func(o *telegram.Options) { o.Now, o.AlbumWait = c.now, albumWait }
}

// photo is a part of an album.
func photo(from, in int64, album string, n int, caption string) telegramtest.Incoming {
	f := fields{"media_group_id": album, "photo": []fields{{"file_id": fmt.Sprintf("p%d", n), "width": 9, "height": 9}}}
	if caption != "" {
		f["caption"] = caption
	}
	return telegramtest.Incoming{From: from, Chat: in, Fields: f}
}

// shape is what counts of a message here.
type shape struct {
	Text   string
	Files  string
	ID     chat.MessageID
	Edited bool
}

func shapes(all []*chat.Message) (out []shape) {
	for _, m := range all {
		s := shape{Text: m.Text, ID: m.ID, Edited: m.Edited}
		for _, a := range m.Attachments {
			s.Files += a.Ref + " "
		}
		out = append(out, s)
	}
	return out
}

func expect(t testing.TB, all []*chat.Message, want ...shape) {
	t.Helper()
	if diff := cmp.Diff(want, shapes(all)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func id(n int64) chat.MessageID { return chat.MessageID(fmt.Sprint(n)) }

// polls waits until the bot has polled again after what is there.
func polls(t testing.TB, s *telegramtest.Server) {
	t.Helper()
	s.WaitRequests(t, "getUpdates", len(s.Requests("getUpdates"))+3)
}

// TestAlbumIsOneMessage sends an album in pieces: it is received and confirmed
// when its time is over, and meanwhile others are served.
func TestAlbumIsOneMessage(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	now := &clock{at: now}
	c, _ := channel(t, s, withClock(now))
	got := newStore()
	run(t, c, got)
	_, first := s.Deliver(photo(1, 0, "A", 1, ""))
	polls(t, s)
	_, second := s.Deliver(photo(1, 0, "A", 2, "my deposit"))
	_, other := s.Deliver(telegramtest.Incoming{From: 2, Text: "hello"})
	got.wait(t, 1)
	polls(t, s)
	s.Deliver(photo(1, 0, "A", 3, ""))
	polls(t, s)
	expect(t, got.wait(t, 1), shape{Text: "hello", ID: id(other)})
	if n := s.Pending(); n != 4 {
		t.Errorf("%d updates are not confirmed, want all 4", n)
	}
	now.advance(albumWait)
	expect(t, got.wait(t, 2), shape{Text: "hello", ID: id(other)}, shape{Text: "my deposit", Files: "p1 p2 p3 ", ID: id(second)})
	s.WaitConfirmed(t)

	// What comes later is an edit that holds everything.
	_, late := s.Deliver(photo(1, 0, "A", 4, ""))
	polls(t, s)
	now.advance(albumWait)
	m := got.wait(t, 3)[2]
	expect(t, []*chat.Message{m}, shape{Text: "my deposit", Files: "p1 p2 p3 p4 ", ID: id(second), Edited: true})
	if first == late || m.Event == got.all[1].Event {
		t.Error("the edit has the event of the album")
	}

	// Also after its text was edited, which is the younger form of it.
	s.Edit(telegramtest.Incoming{From: 1, Fields: fields{"caption": "my deposits", "edit_date": time.Now().Add(time.Hour).Unix()}}, second)
	got.wait(t, 4)
	s.Deliver(photo(1, 0, "A", 5, ""))
	polls(t, s)
	now.advance(albumWait)
	if m := got.wait(t, 5)[4]; len(m.Attachments) != 5 {
		t.Errorf("a late part was dropped: %+v", m)
	}
}

// TestAlbumEnds closes albums before their time.
func TestAlbumEnds(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	now := &clock{at: now}
	c, _ := channel(t, s, withClock(now), func(o *telegram.Options) { o.HelpChats = "-1001" })
	got := newStore()
	run(t, c, got)

	var want []shape
	full := shape{}
	for i := range 10 { // as many as there can be
		_, n := s.Deliver(photo(1, 0, "A", i, ""))
		full.Files += fmt.Sprintf("p%d ", i)
		if i == 0 {
			full.ID = id(n)
		}
	}
	want = append(want, full)
	expect(t, got.wait(t, 1), want...)

	_, a := s.Deliver(photo(1, 0, "B", 1, "")) // its sender goes on
	_, b := s.Deliver(telegramtest.Incoming{From: 1, Text: "here"})
	want = append(want, shape{Files: "p1 ", ID: id(a)}, shape{Text: "here", ID: id(b)})
	expect(t, got.wait(t, 3), want...)

	_, a = s.Deliver(photo(1, -1001, "C", 1, "look")) // somebody else speaks in between
	_, b = s.Deliver(telegramtest.Incoming{From: 2, Chat: -1001, Text: "me too"})
	s.Deliver(photo(1, -1001, "C", 2, ""))
	polls(t, s)
	expect(t, got.wait(t, 3), want...)
	now.advance(albumWait)
	want = append(want, shape{Text: "look", Files: "p1 p2 ", ID: id(a)}, shape{Text: "me too", ID: id(b)})
	expect(t, got.wait(t, 5), want...)
	s.WaitConfirmed(t)
}

// TestAlbumForNobody is an album in a group that is not for the bot, and one of
// which a part names the bot.
func TestAlbumForNobody(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	now := &clock{at: now}
	c, _ := channel(t, s, withClock(now))
	got := newStore()
	run(t, c, got)
	s.Deliver(photo(1, -1002, "A", 1, "holidays"))
	s.Deliver(photo(1, -1002, "A", 2, ""))
	named := photo(1, -1002, "B", 4, "@"+botName+" see")
	named.Fields["caption_entities"] = []fields{{"type": "mention", "offset": 0, "length": len(botName) + 1}}
	s.Deliver(photo(1, -1002, "B", 3, ""))
	_, b := s.Deliver(named)
	polls(t, s)
	now.advance(albumWait)
	s.WaitConfirmed(t)
	expect(t, got.wait(t, 1), shape{Text: "see", Files: "p3 p4 ", ID: id(b)})
}

// TestAlbumSurvives ends the bot while an album waits, and while it is stored.
func TestAlbumSurvives(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	now := &clock{at: now}
	got := newStore()
	first, _ := channel(t, s, withClock(now))
	stop := run(t, first, got)
	_, a := s.Deliver(photo(1, 0, "A", 1, "see"))
	polls(t, s)
	if err := stop(); err != nil || len(got.all) > 0 {
		t.Fatalf("%v, %d messages", err, len(got.all))
	}
	s.Deliver(photo(1, 0, "A", 2, ""))
	got.fail = func(_ context.Context, call int, _ []*chat.Message) error {
		if call < 3 {
			return errors.New("disk full")
		}
		return nil
	}
	second, _ := channel(t, s, withClock(now))
	run(t, second, got)
	polls(t, s)
	now.advance(albumWait)
	s.WaitConfirmed(t)
	expect(t, got.wait(t, 1), shape{Text: "see", Files: "p1 p2 ", ID: id(a)})
}
