package rooms

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"firstline/bot/chat"
	"firstline/bot/outbox"
	"firstline/handoff"
	"firstline/handoff/words"
)

// show brings the card of one ticket in step with it, within one transaction.
type show struct {
	r    *Rooms
	tx   handoff.Tx
	room *Room
	t    *handoff.Ticket
	c    *handoff.Card
	now  time.Time

	sent    map[string]outbox.Delivery // what was sent for this card, by key
	entries []*handoff.Entry           // the newest of the thread, oldest first
	notes   []*handoff.Note
}

// retryAfter is when a room is tried again that could not be written to, if the
// ticket does not change before.
const retryAfter = 10 * time.Minute

// step does what can be done now, and leaves in the card's Due when to look again.
func (s *show) step() error {
	s.c.Due = time.Time{}
	if err := s.load(); err != nil {
		return err
	}
	if gone, fresh := s.gone(); gone {
		if wait := pause(s.c.Made); !fresh && s.now.Sub(s.c.MadeAt) < wait {
			s.lookAt(s.c.MadeAt.Add(wait))
			return nil
		}
		if err := s.unmake(); err != nil {
			return err
		}
	}
	if s.c.MadeAt.IsZero() {
		if s.t.State == handoff.Solved {
			s.c.Problem = ""
			return nil
		}
		s.begin()
	}
	if ok, err := s.stand(); !ok || err != nil {
		return err
	}
	if err := s.refresh(); err != nil {
		return err
	}
	if err := s.talk(); err != nil {
		return err
	}
	for _, d := range s.sent { // whether it arrives shows whether the place is still there
		if d.State == outbox.Pending {
			s.await(d, keepEvery)
		}
	}
	if s.t.State == handoff.Solved { // nobody has to see it any more
		s.c.Problem = ""
	}
	if s.t.HeldAt(s.now) { // it shows when the claim ends
		s.lookAt(s.t.ClaimedUntil)
	}
	return nil
}

// mostEntries is how far back the talk of a thread is looked at.
const mostEntries = 100

func (s *show) load() (err error) {
	s.sent = map[string]outbox.Delivery{}
	if !s.c.MadeAt.IsZero() {
		all, err := s.tx.Deliveries(s.talkID(), s.c.MadeAt.Add(-time.Minute))
		if err != nil {
			return err
		}
		for _, d := range all {
			s.sent[d.Key] = d
		}
	}
	if s.entries, err = s.tx.Entries(s.t.Thread, mostEntries); err != nil {
		return err
	}
	s.notes, err = s.tx.Notes(s.t.ID)
	return err
}

func (s *show) talkID() handoff.ThreadID { return handoff.ThreadID(talkOf(s.room, s.t.ID)) }

// key is the outbox key of what is sent for the card as it was made last.
func (s *show) key(what string) string {
	return fmt.Sprintf("card/%s/%d/%d/%s", s.room.At, s.t.ID, s.c.Made, what)
}

// lookAt has the card looked at again at a time, or before.
func (s *show) lookAt(at time.Time) {
	if s.c.Due.IsZero() || at.Before(s.c.Due) {
		s.c.Due = at
	}
}

// longestWait is how late it may be noticed that what waited for long has an end.
const longestWait = time.Minute

// await has the card looked at again when d may have an outcome: after least, and
// the later the longer it has waited, since a network that is down is down for all.
func (s *show) await(d outbox.Delivery, least time.Duration) {
	s.lookAt(s.now.Add(min(max(s.now.Sub(d.CreatedAt)/2, least), longestWait)))
}

// gone reports that the card, or the topic or thread of its talk, was deleted.
// fresh: not often so far, so that it may be made again at once.
func (s *show) gone() (gone, fresh bool) {
	if s.c.MadeAt.IsZero() {
		return false, false
	}
	of := s.key("")
	for key, d := range s.sent {
		what, ours := strings.CutPrefix(key, of)
		if !ours || d.State != outbox.Failed || !d.Gone {
			continue
		}
		// That somebody deleted one message of the talk is theirs to do.
		if d.Op == outbox.OpSend || d.Op == outbox.OpOpen || strings.HasPrefix(what, "edit/") {
			return true, s.c.Made <= 3
		}
	}
	return false, false
}

// pause is how long at least a card stands that was made that often: people who
// delete every card must not make us flood their room.
func pause(made int) time.Duration {
	return min(time.Second<<min(max(made, 0), 10), retryAfter)
}

