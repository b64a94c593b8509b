package discord_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"firstline/bot/discord"
	"firstline/bot/discord/discordtest"
)

// TestReconnects breaks the connection in every way, sends a message while it
// is broken, and wants all messages once and in order.
func TestReconnects(t *testing.T) {
	t.Parallel()
	quick := discord.Timing{Idle: 500 * time.Millisecond}
	for _, test := range []struct {
		name      string
		breaks    func(*discordtest.Server)
		wait      func(*testing.T, *discordtest.Server)
		timing    discord.Timing
		open      time.Duration
		heartbeat time.Duration
	}{
		{name: "dropped", breaks: (*discordtest.Server).DropGateway, wait: resumed(1)},
		{name: "dropped, and the session forgotten", breaks: func(s *discordtest.Server) {
			s.ForgetSessions()
			s.DropGateway()
		}, wait: ready(2)},
		{name: "op 7", breaks: (*discordtest.Server).AskToReconnect, wait: resumed(1)},
		{name: "op 9", breaks: func(s *discordtest.Server) { s.InvalidateSession(false) }, wait: ready(2)},
		{name: "op 9 resumable", breaks: func(s *discordtest.Server) { s.InvalidateSession(true) }, wait: resumed(1)},
		{name: "closed with 4000", breaks: func(s *discordtest.Server) { s.CloseGateway(4000) }, wait: resumed(1)},
		{name: "closed with 4009, and again when resuming", breaks: func(s *discordtest.Server) {
			s.NextHandshake(discordtest.ClosesWith(4009))
			s.CloseGateway(4009)
		}, wait: ready(2)},
		{name: "closed with 1000", breaks: func(s *discordtest.Server) { s.CloseGateway(1000) }, wait: ready(2)},
		{name: "resume refused", breaks: func(s *discordtest.Server) {
			s.NextHandshake(discordtest.SendsInvalid)
			s.DropGateway()
		}, wait: ready(2)},
		{name: "resume fails twice", breaks: func(s *discordtest.Server) {
			s.NextHandshake(discordtest.HangsUp, discordtest.ClosesWith(4000))
			s.DropGateway()
		}, wait: resumed(1)},
		{name: "op 7 instead of RESUMED", open: 1500 * time.Millisecond, breaks: func(s *discordtest.Server) {
			s.NextHandshake(discordtest.SendsReconnect)
			s.DropGateway()
		}, wait: resumed(1)},
		{name: "nothing instead of RESUMED", open: 1500 * time.Millisecond, breaks: func(s *discordtest.Server) {
			s.NextHandshake(discordtest.SaysNothing)
			s.DropGateway()
		}, wait: resumed(1)},
		{name: "no HELLO", open: 1500 * time.Millisecond, breaks: func(s *discordtest.Server) {
			s.SayNoHello(1)
			s.DropGateway()
		}, wait: resumed(1)},
		{name: "the API is down too", breaks: func(s *discordtest.Server) {
			s.Fail("GET", "/gateway", discordtest.HTML(502), discordtest.RateLimited(time.Minute), discordtest.DropsBefore)
			s.ForgetSessions()
			s.NextHandshake(discordtest.ClosesWith(4009), discordtest.ClosesWith(4009))
			s.DropGateway()
		}, wait: ready(2)},
		{name: "silence", timing: quick, breaks: func(s *discordtest.Server) { s.Mute(true) }, wait: func(t *testing.T, s *discordtest.Server) {
			s.WaitGone(t)
			s.Mute(false)
			s.WaitResumed(t, 1)
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := discordtest.New(t)
			channel := s.AddChannel()
			if test.heartbeat > 0 {
				s.SetHeartbeat(test.heartbeat)
			}
			b := start(t, s, nil, nil, setup{timing: test.timing, options: func(o *discord.Options) {
				if test.open > 0 {
					o.OpenTimeout = test.open
				}
			}})
			b.meet(t, "501")
			test.breaks(s)
			s.UserDMs("501", "meanwhile")
			s.UserMentions(channel, "502", "in a channel")
			s.UserDMs("503", "for the first time")
			test.wait(t, s)
			s.UserDMs("501", "after")
			b.meet(t, "503") // only now can the bot know of this conversation
			got := b.inbox.wait(t, 4)
			var dm []string
			seen := map[string]int{}
			for _, m := range got {
				seen[m.Text]++
				if m.From.ID == "501" {
					dm = append(dm, m.Text)
				}
			}
			if strings.Join(dm, ",") != "meanwhile,after" {
				t.Errorf("order of the direct conversation: %q", dm)
			}
			if len(got) != 4 || len(seen) != 4 || b.inbox.repeated != 0 {
				t.Errorf("received %q, %d repeated", texts(got), b.inbox.repeated)
			}
		})
	}
}

