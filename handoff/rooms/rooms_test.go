package rooms_test

import (
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"firstline/bot/chat"
	"firstline/bot/outbox"
	"firstline/handoff"
	"firstline/handoff/rooms"
)

// thread is the thread of a ticket's card in the Discord channel.
func (w *world) thread(id handoff.TicketID) chat.ConversationID {
	w.Helper()
	card := w.card(w.dc, channel, id, "")
	opened := chat.ConversationID{Network: chat.Discord, ID: channel.ID + "/" + string(card.ID)}
	w.until("the thread of the card", func() bool { _, ok := w.dc.Opened(opened); return ok })
	w.settled()
	return opened
}

// TestBothRoomsShowTheSameTicket: whoever claims first holds it everywhere.
func TestBothRoomsShowTheSameTicket(t *testing.T) {
	t.Parallel()
	w := newWorld(t, rooms.Flat)
	w.asks("ann", "where is my money")
	card := w.card(w.tg, group, 1, "waits since 1 Mar, 09:30 UTC")
	for _, want := range []string{"ann · Telegram · English · Asked for a person", "ann: where is my money"} {
		if !strings.Contains(card.Body.Text, want) {
			t.Errorf("the card lacks %q:\n%s", want, card.Body.Text)
		}
	}
	w.settled()
	w.presses(w.dc, channel, "11", w.card(w.dc, channel, 1, "").ID, "st:claim:1")
	w.card(w.tg, group, 1, "held by alice")
	w.card(w.dc, channel, 1, "held by alice")
	w.settled()
	w.presses(w.tg, group, "2", card.ID, "st:claim:1") // another agent, too late
	w.heard(w.tg, group, "Not done, 2 (#1): alice holds it.")
	if _, err := w.desk.Release(t.Context(), 1, "alice"); err != nil { // at the desk
		t.Fatal(err)
	}
	w.card(w.tg, group, 1, "waits since")
	w.card(w.dc, channel, 1, "waits since")
	if n := len(w.tg.Sent(group)); n != 2 {
		t.Errorf("%d messages in the group, want the card and one refusal: %q", n, w.texts(w.tg, group))
	}
}

// TestReplyToACardGoesToTheAsker, and what the asker writes comes back, in every
// room.
func TestReplyToACardGoesToTheAsker(t *testing.T) {
	t.Parallel()
	w := newWorld(t, rooms.Flat)
	w.asks("ann", "where is my money")
	card := w.card(w.tg, group, 1, "waits")
	thread := w.thread(1)
	w.settled()
	wrote := w.writes(w.tg, group, "1", "It is on its way", card.ID)
	if got := w.tg.Wait(t, w.tg.Private("ann"), 1); got[0].Body.Text != "Team: It is on its way" {
		t.Errorf("ann got %q", got[0].Body.Text)
	}
	w.heard(w.dc, thread, "alice to the asker: It is on its way")
	w.card(w.dc, channel, 1, "held by alice")
	w.asks("ann", "thank you <b>@everyone</b>")
	w.heard(w.dc, thread, "ann: thank you <b>@everyone</b>")
	w.heard(w.tg, group, "ann: thank you <b>@everyone</b>")
	w.settled()
	posts := w.tg.Sent(group)
	if last := posts[len(posts)-1]; last.ReplyTo != card.ID {
		t.Errorf("the post hangs on %q, want the card %q", last.ReplyTo, card.ID)
	}
	// A reply to the post, and one to the agent's own message, are about the ticket.
	w.writes(w.tg, group, "1", "You are welcome", posts[len(posts)-1].ID)
	w.writes(w.tg, group, "1", "Bye", wrote.ID)
	w.tg.Wait(t, w.tg.Private("ann"), 3)
	w.settled()
	if slices.ContainsFunc(w.texts(w.tg, group), func(s string) bool { return strings.Contains(s, "to the asker") }) {
		t.Errorf("what was written here is repeated: %q", w.texts(w.tg, group))
	}
	// People talking among themselves.
	w.writes(w.tg, group, "1", "lunch?", "")
	w.writes(w.tg, group, "2", "yes", "in-unknown")
	w.settled()
	if n := len(w.tg.Sent(w.tg.Private("ann"))); n != 3 {
		t.Errorf("ann got %d messages, want 3", n)
	}
}

