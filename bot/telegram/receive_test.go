package telegram_test

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"firstline/bot/chat"
	"firstline/bot/telegram"
	"firstline/bot/telegram/telegramtest"
)

type fields = map[string]any

const botName = telegramtest.BotUsername

// TestMessages sends everything in one go and checks what each becomes. A nil
// want is a message that nobody has to answer.
func TestMessages(t *testing.T) {
	t.Parallel()
	bot := fields{"id": telegramtest.BotID, "is_bot": true, "first_name": "B", "username": botName}
	mention := func(offset, length int) []fields {
		return []fields{{"type": "mention", "offset": offset, "length": length}}
	}
	long := len("@" + botName)
	tests := map[string]struct {
		in   telegramtest.Incoming
		want *chat.Message // Event, ID, Conversation, From and SentAt are filled in
	}{
		"text":         {in: telegramtest.Incoming{Text: "Where is my money? 💸"}, want: &chat.Message{Text: "Where is my money? 💸"}},
		"NUL":          {in: telegramtest.Incoming{Text: "a\x00b"}, want: &chat.Message{Text: "ab"}},
		"surrogate":    {in: telegramtest.Incoming{Fields: fields{"text": jsonText(`"a\ud83d"`)}}, want: &chat.Message{Text: "a\uFFFD"}},
		"start":        {in: telegramtest.Incoming{Text: "/start"}, want: &chat.Message{Command: chat.CommandStart}},
		"start link":   {in: telegramtest.Incoming{Text: "/start fees-2"}, want: &chat.Message{Command: chat.CommandStart, Text: "fees-2"}},
		"help":         {in: telegramtest.Incoming{Text: "/help@" + botName}, want: &chat.Message{Command: chat.CommandHelp}},
		"human, upper": {in: telegramtest.Incoming{Text: "/Human  please "}, want: &chat.Message{Command: chat.CommandHuman, Text: "please"}},
		"ask":          {in: telegramtest.Incoming{Text: "/ask\nhow do I\nlog in?"}, want: &chat.Message{Command: chat.CommandAsk, Text: "how do I\nlog in?"}},
		"ask nothing":  {in: telegramtest.Incoming{Text: "/ask"}, want: &chat.Message{Command: chat.CommandAsk}},
		"other bot":    {in: telegramtest.Incoming{Text: "/help@other_bot"}, want: &chat.Message{Text: "/help@other_bot"}},
		"unknown":      {in: telegramtest.Incoming{Text: "/price BTC"}, want: &chat.Message{Text: "/price BTC"}},
		"path":         {in: telegramtest.Incoming{Text: "/help/me"}, want: &chat.Message{Text: "/help/me"}},
		"slash":        {in: telegramtest.Incoming{Text: "/"}, want: &chat.Message{Text: "/"}},
		"mention in private stays": {
			in:   telegramtest.Incoming{Text: "add @" + botName, Fields: fields{"entities": mention(4, long)}},
			want: &chat.Message{Text: "add @" + botName},
		},

		"photo": {
			in: telegramtest.Incoming{Fields: fields{"caption": "/help see this", "photo": []fields{
				{"file_id": "big", "width": 1280, "height": 720, "file_size": 99000}, {"file_id": "small", "width": 90, "height": 51, "file_size": 900}}}},
			want: &chat.Message{Text: "/help see this", Attachments: []chat.Attachment{{Kind: "photo", Size: 99000, Ref: "big"}}},
		},
		"document": {
			in:   telegramtest.Incoming{Fields: fields{"document": fields{"file_id": "d1", "file_name": "bill\x00.pdf", "file_size": 5_000_000_000}}},
			want: &chat.Message{Attachments: []chat.Attachment{{Kind: "document", Name: "bill.pdf", Size: 5_000_000_000, Ref: "d1"}}},
		},
		"animation is not a document": {
			in:   telegramtest.Incoming{Fields: fields{"document": fields{"file_id": "x"}, "animation": fields{"file_id": "x"}}},
			want: &chat.Message{Attachments: []chat.Attachment{{Kind: "video", Ref: "x"}}},
		},
		"voice":   {in: telegramtest.Incoming{Fields: fields{"voice": fields{"file_id": "v", "duration": 3}}}, want: &chat.Message{Attachments: []chat.Attachment{{Kind: "voice", Ref: "v"}}}},
		"sticker": {in: telegramtest.Incoming{Fields: fields{"sticker": fields{"file_id": "s", "emoji": "👍"}}}, want: &chat.Message{Attachments: []chat.Attachment{{Kind: "sticker", Ref: "s"}}}},
		"round":   {in: telegramtest.Incoming{Fields: fields{"video_note": fields{"file_id": "n"}}}, want: &chat.Message{Attachments: []chat.Attachment{{Kind: "video", Ref: "n"}}}},
		"album": {
			in:   telegramtest.Incoming{Fields: fields{"video": fields{"file_id": "n"}, "media_group_id": "7", "has_media_spoiler": true}},
			want: &chat.Message{Attachments: []chat.Attachment{{Kind: "video", Ref: "n"}}},
		},
		"location":       {in: telegramtest.Incoming{Fields: fields{"location": fields{"latitude": 1.5, "longitude": 2}}}, want: &chat.Message{Attachments: []chat.Attachment{{Kind: "other", Name: "location"}}}},
		"venue":          {in: telegramtest.Incoming{Fields: fields{"venue": fields{}, "location": fields{}}}, want: &chat.Message{Attachments: []chat.Attachment{{Kind: "other", Name: "location"}}}},
		"contact":        {in: telegramtest.Incoming{Fields: fields{"contact": fields{"phone_number": "+1"}}}, want: &chat.Message{Attachments: []chat.Attachment{{Kind: "other", Name: "contact"}}}},
		"future content": {in: telegramtest.Incoming{Fields: fields{"hologram": fields{"x": 1}}}, want: &chat.Message{Attachments: []chat.Attachment{{Kind: "other", Name: "hologram"}}}},
		"odd file":       {in: telegramtest.Incoming{Fields: fields{"voice": 7}}, want: &chat.Message{Attachments: []chat.Attachment{{Kind: "voice"}}}},
		"odd field":      {in: telegramtest.Incoming{Text: "hi", Fields: fields{"entities": "none", "is_topic_message": "?"}}, want: &chat.Message{Text: "hi"}},

		"pinned":          {in: telegramtest.Incoming{Fields: fields{"pinned_message": fields{"message_id": 3}}}},
		"timer":           {in: telegramtest.Incoming{Fields: fields{"message_auto_delete_timer_changed": fields{}}}},
		"a bot":           {in: telegramtest.Incoming{Text: "hi", Fields: fields{"from": bot}}},
		"a channel":       {in: telegramtest.Incoming{Text: "hi", Chat: -1009, Kind: "channel"}},
		"no sender":       {in: telegramtest.Incoming{Text: "hi", Chat: -1001, Fields: fields{"from": nil}}},
		"linked channel":  {in: telegramtest.Incoming{Text: "hi", Chat: -1001, Fields: fields{"is_automatic_forward": true}}},
		"somebody joined": {in: telegramtest.Incoming{Chat: -1001, Fields: fields{"new_chat_members": []fields{bot}}}},

		"group chatter": {in: telegramtest.Incoming{Chat: -5, Kind: "group", Text: "hello all"}, want: &chat.Message{Conversation: conversation("-5"), Text: "hello all"}},
		"group command": {in: telegramtest.Incoming{Chat: -5, Kind: "group", Text: "/ask why"}, want: &chat.Message{Conversation: conversation("-5"), Addressed: true, Command: chat.CommandAsk, Text: "why"}},
		"other's command": {
			in:   telegramtest.Incoming{Chat: -5, Kind: "group", Text: "/ask@other_bot why"},
			want: &chat.Message{Conversation: conversation("-5"), Text: "/ask@other_bot why"},
		},
		"mention": { // the emoji is two UTF-16 units and one rune
			in:   telegramtest.Incoming{Chat: -1001, Text: "💸 @" + botName + ", why?", Fields: fields{"entities": mention(3, long)}},
			want: &chat.Message{Conversation: conversation("-1001"), Addressed: true, Text: "💸 , why?"},
		},
		"mention first": {
			in:   telegramtest.Incoming{Chat: -1001, Text: "@" + botName + ", why?", Fields: fields{"entities": mention(0, long)}},
			want: &chat.Message{Conversation: conversation("-1001"), Addressed: true, Text: "why?"},
		},
		"mention by id": {
			in: telegramtest.Incoming{Chat: -1001, Text: "Bot why?", Fields: fields{"entities": []fields{
				{"type": "text_mention", "offset": 0, "length": 3, "user": bot}}}},
			want: &chat.Message{Conversation: conversation("-1001"), Addressed: true, Text: "why?"},
		},
		"mention in caption": {
			in: telegramtest.Incoming{Chat: -1001, Fields: fields{"caption": "@" + botName, "caption_entities": mention(0, long),
				"voice": fields{"file_id": "v"}}},
			want: &chat.Message{Conversation: conversation("-1001"), Addressed: true, Attachments: []chat.Attachment{{Kind: "voice", Ref: "v"}}},
		},
		"mention of another": {
			in:   telegramtest.Incoming{Chat: -1001, Text: "@other why?", Fields: fields{"entities": mention(0, 6)}},
			want: &chat.Message{Conversation: conversation("-1001"), Text: "@other why?"},
		},
		"entities outside": {
			in:   telegramtest.Incoming{Chat: -1001, Text: "hi", Fields: fields{"entities": append(mention(1, 1<<40), mention(-3, 2)...)}},
			want: &chat.Message{Conversation: conversation("-1001"), Text: "hi"},
		},
		"reply to the bot": {
			in:   telegramtest.Incoming{Chat: -1001, Text: "and then?", Fields: fields{"reply_to_message": fields{"message_id": 3, "from": bot}}},
			want: &chat.Message{Conversation: conversation("-1001"), Addressed: true, Text: "and then?", ReplyTo: "3"},
		},
		"thread of replies is no topic": {
			in:   telegramtest.Incoming{Chat: -1001, Text: "hm", Fields: fields{"message_thread_id": 3}},
			want: &chat.Message{Conversation: conversation("-1001"), Text: "hm"},
		},
		"topic": { // made by the bot: its creation looks like a message replied to
			in: telegramtest.Incoming{Chat: -1001, Text: "hm", Fields: fields{"message_thread_id": 3, "is_topic_message": true,
				"reply_to_message": fields{"message_id": 3, "from": bot}}},
			want: &chat.Message{Conversation: conversation("-1001/3"), Text: "hm"},
		},
		"reply in a topic": {
			in: telegramtest.Incoming{Chat: -1001, Text: "hm", Fields: fields{"message_thread_id": 3, "is_topic_message": true,
				"reply_to_message": fields{"message_id": 4, "from": bot}}},
			want: &chat.Message{Conversation: conversation("-1001/3"), Addressed: true, Text: "hm", ReplyTo: "4"},
		},
		"reply to a person in private": {
			in:   telegramtest.Incoming{Text: "hm", Fields: fields{"reply_to_message": fields{"message_id": 3, "from": fields{"id": 42}, "chat": fields{"id": 42}}}},
			want: &chat.Message{Text: "hm", ReplyTo: "3"},
		},
		"reply to another chat": {
			in: telegramtest.Incoming{Text: "hm", Fields: fields{"external_reply": fields{"origin": fields{}, "message_id": 3, "chat": fields{"id": -7}},
				"reply_to_message": fields{"message_id": 3, "from": bot, "chat": fields{"id": -7}}}},
			want: &chat.Message{Text: "hm"},
		},
		"reply in a thread of replies": {
			in:   telegramtest.Incoming{Chat: -1001, Text: "hm", Fields: fields{"message_thread_id": 3, "reply_to_message": fields{"message_id": 3}}},
			want: &chat.Message{Conversation: conversation("-1001"), Text: "hm", ReplyTo: "3"},
		},
		"staff's command outside": {in: telegramtest.Incoming{Text: "/claim 3"}, want: &chat.Message{Text: "/claim 3"}},

		"chatter in no help chat": {in: telegramtest.Incoming{Chat: -1002, Text: "hello all"}},
		"reply to a person":       {in: telegramtest.Incoming{Chat: -1002, Text: "hello", Fields: fields{"reply_to_message": fields{"message_id": 3, "from": fields{"id": 43}}}}},
		"mention in no help chat": {
			in:   telegramtest.Incoming{Chat: -1002, Text: "@" + botName + " why?", Fields: fields{"entities": mention(0, long)}},
			want: &chat.Message{Conversation: conversation("-1002"), Addressed: true, Text: "why?"},
		},
		"command in no help chat": {
			in:   telegramtest.Incoming{Chat: -1002, Text: "/start@" + botName + " fees"},
			want: &chat.Message{Conversation: conversation("-1002"), Addressed: true, Command: chat.CommandStart, Text: "fees"},
		},
		"photos in no help chat": {in: telegramtest.Incoming{Chat: -1002, Fields: fields{"photo": []fields{{"file_id": "p"}}, "media_group_id": "8"}}},
		"help topic": {
			in:   telegramtest.Incoming{Chat: -1003, Text: "hm", Fields: fields{"message_thread_id": 7, "is_topic_message": true}},
			want: &chat.Message{Conversation: conversation("-1003/7"), Text: "hm"},
		},
		"other topic":   {in: telegramtest.Incoming{Chat: -1003, Text: "hm", Fields: fields{"message_thread_id": 8, "is_topic_message": true}}},
		"no help topic": {in: telegramtest.Incoming{Chat: -1003, Text: "hm"}},
		"General": {
			in:   telegramtest.Incoming{Chat: -1004, Text: "hm", Fields: fields{"chat": fields{"id": -1004, "type": "supergroup", "is_forum": true}}},
			want: &chat.Message{Conversation: conversation("-1004"), Text: "hm"},
		},
		"beside General": {in: telegramtest.Incoming{Chat: -1004, Text: "hm", Fields: fields{"message_thread_id": 8, "is_topic_message": true}}},

		"anonymous admin": {
			in: telegramtest.Incoming{Chat: -1001, Text: "try again", Fields: fields{"from": fields{"id": 1087968824, "is_bot": true, "first_name": "Group"},
				"sender_chat": fields{"id": -1001, "type": "supergroup", "title": "The <group>"}}},
			want: &chat.Message{Conversation: conversation("-1001"), Text: "try again", From: chat.Person{ID: "-1001", Name: "The <group>"}},
		},
		"as a channel": {
			in: telegramtest.Incoming{Chat: -1001, Text: "/ask why", Fields: fields{"from": fields{"id": 136817688, "is_bot": true, "first_name": "Channel"},
				"sender_chat": fields{"id": -100777, "type": "channel", "title": "News"}}},
			want: &chat.Message{Conversation: conversation("-1001"), Addressed: true, Command: chat.CommandAsk, Text: "why", From: chat.Person{ID: "-100777", Name: "News"}},
		},
		"post of the linked channel": {
			in: telegramtest.Incoming{Chat: -1001, Text: "/ask why", Fields: fields{"from": fields{"id": 777000}, "is_automatic_forward": true,
				"sender_chat": fields{"id": -100777, "type": "channel", "title": "News"}}},
		},
	}
	s := telegramtest.New(t)
	c, _ := channel(t, s, func(o *telegram.Options) {
		o.HelpChats = " -5, -1001 ,-1003/7,-1004/1,"
		o.Now, o.AlbumWait = time.Now, time.Millisecond
	})
	var names []string
	var want []*chat.Message
	for name, tt := range tests {
		tt.in.From = 42
		_, id := s.Deliver(tt.in)
		if tt.want == nil {
			continue
		}
		m := *tt.want
		in := tt.in.Chat
		if in == 0 {
			in = tt.in.From
		}
		m.Event = fmt.Sprintf("m:%d:%d:%d", telegramtest.BotID, in, id)
		m.ID = chat.MessageID(strconv.FormatInt(id, 10))
		if m.From.ID == "" {
			m.From = chat.Person{ID: "42", Name: "User 42", Language: "en"}
		}
		if m.Conversation.ID == "" {
			m.Conversation = conversation("42")
			m.Private, m.Addressed = true, true
		} else if in != -1002 {
			m.Help = true
		}
		names, want = append(names, name), append(want, &m)
	}
	got := newStore()
	run(t, c, got)
	s.WaitConfirmed(t)
	all := got.wait(t, len(want))
	if len(all) != len(want) {
		t.Fatalf("%d messages, want %d", len(all), len(want))
	}
	byEvent := map[string]*chat.Message{} // the album may come a little later
	for _, m := range all {
		if since := time.Since(m.SentAt); since < -time.Minute || since > time.Hour {
			t.Errorf("%s: SentAt is %v", m.Event, m.SentAt)
		}
		m.SentAt = time.Time{}
		byEvent[m.Event] = m
	}
	for i, m := range want {
		if diff := cmp.Diff(m, byEvent[m.Event]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", names[i], diff)
		}
	}
}

func TestPeople(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	c, _ := channel(t, s)
	for _, from := range []fields{
		{"id": 1 << 51, "first_name": "Ann\x00", "last_name": "<b>Lee", "language_code": "zh-hans"},
		{"id": 5, "first_name": "", "last_name": "Only"},
		{"id": 6, "first_name": ""},
	} {
		s.Deliver(telegramtest.Incoming{From: 9, Text: "x", Fields: fields{"from": from}})
	}
	got := newStore()
	run(t, c, got)
	want := []chat.Person{{ID: "2251799813685248", Name: "Ann <b>Lee", Language: "zh-hans"}, {ID: "5", Name: "Only"}, {ID: "6"}}
	for i, m := range got.wait(t, 3) {
		if m.From != want[i] {
			t.Errorf("person %d is %+v, want %+v", i, m.From, want[i])
		}
	}
}
