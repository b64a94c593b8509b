package bot_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"firstline/bot/chat"
)

func TestTypingIsShownInPrivate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.says("ann", "how do i turn on 2fa", 1)
	w.net.WaitTyping(t, w.net.Private("ann"), 1)
}

// TestAgentChangesAReply: ordered behind the reply, whatever the network does
// meanwhile.
func TestAgentChangesAReply(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	alice := w.agent("alice")
	w.says("ann", "talk to a human", 1)
	busy := make(chan struct{})
	var mu sync.Mutex
	var order []string
	w.net.Fault = func(_ chat.ConversationID, out *chat.Outbound) error {
		select {
		case <-busy:
			mu.Lock()
			defer mu.Unlock()
			order = append(order, out.Body.Text[strings.LastIndex(out.Body.Text, "\n")+1:])
			return nil
		default:
			return &chat.SendError{Kind: chat.Temporary, RetryAfter: time.Millisecond, Reason: "busy"}
		}
	}
	if _, err := w.desk.Reply(t.Context(), 1, alice, "k", "It takes 3 hours"); err != nil {
		t.Fatal(err)
	}
	s, err := w.desk.Story(t.Context(), 1, alice)
	if err != nil {
		t.Fatal(err)
	}
	entry := s.Entries[len(s.Entries)-1]
	for range 2 { // a double click
		if _, err := w.desk.EditReply(t.Context(), 1, alice, entry.ID, "e1", "It takes 30 hours"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.desk.DeleteReply(t.Context(), 1, alice, entry.ID); err != nil {
		t.Fatal(err)
	}
	close(busy)
	w.pass(10 * time.Second)
	w.net.WaitDeleted(t, w.net.Private("ann"), 1)
	mu.Lock()
	defer mu.Unlock()
	if got := strings.Join(order, ", "); got != "It takes 3 hours, It takes 30 hours" {
		t.Errorf("the network saw %s", got)
	}
}
