package main

import (
	"context"
	"log/slog"
	"math"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"firstline/bot/chat"
	"firstline/bot/discord"
	"firstline/bot/discord/discordtest"
	"firstline/bot/telegram"
	"firstline/bot/telegram/telegramtest"
)

// soakPeople is how many people write, half of them on each network.
const soakPeople = 80

// TestSoak has people on two networks write thousands of messages while both
// networks fail in every way that they are known to, and everything is stopped and
// started in between. Everybody is answered, in order, and twice only where a
// network gives no key. FIRSTLINE_SOAK sets how many messages.
func TestSoak(t *testing.T) {
	t.Parallel()
	total := 600
	if s := os.Getenv("FIRSTLINE_SOAK"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatal(err)
		}
		total = n
	}
	const seed = 20261125
	rng := rand.New(rand.NewPCG(seed, 1))
	tg, dc := telegramtest.New(t), discordtest.New(t)
	tg.Disorder(seed)
	dc.RepeatEvents(true)
	content := fewContent(t)
	people := askers(t, content, tg, dc, soakPeople)
	s := &soak{T: t, content: content, database: filepath.Join(t.TempDir(), "soak.db"), tg: tg, dc: dc}
	stop := s.start()
	dc.WaitReady(t, 1) // a first direct message to a bot that is away is never told
	for _, a := range people {
		if a.greet != nil {
			a.greet()
		}
	}
	began := time.Now()
	for i := range total {
		if i%20 == 0 {
			s.disturb(rng)
		}
		if i > 0 && i%(total/4+1) == 0 {
			stop()
			stop = s.start()
		}
		people[rng.IntN(len(people))].ask()
		if i%50 == 49 { // so that there is a backlog, but not all of it at once
			a := people[rng.IntN(len(people))]
			eventually(t, "the backlog to shrink", func() bool { return a.asked-len(a.heard()) < 20 })
		}
	}
	heal(tg, dc)
	tg.Heal("getUpdates")
	doubled := 0
	for _, a := range people {
		doubled += a.judge(t)
	}
	t.Logf("%d messages of %d people in %s, none lost; %d answers arrived twice on Telegram", total, len(people),
		time.Since(began).Round(time.Second), doubled)
	stop()
}

// soak is everything but the process: its channels are faster than the networks
// would allow.
type soak struct {
	*testing.T
	content, database string
	tg                *telegramtest.Server
	dc                *discordtest.Server
}

// start starts everything on the soak's database.
func (s *soak) start() (stop func()) {
	s.Helper()
	b, err := loadContent(s.content)
	if err != nil {
		s.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	e, err := newEngine(context.Background(), log, s.database, b)
	if err != nil {
		s.Fatal(err)
	}
	onTelegram, err := telegram.New(telegram.Options{
		Token: s.tg.Token, APIBase: s.tg.URL, Marks: marksOfTelegram{e.store},
		Pace:        telegram.Pace{Chat: math.Inf(1), Group: math.Inf(1), Overall: math.Inf(1)},
		PollTimeout: time.Second, RequestTimeout: 2 * time.Second, RetryMin: time.Millisecond, RetryMax: 50 * time.Millisecond,
	})
	if err != nil {
		s.Fatal(err)
	}
	onDiscord, err := discord.New(discord.Options{
		Token: s.dc.Token, APIBase: s.dc.URL, Seen: seenOnDiscord{e.store},
		OpenTimeout: 5 * time.Second, RetryMin: time.Millisecond, RetryMax: 50 * time.Millisecond, IdentifyEvery: time.Millisecond,
	})
	if err != nil {
		s.Fatal(err)
	}
	channels := []chat.Channel{onTelegram, onDiscord}
	w := &work{engine: e, channels: channels, sweep: true}
	to, stopWork, err := w.start(context.Background())
	if err != nil {
		s.Fatal(err)
	}
	running, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	for _, ch := range channels {
		wg.Go(func() {
			if err := ch.Run(running, to); err != nil {
				s.Errorf("%s: %v", ch.Network(), err)
			}
		})
	}
	return func() {
		cancel()
		wg.Wait()
		stopWork()
		if err := e.Close(); err != nil {
			s.Error(err)
		}
	}
}

// disturb lets something go wrong on each network: sending, and every other time
// receiving.
func (s *soak) disturb(rng *rand.Rand) {
	disturb(rng, s.tg, s.dc)
	switch rng.IntN(12) {
	case 0:
		s.tg.Fail("getUpdates", telegramtest.Drop(), telegramtest.HTMLPage(http.StatusBadGateway))
	case 1:
		s.tg.Fail("getUpdates", telegramtest.DropAfter(), telegramtest.Conflict())
	case 2:
		s.tg.Fail("getUpdates", telegramtest.TooManyRequests(0))
	case 3:
		s.dc.AskToReconnect()
	case 4:
		s.dc.InvalidateSession(rng.IntN(2) == 0)
	case 5:
		s.dc.DropGateway()
	case 6:
		s.dc.CloseGateway([]int{4000, 4001, 4002, 4003, 4005, 4007, 4008, 4009}[rng.IntN(8)])
	case 7:
		s.dc.ForgetSessions() // a RESUME will be refused
		s.dc.DropGateway()
	case 8:
		s.dc.SwapMessages(2)
	}
}
