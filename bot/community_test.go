package bot_test

import (
	"strings"
	"testing"
	"time"

	"firstline/bot/chat"
	"firstline/bot/chat/chattest"
	"firstline/handoff"
)

// help is a help channel in which people write.
type help struct {
	*world
	id chat.ConversationID
}

func newHelp(t *testing.T) *help {
	t.Helper()
	return helpIn(newWorld(t))
}

func helpIn(w *world) *help {
	return &help{w, chat.ConversationID{Network: chat.Telegram, ID: "-100"}}
}

// message is one in the help channel that nobody addressed to the bot.
func (h *help) message(person, text string) *chat.Message {
	m := h.net.Message(person, text)
	m.Conversation, m.Private, m.Addressed, m.Help = h.id, false, false, true
	return m
}

func (h *help) post(person, text string) *chat.Message {
	h.Helper()
	m := h.message(person, text)
	h.net.Deliver(h, m)
	h.settled()
	return m
}

// press has a person press the button with this label on message i.
func (h *help) press(person string, i int, label string) {
	h.Helper()
	for _, c := range h.net.Sent(h.id)[i].Choices {
		if c.Label == label {
			m := h.message(person, "")
			m.Choice = c.Data
			h.net.Deliver(h, m)
			h.settled()
			return
		}
	}
	h.Fatalf("no button %q on message %d", label, i)
}

// heard waits for n messages of the bot and fails when there are more.
func (h *help) heard(n int) []chattest.Sent {
	h.Helper()
	h.settled()
	var sent []chattest.Sent
	if n > 0 {
		sent = h.net.Wait(h, h.id, n)
	}
	if got := h.net.Sent(h.id); len(got) != n {
		h.Fatalf("%d messages in the channel, want %d: %+v", len(got), n, got)
	}
	return sent
}

func (h *help) sweep(after time.Duration) {
	h.Helper()
	h.pass(after)
	if err := h.bot.Sweep(h.Context()); err != nil {
		h.Fatal(err)
	}
}

func TestHelpPlaceAnswersOnlyWhatItSurelyKnows(t *testing.T) {
	t.Parallel()
	h := newHelp(t)
	for _, chatter := range []string{"hi all", "thanks!", "how is the weather in Berlin", "👍", "lol"} {
		h.post("bob", chatter)
	}
	h.heard(0)
	asked := h.post("ann", "how do i turn on 2fa")
	got := h.heard(1)[0]
	h.want(got, "2FA")
	if got.ReplyTo != asked.ID {
		t.Errorf("replies to %q, want %q", got.ReplyTo, asked.ID)
	}
	h.post("ann", gibberish)
	h.sweep(time.Minute)
	h.heard(1)
	if n := h.tickets(); n != 0 {
		t.Errorf("%d tickets", n)
	}
}

func TestHelpQuestionThatNobodyAnswers(t *testing.T) {
	t.Parallel()
	h := newHelp(t)
	asked := h.post("ann", gibberish)
	h.sweep(30*time.Minute - time.Second)
	h.heard(0)
	h.sweep(time.Second)
	got := h.heard(1)[0]
	h.want(got, "still unanswered", "A person will answer you here")
	if got.ReplyTo != asked.ID || labels(got) != "Solved" || strings.Contains(got.Body.Text, "queue") {
		t.Errorf("reply to %q, buttons %s, %q", got.ReplyTo, labels(got), got.Body.Text)
	}
	if tk := h.ticket(1); tk.Reason != handoff.ReasonUnanswered || tk.Private {
		t.Errorf("%+v", tk)
	}
	// What the asker adds goes to the ticket, silently; the agent's reply comes as a reply.
	more := h.post("ann", "and the coin is glorb")
	h.post("bob", "how is everybody")
	if _, err := h.desk.Reply(t.Context(), 1, h.agent("alice"), "k", "Try again now"); err != nil {
		t.Fatal(err)
	}
	reply := h.heard(2)[1]
	h.want(reply, "Try again now")
	if reply.ReplyTo != more.ID {
		t.Errorf("the agent replies to %q, want %q", reply.ReplyTo, more.ID)
	}
	s, err := h.desk.Story(t.Context(), 1, "alice")
	if err != nil {
		t.Fatal(err)
	}
	var asker []string
	for _, e := range s.Entries {
		if e.Kind == handoff.ByAsker {
			asker = append(asker, e.Text)
		}
	}
	if got := strings.Join(asker, "|"); got != gibberish+"|and the coin is glorb" {
		t.Errorf("the story has %q", got)
	}
}

func TestAnotherPersonAnswers(t *testing.T) {
	t.Parallel()
	h := newHelp(t)
	h.post("bob", "hi all") // before the question
	h.post("ann", gibberish)
	h.sweep(20 * time.Minute)
	h.post("ann", gibberish+" still")       // herself
	h.post("carl", gibberish+" here, too?") // asks, and answers nobody
	h.sweep(9 * time.Minute)
	h.post("bob", "you need to wait for the blorp")
	h.sweep(time.Hour)
	h.heard(0)
	if n := h.tickets(); n != 0 {
		t.Errorf("%d tickets although bob answered", n)
	}
	// In another channel nobody did.
	other := *h
	other.id.ID = "-200"
	other.post("ann", gibberish)
	h.post("bob", "welcome")
	other.sweep(30 * time.Minute)
	other.heard(1)
}

