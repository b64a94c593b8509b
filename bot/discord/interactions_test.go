package discord_test

import (
	"slices"
	"testing"
	"time"

	"firstline/bot/chat"
	"firstline/bot/discord"
	"firstline/bot/discord/discordtest"
)

// reply answers a command as the bot does.
func reply(t *testing.T, b *bot, m *chat.Message, key, text string) (chat.MessageID, error) {
	t.Helper()
	out := &chat.Outbound{Body: chat.Plain(text), Key: key, Choices: []chat.Choice{{Label: "Talk to a person", Data: "person"}}}
	if !m.Private {
		out.ReplyTo = m.ID
	}
	return b.Send(t.Context(), m.Conversation, out)
}

func TestCommand(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	channel := s.AddChannel()
	s.SetLocale("501", "es-ES")
	b := start(t, s, nil, nil, setup{})
	b.waitLog(t, "discord: connected")
	for i, where := range []string{channel, s.DM("501")} {
		id := s.UserCommand(where, "501", "ask", "¿dónde está mi depósito?")
		m := b.inbox.wait(t, i+1)[i]
		private := where != channel
		if m.Event != "i:"+id || m.Command != chat.CommandAsk || m.Text != "¿dónde está mi depósito?" || !m.Addressed ||
			m.Private != private || m.Conversation != in(where) || m.From != (chat.Person{ID: "501", Name: "User 501", Language: "es-ES"}) {
			t.Fatalf("message %+v", m)
		}
		if kind := s.WaitAcknowledged(t, id); kind != 5 {
			t.Errorf("acknowledged with %d, want a deferred message", kind)
		}
		// Sent twice, as after an unknown outcome: one message.
		for range 2 {
			if _, err := reply(t, b, m, "answer", "here it is"); err != nil {
				t.Fatal(err)
			}
		}
		second, err := reply(t, b, m, "second", "and more")
		if err != nil {
			t.Fatal(err)
		}
		got := s.Sent(where)
		if len(got) != 2 || got[0].Command != id || got[0].Content != "here it is" || len(got[0].Buttons) != 1 ||
			got[1].Content != "and more" || got[1].ID != string(second) || got[1].Command != "" {
			t.Fatalf("sent %+v", got)
		}
		if want := map[bool]string{false: got[0].ID}[private]; got[1].ReplyTo != want {
			t.Errorf("the second message replies to %q, want %q", got[1].ReplyTo, want)
		}
	}
}

// TestTwoAsk has answers reach the right one of two askers in a channel.
func TestTwoAsk(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	channel := s.AddChannel()
	b := start(t, s, nil, nil, setup{})
	b.waitLog(t, "discord: connected")
	first := s.UserCommand(channel, "501", "ask", "first")
	second := s.UserCommand(channel, "502", "ask", "second")
	got := b.inbox.wait(t, 2)
	for _, i := range []int{1, 0} {
		if _, err := reply(t, b, got[i], got[i].Event, "answer to the "+got[i].Text); err != nil {
			t.Fatal(err)
		}
	}
	sent := map[string]string{}
	for _, m := range s.Sent(channel) {
		sent[m.Command] = m.Content
	}
	if sent[first] != "answer to the first" || sent[second] != "answer to the second" {
		t.Errorf("sent %v", sent)
	}
}

func TestAnswerAfterTheTokenEnded(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	channel := s.AddChannel()
	b := start(t, s, nil, nil, setup{})
	b.waitLog(t, "discord: connected")
	id := s.UserCommand(channel, "501", "human", "")
	m := b.inbox.wait(t, 1)[0]
	s.WaitAcknowledged(t, id)
	s.ExpireInteractions()
	if _, err := reply(t, b, m, "answer", "a person will answer"); err != nil {
		t.Fatal(err)
	}
	got := s.Sent(channel)
	if len(got) != 1 || got[0].Command != "" || got[0].Content != "a person will answer" || got[0].ReplyTo != "" {
		t.Errorf("sent %+v", got)
	}
}

// TestAnswerAfterRestart answers a command of which the process knows nothing.
func TestAnswerAfterRestart(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	channel := s.AddChannel()
	inb, m := newInbox(), &marks{}
	b := start(t, s, inb, m, setup{})
	b.waitLog(t, "discord: connected")
	ids := []string{s.UserCommand(channel, "501", "ask", "answered"), s.UserCommand(channel, "502", "ask", "not answered")}
	got := inb.wait(t, 2)
	for _, id := range ids {
		s.WaitAcknowledged(t, id)
	}
	written, err := reply(t, b, got[0], "1", "the answer")
	if err != nil {
		t.Fatal(err)
	}
	_ = b.stop()
	b = start(t, s, inb, m, setup{})

	// The process ended before it noted that the answer was written.
	again, err := reply(t, b, got[0], "1", "the answer")
	if err != nil || again != written {
		t.Errorf("sent again as %s (%v), want %s", again, err, written)
	}
	// An agent's reply refers to the reply of the command.
	if _, err := reply(t, b, got[0], "2", "an agent's words"); err != nil {
		t.Fatal(err)
	}
	if _, err := reply(t, b, got[1], "3", "late answer"); err != nil {
		t.Fatal(err)
	}
	sent := s.Sent(channel)
	if len(sent) != 3 || sent[1].ReplyTo != string(written) || sent[2].ReplyTo != "" || sent[2].Content != "late answer" {
		t.Errorf("sent %+v", sent)
	}
}

