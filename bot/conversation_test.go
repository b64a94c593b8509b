package bot_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"firstline/bot/chat"
	"firstline/bot/inbox"
	"firstline/handoff"
)

// gibberish is a question that no article can answer, with a word from their
// world so that it is not off topic.
const gibberish = "withdrawal zzyzx frobnicate blorp quuxify glorb"

func TestAnswerAndItsButtons(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	got := w.says("ann", "i lost my phone with the authenticator", 1)
	w.want(got, "Lost phone or authenticator")
	if l := labels(got); !strings.HasPrefix(l, "That helped | Not what I meant") || !strings.HasSuffix(l, "Talk to a person") {
		t.Errorf("buttons: %s", l)
	}
	w.want(w.presses("ann", "Read it all", 2), "If the phone was stolen", "After you are back in")
	w.want(w.presses("ann", "That helped", 3), "Glad that helped")
	got = w.presses("ann", "Not what I meant", 4)
	if l := labels(got); !strings.Contains(l, "2FA") || !strings.HasSuffix(l, "None of these") {
		t.Errorf("choices: %s", l)
	}
	first := got.Choices[0]
	w.want(w.presses("ann", first.Label, 5), first.Label)
	if n := w.tickets(); n != 0 {
		t.Errorf("%d tickets, want none", n)
	}
}

func TestUnknownBecomesATicketWhenPressed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	got := w.says("ann", gibberish, 1)
	w.want(got, "no sure answer", "10 minutes")
	if l := labels(got); l != "Ask our team | Try other words" {
		t.Errorf("buttons: %s", l)
	}
	w.want(w.presses("ann", "Try other words", 2), "other words")
	w.want(w.presses("ann", "Ask our team", 3), "A person will answer you here", "next in the queue", "can't say yet", "never ask")
	if tk := w.ticket(1); tk.Reason != handoff.ReasonAsked || tk.State != handoff.Open {
		t.Errorf("ticket: %+v", tk)
	}
	w.want(w.presses("ann", "Ask our team", 4), "already with our team")
	if n := w.tickets(); n != 1 {
		t.Errorf("%d tickets, want one", n)
	}
}

func TestUnknownTwiceBecomesATicket(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.says("ann", gibberish, 1)
	w.want(w.says("ann", gibberish+" again", 2), "A person will answer you here")
	if tk := w.ticket(1); tk.Reason != handoff.ReasonUnknown {
		t.Errorf("reason %s", tk.Reason)
	}
}

// TestTimerSurvivesARestart: a question that nobody answered is a ticket when
// its time is over, although the process that promised it is gone.
func TestTimerSurvivesARestart(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.says("ann", gibberish, 1)
	w.says("bob", gibberish, 1)
	w.says("bob", "how do i turn on 2fa", 2) // answered: no timer any more
	w.restart()
	w.pass(9*time.Minute + 59*time.Second)
	if err := w.bot.Sweep(t.Context()); err != nil || w.tickets() != 0 {
		t.Fatalf("too early: %v, %d tickets", err, w.tickets())
	}
	w.pass(time.Second)
	for range 2 { // a second sweep finds nothing
		if err := w.bot.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	w.want(w.hears("ann", 1), "still unanswered", "A person will answer you here")
	if n := w.tickets(); n != 1 || w.ticket(1).Reason != handoff.ReasonUnanswered {
		t.Errorf("%d tickets, the first: %+v", n, w.ticket(1))
	}
}

func TestOffTopicHasNoTimer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	got := w.says("ann", "how is the weather in Berlin", 1)
	w.want(got, "outside what I can help with")
	if l := labels(got); l != "Ask our team | Try other words" {
		t.Errorf("buttons: %s", l)
	}
	w.pass(24 * time.Hour)
	if err := w.bot.Sweep(t.Context()); err != nil || w.tickets() != 0 {
		t.Errorf("%v, %d tickets; want none", err, w.tickets())
	}
}

func TestAlwaysHandsOverAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.says("ann", "someone drained my wallet", 2)
	sent := w.net.Sent(w.net.Private("ann"))
	w.want(sent[0], "Funds stolen")
	w.want(sent[1], "A person will answer you here")
	if tk := w.ticket(1); tk.Reason != handoff.ReasonAlways || tk.Article != "security/stolen-funds" {
		t.Errorf("ticket: %+v", tk)
	}
}

func TestAskingForAPersonInManyLanguages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for text, want := range map[string]string{
		"talk to a human":               "A person will answer you here",
		"转人工":                           "会有真人在这里回复你",
		"quiero hablar con una persona": "",
		"je veux parler à une personne": "",
		"mit einem Menschen sprechen":   "",
		"поговорить с человеком":        "",
		"أريد التحدث إلى شخص":           "",
	} {
		got := w.says(text, text, 1)
		if want != "" {
			w.want(got, want)
		}
	}
	if n := w.tickets(); n != 7 {
		t.Errorf("%d tickets, want 7", n)
	}
}

func TestSmallTalkMakesNoTicket(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.want(w.says("ann", "hi there!", 1), "What can I help you with")
	w.want(w.says("ann", "thank you so much", 2), "welcome")
	w.want(w.says("luis", "hola", 1), "ayudar")
	if n := w.tickets(); n != 0 {
		t.Errorf("%d tickets", n)
	}
}

// TestSilenceWhileAPersonHoldsTheTicket checks both ends: when a message comes,
// and when an answer that was decided before is about to go out.
func TestSilenceWhileAPersonHoldsTheTicket(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	alice := w.agent("alice")
	w.says("ann", "talk to a human", 1)

	// The network is busy while the bot answers; meanwhile an agent claims.
	busy := make(chan struct{})
	w.net.Fault = func(_ chat.ConversationID, out *chat.Outbound) error {
		select {
		case <-busy:
			return nil
		default:
			return &chat.SendError{Kind: chat.Temporary, RetryAfter: time.Millisecond, Reason: "busy"}
		}
	}
	w.net.Say(t, "ann", "how do i turn on 2fa")
	w.settled()
	if _, err := w.desk.Claim(t.Context(), 1, alice); err != nil {
		t.Fatal(err)
	}
	close(busy)
	w.pass(10 * time.Second)
	w.net.Say(t, "ann", "how do i close my account")
	w.settled()
	if _, err := w.desk.Reply(t.Context(), 1, alice, "k", "Hello, I am Alice."); err != nil {
		t.Fatal(err)
	}
	w.want(w.hears("ann", 2), "I am Alice")
	story, err := w.desk.Story(t.Context(), 1, alice)
	if err != nil {
		t.Fatal(err)
	}
	var withheld, asked int
	for _, e := range story.Entries {
		if e.Delivery == "withheld" {
			withheld++
		}
		if e.Kind == handoff.ByAsker {
			asked++
		}
	}
	if withheld != 1 || asked != 3 {
		t.Errorf("%d answers withheld and %d messages in the story, want 1 and 3", withheld, asked)
	}

	// Solved: the bot answers again.
	if _, err := w.desk.Solve(t.Context(), 1, alice); err != nil {
		t.Fatal(err)
	}
	w.hears("ann", 3)
	w.want(w.says("ann", "how do i turn on 2fa", 4), "2FA")
}

func TestRatingAndReopening(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	alice := w.agent("alice")
	w.says("ann", "talk to a human", 1)
	if _, err := w.desk.Solve(t.Context(), 1, alice); err != nil {
		t.Fatal(err)
	}
	w.want(w.hears("ann", 2), "solved")
	w.want(w.presses("ann", "4", 3), "Thank you")
	if tk := w.ticket(1); tk.Rating != 4 {
		t.Errorf("rating %d", tk.Rating)
	}
	w.says("ann", "thanks", 4)
	if tk := w.ticket(1); tk.State != handoff.Solved {
		t.Errorf("thanks reopened the ticket")
	}
	w.pass(7 * 24 * time.Hour)
	w.want(w.says("ann", gibberish, 5), "reopened your request")
	if tk := w.ticket(1); tk.State != handoff.Open || tk.Reopened != 1 {
		t.Errorf("ticket: %+v", tk)
	}
	if _, err := w.desk.Solve(t.Context(), 1, alice); err != nil {
		t.Fatal(err)
	}
	w.hears("ann", 6)
	w.pass(7*24*time.Hour + time.Second)
	w.want(w.says("ann", "talk to a human", 7), "A person will answer you here")
	if n := w.tickets(); n != 2 {
		t.Errorf("%d tickets, want a new one after seven days", n)
	}
}