// TestReplyAnswersItsQuestionOnly: others wait on.
func TestReplyAnswersItsQuestionOnly(t *testing.T) {
	t.Parallel()
	h := newHelp(t)
	chatter := h.post("dan", "hi all")
	h.post("ann", gibberish)
	asked := h.post("eve", gibberish+" for me, too?")
	for _, to := range []chat.MessageID{asked.ID, chatter.ID, "unknown"} {
		m := h.message("bob", "you need to wait for the blorp")
		m.ReplyTo = to
		h.net.Deliver(t, m)
		h.settled()
	}
	h.sweep(time.Hour)
	h.heard(1)
	if tk := h.ticket(1); tk.Person.ID != "ann" || h.tickets() != 1 {
		t.Errorf("%d tickets: %+v", h.tickets(), tk)
	}
}

func TestAskerMarksItSolved(t *testing.T) {
	t.Parallel()
	for name, solve := range map[string]func(h *help, person string){
		"button": func(h *help, person string) { h.press(person, 0, "Solved") },
		"command": func(h *help, person string) {
			m := h.message(person, "")
			m.Command, m.Addressed = chat.CommandSolved, true
			h.net.Deliver(h, m)
			h.settled()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHelp(t)
			h.post("ann", gibberish)
			h.sweep(30 * time.Minute)
			h.heard(1)
			if name == "button" {
				solve(h, "bob") // not his question
				h.heard(1)
			}
			if tk := h.ticket(1); tk.State != handoff.Open {
				t.Fatalf("%+v", tk)
			}
			if _, err := h.desk.Claim(t.Context(), 1, h.agent("alice")); err != nil {
				t.Fatal(err)
			}
			solve(h, "ann")
			h.want(h.heard(2)[1], "Marked as solved")
			if tk := h.ticket(1); tk.State != handoff.Solved || tk.SolvedBy != "" {
				t.Errorf("%+v", tk)
			}
			// The same trouble again: the same ticket.
			h.post("ann", gibberish)
			h.sweep(30 * time.Minute)
			h.want(h.heard(3)[2], "reopened")
			if tk := h.ticket(1); tk.State != handoff.Open || tk.Reopened != 1 {
				t.Errorf("%+v", tk)
			}
		})
	}
}

func TestSolvedBeforeTheTimer(t *testing.T) {
	t.Parallel()
	h := newHelp(t)
	m := h.message("ann", gibberish)
	m.Addressed = true
	h.net.Deliver(t, m)
	h.heard(1)
	h.press("ann", 0, "Solved")
	h.want(h.heard(2)[1], "Marked as solved")
	h.sweep(time.Hour)
	if n := h.tickets(); n != 0 {
		t.Errorf("%d tickets", n)
	}
}

// TestPrivateMattersInPublic: a line without details, and a ticket.
func TestPrivateMattersInPublic(t *testing.T) {
	t.Parallel()
	const seed = "legal winner thank year wave sausage worth useful legal winner thank yellow"
	for name, c := range map[string]struct {
		text   string
		reason handoff.Reason
		want   string
	}{
		"a topic for people": {"someone drained my wallet", handoff.ReasonAlways, "no details here"},
		"a secret":           {seed, handoff.ReasonSecret, "delete your message"},
		"both":               {"someone drained my wallet, my seed is " + seed, handoff.ReasonSecret, "delete your message"},
	} {
		for _, addressed := range []bool{true, false} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				h := newHelp(t)
				m := h.message("ann", c.text)
				m.Addressed = addressed
				h.net.Deliver(t, m)
				got := h.heard(1)[0]
				h.want(got, c.want)
				if text := got.Body.Text; strings.Contains(text, "seed") || strings.Contains(text, "stolen") || strings.Contains(text, "\n") {
					t.Errorf("details in public: %q", text)
				}
				if tk := h.ticket(1); tk.Reason != c.reason || h.tickets() != 1 {
					t.Errorf("%+v", tk)
				}
			})
		}
	}
}

// TestElsewhereTheBotIsNotInvolved: a community that is no help place.
func TestElsewhereTheBotIsNotInvolved(t *testing.T) {
	t.Parallel()
	h := newHelp(t)
	for _, text := range []string{"how do i turn on 2fa", gibberish, "someone drained my wallet"} {
		m := h.message("ann", text)
		m.Help = false
		h.net.Deliver(t, m)
	}
	h.sweep(time.Hour)
	h.heard(0)
	if n := h.tickets(); n != 0 {
		t.Errorf("%d tickets", n)
	}
}

func TestBrokenIndexInAHelpPlaceIsNoNoise(t *testing.T) {
	t.Parallel()
	h := helpIn(newBrokenWorld(t))
	h.post("ann", "how do i turn on 2fa")
	h.heard(0)
	h.sweep(30 * time.Minute)
	h.heard(1)
}
