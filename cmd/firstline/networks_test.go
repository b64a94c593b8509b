package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"firstline/bot/discord/discordtest"
	"firstline/bot/telegram/telegramtest"
)

// story is what a ticket's story looks like in JSON.
func (d *deployment) story(id string) storyRow {
	d.t.Helper()
	var s storyRow
	if err := json.Unmarshal([]byte(d.cli("tickets", "--json", "show", id)), &s); err != nil {
		d.t.Fatal(err)
	}
	return s
}

// wantFailed waits until the last entry of a ticket is shown as undeliverable.
func (d *deployment) wantFailed(id string) {
	d.t.Helper()
	eventually(d.t, "the failure to be shown", func() bool {
		s := d.story(id)
		last := s.Entries[len(s.Entries)-1]
		return last.Delivery == "failed" && strings.Contains(last.Problem, "unreachable")
	})
}

// peer is a person on a network, for the conversation that must go alike on
// all of them.
type peer struct {
	says    func(text string)
	presses func(label string) // under the newest message that has such a button
	// hears waits for n messages in all and returns the last one.
	hears func(n int) string
}

// converse walks through the main job: a question answered, one that is not, a
// ticket, a claim, silence, a note, a reply, solving, rating, reopening.
func converse(t *testing.T, d *deployment, p peer) {
	p.says("i lost my phone with the authenticator")
	if got := p.hears(1); !strings.Contains(got, "Lost phone or authenticator") {
		t.Fatalf("answer: %q", got)
	}
	p.says("zzyzx frobnicate the quux withdrawal blorp")
	unsure := p.hears(2)
	p.presses("Talk to a person")
	if got := p.hears(3); !strings.Contains(got, "A person will answer you here") || !strings.Contains(got, "next in the queue") {
		t.Fatalf("after %q, notice: %q", unsure, got)
	}
	d.cli("tickets", "claim", "1", "--as", "alice")
	p.says("how do i turn on 2fa") // the bot knows, and must be silent
	d.cli("tickets", "note", "1", "internal remark 4711", "--as", "bob")
	d.cli("tickets", "reply", "1", "Hello, *Alice* here <b>&</b> @everyone.", "--as", "alice")
	if got := p.hears(4); !strings.Contains(got, "Alice") || !strings.Contains(got, "team") {
		t.Fatalf("reply: %q", got)
	}
	d.cli("tickets", "solve", "1", "--as", "alice")
	if got := p.hears(5); !strings.Contains(got, "solved") {
		t.Fatalf("solved: %q", got)
	}
	p.presses("5")
	p.hears(6)
	p.says("thank you")
	p.hears(7)
	p.says("zzyzx it frobnicates again")
	if got := p.hears(8); !strings.Contains(got, "reopened your request") {
		t.Fatalf("reopening: %q", got)
	}
	s := d.story("1")
	if s.Rating != 5 || s.Reopened != 1 || s.State != "open" {
		t.Errorf("ticket: %+v", s.ticketRow)
	}
	if len(s.Notes) != 1 {
		t.Errorf("%d notes, want 1", len(s.Notes))
	}
	asked := slices.ContainsFunc(s.Entries, func(e entryRow) bool { return e.Text == "how do i turn on 2fa" })
	if !asked {
		t.Error("what was written while a person held the ticket is not in its story")
	}
}