// TestForgedButtons presses what the bot never offered.
func TestForgedButtons(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	alice := w.agent("alice")
	w.says("ann", "talk to a human", 1)
	if _, err := w.desk.Solve(t.Context(), 1, alice); err != nil {
		t.Fatal(err)
	}
	forged := []string{"ra:1:5", "ra:1:9", "ra:-1:3", "ra:x:y", "ar:no/such", "ok:../../etc/passwd", "", "\x00", "ar:", strings.Repeat("x", 5000)}
	for _, data := range forged {
		m := w.net.Message("mallory", "")
		m.Choice = data
		w.net.Deliver(t, m)
	}
	w.settled()
	if tk := w.ticket(1); tk.Rating != 0 {
		t.Error("somebody else rated the ticket")
	}
}

func TestSecretIsRemovedAndDeleted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const seed = "legal winner thank year wave sausage worth useful legal winner thank yellow"
	got := w.says("ann", seed, 1)
	w.want(got, "a seed phrase", "deleting your message")
	if ids := w.net.WaitDeleted(t, w.net.Private("ann"), 1); len(ids) != 1 {
		t.Errorf("deleted %v", ids)
	}
	w.settled()
	if sent := w.net.Sent(w.net.Private("ann")); len(sent) != 1 {
		t.Errorf("%d messages, want only the warning", len(sent))
	}
	// A question beside the secret is still answered.
	w.says("ann", "how do i turn on 2fa? my password is hunter2hunter2", 3)
	w.want(w.hears("ann", 2), "a password")
	w.want(w.hears("ann", 3), "2FA")
}

// TestBrokenIndex: when the knowledge base fails, a person takes over.
func TestBrokenIndex(t *testing.T) {
	t.Parallel()
	w := newBrokenWorld(t)
	w.want(w.says("ann", "how do i turn on 2fa", 1), "Something went wrong on our side", "A person will answer you here")
	if tk := w.ticket(1); tk.Reason != handoff.ReasonFailed {
		t.Errorf("reason %s", tk.Reason)
	}
}

// TestWhatKeepsFailingGoesToAPerson: a message, here a pressed button, that
// could not be handled three times must not hold up its conversation.
func TestWhatKeepsFailingGoesToAPerson(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	m := w.net.Message("ann", "")
	m.Choice = "ok:security/turn-on-2fa"
	m.Conversation.Network = chat.Discord // which no worker of this world takes
	if _, err := w.store.AddMessages(t.Context(), []*chat.Message{m}, w.now()); err != nil {
		t.Fatal(err)
	}
	take := func() inbox.Item {
		t.Helper()
		w.pass(time.Minute)
		items, err := w.store.TakeMessages(t.Context(), []chat.Network{chat.Discord}, 1, w.now(), time.Second)
		if err != nil || len(items) != 1 {
			t.Fatalf("%v, %v", items, err)
		}
		return items[0]
	}
	for range 3 {
		take()
	}
	if err := w.bot.Handle(t.Context(), take()); err != nil {
		t.Fatal(err)
	}
	if tk := w.ticket(1); tk.Reason != handoff.ReasonFailed {
		t.Errorf("ticket: %+v", tk)
	}
}

