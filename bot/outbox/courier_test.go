package outbox_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"firstline/bot/chat"
	"firstline/bot/chat/chattest"
	"firstline/bot/outbox"
	"firstline/handoff"
	"firstline/handoff/store"
)

// post is a courier at work on a real database, in a bubble of virtual time.
type post struct {
	*testing.T
	store   *store.Store
	channel *chattest.Fake
	courier *outbox.Courier
	mu      sync.Mutex
	results map[string][]outbox.Result // by key
	began   time.Time
}

func (p *post) to(person string) chat.ConversationID { return p.channel.Private(person) }

// put puts texts for a person into the outbox under the keys person/0 ….
func (p *post) put(person string, texts ...string) {
	p.Helper()
	p.putAt(time.Now(), person, texts...)
}

// putAt is put by somebody whose clock showed created.
func (p *post) putAt(created time.Time, person string, texts ...string) {
	p.Helper()
	err := p.store.Update(p.Context(), func(tx handoff.Tx) error {
		for i, text := range texts {
			_, err := tx.PutDelivery(outbox.Delivery{
				Key: fmt.Sprintf("%s/%d", person, i), To: p.to(person), Class: outbox.ClassBot, Op: outbox.OpSend,
				Out: chat.Outbound{Body: chat.Plain(text)}, State: outbox.Pending, CreatedAt: created, Due: created,
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		p.Fatal(err)
	}
}

// ended waits, in virtual time, until the delivery key has a final state.
func (p *post) ended(key string) outbox.Result {
	p.Helper()
	for range 3600 {
		p.mu.Lock()
		rs := p.results[key]
		p.mu.Unlock()
		if len(rs) > 0 && rs[len(rs)-1].State != outbox.Pending {
			return rs[len(rs)-1]
		}
		time.Sleep(time.Second)
	}
	p.Fatalf("delivery %s has not ended", key)
	return outbox.Result{}
}

func (p *post) texts(person string) string {
	var texts []string
	for _, s := range p.channel.Sent(p.to(person)) {
		texts = append(texts, s.Body.Text)
	}
	return strings.Join(texts, " ")
}

// inPost runs f beside a courier. setUp may be nil.
func inPost(t *testing.T, setUp func(*post), f func(*post)) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "test.db")
	synctest.Test(t, func(t *testing.T) {
		st, err := store.Open(t.Context(), path, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		p := &post{
			T: t, store: st, channel: chattest.New(chat.Terminal, chat.Capabilities{}),
			results: map[string][]outbox.Result{}, began: time.Now(),
		}
		p.courier = &outbox.Courier{
			Store: st, Channels: []chat.Channel{p.channel}, Now: time.Now, Log: slog.New(slog.DiscardHandler),
			Jitter: func() float64 { return 0.5 },
			Observe: func(d outbox.Delivery, r outbox.Result) {
				p.mu.Lock()
				defer p.mu.Unlock()
				p.results[d.Key] = append(p.results[d.Key], r)
			},
		}
		if setUp != nil {
			setUp(p)
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() {
			defer close(done)
			p.courier.Run(ctx)
		}()
		f(p)
		cancel()
		<-done
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
}

// failing returns a Fault that fails the first len(errs) sends of texts that
// begin with prefix.
func failing(prefix string, errs ...error) func(chat.ConversationID, *chat.Outbound) error {
	var mu sync.Mutex
	return func(_ chat.ConversationID, out *chat.Outbound) error {
		mu.Lock()
		defer mu.Unlock()
		if len(errs) == 0 || !strings.HasPrefix(out.Body.Text, prefix) {
			return nil
		}
		err := errs[0]
		errs = errs[1:]
		return err
	}
}

func TestCourierKeepsOrder(t *testing.T) {
	inPost(t, func(p *post) {
		p.channel.Fault = failing("b", &chat.SendError{Kind: chat.Temporary, Reason: "502"}, errors.New("anything"))
	}, func(p *post) {
		p.put("ann", "a", "b", "c")
		p.put("bob", "x", "y")
		p.ended("bob/1")
		if since := time.Since(p.began); since > 2*time.Second {
			p.Errorf("bob waited %s behind ann's failures", since)
		}
		p.ended("ann/2")
		if got := p.texts("ann"); got != "a b c" {
			p.Errorf("ann got %q", got)
		}
		if got := p.texts("bob"); got != "x y" {
			p.Errorf("bob got %q", got)
		}
		if rs := p.results["ann/1"]; len(rs) != 3 || rs[0].Uncertain || !rs[1].Uncertain {
			p.Errorf("attempts at b: %+v, want a certain failure, an uncertain one, success", rs)
		}
	})
}

func TestCourierWaitsAsLongAsTheNetworkAsks(t *testing.T) {
	inPost(t, func(p *post) {
		p.channel.Fault = failing("", &chat.SendError{Kind: chat.Temporary, RetryAfter: 37 * time.Second, Reason: "slow down"})
	}, func(p *post) {
		p.put("ann", "hello")
		p.ended("ann/0")
		if since := time.Since(p.began); since < 37*time.Second || since > 41*time.Second {
			p.Errorf("sent after %s, want 37 s and a little", since)
		}
	})
}

func TestCourierLeavesTheUnreachableBehind(t *testing.T) {
	inPost(t, func(p *post) {
		p.channel.Fault = failing("one", &chat.SendError{Kind: chat.Unreachable, Reason: "blocked the bot"})
	}, func(p *post) {
		p.put("ann", "one", "two")
		if r := p.ended("ann/0"); r.State != outbox.Failed || !strings.Contains(r.Error, "blocked the bot") {
			p.Errorf("got %+v, want failed with the reason", r)
		}
		p.ended("ann/1")
		if got := p.texts("ann"); got != "two" {
			p.Errorf("ann got %q, want what came after", got)
		}
	})
}

func TestCourierGivesUpVisibly(t *testing.T) {
	inPost(t, func(p *post) {
		p.channel.Fault = func(chat.ConversationID, *chat.Outbound) error {
			return &chat.SendError{Kind: chat.Temporary, Reason: "the network is down"}
		}
	}, func(p *post) {
		// It has been tried for two days but ten minutes.
		p.putAt(p.began.Add(10*time.Minute-48*time.Hour), "ann", "hello")
		r := p.ended("ann/0")
		if since := time.Since(p.began); r.State != outbox.Failed || since < 10*time.Minute || since > 12*time.Minute {
			p.Errorf("%s after %s, want failed after ten minutes and at most one more retry", r.State, since)
		}
	})
}

func TestCourierAsksBeforeEachSend(t *testing.T) {
	var mu sync.Mutex
	asked := 0
	inPost(t, func(p *post) {
		p.channel.Fault = failing("", &chat.SendError{Kind: chat.Temporary, Reason: "busy"})
		p.courier.May = func(context.Context, outbox.Delivery) (bool, error) {
			mu.Lock()
			defer mu.Unlock()
			asked++
			return asked == 1, nil // a person takes over after the first attempt
		}
	}, func(p *post) {
		p.put("ann", "the bot's words")
		if r := p.ended("ann/0"); r.State != outbox.Withheld {
			p.Errorf("state %s, want withheld", r.State)
		}
		if got := p.texts("ann"); got != "" {
			p.Errorf("ann got %q", got)
		}
	})
}

func TestCourierDeletes(t *testing.T) {
	inPost(t, nil, func(p *post) {
		err := p.store.Update(p.Context(), func(tx handoff.Tx) error {
			_, err := tx.PutDelivery(outbox.Delivery{
				Key: "d", To: p.to("ann"), Class: outbox.ClassNotice, Op: outbox.OpDelete, Target: "42",
				State: outbox.Pending, CreatedAt: time.Now(), Due: time.Now(),
			})
			return err
		})
		if err != nil {
			p.Fatal(err)
		}
		p.ended("d")
		if got := p.channel.WaitDeleted(p, p.to("ann"), 1); got[0] != "42" {
			p.Errorf("deleted %v", got)
		}
	})
}

// TestCourierEdits: an edit goes to the message that its reply became, after it,
// and nowhere when there is none.
func TestCourierEdits(t *testing.T) {
	var mu sync.Mutex
	sends := 0
	inPost(t, func(p *post) {
		p.channel.Fault = func(_ chat.ConversationID, out *chat.Outbound) error {
			mu.Lock()
			defer mu.Unlock()
			if sends++; sends == 1 {
				return &chat.SendError{Kind: chat.Temporary, RetryAfter: 20 * time.Second, Reason: "slow down"}
			}
			if out.Body.Text == "never" {
				return &chat.SendError{Kind: chat.Rejected, Reason: "not this"}
			}
			return nil
		}
	}, func(p *post) {
		p.put("ann", "a", "never", "c")
		p.revise("ann", outbox.OpEdit, "ann/0", "a, edited")
		p.revise("ann", outbox.OpEdit, "ann/1", "lost")
		p.revise("ann", outbox.OpDelete, "ann/2", "")
		if r := p.ended("edit ann/1"); r.State != outbox.Withheld || r.Error == "" {
			p.Errorf("an edit of what never arrived: %+v", r)
		}
		p.ended("delete ann/2")
		if got := p.texts("ann"); got != "a, edited c" {
			p.Errorf("ann sees %q", got)
		}
		if ids, sent := p.channel.WaitDeleted(p, p.to("ann"), 1), p.channel.Sent(p.to("ann")); ids[0] != sent[1].ID {
			p.Errorf("deleted %v", ids)
		}
	})
}

// TestCourierOnANetworkWithoutEdits fails them visibly and goes on.
func TestCourierOnANetworkWithoutEdits(t *testing.T) {
	inPost(t, func(p *post) {
		p.courier.Channels = []chat.Channel{struct{ chat.Channel }{p.channel}}
	}, func(p *post) {
		p.put("ann", "a")
		p.revise("ann", outbox.OpEdit, "ann/0", "b")
		p.revise("ann", outbox.OpDelete, "ann/0", "")
		for _, key := range []string{"edit ann/0", "delete ann/0"} {
			if r := p.ended(key); r.State != outbox.Failed || !strings.Contains(r.Error, "this network can't") {
				p.Errorf("%s: %+v", key, r)
			}
		}
	})
}

// revise puts an edit or deletion of the delivery of into the outbox.
func (p *post) revise(person string, op outbox.Op, of, text string) {
	p.Helper()
	err := p.store.Update(p.Context(), func(tx handoff.Tx) error {
		_, err := tx.PutDelivery(outbox.Delivery{
			Key: string(op) + " " + of, To: p.to(person), Class: outbox.ClassReply, Op: op, Of: of,
			Out: chat.Outbound{Body: chat.Plain(text)}, CreatedAt: time.Now(), Due: time.Now(),
		})
		return err
	})
	if err != nil {
		p.Fatal(err)
	}
}

// TestPriorities: the head starts are what the documentation of classes says.
func TestPriorities(t *testing.T) {
	t.Parallel()
	order := []outbox.Class{outbox.ClassReply, outbox.ClassNotice, outbox.ClassBot, outbox.ClassBroadcast}
	for i, c := range order {
		if c.Priority() != i {
			t.Errorf("%s has priority %d, want %d", c, c.Priority(), i)
		}
		if i > 0 && outbox.HeadStart(i) >= outbox.HeadStart(i-1) {
			t.Errorf("%s does not make way for %s", c, order[i-1])
		}
	}
	if len(order) != outbox.Priorities || outbox.HeadStart(-1) != outbox.HeadStart(0) || outbox.HeadStart(99) != 0 {
		t.Error("priorities outside the table")
	}
}

func TestParts(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("word ", 50)
	d := outbox.Delivery{Key: "k", Op: outbox.OpSend, Out: chat.Outbound{
		Body: chat.Plain(long), ReplyTo: "7", Choices: []chat.Choice{{Label: "ok", Data: "ok"}},
	}}
	parts := outbox.Parts(d, chat.Limits{Units: 100})
	if len(parts) != 3 {
		t.Fatalf("%d parts, want 3", len(parts))
	}
	var texts []string
	keys := map[string]bool{}
	for i, p := range parts {
		texts = append(texts, p.Out.Body.Text)
		keys[p.Key] = true
		if (p.Out.ReplyTo != "") != (i == 0) || (len(p.Out.Choices) > 0) != (i == len(parts)-1) {
			t.Errorf("part %d: reply to %q, %d choices", i, p.Out.ReplyTo, len(p.Out.Choices))
		}
	}
	if got := strings.Join(texts, " "); got != strings.TrimSpace(long) {
		t.Errorf("joined: %q", got)
	}
	if len(keys) != 3 || !keys["k"] {
		t.Errorf("keys %v, want k and two others", keys)
	}
}