func TestReplyFails(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	channel := s.AddChannel()
	b := start(t, s, nil, nil, setup{})
	b.waitLog(t, "discord: connected")
	id := s.UserCommand(channel, "501", "ask", "x")
	m := b.inbox.wait(t, 1)[0]
	s.WaitAcknowledged(t, id)
	s.Fail("PATCH", "@original", discordtest.DropsAfter, discordtest.HTML(500), discordtest.RateLimited(time.Minute))
	for _, want := range []chat.SendKind{chat.Unknown, chat.Temporary, chat.Temporary} {
		_, err := reply(t, b, m, "1", "the answer")
		if err == nil || chat.AsSendError(err).Kind != want {
			t.Errorf("%v, want %v", err, want)
		}
		checkSecrets(t, s, err.Error())
	}
	if _, err := reply(t, b, m, "1", "the answer"); err != nil {
		t.Fatal(err)
	}
	if got := s.Sent(channel); len(got) != 1 || got[0].Command != id {
		t.Errorf("sent %+v", got)
	}
}

// TestAcknowledgedBeforeStored: Discord waits for three seconds only.
func TestAcknowledgedBeforeStored(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	inb := newInbox()
	inb.block = make(chan struct{})
	b := start(t, s, inb, nil, setup{timing: discord.Timing{AckWithin: 50 * time.Millisecond}})
	b.waitLog(t, "discord: connected")
	id := s.UserCommand(s.DM("501"), "501", "ask", "x")
	s.WaitAcknowledged(t, id)
	close(inb.block)
	b.inbox.wait(t, 1)
}

// TestNotAcknowledgedUnlessStored: a command that a crash would lose must be
// seen to have failed.
func TestNotAcknowledgedUnlessStored(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	inb := newInbox()
	inb.failures = 1 << 30
	b := start(t, s, inb, nil, setup{timing: discord.Timing{AckWithin: time.Hour}})
	b.waitLog(t, "discord: connected")
	id := s.UserCommand(s.DM("501"), "501", "ask", "x")
	b.waitLog(t, "could not be stored")
	_ = b.stop()
	if s.Acknowledged(id) != 0 {
		t.Error("acknowledged")
	}
	// Nobody waits for the acknowledgement that will not come.
	b.send(t, s.DM("501"), "from somebody else")
}

func TestAcknowledgementFails(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	channel := s.AddChannel()
	s.Fail("POST", "/callback", discordtest.HTML(502), discordtest.DropsAfter) // tried again
	b := start(t, s, nil, nil, setup{})
	b.waitLog(t, "discord: connected")
	id := s.UserCommand(channel, "501", "ask", "x")
	m := b.inbox.wait(t, 1)[0]
	if _, err := reply(t, b, m, "1", "in its place"); err != nil {
		t.Fatal(err)
	}
	if got := s.Sent(channel); len(got) != 1 || got[0].Command != id {
		t.Fatalf("sent %+v", got)
	}

	s.Fail("POST", "/callback", discordtest.Refused(404, 10062, "Unknown interaction"))
	s.UserCommand(channel, "501", "ask", "too late")
	m = b.inbox.wait(t, 2)[1]
	if _, err := reply(t, b, m, "2", "as a message"); err != nil {
		t.Fatal(err)
	}
	if got := s.Sent(channel); len(got) != 2 || got[1].Command != "" {
		t.Errorf("sent %+v", got)
	}
}

// TestSilence: the bot does not answer while a person does; the spinner must
// not turn for ever.
func TestSilence(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	channel := s.AddChannel()
	b := start(t, s, nil, nil, setup{timing: discord.Timing{Housekeep: 5 * time.Millisecond, Spinner: 10 * time.Millisecond}})
	b.waitLog(t, "discord: connected")
	id := s.UserCommand(channel, "501", "ask", "x")
	m := b.inbox.wait(t, 1)[0]
	s.WaitCalls(t, "DELETE", "@original", 1)
	if s.Thinking(id) {
		t.Error("still thinking")
	}
	if _, err := reply(t, b, m, "1", "an agent's words"); err != nil {
		t.Fatal(err)
	}
	if got := s.WaitSent(t, channel, 1); got[0].Content != "an agent's words" {
		t.Errorf("sent %+v", got)
	}
}

