package main

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"firstline/bot/discord/discordtest"
	"firstline/bot/telegram/telegramtest"
	"firstline/knowledge"
)

// killRounds is how often TestKill kills, unless FIRSTLINE_KILL_ROUNDS says
// otherwise (.ci/run wants 200).
const killRounds = 10

// killQuestions are asked by TestKill, two by each person and nobody else, so
// that an answer in the wrong conversation is seen.
var killQuestions = [][2]string{
	{"i lost my phone with the authenticator", "how do i turn on 2fa"},
	{"how do i change the language of the app", "what data do you collect about me"},
	{"how do i close my account", "how do i create an account"},
	{"where can i see my transaction history", "how do i swap tokens"},
	{"i forgot my password", "my deposit has not arrived"},
	{"how do i cancel a withdrawal", "how do i verify my identity"},
}

// asker is a person of TestKill. They never ask the same twice in a row, so a
// doubled answer is told from two answers.
type asker struct {
	name string
	// questions are asked in turn; titles are of the articles that answer them.
	questions, titles [2]string
	asked             int
	say               func(text string)
	greet             func()          // nil where a stranger's first message is never missed
	heard             func() []string // titles of all answers, in order
	perfect           bool            // the network tells duplicates apart: none may be
}

func (a *asker) ask() {
	a.say(a.questions[a.asked%2])
	a.asked++
}

// expected is what a hears when nothing is lost, doubled, or out of order.
func (a *asker) expected() []string {
	titles := make([]string, a.asked)
	for i := range titles {
		titles[i] = a.titles[i%2]
	}
	return titles
}

// judge waits until a was answered, fails when something was lost, came out of
// order or to somebody else, or twice where that can be told, and returns how many
// answers came twice.
func (a *asker) judge(t *testing.T) (doubled int) {
	t.Helper()
	eventually(t, fmt.Sprintf("%s to hear %d answers", a.name, a.asked), func() bool { return len(slices.Compact(a.heard())) >= a.asked })
	heard := a.heard()
	once := slices.Compact(slices.Clone(heard))
	if want := a.expected(); !slices.Equal(once, want) {
		t.Errorf("%s heard\n%q, want\n%q", a.name, once, want)
	}
	doubled = len(heard) - len(once)
	if doubled > 0 && a.perfect {
		t.Errorf("%s heard %d answers twice on a network that tells duplicates apart", a.name, doubled)
	}
	return doubled
}

// TestKill kills serve at random points while people write on two networks and
// an agent replies. In the end every message must have been answered, in order,
// in its own conversation, and every reply must have arrived; what arrived
// twice is counted, and is allowed only where the network gives no key to tell
// it by.
func TestKill(t *testing.T) {
	t.Parallel()
	rounds := killRounds
	if s := os.Getenv("FIRSTLINE_KILL_ROUNDS"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatal(err)
		}
		rounds = n
	}
	const seed = 20261122
	rng := rand.New(rand.NewPCG(seed, 1))
	tg, dc := telegramtest.New(t), discordtest.New(t)
	d := newDeployment(t, "TELEGRAM_TOKEN="+tg.Token, "TELEGRAM_API_BASE="+tg.URL, "DISCORD_TOKEN="+dc.Token, "DISCORD_API_BASE="+dc.URL)
	people := askers(t, d.content, tg, dc, len(killQuestions))
	replies := meet(t, d, tg, dc, people)

	began := time.Now()
	for round := range rounds {
		p := d.start()
		disturb(rng, tg, dc)
		for range 1 + rng.IntN(4) {
			people[rng.IntN(len(people))].ask()
		}
		// From before the lock is taken to after the answers are out.
		life := time.After(time.Duration(rng.IntN(1500)) * time.Millisecond)
		if round%5 == 0 {
			d.cli("tickets", "reply", "1", "--as", "alice", fmt.Sprintf("reply %d", len(replies.want)))
			replies.want = append(replies.want, fmt.Sprintf("reply %d", len(replies.want)))
		}
		select {
		case <-life:
		case <-p.ended:
			t.Fatalf("serve ended by itself: %v\n%s", p.waited, p.log)
		}
		p.kill()
	}
	t.Logf("%d rounds in %s", rounds, time.Since(began).Round(time.Second))

	heal(tg, dc)
	p := d.start().ready()
	doubled := 0
	for _, a := range people {
		doubled += a.judge(t)
	}
	eventually(t, "all replies to arrive", func() bool { return len(slices.Compact(replies.heard())) >= len(replies.want) })
	heard := replies.heard()
	once := slices.Compact(slices.Clone(heard))
	if !slices.Equal(once, replies.want) {
		t.Errorf("replies: heard %q, want %q", once, replies.want)
	}
	asked := 0
	for _, a := range people {
		asked += a.asked
	}
	t.Logf("%d messages and %d replies, none lost; %d arrived twice on Telegram", asked, len(replies.want), doubled+len(heard)-len(once))
	p.stop()
}

