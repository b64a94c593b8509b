package telegramtest_test

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"firstline/bot/telegram/telegramtest"
)

// messages returns those that wait for the bot.
func messages(t testing.TB, s *telegramtest.Server) (out []map[string]any) {
	t.Helper()
	var updates []struct{ Message map[string]any }
	if err := json.Unmarshal(must(t, s, "getUpdates").Result, &updates); err != nil {
		t.Fatal(err)
	}
	for _, u := range updates {
		out = append(out, u.Message)
	}
	return out
}

// TestTopics goes through what a bot may do with topics.
func TestTopics(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	s.Meet(-1)
	expect := func(description, method string, params ...string) {
		t.Helper()
		r, err := call(t, s, method, append(params, "chat_id", "-1")...)
		if err != nil || r.OK != (description == "") || !strings.Contains(r.Description, description) {
			t.Errorf("%s %q: %+v, %v", method, params, r, err)
		}
	}
	expect("not a forum", "createForumTopic", "name", "x")
	s.SetChat(-1, map[string]any{"is_forum": true})
	expect("not enough rights", "createForumTopic", "name", "x")
	s.SetMember(-1, map[string]any{"status": "administrator", "can_manage_topics": true})
	expect("", "createForumTopic", "name", strings.Repeat("💸", 128))
	for _, name := range []string{"\u200b", " x", "a\nb", strings.Repeat("x", 129)} {
		r, err := call(t, s, "createForumTopic", "chat_id", "-1", "name", name)
		if f := s.TakeFindings(); err != nil || r.ErrorCode != 400 || len(f) == 0 {
			t.Errorf("%q: %+v, %v, findings %q", name, r, err, f)
		}
	}
	mine := s.Topics(-1)[0]
	theirs := s.OpenTopic(-1, "Deposits")
	at := func(id int64) string { return strconv.FormatInt(id, 10) }
	if !mine.ByBot || len(s.Topics(-1)) != 2 || s.Topics(-1)[1].ByBot {
		t.Errorf("topics: %+v", s.Topics(-1))
	}

	expect("", "sendMessage", "text", "a", "message_thread_id", at(mine.ID))
	expect("", "sendMessage", "text", "b")
	for _, id := range []string{"1", "999"} { // General has no id for bots
		expect("thread not found", "sendMessage", "text", "x", "message_thread_id", id)
	}
	card := s.InTopic(-1, mine.ID)[0]

	s.CloseTopic(-1, mine.ID)
	s.CloseTopic(-1, theirs)
	expect("TOPIC_CLOSED", "sendMessage", "text", "x", "message_thread_id", at(mine.ID))
	s.SetMember(-1, map[string]any{"can_manage_topics": false})
	expect("", "reopenForumTopic", "message_thread_id", at(mine.ID)) // its own
	expect("NOT_MODIFIED", "reopenForumTopic", "message_thread_id", at(mine.ID))
	expect("not enough rights", "reopenForumTopic", "message_thread_id", at(theirs))

	expect("", "editMessageText", "text", "c", "message_id", at(card.ID))
	s.DeleteTopic(-1, mine.ID)
	expect("to edit not found", "editMessageText", "text", "d", "message_id", at(card.ID))
	expect("thread not found", "sendMessage", "text", "x", "message_thread_id", at(mine.ID))
	expect("TOPIC_ID_INVALID", "reopenForumTopic", "message_thread_id", at(mine.ID))
	reply := `{"message_id":` + at(card.ID) + `}`
	expect("replied not found", "sendMessage", "text", "x", "reply_parameters", reply)
	s.StrayIntoGeneral()
	expect("", "sendMessage", "text", "stray", "message_thread_id", at(mine.ID))
	if m := s.InTopic(-1, 0); len(m) != 2 || m[1].Text != "stray" {
		t.Errorf("in General: %+v", m)
	}
	s.DeleteMessage(-1, s.InTopic(-1, 0)[0].ID)
	if m := s.InTopic(-1, 0); len(m) != 1 {
		t.Errorf("in General: %+v", m)
	}
}

// TestPeopleInTopics looks at what the bot is told of what people write there.
func TestPeopleInTopics(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	topic := s.OpenTopic(-1, "Deposits")
	_, first := s.Deliver(telegramtest.Incoming{From: 1, Chat: -1, Text: "a", Topic: topic})
	s.Deliver(telegramtest.Incoming{From: 2, Chat: -1, Text: "b", Topic: topic, ReplyTo: first})
	s.Deliver(telegramtest.Incoming{From: 2, Chat: -1, Text: "c"})
	got := messages(t, s)
	replied := func(m map[string]any) (id float64, created bool) {
		r, _ := m["reply_to_message"].(map[string]any)
		id, _ = r["message_id"].(float64)
		return id, r["forum_topic_created"] != nil
	}
	if got[0]["forum_topic_created"] == nil || got[0]["message_id"] != float64(topic) {
		t.Errorf("its creation: %v", got[0])
	}
	if id, created := replied(got[1]); id != float64(topic) || !created || got[1]["is_topic_message"] != true {
		t.Errorf("no reply: %v", got[1])
	}
	if id, created := replied(got[2]); id != float64(first) || created || got[2]["message_thread_id"] != float64(topic) {
		t.Errorf("a reply: %v", got[2])
	}
	if got[3]["reply_to_message"] != nil || got[3]["message_thread_id"] != nil {
		t.Errorf("in General: %v", got[3])
	}
}

func TestMenusOfChats(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	s.Meet(-1)
	list := func(name string) string { return `[{"command":"` + name + `","description":"x"}]` }
	must(t, s, "setMyCommands", "commands", list("ask"))
	must(t, s, "setMyCommands", "commands", list("claim"), "scope", `{"type":"chat","chat_id":-1}`)
	if here, all := s.MenuIn(-1), s.Menu(""); len(here) != 1 || here[0].Command != "claim" || len(all) != 1 || all[0].Command != "ask" {
		t.Errorf("got %v and %v", here, all)
	}
	if r := must(t, s, "getMyCommands", "scope", `{"type":"chat","chat_id":-1}`); !strings.Contains(string(r.Result), "claim") {
		t.Errorf("got %s", r.Result)
	}
	for scope, found := range map[string]bool{`{"type":"chat"}`: true, `{"type":"chat","chat_id":-2}`: false, `{"type":"default","chat_id":-1}`: true} {
		r, err := call(t, s, "setMyCommands", "commands", list("x"), "scope", scope)
		if f := s.TakeFindings(); err != nil || r.ErrorCode != 400 || (len(f) > 0) != found {
			t.Errorf("%s: %+v, %v, %q", scope, r, err, f)
		}
	}
}