// TestThreadIsTheTickets: all that is written in it goes to the asker, but notes.
func TestThreadIsTheTickets(t *testing.T) {
	t.Parallel()
	w := newWorld(t, rooms.Flat)
	w.asks("ann", "where is my money")
	w.asks("bob", "what about mine")
	one, two := w.thread(1), w.thread(2)
	if title, _ := w.dc.Opened(one); title != "#1 · Asked for a person" {
		t.Errorf("title %q", title)
	}
	w.writes(w.dc, one, "11", "! vip, careful", "")
	w.writes(w.dc, one, "11", "！ again", "")
	w.writes(w.dc, one, "11", "/note #2 is a duplicate", "")
	w.writes(w.dc, two, "11", "for bob", "")
	w.tg.Wait(t, w.tg.Private("bob"), 1)
	w.heard(w.tg, group, "Note, alice: vip, careful")
	w.settled()
	if got := w.texts(w.tg, w.tg.Private("ann")); len(got) != 0 {
		t.Errorf("ann got %q: notes are never delivered", got)
	}
	if got := w.history(1); slices.Contains(got, "alice claimed") || !slices.Contains(got, "alice noted") {
		t.Errorf("history %q: a note needs no claim", got)
	}
	w.writes(w.dc, one, "11", "/solve", "")
	w.heard(w.tg, w.tg.Private("ann"), "How was it?")
	w.card(w.tg, group, 1, "solved by alice")
	w.card(w.dc, channel, 1, "solved by alice")
	w.writes(w.dc, one, "11", "one more thing", "")
	w.heard(w.dc, one, "Not sent, alice (#1): it is solved; /reopen it first.")
	w.writes(w.dc, channel, "11", "/reopen #1", "")
	w.heard(w.tg, group, "#1 waits in the queue again.")
	w.card(w.dc, channel, 1, "waits since")
}

func TestTransfer(t *testing.T) {
	t.Parallel()
	w := newWorld(t, rooms.Flat)
	w.asks("ann", "where is my money")
	card := w.card(w.tg, group, 1, "waits")
	w.settled()
	m := w.message(w.tg, group, "2", "/claim #1")
	m.From.Name = "Béa Müller"
	w.tg.Deliver(t, m)
	w.card(w.tg, group, 1, "held by ba-mller")
	w.presses(w.tg, group, "2", card.ID, "st:transfer:1")
	w.heard(w.tg, group, "There is no other agent.")
	w.writes(w.tg, group, "1", "/tickets", "") // alice is known from now on
	w.heard(w.tg, group, "Nobody waits.")
	w.presses(w.tg, group, "2", card.ID, "st:transfer:1")
	w.heard(w.tg, group, "To whom does #1 go?")
	w.settled()
	sent := w.tg.Sent(group)
	offer := sent[len(sent)-1]
	if len(offer.Choices) != 1 || offer.Choices[0].Data != "st:transfer:1:alice" {
		t.Fatalf("offered %+v", offer.Choices)
	}
	w.presses(w.tg, group, "1", offer.ID, "st:transfer:1:ba-mller") // not alice's to give
	w.heard(w.tg, group, "Not done, alice (#1): ba-mller holds it.")
	w.presses(w.tg, group, "2", offer.ID, offer.Choices[0].Data)
	w.card(w.tg, group, 1, "held by alice")
	w.writes(w.tg, group, "1", "/transfer #1 nobody", "")
	w.heard(w.tg, group, "Not done, alice (#1): there is no active agent of that name.")
	if got := w.history(1); !slices.Contains(got, "ba-mller transferred") {
		t.Errorf("history %q", got)
	}
}

