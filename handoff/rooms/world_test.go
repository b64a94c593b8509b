package rooms_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"firstline/bot/chat"
	"firstline/bot/chat/chattest"
	"firstline/bot/inbox"
	"firstline/bot/outbox"
	"firstline/handoff"
	"firstline/handoff/rooms"
	"firstline/handoff/store"
)

// world is two staff rooms on networks in memory, a real database, and all that
// works on it but the bot: askers' messages are put into it by hand.
type world struct {
	*testing.T
	tg, dc *chattest.Fake
	store  *store.Store
	desk   *handoff.Desk
	rooms  *rooms.Rooms
	log    *syncBuffer

	mu    sync.Mutex
	clock time.Time
}

var (
	group   = chat.ConversationID{Network: chat.Telegram, ID: "-100"}
	channel = chat.ConversationID{Network: chat.Discord, ID: "900"}
)

// voice words what askers are told, plainly.
type voice struct{}

func (voice) Reply(_ *handoff.Ticket, text string) chat.Rich { return chat.Plain("Team: " + text) }
func (voice) Solved(*handoff.Ticket) chat.Outbound {
	return chat.Outbound{Body: chat.Plain("How was it?")}
}

// clean takes the word "seed" for a secret.
func clean(text string) (string, []string) {
	if strings.Contains(text, "seed") {
		return strings.ReplaceAll(text, "seed", "[removed]"), []string{"seed phrase"}
	}
	return text, nil
}