// disturb lets one of the next sends go wrong on each network, every other time
// in a way that leaves open whether it arrived.
func disturb(rng *rand.Rand, tg *telegramtest.Server, dc *discordtest.Server) {
	onTelegram := []telegramtest.Fault{
		telegramtest.HangAfter(), telegramtest.DropAfter(), telegramtest.HangAfter(), telegramtest.DropAfter(),
		telegramtest.Drop(), telegramtest.TooManyRequests(1), telegramtest.HTMLPage(http.StatusBadGateway), telegramtest.Slow(300 * time.Millisecond),
	}
	onDiscord := []discordtest.Fault{
		discordtest.DropsAfter, discordtest.DropsBefore, discordtest.RateLimited(100 * time.Millisecond), discordtest.HTML(http.StatusBadGateway),
	}
	heal(tg, dc) // what has not gone wrong yet does not add up
	tg.Fail("sendMessage", onTelegram[rng.IntN(len(onTelegram))])
	dc.Fail(http.MethodPost, "/messages", onDiscord[rng.IntN(len(onDiscord))])
}

func heal(tg *telegramtest.Server, dc *discordtest.Server) {
	tg.Heal("sendMessage")
	dc.Heal()
}

// askers returns n people, half of them on each network; content answers them.
// Neighbours on a network ask different things.
func askers(t *testing.T, content string, tg *telegramtest.Server, dc *discordtest.Server, n int) []*asker {
	b, err := loadContent(content)
	if err != nil {
		t.Fatal(err)
	}
	base, err := newBase(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	defer base.Close()
	var people []*asker
	for i := range n {
		a := &asker{name: fmt.Sprintf("person %d", i), questions: killQuestions[i%len(killQuestions)]}
		for j, q := range a.questions {
			v, err := base.Ask(t.Context(), knowledge.Query{Text: q})
			if err != nil || v.Kind != knowledge.Answer {
				t.Fatalf("%q is not answered: %+v, %v", q, v, err)
			}
			a.titles[j] = v.Passage.Title
		}
		if i%2 == 0 {
			user := int64(5000 + i)
			a.say = func(text string) { tg.UserSends(user, text) }
			a.heard = func() (titles []string) {
				for _, m := range tg.Sent(user) {
					titles = append(titles, firstLine(m.Text))
				}
				return titles
			}
		} else {
			user := fmt.Sprintf("30000000000000%04d", i)
			dm := dc.DM(user)
			a.perfect = true
			a.greet = func() {
				dc.UserDMs(user, "hello")
				dc.WaitSent(t, dm, 1)
			}
			a.say = func(text string) { dc.UserDMs(user, text) }
			a.heard = func() (titles []string) {
				for _, m := range dc.Sent(dm)[1:] { // after the greeting
					titles = append(titles, strings.Trim(firstLine(m.Content), "*"))
				}
				return titles
			}
		}
		people = append(people, a)
	}
	return people
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// replies is what an agent wrote to the person of ticket 1.
type replies struct {
	want  []string
	heard func() []string
}

// meet has somebody ask for a person, and an agent claim the ticket; and lets
// people on Discord greet: a bot can't find out that somebody opened a direct
// conversation, and wrote into it, for the first time while it was away.
func meet(t *testing.T, d *deployment, tg *telegramtest.Server, dc *discordtest.Server, people []*asker) *replies {
	const user = 4999
	p := d.start().ready()
	tg.UserSends(user, "talk to a human")
	tg.WaitSent(t, user, 1)
	dc.WaitReady(t, 1)
	for _, a := range people {
		if a.greet != nil {
			a.greet()
		}
	}
	p.stop()
	d.cli("tickets", "claim", "1", "--as", "alice")
	return &replies{heard: func() (texts []string) {
		for _, m := range tg.Sent(user)[1:] {
			texts = append(texts, m.Text[strings.LastIndex(m.Text, "\n")+1:])
		}
		return texts
	}}
}

// eventually waits until ok.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(5 * time.Minute); !ok(); <-tick.C { // a backlog goes out at the network's pace
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}