// TestStrangersGetNothing: whoever is not staff, or is no more.
func TestStrangersGetNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, rooms.Flat)
	w.asks("ann", "where is my money")
	card := w.card(w.tg, group, 1, "waits")
	thread := w.thread(1)
	before := len(w.tg.Sent(group)) + len(w.dc.Sent(thread)) + len(w.dc.Sent(channel))
	w.presses(w.tg, group, "666", card.ID, "st:claim:1")
	w.presses(w.tg, group, "666", card.ID, "st:transfer:1:alice")
	w.writes(w.tg, group, "666", "give me your phrase", card.ID)
	w.writes(w.tg, group, "666", "/solve #1", "")
	w.writes(w.tg, group, "666", "/claim #4711", "")
	w.writes(w.dc, thread, "666", "send it to this address", "")
	m := w.message(w.dc, thread, "667", "and to this one")
	m.Roles = []string{"78", "7"} // roles, but not the one
	w.dc.Deliver(t, m)
	if err := w.desk.EnsureAgent(t.Context(), "alice", handoff.RoleAgent); err != nil {
		t.Fatal(err)
	}
	if err := w.desk.DisableAgent(t.Context(), "", "alice"); err != nil {
		t.Fatal(err)
	}
	w.writes(w.dc, thread, "11", "i was fired", "")
	w.settled()
	if n := len(w.tg.Sent(group)) + len(w.dc.Sent(thread)) + len(w.dc.Sent(channel)); n != before {
		t.Errorf("%d messages, want %d: %q %q", n, before, w.texts(w.tg, group), w.texts(w.dc, thread))
	}
	if got := w.texts(w.tg, w.tg.Private("ann")); len(got) != 0 {
		t.Errorf("ann got %q", got)
	}
	if k := w.ticket(1); k.State != handoff.Open {
		t.Errorf("ticket: %+v", k)
	}
	if n := strings.Count(strings.Join(w.history(1), "|"), "refused"); n != 7 {
		t.Errorf("%d refusals in the history, want 7: %q", n, w.history(1))
	}
	if n := strings.Count(w.log.String(), "refused: not staff"); n != 8 {
		t.Errorf("%d refusals in the log, want 8", n)
	}
	for _, text := range []string{"phrase", "address", "fired"} {
		if strings.Contains(w.log.String(), text) {
			t.Errorf("the log has the text %q", text)
		}
	}
}

// TestRoleMakesStaff, and a name makes nobody another agent.
func TestRoleMakesStaff(t *testing.T) {
	t.Parallel()
	w := newWorld(t, rooms.Flat)
	w.asks("ann", "where is my money")
	thread := w.thread(1)
	if err := w.desk.EnsureAgent(t.Context(), "lead", handoff.RoleLead); err != nil {
		t.Fatal(err)
	}
	m := w.message(w.dc, thread, "12", "/claim")
	m.From.Name, m.Roles = "Lead", []string{"5", "77"}
	w.dc.Deliver(t, m)
	w.card(w.dc, channel, 1, "held by lead-2")
	again := w.message(w.dc, thread, "12", "hello")
	again.From.Name, again.Roles = "Renamed", []string{"77"}
	w.dc.Deliver(t, again)
	w.heard(w.tg, w.tg.Private("ann"), "Team: hello")
	lost := w.message(w.dc, thread, "12", "/release")
	w.dc.Deliver(t, lost) // the role was taken away
	w.settled()
	if k := w.ticket(1); k.ClaimedBy != "lead-2" {
		t.Errorf("held by %q", k.ClaimedBy)
	}
}