func TestTwoAgents(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	alice, bob := w.agent("alice"), w.agent("bob")
	w.says("ann", "talk to a human", 1)
	if _, err := w.desk.Claim(t.Context(), 1, alice); err != nil {
		t.Fatal(err)
	}
	if _, err := w.desk.Claim(t.Context(), 1, bob); !errors.Is(err, handoff.ErrTaken) {
		t.Errorf("second claim: %v", err)
	}
	if _, err := w.desk.Reply(t.Context(), 1, bob, "k", "me too"); !errors.Is(err, handoff.ErrTaken) {
		t.Errorf("second reply: %v", err)
	}
	if _, err := w.desk.Claim(t.Context(), 1, "mallory"); !errors.Is(err, handoff.ErrForbidden) {
		t.Errorf("a stranger's claim: %v", err)
	}
	// A double click is one message.
	for range 2 {
		if _, err := w.desk.Reply(t.Context(), 1, alice, "form-1", "Hello"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.desk.Note(t.Context(), 1, bob, "n", "internal remark"); err != nil {
		t.Fatal(err)
	}
	w.hears("ann", 2)
	// The claim ends when its agent is away; then another may take it.
	w.pass(31 * time.Minute)
	if _, err := w.desk.Claim(t.Context(), 1, bob); err != nil {
		t.Errorf("claim after the lease: %v", err)
	}
	if _, err := w.desk.Reply(t.Context(), 1, bob, "k", "Bob here"); err != nil {
		t.Fatal(err)
	}
	w.want(w.hears("ann", 3), "Bob here")
	for _, s := range w.net.Sent(w.net.Private("ann")) {
		if strings.Contains(s.Body.Text, "internal remark") {
			t.Error("the note reached the asker")
		}
	}
}

func TestQueuedAskerIsAcknowledgedAndAnswered(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.says("bob", "talk to a human", 1)
	w.says("ann", "talk to a human", 1)
	w.want(w.says("ann", gibberish, 2), "added that to your request", "number 2")
	w.net.Say(t, "ann", gibberish+" and more")
	w.settled()
	w.want(w.says("ann", "how do i turn on 2fa", 3), "2FA")
}

func TestCommunityIsSpokenToOnlyWhenAddressed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	channel := chat.ConversationID{Network: chat.Telegram, ID: "-100"}
	post := func(person, text string, addressed bool) *chat.Message {
		m := w.net.Message(person, text)
		m.Conversation, m.Private, m.Addressed = channel, false, addressed
		return m
	}
	w.net.Deliver(t, post("ann", "how do i turn on 2fa", false))
	asked := post("bob", "how do i turn on 2fa", true)
	w.net.Deliver(t, asked)
	got := w.net.Wait(t, channel, 1)[0]
	if got.ReplyTo != asked.ID {
		t.Errorf("replies to %q, want the question %q", got.ReplyTo, asked.ID)
	}
	w.settled()
	if n := len(w.net.Sent(channel)); n != 1 {
		t.Errorf("%d messages in the channel, want 1", n)
	}
	// Two people in one channel are two threads.
	w.net.Deliver(t, post("bob", "talk to a human", true))
	w.net.Wait(t, channel, 2)
	if _, err := w.desk.Claim(t.Context(), 1, w.agent("alice")); err != nil {
		t.Fatal(err)
	}
	w.net.Deliver(t, post("ann", "how do i turn on 2fa", true))
	w.net.Wait(t, channel, 3)
}

func TestWaitEstimate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	alice := w.agent("alice")
	for i, person := range []string{"p1", "p2", "p3"} {
		w.says(person, "talk to a human", 1)
		w.pass(time.Duration(10*(i+1)) * time.Minute)
		if _, err := w.desk.Reply(t.Context(), handoff.TicketID(i+1), alice, "k", "Hello"); err != nil {
			t.Fatal(err)
		}
		if _, err := w.desk.Solve(t.Context(), handoff.TicketID(i+1), alice); err != nil {
			t.Fatal(err)
		}
	}
	w.want(w.says("ann", "talk to a human", 1), "about 20 minutes")
	// Nobody comes: the estimate grows with the first in the queue.
	w.pass(3 * time.Hour)
	w.want(w.says("bob", "talk to a human", 1), "number 2", "about 3 hours")
}
