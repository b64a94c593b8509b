package discord_test

import (
	"strings"
	"testing"
	"time"

	"firstline/bot/chat"
	"firstline/bot/discord"
	"firstline/bot/discord/discordtest"
)

// texts in English and German.
func withTexts(o *discord.Options) {
	o.Commands = map[string]map[chat.Command]string{
		"": {chat.CommandAsk: "Ask a question", chat.CommandHuman: "Talk to a person", chat.CommandHelp: "Help"},
	}
	o.Texts = discord.Texts{
		Private:       map[string]string{"": "Only you see the answer"},
		AnswerThis:    map[string]string{"": "Answer this", "de": "Das beantworten"},
		SendToSupport: map[string]string{"": "Send to support", "de": "An den Support senden"},
		FormTitle:     map[string]string{"": "Talk to a person", "de": "Mit einem Menschen sprechen, der sich wirklich auskennt"},
		FormLabel:     map[string]string{"": "What is it about?", "de": "Worum geht es?"},
		OnlyAuthor:    map[string]string{"": "Only its author or a moderator.", "de": "Nur der Autor."},
		OnlyPeople:    map[string]string{"": "Not a person's message."},
	}
}

// TestPrivately: the answer to a private question is seen by the asker only,
// and so is all that follows, whenever it comes.
func TestPrivately(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	channel := s.AddChannel()
	inb, m := newInbox(), &marks{}
	b := start(t, s, inb, m, setup{options: withTexts})
	b.waitLog(t, "discord: connected")
	ask := s.UserCommandPrivately(channel, "501", "ask", "where is my money?")
	got := inb.wait(t, 1)[0]
	if got.Conversation != in(s.DM("501")) || !got.Private || got.Help || got.Text != "where is my money?" || got.Event != "i:"+ask {
		t.Fatalf("%+v", got)
	}
	if _, err := reply(t, b, got, "1", "on its way"); err != nil {
		t.Fatal(err)
	}
	shown := s.Private("501")
	if len(shown) != 1 || shown[0].Content != "on its way" || len(s.Sent(channel)) != 0 || len(s.Sent(s.DM("501"))) != 0 {
		t.Fatalf("shown %+v, in the channel %+v", shown, s.Sent(channel))
	}

	// Pressing a button there is as private, and its buttons are used up.
	s.UserPresses("501", shown[0].ID, "person")
	press := inb.wait(t, 2)[1]
	if press.Conversation != got.Conversation || !press.Private || press.Choice != "person" || press.ID != chat.MessageID(shown[0].ID) {
		t.Errorf("%+v", press)
	}
	second, err := reply(t, b, press, "2", "a person will answer")
	if err != nil {
		t.Fatal(err)
	}
	shown = s.WaitPrivate(t, "501", func(list []discordtest.SentMessage) bool { return len(list) == 2 && list[0].Buttons[0].Disabled })
	if shown[1].Content != "a person will answer" || shown[1].Buttons[0].Disabled {
		t.Errorf("shown %+v", shown)
	}
	if err := b.Edit(t.Context(), got.Conversation, second, &chat.Outbound{Body: chat.Plain("edited")}); err != nil || s.Private("501")[1].Content != "edited" {
		t.Errorf("edit: %v", err)
	}
	if err := b.Delete(t.Context(), got.Conversation, second); err != nil || len(s.Private("501")) != 1 {
		t.Errorf("delete: %v", err)
	}

	// Hours later, and after a restart, an agent's words are for the asker only.
	s.ExpireInteractions()
	_ = b.stop()
	b = start(t, s, inb, m, setup{options: withTexts})
	if _, err := reply(t, b, got, "3", "an agent's words"); err != nil {
		t.Fatal(err)
	}
	if sent := s.Sent(s.DM("501")); len(sent) != 1 || sent[0].Content != "an agent's words" || len(s.Sent(channel)) != 0 {
		t.Errorf("sent %+v", sent)
	}
}