// TestWhatIsNotSentIsSaid: secrets, files, nothing, nobody.
func TestWhatIsNotSentIsSaid(t *testing.T) {
	t.Parallel()
	w := newWorld(t, rooms.Flat)
	w.asks("ann", "where is my money")
	thread := w.thread(1)
	secret := w.writes(w.dc, thread, "11", "your seed is", "")
	w.heard(w.dc, thread, "Not sent, alice (#1): the text holds what looks like a secret")
	file := w.message(w.dc, thread, "11", "look")
	file.Attachments = []chat.Attachment{{Kind: "photo", Ref: "r"}}
	w.dc.Deliver(t, file)
	w.heard(w.dc, thread, "files can't be sent from here")
	w.writes(w.dc, thread, "11", "   ", "")
	w.heard(w.dc, thread, "the text is empty")
	w.writes(w.dc, channel, "11", "/claim", "")
	w.heard(w.dc, channel, "which ticket? Reply to its card, or name it: /claim #12")
	w.writes(w.dc, channel, "11", "/claim #99", "")
	w.heard(w.dc, channel, "there is no such ticket")
	w.writes(w.dc, channel, "11", "/help", "")
	w.heard(w.dc, channel, "the asker gets it")
	w.settled()
	all := w.dc.Sent(channel)
	w.writes(w.dc, channel, "11", "thank you", all[len(all)-1].ID)
	w.heard(w.dc, channel, "that message is about no ticket")
	w.settled()
	if got := w.texts(w.tg, w.tg.Private("ann")); len(got) != 0 {
		t.Errorf("ann got %q", got)
	}
	// What was refused is sent once it is put right.
	w.dc.Deliver(t, w.dc.Change(secret, "your answer is"))
	w.heard(w.tg, w.tg.Private("ann"), "Team: your answer is")
}

// TestEditsFollow both ways.
func TestEditsFollow(t *testing.T) {
	t.Parallel()
	w := newWorld(t, rooms.Flat)
	w.asks("ann", "where is my money")
	thread := w.thread(1)
	wrote := w.writes(w.dc, thread, "11", "in 3 hours", "")
	noted := w.writes(w.dc, thread, "11", "!hm", "")
	ann := w.tg.Private("ann")
	w.tg.Wait(t, ann, 1)
	w.heard(w.tg, group, "alice to the asker: in 3 hours")
	w.settled()
	w.dc.Deliver(t, w.dc.Change(wrote, "in 30 hours"), w.dc.Change(noted, "!hmm"))
	w.tg.WaitText(t, ann, 0, func(s string) bool { return s == "Team: in 30 hours" })
	w.heard(w.tg, group, "alice to the asker: in 30 hours (edited)")
	w.heard(w.dc, thread, "a note stays as it was written")
	forged := w.dc.Change(wrote, "to this address")
	forged.From.ID = "666"
	w.dc.Deliver(t, forged)
	forged = w.dc.Remove(wrote)
	forged.From.ID = "666"
	w.dc.Deliver(t, forged)
	w.settled()
	if got := w.texts(w.tg, group); slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, "taken back") }) {
		t.Errorf("a stranger took it back: %q", got)
	}
	gone := w.dc.Remove(wrote)
	gone.From = chat.Person{} // Discord does not say who
	w.dc.Deliver(t, gone)
	w.tg.WaitDeleted(t, ann, 1)
	w.heard(w.tg, group, "alice to the asker: (taken back)")
	// What the asker changes, on the card and behind it.
	asked := w.asks("ann", "where is it")
	w.heard(w.dc, thread, "ann: where is it")
	w.settled()
	w.update(func(tx handoff.Tx) error {
		th, err := tx.Thread(asked.Thread)
		if err != nil {
			return err
		}
		all, err := tx.Entries(asked.Thread, 10)
		if err != nil {
			return err
		}
		if err := w.desk.Edited(tx, th, all[0], "where is my coin", nil); err != nil {
			return err
		}
		return w.desk.Deleted(tx, th, all[len(all)-1])
	})
	w.card(w.tg, group, 1, "ann: where is my coin (edited)")
	w.heard(w.dc, thread, "ann: (taken back)")
	w.settled()
	for _, s := range append(w.texts(w.dc, thread), w.texts(w.tg, group)...) {
		if strings.Contains(s, "where is it") {
			t.Errorf("a room still reads %q", s)
		}
	}
}

