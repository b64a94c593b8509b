package rooms

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"

	"firstline/bot/chat"
	"firstline/bot/outbox"
	"firstline/handoff"
)

// post is a message of the room about something that was said since the card was
// made.
type post struct {
	id      string // of the entry or note; ids are in the order of time
	text    string
	version string // "", or which later reading this is
}

// talk posts what was said since the card was made, but for what was said here.
func (s *show) talk() error {
	var posts []post
	for _, e := range s.entries {
		if e.ID > s.c.From && e.Ticket == s.t.ID && worthPosting(e) && !s.here(e.In, e.Kind) {
			posts = append(posts, post{id: e.ID, text: s.line(e, mostPosted), version: versionOf(e)})
		}
	}
	for _, n := range s.notes {
		if n.ID > s.c.From && !s.here(n.In, handoff.ByAgent) {
			posts = append(posts, post{id: n.ID, text: fmt.Sprintf("Note, %s: %s", n.Agent, handoff.Cut(n.Text, mostPosted))})
		}
	}
	slices.SortFunc(posts, func(a, b post) int { return cmp.Compare(a.id, b.id) })
	if s.t.Reopened > 0 && s.t.QueuedAt.After(s.c.MadeAt) {
		posts = append(posts, post{id: "reopened/" + strconv.Itoa(s.t.Reopened), text: fmt.Sprintf("#%d waits in the queue again.", s.t.ID)})
	}
	for _, p := range posts {
		if err := s.post(p); err != nil {
			return err
		}
	}
	return s.undelivered()
}

// mostPosted is the most runes of a message that a post repeats. All of it is on
// the desk.
const mostPosted = 3000

// worthPosting reports whether an entry is news to staff. What the bot says is not,
// nor is a pressed button: what it did shows on the card.
func worthPosting(e *handoff.Entry) bool {
	return e.Kind == handoff.ByAgent || e.Kind == handoff.ByAsker && !pressed(e)
}

// here reports whether something was written in this room, where it can be seen.
func (s *show) here(in chat.ConversationID, by handoff.EntryKind) bool {
	return by == handoff.ByAgent && in.Network == s.room.At.Network
}

// versionOf names the reading of an entry, which changes with each edit.
func versionOf(e *handoff.Entry) string {
	switch {
	case !e.DeletedAt.IsZero():
		return "deleted"
	case !e.EditedAt.IsZero():
		return strconv.FormatInt(e.EditedAt.UnixMilli(), 10) + "." + strconv.Itoa(len(e.Earlier))
	}
	return ""
}

// post posts p, or changes what was posted of it before.
func (s *show) post(p post) error {
	first := s.key("post/" + p.id)
	d := outbox.Delivery{Key: first, To: s.c.Place, Op: outbox.OpSend, Out: s.reply(p.text)}
	if was, posted := s.sent[first]; posted {
		if p.version == "" {
			return nil
		}
		d = outbox.Delivery{
			Key: first + "/" + p.version, To: was.To, Op: outbox.OpEdit, Of: first, Out: chat.Outbound{Body: chat.Plain(p.text)},
		}
		if s.sent[d.Key].Key != "" {
			return nil
		}
	}
	s.lookAt(s.now.Add(keepEvery)) // whether the place is still there
	_, err := s.put(d)
	return err
}

// reply is a message of the talk. Where all tickets share the room it hangs on the
// card, so that replies to it are known to be about this ticket, by people, too.
func (s *show) reply(text string) chat.Outbound {
	out := chat.Outbound{Body: chat.Plain(text)}
	if s.c.Place == s.room.At {
		out.ReplyTo = s.sent[s.key("card")].SentID
	}
	return out
}

// undelivered says which replies of agents did not reach the asker.
func (s *show) undelivered() error {
	if s.t.FirstReplyAt.IsZero() {
		return nil
	}
	all, err := s.tx.Deliveries(s.t.Thread, s.c.MadeAt.Add(-time.Minute))
	if err != nil {
		return err
	}
	for _, d := range all {
		switch {
		case d.Class != outbox.ClassReply || handoff.TicketID(d.Ticket) != s.t.ID:
		case d.State == outbox.Pending:
			s.await(d, keepEvery)
		case d.State == outbox.Failed:
			what := "A reply did not reach the asker"
			if d.Op != outbox.OpSend {
				what = "A changed reply stays at the asker’s as it was"
			}
			if err := s.post(post{id: "failed/" + d.ID, text: what + ": " + d.Error + "."}); err != nil {
				return err
			}
		}
	}
	return nil
}
