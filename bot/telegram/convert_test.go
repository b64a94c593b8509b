package telegram

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"firstline/bot/chat"
)

// FuzzDecode looks for updates that panic or give messages that a database
// refuses or that nobody can be answered in.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{"update_id":7,"message":{"message_id":1,"date":1,"from":{"id":2},"chat":{"id":2,"type":"private"},"text":"/ask\u0000 a"}}`,
		`{"update_id":7,"message":{"message_id":1,"from":{"id":2},"chat":{"id":-2,"type":"group"},"text":"💸@b x","entities":[{"type":"mention","offset":2,"length":2}]}}`,
		`{"update_id":7,"message":{"message_id":1,"from":{"id":2},"chat":{"id":-2},"caption":"\ud800","photo":[{"file_id":"\u0000","width":-1}]}}`,
		`{"update_id":7,"callback_query":{"id":"\u0000","from":{"id":2},"data":"x","message":{"message_id":1,"chat":{"id":-2,"type":"private"},"is_topic_message":true,"message_thread_id":9}}}`,
		`{"update_id":7,"my_chat_member":{"chat":{"id":-2},"new_chat_member":{"status":"left"}}}`,
		`{"update_id":7,"message":{"message_id":9,"from":{"id":2},"chat":{"id":-3},"text":"/claim #1","message_thread_id":5,"is_topic_message":true,"reply_to_message":{"message_id":8}}}`,
		`{"update_id":7,"message":null}`, `{"update_id":1e400}`, `[]`, ``,
	} {
		f.Add([]byte(seed))
	}
	c := converter{self: tgbotapi.User{ID: 1, UserName: "b"}, now: time.Now, staff: func(p place) (place, bool) {
		if p.chat != -3 {
			return p, false
		}
		return place{-4, p.thread}, true // which has become -3
	}}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var u update
		c.decode(&u, raw)
		m := u.message
		if m == nil {
			return
		}
		all, err := json.Marshal(m)
		if err != nil || strings.Contains(string(all), `\u0000`) || !utf8.ValidString(m.Text+m.Choice+m.From.Name+m.Event) {
			t.Errorf("%s: %v", all, err)
		}
		if _, err := parsePlace(m.Conversation); err != nil && !strings.Contains(m.Conversation.ID, "/-") {
			t.Errorf("%s can't be answered: %v", m.Conversation, err)
		}
		for _, id := range []chat.MessageID{m.ID, m.ReplyTo} {
			text := string(id[strings.LastIndex(string(id), "/")+1:]) // the number that Telegram gave
			if _, _, err := parseMessage(m.Conversation, id); err != nil && parseID(text) > 0 && !strings.Contains(m.Conversation.ID, "/-") {
				t.Errorf("%s: %q can't be replied to: %v", all, id, err)
			}
		}
		if m.Event == "" || m.From.ID == "0" || (m.Text == "" && m.Choice == "" && m.Command == "" && m.Attachments == nil && !m.Addressed) {
			t.Errorf("%s says nothing", all)
		}
	})
}

func TestPlaces(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]place{"42": {chat: 42}, "-1001234567890/77": {chat: -1001234567890, thread: 77}} {
		c := chat.ConversationID{Network: chat.Telegram, ID: id}
		p, err := parsePlace(c)
		if err != nil || p != want || p.conversation() != c {
			t.Errorf("%s: %+v, %v", id, p, err)
		}
	}
	for _, id := range []string{"", "0", "a", "4/", "/4", "4/0", "4/-1", "4/5/6", "4 ", "99999999999999999999"} {
		if p, err := parsePlace(chat.ConversationID{Network: chat.Telegram, ID: id}); err == nil {
			t.Errorf("%q is %+v", id, p)
		}
	}
}

// TestConvertSurvivesItself gives the converter a clock that panics.
func TestConvertSurvivesItself(t *testing.T) {
	t.Parallel()
	c := converter{now: func() time.Time { panic("broken") }}
	u := c.convert(json.RawMessage(`{"update_id":7,"message":{"message_id":1,"from":{"id":2},"chat":{"id":2,"type":"private"},"text":"x"}}`))
	if u.id != 7 || !u.broken || u.message != nil {
		t.Errorf("got %+v", u)
	}
}