// TestDeletedIsMadeAgain: cards, threads and topics.
func TestDeletedIsMadeAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, rooms.Beneath)
	w.asks("ann", "where is my money")
	topic := chat.ConversationID{Network: chat.Telegram, ID: "-100/#1 · Asked for a person"}
	w.card(w.tg, topic, 1, "waits")
	thread := w.thread(1)
	w.settled()
	w.tg.Drop(topic, "")
	w.asks("ann", "hello?") // goes nowhere, and is on the new card
	w.settled()
	w.card(w.tg, topic, 1, "ann: hello?")
	w.heard(w.dc, thread, "ann: hello?")
	w.settled()
	w.writes(w.tg, topic, "1", "here I am", "")
	w.heard(w.tg, w.tg.Private("ann"), "Team: here I am")
	// The card of the thread goes, and is noticed at the next change.
	w.settled()
	card := w.card(w.dc, channel, 1, "held by alice")
	w.dc.Drop(channel, card.ID)
	if _, err := w.desk.Solve(t.Context(), 1, "alice"); err != nil {
		t.Fatal(err)
	}
	w.settled() // a solved ticket needs no card
	n := len(w.dc.Sent(channel))
	w.asks("ann", "one more question")
	w.until("a new card", func() bool { return len(w.dc.Sent(channel)) > n })
	w.settled()
	again := w.dc.Sent(channel)[n]
	if again.ID == card.ID || !strings.Contains(again.Body.Text, "one more question") {
		t.Errorf("the new card: %q", again.Body.Text)
	}
	w.writes(w.dc, chat.ConversationID{Network: chat.Discord, ID: channel.ID + "/" + string(again.ID)}, "11", "what is it", "")
	w.heard(w.tg, w.tg.Private("ann"), "Team: what is it")
}

// TestRoomThatCantBeWrittenTo: the ticket is there, staff are told on the desk, and
// the room catches up.
func TestRoomThatCantBeWrittenTo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, rooms.Flat)
	kicked := make(chan struct{})
	w.tg.Fault = func(to chat.ConversationID, _ *chat.Outbound) error {
		select {
		case <-kicked:
			return nil
		default:
			return &chat.SendError{Kind: chat.Unreachable, Reason: "the bot was removed"}
		}
	}
	w.asks("ann", "where is my money")
	w.card(w.dc, channel, 1, "waits")
	var problems []handoff.RoomProblem
	w.until("the trouble to show", func() bool {
		var err error
		if problems, err = w.desk.RoomProblems(t.Context()); err != nil {
			t.Fatal(err)
		}
		return len(problems) == 1
	})
	if p := problems[0]; p.Room != group || !strings.Contains(p.Problem, "the bot was removed") {
		t.Errorf("%+v", p)
	}
	if !strings.Contains(w.log.String(), "a staff room can't show a ticket as it should") {
		t.Errorf("the log: %s", w.log)
	}
	close(kicked)
	w.pass(10 * time.Minute)
	w.card(w.tg, group, 1, "waits")
	w.until("the trouble to end", func() bool {
		all, err := w.desk.RoomProblems(t.Context())
		return err == nil && len(all) == 0
	})
}

// TestTroubleOfARoomThatIsNoMore ends when the rooms that there are begin.
func TestTroubleOfARoomThatIsNoMore(t *testing.T) {
	t.Parallel()
	w := newWorld(t, rooms.Flat)
	w.asks("ann", "where is my money")
	w.card(w.tg, group, 1, "waits")
	w.settled()
	w.update(func(tx handoff.Tx) error {
		return tx.SaveCard(&handoff.Card{Room: chat.ConversationID{Network: chat.Telegram, ID: "-1"}, Ticket: 1, Problem: "chat not found"})
	})
	r := rooms.New(rooms.Options{Store: w.store, Desk: w.desk, Log: slog.New(slog.DiscardHandler)})
	r.Keep(t.Context()) // there are none now
	if all, err := w.desk.RoomProblems(t.Context()); err != nil || len(all) != 0 {
		t.Errorf("%+v, %v", all, err)
	}
}