// unmake gives the card up. What is left of it goes: two cards of one ticket would
// not both be kept in step.
func (s *show) unmake() error {
	card := s.key("card")
	if d, ok := s.sent[card]; ok && d.State == outbox.Sent && s.room.Threads != Beneath {
		if _, err := s.put(outbox.Delivery{Key: s.key("delete"), To: d.To, Op: outbox.OpDelete, Of: card}); err != nil {
			return err
		}
	}
	s.c.MadeAt, s.c.Place = time.Time{}, chat.ConversationID{}
	return nil
}

// begin makes a card of what there is up to now.
func (s *show) begin() {
	s.c.Made++
	s.c.MadeAt, s.c.Edits, s.c.Shown, s.c.From = s.now, 0, "", ""
	if n := len(s.entries); n > 0 {
		s.c.From = s.entries[n-1].ID
	}
	if n := len(s.notes); n > 0 {
		s.c.From = max(s.c.From, s.notes[n-1].ID)
	}
	s.sent = map[string]outbox.Delivery{}
}

// stand sees to it that the card is there, and the place of its talk; false: not
// yet.
func (s *show) stand() (bool, error) {
	at := s.room.At
	if s.room.Threads == Beneath {
		if ok, err := s.open(""); !ok || err != nil {
			return false, err
		}
		at = s.c.Place
	}
	d := outbox.Delivery{Key: s.key("card"), To: at, Op: outbox.OpSend}
	if s.c.Shown == "" {
		d.Out, s.c.Shown = s.render()
	}
	if ok, err := s.ensure(d); !ok || err != nil {
		return false, err
	}
	if s.room.Threads == OnCard {
		return s.open(d.Key)
	}
	s.c.Place = at
	return true, nil
}

// open opens the place of the ticket's talk, on the card that the delivery on sent.
// Where that is refused, the talk goes into the room: better than nowhere.
func (s *show) open(on string) (bool, error) {
	if s.c.Place.ID != "" {
		return true, nil
	}
	title := []rune(fmt.Sprintf("#%d · %s", s.t.ID, words.Reason(s.t.Reason)))
	d := outbox.Delivery{
		Key: s.key("open"), To: s.room.At, Op: outbox.OpOpen, Of: on,
		Out: chat.Outbound{Body: chat.Plain(string(title[:min(len(title), chat.MaxTitle)]))},
	}
	if ok, err := s.ensure(d); err != nil || !ok && s.sent[d.Key].State != outbox.Failed {
		return false, err
	}
	s.c.Place = s.room.At
	if opened := s.sent[d.Key]; opened.State == outbox.Sent {
		s.c.Place = chat.ConversationID{Network: s.room.At.Network, ID: string(opened.SentID)}
		s.c.Problem = ""
	}
	return true, nil
}

// ensure puts d into the outbox unless it was, and reports whether it arrived.
func (s *show) ensure(d outbox.Delivery) (bool, error) {
	was, ok := s.sent[d.Key]
	if !ok {
		s.lookAt(s.now)
		_, err := s.put(d)
		return false, err
	}
	switch was.State {
	case outbox.Sent:
		if d.Op == outbox.OpSend && s.c.Place.ID == "" {
			s.c.Problem = ""
		}
		return true, nil
	case outbox.Pending:
		s.await(was, 0)
		return false, nil
	}
	if s.c.Problem != was.Error {
		s.c.Problem = was.Error
		s.r.log.Error("a staff room can't show a ticket as it should; the desk does", "room", s.room.At.String(), "ticket", s.t.ID,
			"operation", d.Op, "reason", was.Error)
	}
	if d.Op == outbox.OpSend {
		s.c.MadeAt, s.c.Place = time.Time{}, chat.ConversationID{}
		s.lookAt(s.now.Add(retryAfter))
	}
	return false, nil
}

// refresh changes the card when it should read otherwise. One change at a time: a
// network that is slow gets the newest, not all of them.
func (s *show) refresh() error {
	if s.c.Edits > 0 && s.sent[s.key("edit/"+strconv.Itoa(s.c.Edits))].State == outbox.Pending {
		return nil // it is awaited
	}
	out, shown := s.render()
	if shown == s.c.Shown {
		return nil
	}
	s.c.Edits++
	s.c.Shown = shown
	s.lookAt(s.now) // whether it is still there to be changed
	card := s.key("card")
	_, err := s.put(outbox.Delivery{
		Key: s.key("edit/" + strconv.Itoa(s.c.Edits)), To: s.sent[card].To, Op: outbox.OpEdit, Of: card, Out: out,
	})
	return err
}

// put puts something that the room gets about the ticket into the outbox.
func (s *show) put(d outbox.Delivery) (added bool, err error) {
	d.Thread, d.Ticket, d.Class = string(s.talkID()), int64(s.t.ID), outbox.ClassNotice
	return s.r.desk.Put(s.tx, d)
}