func TestTelegramEndToEnd(t *testing.T) {
	t.Parallel()
	tg := telegramtest.New(t)
	d := newShipped(t, "TELEGRAM_TOKEN="+tg.Token, "TELEGRAM_API_BASE="+tg.URL)
	serve := d.start().ready()
	const user = 4711
	converse(t, d, peer{
		says: func(text string) { tg.UserSends(user, text) },
		presses: func(label string) {
			for _, m := range slices.Backward(tg.Sent(user)) {
				for _, b := range m.Buttons {
					if b.Text == label {
						tg.UserPresses(user, m.ID, b.Data)
						return
					}
				}
			}
			t.Fatalf("no button %q", label)
		},
		hears: func(n int) string { return tg.WaitSent(t, user, n)[n-1].Text },
	})
	for _, m := range tg.Sent(user) {
		if strings.Contains(m.Text, "4711") {
			t.Errorf("the note reached the asker: %q", m.Text)
		}
	}
	t.Run("blocked", func(t *testing.T) {
		tg.Block(user)
		d.cli("tickets", "reply", "1", "are you there?", "--as", "alice")
		tg.UserSends(4712, "hola") // somebody behind is served all the same
		tg.WaitSent(t, 4712, 1)
		d.wantFailed("1")
	})
	serve.stop()
	if strings.Contains(serve.log.String(), tg.Token) {
		t.Error("the token is in the log")
	}
	if strings.Contains(serve.log.String(), "frobnicate") {
		t.Error("a person's text is in the log")
	}
}

func TestDiscordEndToEnd(t *testing.T) {
	t.Parallel()
	dc := discordtest.New(t)
	d := newDeployment(t, "DISCORD_TOKEN="+dc.Token, "DISCORD_API_BASE="+dc.URL)
	serve := d.start().ready()
	dc.WaitReady(t, 1)
	const user = "300000000000000001"
	dm := dc.DM(user)
	converse(t, d, peer{
		says: func(text string) { dc.UserDMs(user, text) },
		presses: func(label string) {
			for _, m := range slices.Backward(dc.Sent(dm)) {
				for _, b := range m.Buttons {
					if b.Label == label {
						dc.UserPresses(user, m.ID, b.CustomID)
						return
					}
				}
			}
			t.Fatalf("no button %q", label)
		},
		hears: func(n int) string { return dc.WaitSent(t, dm, n)[n-1].Content },
	})
	for _, m := range dc.Sent(dm) {
		if strings.Contains(m.Content, "4711") {
			t.Errorf("the note reached the asker: %q", m.Content)
		}
	}
	t.Run("mention", func(t *testing.T) {
		channel := dc.AddChannel()
		dc.UserPosts(channel, user, "nobody asked the bot")
		dc.UserMentions(channel, user, "hello")
		if got := dc.WaitSent(t, channel, 1); len(got) != 1 {
			t.Errorf("%d messages, want one for the mention", len(got))
		}
	})
	t.Run("commands", func(t *testing.T) {
		channel := dc.AddChannel()
		dc.UserCommand(channel, "300000000000000002", "ask", "how do i turn on 2fa")
		if got := dc.WaitSent(t, channel, 1)[0].Content; !strings.Contains(got, "2FA") {
			t.Errorf("/ask: %q", got)
		}
		human := dc.UserCommand(channel, "300000000000000002", "human", "")
		dc.WaitAcknowledged(t, human)
		dc.UserSubmits(human, "my account is locked")
		if got := dc.WaitSent(t, channel, 2)[1].Content; !strings.Contains(got, "A person will answer you here") {
			t.Errorf("/human: %q", got)
		}
	})
	t.Run("closed", func(t *testing.T) {
		dc.CloseDMs(user)
		d.cli("tickets", "reply", "1", "are you there?", "--as", "alice")
		const other = "300000000000000003"
		dc.UserDMs(other, "hola") // somebody behind is served all the same
		dc.WaitSent(t, dc.DM(other), 1)
		d.wantFailed("1")
		dc.Allow(dm)
		d.cli("tickets", "release", "1", "--as", "alice") // the bot may speak again
	})
	t.Run("away", func(t *testing.T) {
		serve.stop()
		dc.UserDMs(user, "hello from the time between")
		serve = d.start().ready()
		sent := dc.WaitSent(t, dm, 9)
		if len(sent) != 9 {
			t.Errorf("%d messages, want 9", len(sent))
		}
	})
	serve.stop()
	if strings.Contains(serve.log.String(), dc.Token) {
		t.Error("the token is in the log")
	}
}