func TestButton(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	channel := s.AddChannel()
	b := start(t, s, nil, nil, setup{})
	b.waitLog(t, "discord: connected")
	for i, where := range []string{s.DM("501"), channel} {
		id, err := b.Send(t.Context(), in(where), &chat.Outbound{
			Body: chat.Plain("did it help?"), Choices: []chat.Choice{{Label: "Yes", Data: "helped:1"}, {Label: "No", Data: "wrong:1"}},
		})
		if err != nil {
			t.Fatal(err)
		}
		press := s.UserPresses("501", string(id), "wrong:1")
		m := b.inbox.wait(t, i+1)[i]
		if m.Event != "i:"+press || m.ID != id || m.Choice != "wrong:1" || m.Text != "" || m.Private != (where != channel) || !m.Addressed {
			t.Errorf("message %+v", m)
		}
		if kind := s.WaitAcknowledged(t, press); kind != 7 {
			t.Errorf("acknowledged with %d, want an update of the message", kind)
		}
		now, _ := s.Message(where, string(id))
		if now.Content != "did it help?" || len(now.Buttons) != 2 || !now.Buttons[0].Disabled || !now.Buttons[1].Disabled || now.Buttons[1].Style != 1 {
			t.Errorf("the message is now %+v", now)
		}
	}
}

func TestRegisteredCommands(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	s.Fail("PUT", "/commands", discordtest.HTML(503))
	b := start(t, s, nil, nil, setup{
		timing: discord.Timing{Housekeep: 5 * time.Millisecond},
		options: func(o *discord.Options) {
			o.Commands = map[string]map[chat.Command]string{
				"":   {chat.CommandAsk: "Ask a question", chat.CommandHuman: "Talk to a person", chat.CommandHelp: "What I can do", chat.CommandStart: "Start", "nuke": "x"},
				"en": {chat.CommandAsk: "Ask a question"},
				"es": {chat.CommandAsk: "Hacer una pregunta", chat.CommandHuman: "Hablar con una persona"},
				"zh": {chat.CommandAsk: "提问"},
				"ar": {chat.CommandAsk: "اطرح سؤالاً"},
				"xx": {chat.CommandAsk: "a language that Discord does not have"},
			}
			o.QuestionLabel = map[string]string{"": "Your question", "de": "Ihre Frage, die so ausführlich sein darf, dass ihre Beschreibung allein schon mehr als hundert Zeichen braucht"}
		},
	})
	b.waitLog(t, "could not be registered")
	s.WaitCalls(t, "PUT", "/commands", 2)
	var names []string
	for deadline := time.Now().Add(patience); len(names) == 0 && time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		for _, c := range s.Commands() {
			names = append(names, c["name"].(string))
		}
	}
	if want := []string{"ask", "human", "help"}; !slices.Equal(names, want) {
		t.Fatalf("registered %q, want %q", names, want)
	}
	ask := s.Commands()[0]
	local := ask["description_localizations"].(map[string]any)
	if local["es-ES"] != "Hacer una pregunta" || local["es-419"] != "Hacer una pregunta" || local["zh-TW"] != "提问" || local["xx"] != nil {
		t.Errorf("localized %v", local)
	}
	if options := ask["options"].([]any); len(options) != 1 || options[0].(map[string]any)["required"] != true {
		t.Errorf("options %v", options)
	}
}

// TestCommandsAreRegisteredOnce: Discord is told only of what it does not have.
func TestCommandsAreRegisteredOnce(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	inb, m := newInbox(), &marks{}
	b := start(t, s, inb, m, setup{options: withTexts})
	s.WaitCalls(t, "PUT", "/commands", 1)
	var names []any
	for deadline := time.Now().Add(patience); len(names) < 5 && time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		names = nil
		for _, c := range s.Commands() {
			names = append(names, c["name"])
		}
	}
	if want := []any{"ask", "human", "help", "Answer this", "Send to support"}; !slices.Equal(names, want) {
		t.Fatalf("registered %q", names)
	}
	if local := s.Commands()[3]["name_localizations"].(map[string]any); local["de"] != "Das beantworten" {
		t.Errorf("localized %v", local)
	}
	_ = b.stop()
	b = start(t, s, inb, m, setup{options: withTexts})
	s.WaitCalls(t, "GET", "/commands", 2)
	b.meet(t, "501")
	_ = b.stop()
	if n := s.Calls("PUT", "/commands"); n != 1 {
		t.Errorf("registered %d times", n)
	}
	start(t, s, inb, m, setup{options: func(o *discord.Options) {
		withTexts(o)
		o.Texts.AnswerThis = map[string]string{"": "Answer this", "de": "Beantworte das"}
	}})
	s.WaitCalls(t, "PUT", "/commands", 2)
}