func ready(n int) func(*testing.T, *discordtest.Server) {
	return func(t *testing.T, s *discordtest.Server) { s.WaitReady(t, n) }
}

func resumed(n int) func(*testing.T, *discordtest.Server) {
	return func(t *testing.T, s *discordtest.Server) { s.WaitResumed(t, n) }
}

// TestMissedHeartbeats: one that is not answered until the next is due shows that
// the connection is dead. Heartbeats are frequent only meanwhile: on a busy machine
// a bot that is to answer so soon would reconnect all the time.
func TestMissedHeartbeats(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	b := start(t, s, nil, nil, setup{})
	b.meet(t, "501")
	s.SetHeartbeat(150 * time.Millisecond)
	s.DropGateway()
	s.WaitResumed(t, 1)
	s.Mute(true)
	s.UserDMs("501", "meanwhile")
	b.waitLog(t, "a heartbeat was not answered")
	s.SetHeartbeat(time.Minute)
	s.Mute(false)
	b.inbox.want(t, "meanwhile")
}

// TestFirstPacketAsksToReconnect: op 7 before READY.
func TestFirstPacketAsksToReconnect(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	s.NextHandshake(discordtest.SendsReconnect, discordtest.SendsReconnect)
	b := start(t, s, nil, nil, setup{options: func(o *discord.Options) { o.OpenTimeout = time.Second }})
	b.meet(t, "501")
}

func TestInvalidSessionAtFirst(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	s.NextHandshake(discordtest.SendsInvalid)
	b := start(t, s, nil, nil, setup{})
	b.meet(t, "501")
}

func TestManyDrops(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	b := start(t, s, nil, nil, setup{})
	b.meet(t, "501")
	want := numbered(120)
	for i, text := range want {
		s.UserDMs("501", text)
		if i%40 == 20 {
			s.DropGateway()
		}
		if i%40 == 39 {
			s.WaitResumed(t, 1+i/40)
		}
	}
	b.inbox.want(t, want...)
	if b.inbox.repeated != 0 || s.Identifies() != 1 {
		t.Errorf("%d repeated, %d identifies", b.inbox.repeated, s.Identifies())
	}
}

func TestFinalErrors(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		token string
		setUp func(*discordtest.Server)
		want  string
	}{
		{name: "refused token", token: "another-token", want: "the token was refused"},
		{name: "intent switched off", setUp: (*discordtest.Server).DisallowMessageContent, want: "switch on Message Content Intent"},
		{name: "a shard that is none", setUp: closes(4010), want: "no such shard"},
		{name: "the protocol is too old", setUp: closes(4012), want: "update"},
		{name: "unknown intents", setUp: closes(4013), want: "update"},
		{name: "too many guilds", setUp: closes(4011), want: "too many servers"},
		{name: "401 from the API", setUp: func(s *discordtest.Server) {
			s.Fail("GET", "/gateway", discordtest.Refused(401, 0, "401: Unauthorized"))
		}, want: "the token was refused"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := discordtest.New(t)
			if test.setUp != nil {
				test.setUp(s)
			}
			b := start(t, s, nil, nil, setup{token: test.token})
			err := b.waitEnded(t)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("Run: %v, want something about %q", err, test.want)
			}
			if strings.Contains(err.Error(), "another-token") {
				t.Errorf("the token is in %q", err)
			}
			checkSecrets(t, s, err.Error())
		})
	}
}

func closes(code int) func(*discordtest.Server) {
	return func(s *discordtest.Server) { always(s, code) }
}

func TestTokenRevokedLater(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	b := start(t, s, nil, nil, setup{})
	b.waitLog(t, "discord: connected")
	always(s, 4004)
	s.CloseGateway(4004)
	if err := b.waitEnded(t); err == nil || !strings.Contains(err.Error(), "the token was refused") {
		t.Errorf("Run: %v", err)
	}
}

func TestRunEndsWhileItCannotConnect(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	s.SayNoHello(1000)
	b := start(t, s, nil, nil, setup{})
	s.WaitCalls(t, "GET", "/gateway", 1)
	if err := b.stop(); err != nil {
		t.Errorf("Run: %v", err)
	}
}

func TestRunOnlyOnce(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	b := start(t, s, nil, nil, setup{})
	b.waitLog(t, "discord: connected")
	if err := b.Run(context.Background(), b.inbox); err == nil {
		t.Error("a second Run was begun")
	}
}
