package bot_test

import (
	"strings"
	"testing"
	"time"

	"firstline/bot"
	"firstline/bot/chat"
	"firstline/handoff"
)

const ofASeed = "legal winner thank year wave sausage worth useful legal winner thank yellow"

// reachable lets everybody be written to in private, after errs. It returns what
// receives when one of them was met.
func (h *help) reachable(errs ...error) (met <-chan struct{}) {
	failed := make(chan struct{}, len(errs))
	h.mu.Lock()
	defer h.mu.Unlock()
	h.opens = func(p chat.Person) (chat.ConversationID, error) {
		if len(errs) > 0 {
			err := errs[0]
			errs = errs[1:]
			failed <- struct{}{}
			return chat.ConversationID{}, err
		}
		return bot.NewPrivate(h.net).Open(h.Context(), chat.Telegram, p)
	}
	return failed
}

// TestPrivateMattersMoveToPrivate: one line in public, the rest and the ticket in
// private, and the talk goes on there.
func TestPrivateMattersMoveToPrivate(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text     string
		reason   handoff.Reason
		public   string
		private  []string // each message of the bot there
		deleted  bool
		followUp string
	}{
		"a topic for people": {
			"someone drained my wallet", handoff.ReasonAlways, "no details here", []string{"stolen", "A person will answer you here"}, false, "it was 500",
		},
		"a secret": {
			"my phrase is " + ofASeed, handoff.ReasonSecret, "delete your message", []string{"a seed phrase", "A person will answer you here"}, true, "what now",
		},
	} {
		for _, addressed := range []bool{true, false} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				h := newHelp(t)
				h.reachable()
				m := h.message("ann", c.text)
				m.Addressed = addressed
				h.net.Deliver(t, m)
				public := h.heard(1)[0]
				h.want(public, c.public, "written to you in private")
				if text := public.Body.Text; strings.Contains(text, "seed") || strings.Contains(text, "stolen") || strings.Contains(text, "\n") {
					t.Errorf("details in public: %q", text)
				}
				for i, want := range c.private {
					h.want(h.net.Wait(t, h.net.Private("ann"), len(c.private))[i], want)
				}
				if c.deleted {
					if ids := h.net.WaitDeleted(t, h.id, 1); ids[0] != m.ID {
						t.Errorf("deleted %v", ids)
					}
				}
				tk := h.ticket(1)
				if tk.Reason != c.reason || !tk.Private || tk.Conversation != h.net.Private("ann") || h.tickets() != 1 {
					t.Errorf("%+v", tk)
				}
				// What follows in private belongs to it; in public nothing is left to wait for.
				h.says("ann", c.followUp, len(c.private)+1)
				if _, err := h.desk.Reply(t.Context(), 1, h.agent("alice"), "k", "We look into it"); err != nil {
					t.Fatal(err)
				}
				h.want(h.net.Wait(t, h.net.Private("ann"), len(c.private)+2)[len(c.private)+1], "We look into it")
				story := strings.Join(h.story(1), "|")
				if !strings.Contains(story, c.followUp) || strings.Contains(story, "winner") {
					t.Errorf("story: %s", story)
				}
				h.sweep(time.Hour)
				h.heard(1)
				if h.tickets() != 1 {
					t.Errorf("%d tickets", h.tickets())
				}
			})
		}
	}
}

// TestSecretInAnEditOfWhatMoved: it is deleted where it stands, in public.
func TestSecretInAnEditOfWhatMoved(t *testing.T) {
	t.Parallel()
	h := newHelp(t)
	h.reachable()
	m := h.post("ann", "someone drained my wallet")
	h.net.Deliver(t, h.net.Change(m, "someone drained my wallet "+ofASeed))
	if ids := h.net.WaitDeleted(t, h.id, 1); ids[0] != m.ID {
		t.Errorf("deleted %v", ids)
	}
	if got := strings.Join(h.story(1), "|"); strings.Contains(got, "winner") {
		t.Errorf("story: %s", got)
	}
}

// TestPrivateThatIsHeld: who holds a ticket of theirs sees it there; the bot adds
// nothing.
func TestPrivateThatIsHeld(t *testing.T) {
	t.Parallel()
	h := newHelp(t)
	h.reachable()
	h.says("ann", "talk to a human", 1)
	if _, err := h.desk.Claim(t.Context(), 1, h.agent("alice")); err != nil {
		t.Fatal(err)
	}
	h.post("ann", "someone drained my wallet")
	h.want(h.heard(1)[0], "written to you in private")
	if n := len(h.net.Sent(h.net.Private("ann"))); n != 1 || h.tickets() != 1 {
		t.Errorf("%d messages in private, %d tickets", n, h.tickets())
	}
	if got := strings.Join(h.story(1), "|"); !strings.Contains(got, "drained") {
		t.Errorf("story: %s", got)
	}
}

// TestPrivateThatFails: what passes is tried again; what does not leaves the matter
// where it is, as a ticket.
func TestPrivateThatFails(t *testing.T) {
	t.Parallel()
	h := newHelp(t)
	met := h.reachable(&chat.SendError{Kind: chat.Temporary, Reason: "busy"}, &chat.SendError{Kind: chat.Unreachable, Reason: "they share no server"})
	h.net.Deliver(t, h.message("ann", ofASeed))
	<-met
	for range 1000 { // until the second attempt is due, whenever the first one ended
		if len(h.net.Sent(h.id)) > 0 {
			break
		}
		h.pass(time.Second)
		<-time.After(10 * time.Millisecond)
	}
	got := h.heard(1)[0]
	h.want(got, "delete your message")
	if strings.Contains(got.Body.Text, "in private") || h.ticket(1).Private {
		t.Errorf("%q, %+v", got.Body.Text, h.ticket(1))
	}
	h.net.WaitDeleted(t, h.id, 1)
}
