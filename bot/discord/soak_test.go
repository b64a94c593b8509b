package discord_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"firstline/bot/chat"
	"firstline/bot/discord"
	"firstline/bot/discord/discordtest"
)

// TestSoak receives and answers many messages in many conversations while
// everything goes wrong: nothing is lost, nothing comes twice, the order within a
// conversation holds, both ways. SOAK sets how many messages, SEED the seed.
func TestSoak(t *testing.T) {
	t.Parallel()
	number := func(name string, otherwise int) int {
		if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
			return n
		}
		return otherwise
	}
	total, seed := number("SOAK", 600), number("SEED", 1)
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(uint64(seed), 7)) //nolint:gosec // repeatable
	s := discordtest.New(t)
	help, forum, staff, role := s.AddChannel(), s.AddForum(), s.AddChannel(), s.AddRole()
	s.SetRoles("700", role)
	b := start(t, s, nil, nil, setup{options: func(o *discord.Options) { o.Help, o.StaffChannel = []string{help, forum}, staff }})
	rooms := []string{staff, s.AddThreadIn(staff), s.AddThreadIn(staff)}
	where := append([]string{help, s.AddThreadIn(help)}, rooms...)
	for i := range 8 {
		user := fmt.Sprint(600 + i)
		b.meet(t, user)
		where = append(where, s.DM(user))
	}
	var sending sync.WaitGroup
	want, answers := map[string][]string{}, map[string][]string{}
	expected := 0
	for i := range total {
		if rng.IntN(40) == 0 && len(where) < 60 {
			post := s.UserAsks(forum, "700", "Title", "begins")
			where = append(where, post)
			want[post] = []string{"Title\n\nbegins"}
			expected++
		}
		c := where[rng.IntN(len(where))]
		text := fmt.Sprintf("message %d", i)
		s.UserPosts(c, "700", text)
		want[c] = append(want[c], text)
		answers[c] = append(answers[c], fmt.Sprintf("answer %d", i))
		if rng.IntN(25) == 0 {
			harm(s, rng)
		}
		if expected++; i%500 == 499 { // faults must not pile up
			b.inbox.wait(t, expected)
		}
	}
	for c, list := range answers {
		sending.Go(func() { sendAll(t, b, c, list) })
	}
	for range total / 20 {
		s.Fail("POST", "/messages", breaks[rng.IntN(len(breaks))])
	}
	got := map[string][]string{}
	for _, m := range b.inbox.wait(t, expected) {
		got[m.Conversation.ID] = append(got[m.Conversation.ID], m.Text)
		if m.StaffRoom != slices.Contains(rooms, m.Conversation.ID) || slices.Equal(m.Roles, []string{role}) != m.StaffRoom {
			t.Errorf("in %s: of staff %t, roles %v", m.Conversation.ID, m.StaffRoom, m.Roles)
		}
	}
	sending.Wait()
	for c, list := range want {
		if !slices.Equal(got[c], list) {
			t.Errorf("received in %s: %q, want %q", c, got[c], list)
		}
	}
	for c, list := range answers {
		var sent []string
		for _, m := range s.Sent(c) {
			sent = append(sent, m.Content)
		}
		if !slices.Equal(sent, list) {
			t.Errorf("sent in %s: %q, want %q", c, sent, list)
		}
	}
}

var breaks = []discordtest.Fault{
	discordtest.DropsAfter, discordtest.DropsBefore, discordtest.HTML(502), discordtest.Truncated,
	discordtest.RateLimited(3 * time.Millisecond), discordtest.GloballyRateLimited(2 * time.Millisecond),
}

// harm does something to the gateway, or to reading over the API.
func harm(s *discordtest.Server, rng *rand.Rand) {
	s.Fail("GET", "/messages", breaks[rng.IntN(len(breaks))])
	s.Fail("GET", "/members/", breaks[rng.IntN(len(breaks))])
	switch rng.IntN(8) {
	case 0:
		s.DropGateway()
	case 1:
		s.AskToReconnect()
	case 2:
		s.InvalidateSession(rng.IntN(2) == 0)
	case 3:
		s.CloseGateway(4000 + rng.IntN(4))
	case 4:
		s.NextHandshake(discordtest.SendsReconnect, discordtest.HangsUp)
		s.DropGateway()
	case 5:
		s.ForgetSessions()
		s.DropGateway()
	case 6:
		s.RepeatEvents(rng.IntN(2) == 0)
	case 7:
		s.NextHandshake(discordtest.SendsInvalid)
		s.CloseGateway(4009)
	}
}

// sendAll sends in order, as the courier does: each until it is accepted.
func sendAll(t *testing.T, b *bot, channel string, list []string) {
	for _, text := range list {
		out := &chat.Outbound{Body: chat.Plain(text), Key: text}
		for deadline := time.Now().Add(patience); ; {
			_, err := b.Send(t.Context(), in(channel), out)
			if err == nil {
				break
			}
			if e := chat.AsSendError(err); e.Kind.Permanent() || time.Now().After(deadline) {
				t.Errorf("%s: %v", text, err)
				return
			}
		}
	}
}