// TestThreadsThatCantBeOpened: the talk goes into the room.
func TestThreadsThatCantBeOpened(t *testing.T) {
	t.Parallel()
	w := newWorld(t, rooms.Beneath)
	w.tg.Fault = func(to chat.ConversationID, out *chat.Outbound) error {
		if to == group && out.Body.Text == "#1 · Asked for a person" {
			return &chat.SendError{Kind: chat.Rejected, Reason: "topics are switched off"}
		}
		return nil
	}
	w.asks("ann", "where is my money")
	card := w.card(w.tg, group, 1, "waits")
	w.settled()
	w.writes(w.tg, group, "1", "on its way", card.ID)
	w.heard(w.tg, w.tg.Private("ann"), "Team: on its way")
	problems, err := w.desk.RoomProblems(t.Context())
	if err != nil || len(problems) != 1 || !strings.Contains(problems[0].Problem, "topics are switched off") {
		t.Errorf("%+v, %v", problems, err)
	}
}

// TestUndeliveredRepliesShow in every room, where the agent is.
func TestUndeliveredRepliesShow(t *testing.T) {
	t.Parallel()
	w := newWorld(t, rooms.Flat)
	ann := w.tg.Private("ann")
	w.tg.Fault = func(to chat.ConversationID, _ *chat.Outbound) error {
		if to == ann {
			return &chat.SendError{Kind: chat.Unreachable, Reason: "ann has blocked the bot"}
		}
		return nil
	}
	w.asks("ann", "where is my money")
	thread := w.thread(1)
	w.writes(w.dc, thread, "11", "on its way", "")
	w.settled()
	w.heard(w.dc, thread, "A reply did not reach the asker: unreachable: ann has blocked the bot.")
	w.heard(w.tg, group, "A reply did not reach the asker: unreachable: ann has blocked the bot.")
}

// TestOneChangeAtATime: what happens while the network is slow is one edit.
func TestOneChangeAtATime(t *testing.T) {
	t.Parallel()
	w := newWorld(t, rooms.Flat)
	w.asks("ann", "where is my money")
	w.card(w.tg, group, 1, "waits")
	w.settled()
	free := make(chan struct{})
	w.tg.Fault = func(chat.ConversationID, *chat.Outbound) error {
		select {
		case <-free:
			return nil
		default:
			return &chat.SendError{Kind: chat.Temporary, RetryAfter: time.Millisecond, Reason: "slow down"}
		}
	}
	for range 20 {
		if _, err := w.desk.Claim(t.Context(), 1, w.agent("alice")); err != nil {
			t.Fatal(err)
		}
		if err := w.rooms.Sync(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := w.desk.Release(t.Context(), 1, "alice"); err != nil {
			t.Fatal(err)
		}
		if err := w.rooms.Sync(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.desk.Claim(t.Context(), 1, "alice"); err != nil {
		t.Fatal(err)
	}
	close(free)
	w.pass(time.Second)
	w.card(w.tg, group, 1, "held by alice")
	w.settled()
	edits := 0
	err := w.store.View(t.Context(), func(tx handoff.Tx) error {
		all, err := tx.Deliveries("room telegram/-100 #1", time.Time{})
		for _, d := range all {
			if d.Op == outbox.OpEdit {
				edits++
			}
		}
		return err
	})
	if err != nil || edits > 2 {
		t.Errorf("%d edits, %v; want the one under way and the newest", edits, err)
	}
}

func (w *world) agent(id handoff.AgentID) handoff.AgentID {
	w.Helper()
	if err := w.desk.EnsureAgent(w.Context(), id, handoff.RoleAgent); err != nil {
		w.Fatal(err)
	}
	return id
}

func TestParseStaff(t *testing.T) {
	t.Parallel()
	got, err := rooms.ParseStaff(" Alice=1, 2 ,bob = 3,")
	if err != nil || len(got) != 3 || got["1"] != "alice" || got["2"] != "" || got["3"] != "bob" {
		t.Errorf("%v, %v", got, err)
	}
	for _, bad := range []string{"alice", "alice=", "=1", "a b=1", "1,1", "alice=@x", "-5"} {
		if got, err := rooms.ParseStaff(bad); err == nil {
			t.Errorf("%q: %v", bad, got)
		}
	}
}