// TestPrivatelyInVain: a question whose conversation can't be opened is not
// taken, and Discord shows that.
func TestPrivatelyInVain(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	channel := s.AddChannel()
	b := start(t, s, nil, nil, setup{options: withTexts})
	b.waitLog(t, "discord: connected")
	s.Fail("POST", "/users/@me/channels", discordtest.HTML(502))
	ask := s.UserCommandPrivately(channel, "501", "ask", "private-words")
	b.waitLog(t, "can't be taken")
	if s.Acknowledged(ask) != 0 {
		t.Error("acknowledged")
	}
	s.UserCommandPrivately(channel, "501", "ask", "again")
	b.inbox.want(t, "again")
}

func TestForm(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	channel := s.AddChannel()
	b := start(t, s, nil, nil, setup{options: withTexts})
	b.waitLog(t, "discord: connected")
	s.SetLocale("501", "de")
	human := s.UserCommand(channel, "501", "human", "")
	if kind := s.WaitAcknowledged(t, human); kind != 9 {
		t.Fatalf("acknowledged with %d, want a form", kind)
	}
	if title, label := s.Form(human); label != "Worum geht es?" || len([]rune(title)) != 45 || !strings.HasPrefix(title, "Mit einem") {
		t.Errorf("form %q %q", title, label)
	}
	submitted := s.UserSubmits(human, "meine Einzahlung\n\nfehlt ")
	got := b.inbox.want(t, "meine Einzahlung\n\nfehlt")[0]
	if got.Command != chat.CommandHuman || got.Conversation != in(channel) || got.Private || got.Event != "i:"+submitted || got.From.ID != "501" {
		t.Errorf("%+v", got)
	}
	if _, err := reply(t, b, got, "1", "a person will answer"); err != nil {
		t.Fatal(err)
	}
	if sent := s.Sent(channel); len(sent) != 1 || sent[0].Command != submitted {
		t.Errorf("sent %+v", sent)
	}

	private := s.UserCommandPrivately(channel, "502", "human", "")
	s.WaitAcknowledged(t, private)
	s.UserSubmits(private, "for nobody else")
	got = b.inbox.wait(t, 2)[1]
	if got.Conversation != in(s.DM("502")) || !got.Private {
		t.Errorf("%+v", got)
	}
	if _, err := reply(t, b, got, "2", "a person will answer you"); err != nil || len(s.Private("502")) != 1 {
		t.Errorf("%v, shown %+v", err, s.Private("502"))
	}
}