// syncBuffer is a log that can be read while it is written.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// newWorld starts a world whose Telegram room keeps tickets apart as threads says.
func newWorld(t *testing.T, threads rooms.Threads) *world {
	t.Helper()
	st, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{
		T: t, store: st, log: &syncBuffer{}, clock: time.Date(2026, 3, 1, 9, 30, 0, 0, time.UTC),
		tg: chattest.New(chat.Telegram, chat.Capabilities{Choices: 5}), dc: chattest.New(chat.Discord, chat.Capabilities{Choices: 5}),
	}
	log := slog.New(slog.NewTextHandler(w.log, nil))
	w.desk = handoff.New(handoff.Options{
		Store: st, Voice: voice{}, Clean: clean, Now: w.now,
		Can: func(chat.Network) handoff.Abilities { return handoff.Abilities{Edit: true, Delete: true} },
	})
	deskWake, deskQuiet := st.Listen(store.Desk)
	inWake, inQuiet := st.Listen(store.Inbox)
	outWake, outQuiet := st.Listen(store.Outbox)
	w.rooms = rooms.New(rooms.Options{
		Store: st, Desk: w.desk, URL: "https://desk.example/", Wake: deskWake, Log: log, Now: w.now,
		Rooms: []rooms.Room{
			{At: group, Threads: threads, Staff: map[string]handoff.AgentID{"1": "alice", "2": ""}},
			{At: channel, Threads: rooms.OnCard, Staff: map[string]handoff.AgentID{"11": "alice"}, Role: "77"},
		},
	})
	in := &inbox.Inbox{
		Store: st, Handler: w.rooms, Networks: []chat.Network{chat.Telegram, chat.Discord}, Wake: inWake, Now: w.now, Log: log,
	}
	courier := &outbox.Courier{
		Store: st, Channels: []chat.Channel{w.tg, w.dc}, May: w.desk.MaySend, Wake: outWake, Now: w.now, Log: log,
		Jitter: func() float64 { return 0 },
	}
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	for _, run := range []func(context.Context){
		in.Run, courier.Run, w.rooms.Keep,
		func(ctx context.Context) { _ = w.tg.Run(ctx, in) },
		func(ctx context.Context) { _ = w.dc.Run(ctx, in) },
	} {
		wg.Go(func() { run(ctx) })
	}
	t.Cleanup(func() {
		cancel()
		wg.Wait()
		deskQuiet()
		inQuiet()
		outQuiet()
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.clock
}

// pass lets time go by.
func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.clock = w.clock.Add(d)
}

func (w *world) update(f func(handoff.Tx) error) {
	w.Helper()
	if err := w.store.Update(w.Context(), f); err != nil {
		w.Fatal(err)
	}
}

// asks has somebody on Telegram write something that becomes, or is added to, a
// ticket.
func (w *world) asks(person, text string) *handoff.Ticket {
	w.Helper()
	m := w.tg.Message(person, text)
	var t *handoff.Ticket
	w.update(func(tx handoff.Tx) error {
		id := handoff.ThreadOf(m)
		th, err := tx.Thread(id)
		if err != nil {
			th = &handoff.Thread{ID: id, Conversation: m.Conversation, Person: m.From, Private: true, Language: "en"}
		}
		if t, _, err = w.desk.Open(tx, th, handoff.ReasonAsked, ""); err != nil {
			return err
		}
		err = tx.AddEntry(&handoff.Entry{
			Key: m.Event, Thread: id, Ticket: t.ID, Kind: handoff.ByAsker, Text: text, At: w.now(), In: m.Conversation, Message: m.ID,
		})
		if err != nil {
			return err
		}
		return tx.SaveThread(th)
	})
	return t
}

// writes has an account write in a room, as a reply to a message of it when to is
// not "".
func (w *world) writes(net *chattest.Fake, in chat.ConversationID, account, text string, to chat.MessageID) *chat.Message {
	w.Helper()
	m := w.message(net, in, account, text)
	m.ReplyTo = to
	net.Deliver(w, m)
	return m
}

func (w *world) message(net *chattest.Fake, in chat.ConversationID, account, text string) *chat.Message {
	m := net.Message(account, text)
	m.Conversation, m.Private, m.Addressed, m.StaffRoom = in, false, false, true
	if strings.HasPrefix(text, "/") {
		word, rest, _ := strings.Cut(text[1:], " ")
		m.Command, m.Text = chat.Command(word), rest
	}
	return m
}

// presses has an account press a button in a room.
func (w *world) presses(net *chattest.Fake, in chat.ConversationID, account string, on chat.MessageID, data string) {
	w.Helper()
	m := w.message(net, in, account, "")
	m.Choice, m.ID = data, on
	net.Deliver(w, m)
}

// until waits for a condition that the world's parts bring about.
func (w *world) until(what string, ok func() bool) {
	w.Helper()
	deadline := time.Now().Add(30 * time.Second)
	for !ok() {
		if time.Now().After(deadline) {
			w.Fatalf("waited in vain for %s\n%s", what, w.log)
		}
		rings, stop := w.store.Listen(store.Desk)
		select {
		case <-rings:
		case <-time.After(20 * time.Millisecond):
		}
		stop()
	}
}

// settled waits until everything received is handled, everything put is sent, and
// no card is behind.
func (w *world) settled() {
	w.Helper()
	w.until("everything to settle", func() bool {
		s, err := w.store.Stats(w.Context())
		if err != nil {
			w.Fatal(err)
		}
		left := 0
		for _, m := range []map[chat.Network]int{s.InboxPending, s.OutboxPending} {
			for _, n := range m {
				left += n
			}
		}
		behind := 0
		err = w.store.View(w.Context(), func(tx handoff.Tx) error {
			for _, room := range []chat.ConversationID{group, channel} {
				due, err := tx.CardsDue(room, w.now().Add(2*time.Second), 100)
				if err != nil {
					return err
				}
				behind += len(due)
			}
			return nil
		})
		if err != nil {
			w.Fatal(err)
		}
		if behind > 0 {
			w.pass(time.Second) // what is to be looked at again in a second
		}
		return left == 0 && behind == 0
	})
}

// texts are the messages of a conversation, as they read now.
func (w *world) texts(net *chattest.Fake, in chat.ConversationID) []string {
	var all []string
	for _, s := range net.Sent(in) {
		all = append(all, s.Body.Text)
	}
	return all
}

// card waits for the card of ticket id in a conversation, and returns it.
func (w *world) card(net *chattest.Fake, in chat.ConversationID, id handoff.TicketID, says string) chattest.Sent {
	w.Helper()
	var found chattest.Sent
	w.until(fmt.Sprintf("a card of #%d that says %q in %s", id, says, in), func() bool {
		return slices.ContainsFunc(net.Sent(in), func(s chattest.Sent) bool {
			found = s
			return strings.HasPrefix(s.Body.Text, fmt.Sprintf("#%d · ", id)) && strings.Contains(s.Body.Text, says)
		})
	})
	return found
}

// heard waits for a message in a conversation that contains text.
func (w *world) heard(net *chattest.Fake, in chat.ConversationID, text string) {
	w.Helper()
	w.until(fmt.Sprintf("%q in %s", text, in), func() bool {
		return slices.ContainsFunc(w.texts(net, in), func(s string) bool { return strings.Contains(s, text) })
	})
}

func (w *world) ticket(id handoff.TicketID) *handoff.Ticket {
	w.Helper()
	var t *handoff.Ticket
	err := w.store.View(w.Context(), func(tx handoff.Tx) (err error) {
		t, err = tx.Ticket(id)
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
	return t
}

// history is what was done to a ticket, as "agent action".
func (w *world) history(id handoff.TicketID) []string {
	w.Helper()
	var all []string
	err := w.store.View(w.Context(), func(tx handoff.Tx) error {
		events, err := tx.Events(id)
		for _, e := range events {
			all = append(all, strings.TrimSpace(string(e.Agent)+" "+e.Action))
		}
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
	return all
}