func TestMenuOfAMessage(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	forum := s.AddForum()
	b := start(t, s, nil, nil, setup{options: func(o *discord.Options) {
		withTexts(o)
		o.Help = []string{forum}
	}})
	b.waitLog(t, "discord: connected")
	post := s.UserAsks(forum, "501", "Deposit", "Where is it?")
	const manageMessages = 1 << 13
	s.SetPermissions("503", manageMessages)
	b.inbox.wait(t, 1)
	for i, test := range []struct {
		name, by, command string
		from              string // "": refused
		want              chat.Command
	}{
		{"anybody asks", "502", "Answer this", "502", chat.CommandAsk},
		{"a moderator sends", "503", "Send to support", "501", chat.CommandHuman},
		{"the author sends", "501", "Send to support", "501", chat.CommandHuman},
	} {
		id := s.UserMenu(post, test.by, test.command, post)
		m := b.inbox.wait(t, i+2)[i+1]
		if m.Command != test.want || m.From.ID != test.from || m.Text != "Deposit\n\nWhere is it?" || m.ID != chat.MessageID(post) ||
			m.Conversation != in(post) || m.Event != "i:"+id || m.Private || !m.Addressed || !m.Help {
			t.Errorf("%s: %+v", test.name, m)
		}
		s.WaitCalls(t, "DELETE", "@original", i+1) // nothing is left of the acknowledgement
		if _, err := reply(t, b, m, test.name, test.name); err != nil {
			t.Fatal(err)
		}
		if sent := s.Sent(post); len(sent) != i+1 || sent[i].ReplyTo != post {
			t.Errorf("%s: sent %+v", test.name, sent)
		}
	}

	s.SetLocale("504", "de")
	for _, test := range []struct{ by, command, message, want string }{
		{"502", "Send to support", post, "Only its author or a moderator."},
		{"504", "Send to support", post, "Nur der Autor."},
		{"505", "Answer this", s.Sent(post)[0].ID, "Not a person's message."},
	} {
		id := s.UserMenu(post, test.by, test.command, test.message)
		if kind := s.WaitAcknowledged(t, id); kind != 4 {
			t.Errorf("acknowledged with %d", kind)
		}
		shown := s.WaitPrivate(t, test.by, func(list []discordtest.SentMessage) bool { return len(list) > 0 })
		if len(shown) != 1 || shown[0].Content != test.want {
			t.Errorf("%+v: shown %+v", test, shown)
		}
	}
	b.waitLog(t, "tried to send another person's message")
	s.UserMenu(post, "502", "Another bot's command", post)
	s.UserDMs("501", "the end")
	if got := b.inbox.wait(t, 5); got[4].Text != "the end" {
		t.Errorf("received %q", texts(got))
	}
}

// TestForgedInteractions: what nobody can press does nothing.
func TestForgedInteractions(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	channel := s.AddChannel()
	b := start(t, s, nil, nil, setup{options: withTexts})
	b.waitLog(t, "discord: connected")
	for _, data := range []map[string]any{
		{"type": 5, "data": map[string]any{"custom_id": "another", "components": []any{}}},
		{"type": 5, "data": "private-words"},
		{"type": 3, "data": map[string]any{"custom_id": "x", "component_type": 3}},
		{"type": 3, "data": map[string]any{"component_type": 2}},
		{"type": 2, "data": map[string]any{"name": "Send to support", "type": 3, "target_id": "5", "resolved": map[string]any{"messages": map[string]any{}}}},
		{"type": 2, "data": map[string]any{"name": "start"}},
		{"type": 1}, {"type": 4}, {"type": 99},
	} {
		data["id"], data["token"], data["channel_id"], data["application_id"] = "77", "interaction-secret-77", channel, s.AppID
		data["member"], data["guild_id"] = map[string]any{"user": map[string]any{"id": "501"}, "permissions": "private-words"}, s.GuildID
		s.Dispatch("INTERACTION_CREATE", data)
	}
	s.UserDMs("501", "the end")
	b.inbox.want(t, "the end")
	if n := s.Calls("POST", "/callback"); n != 0 {
		t.Errorf("%d callbacks", n)
	}
}

// TestInteractionToldTwice: the second time changes nothing, and later removes
// no answer as if it were an unused reply.
func TestInteractionToldTwice(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	channel := s.AddChannel()
	b := start(t, s, nil, nil, setup{
		timing:  discord.Timing{Housekeep: 5 * time.Millisecond, Spinner: 10 * time.Millisecond},
		options: withTexts,
	})
	b.meet(t, "501")
	s.RepeatEvents(true)
	s.Fail("POST", "/callback", discordtest.RateLimited(5*time.Millisecond))
	s.UserCommand(channel, "501", "ask", "x")
	m := b.inbox.want(t, "x")[0]
	if _, err := reply(t, b, m, "1", "the answer"); err != nil {
		t.Fatal(err)
	}
	// Another command, whose reply is removed as unused, shows that time has passed.
	s.UserCommand(channel, "502", "ask", "y")
	s.WaitCalls(t, "DELETE", "@original", 1)
	if got := s.Sent(channel); len(got) != 1 || got[0].Content != "the answer" {
		t.Errorf("sent %+v", got)
	}
}
