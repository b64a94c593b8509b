package telegramtest_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"firstline/bot/telegram/telegramtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// reply is an answer of the server.
type reply struct {
	status      int
	OK          bool `json:"ok"`
	Result      json.RawMessage
	ErrorCode   int `json:"error_code"`
	Description string
	Parameters  struct {
		RetryAfter int   `json:"retry_after"`
		MigrateTo  int64 `json:"migrate_to_chat_id"`
	}
}

// client makes calls without keeping connections.
func client(t testing.TB) *http.Client {
	c := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	t.Cleanup(c.CloseIdleConnections)
	return c
}

// call calls a method with parameters "name", "value", …
func call(t testing.TB, s *telegramtest.Server, method string, params ...string) (reply, error) {
	t.Helper()
	v := url.Values{}
	for i := 0; i < len(params); i += 2 {
		v.Set(params[i], params[i+1])
	}
	resp, err := client(t).PostForm(s.URL+"/bot"+s.Token+"/"+method, v)
	if err != nil {
		return reply{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	r := reply{status: resp.StatusCode}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return r, err
	}
	return r, json.Unmarshal(body, &r)
}

func must(t testing.TB, s *telegramtest.Server, method string, params ...string) reply {
	t.Helper()
	r, err := call(t, s, method, params...)
	if err != nil || !r.OK {
		t.Fatalf("%s: %+v, %v", method, r, err)
	}
	return r
}

// ids returns the ids of the updates in r.
func ids(t testing.TB, r reply) []int64 {
	t.Helper()
	var updates []struct {
		ID int64 `json:"update_id"`
	}
	if err := json.Unmarshal(r.Result, &updates); err != nil {
		t.Fatal(err)
	}
	var out []int64
	for _, u := range updates {
		out = append(out, u.ID)
	}
	return out
}

func TestUpdatesStayUntilConfirmed(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	first := s.UserSends(1, "a")
	s.UserSends(1, "b")
	last := s.UserSends(2, "c")
	at := func(id int64) string { return strconv.FormatInt(id, 10) }
	for _, offset := range []string{"0", "0", at(first)} {
		if got := ids(t, must(t, s, "getUpdates", "offset", offset)); len(got) != 3 || got[0] != first || got[2] != last {
			t.Fatalf("offset %s: %v", offset, got)
		}
	}
	if got := ids(t, must(t, s, "getUpdates", "limit", "2")); len(got) != 2 {
		t.Errorf("limit 2: %v", got)
	}
	if got := ids(t, must(t, s, "getUpdates", "offset", at(last))); len(got) != 1 || s.Pending() != 1 {
		t.Errorf("two were confirmed: %v", got)
	}
	if got := ids(t, must(t, s, "getUpdates", "offset", at(last+1))); len(got) != 0 || s.Pending() != 0 {
		t.Errorf("all were confirmed: %v", got)
	}
}

func TestLongPoll(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	answers := make(chan reply, 2)
	poll := func() {
		r, err := call(t, s, "getUpdates", "timeout", "50")
		if err != nil {
			t.Error(err)
		}
		answers <- r
	}
	go poll()
	s.WaitRequests(t, "getUpdates", 1)
	go poll() // ends the one that waits
	if r := <-answers; r.ErrorCode != 409 || r.status != 409 || !strings.Contains(r.Description, "other getUpdates") {
		t.Errorf("the first poll got %+v", r)
	}
	s.UserSends(1, "hello") // wakes the other
	if r := <-answers; len(ids(t, r)) != 1 {
		t.Errorf("the second poll got %+v", r)
	}
	s.SetWebhook("https://x.example")
	if r, err := call(t, s, "getUpdates"); err != nil || r.ErrorCode != 409 || !strings.Contains(r.Description, "webhook is active") {
		t.Errorf("with a webhook: %+v, %v", r, err)
	}
	if r := must(t, s, "getWebhookInfo"); !strings.Contains(string(r.Result), "x.example") {
		t.Errorf("getWebhookInfo: %s", r.Result)
	}
}

func TestOnlyWantedUpdates(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	must(t, s, "getUpdates", "allowed_updates", `["callback_query"]`)
	if id := s.UserSends(1, "x"); id != 0 {
		t.Error("a message is queued")
	}
	if id := s.UserPresses(1, 5, "x"); id == 0 {
		t.Error("a press is not queued")
	}
	must(t, s, "getUpdates", "allowed_updates", `["callback_queries"]`)
	if f := s.TakeFindings(); len(f) != 1 {
		t.Errorf("findings: %v", f)
	}
}

// TestFindings sends what Telegram does not accept; everything must be noticed.
func TestFindings(t *testing.T) {
	t.Parallel()
	entity := func(kind string, offset, length string) string {
		return `[{"type":"` + kind + `","offset":` + offset + `,"length":` + length + `}]`
	}
	button := func(text, data string) string {
		return `{"inline_keyboard":[[{"text":"` + text + `","callback_data":"` + data + `"}]]}`
	}
	tests := map[string]struct {
		method string
		params []string
		code   int // 0: it is accepted, but is a finding
	}{
		"no text":           {"sendMessage", []string{"chat_id", "1"}, 400},
		"blank":             {"sendMessage", []string{"chat_id", "1", "text", " \n"}, 400},
		"too long":          {"sendMessage", []string{"chat_id", "1", "text", strings.Repeat("💸", 2049)}, 400},
		"not UTF-8":         {"sendMessage", []string{"chat_id", "1", "text", "\xff"}, 400},
		"unknown parameter": {"sendMessage", []string{"chat_id", "1", "text", "x", "reply_to_message_id", "3"}, 0},
		"parse mode":        {"sendMessage", []string{"chat_id", "1", "text", "x", "parse_mode", "HTML"}, 0},
		"chat":              {"sendMessage", []string{"chat_id", "ann", "text", "x"}, 400},
		"entity outside":    {"sendMessage", []string{"chat_id", "1", "text", "x", "entities", entity("bold", "0", "2")}, 400},
		"entity of nothing": {"sendMessage", []string{"chat_id", "1", "text", "x", "entities", entity("bold", "0", "0")}, 400},
		"entity in a pair":  {"sendMessage", []string{"chat_id", "1", "text", "💸", "entities", entity("bold", "0", "1")}, 0},
		"entity type":       {"sendMessage", []string{"chat_id", "1", "text", "x", "entities", entity("heading", "0", "1")}, 0},
		"link to nowhere":   {"sendMessage", []string{"chat_id", "1", "text", "x", "entities", entity("text_link", "0", "1")}, 0},
		"entities":          {"sendMessage", []string{"chat_id", "1", "text", "x", "entities", "{"}, 400},
		"button data":       {"sendMessage", []string{"chat_id", "1", "text", "x", "reply_markup", button("a", strings.Repeat("x", 65))}, 400},
		"button no data":    {"sendMessage", []string{"chat_id", "1", "text", "x", "reply_markup", button("a", "")}, 400},
		"button no label":   {"sendMessage", []string{"chat_id", "1", "text", "x", "reply_markup", button("", "x")}, 400},
		"reply":             {"sendMessage", []string{"chat_id", "1", "text", "x", "reply_parameters", `{"id":3}`}, 400},
		"action":            {"sendChatAction", []string{"chat_id", "1", "action", "thinking"}, 400},
		"message id":        {"deleteMessage", []string{"chat_id", "1", "message_id", "x"}, 400},
		"menu":              {"setMyCommands", []string{"commands", `[{"command":"Help!","description":"x"}]`}, 400},
		"menu description":  {"setMyCommands", []string{"commands", `[{"command":"help","description":""}]`}, 400},
		"menu language":     {"setMyCommands", []string{"commands", `[]`, "language_code", "deu"}, 400},
		"no such method":    {"sendMessages", nil, 404},
	}
	for name, tt := range tests {
		s := telegramtest.New(t)
		s.Meet(1)
		r, err := call(t, s, tt.method, tt.params...)
		if err != nil || r.ErrorCode != tt.code {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
		f := slices.DeleteFunc(s.TakeFindings(), func(f string) bool { return strings.HasPrefix(f, "by the API description") })
		if len(f) != 1 {
			t.Errorf("%s: findings %q", name, f)
		}
	}
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	expect := func(code int, description, method string, params ...string) {
		t.Helper()
		if r, err := call(t, s, method, params...); err != nil || r.ErrorCode != code || !strings.Contains(r.Description, description) {
			t.Errorf("%s %q: %+v, %v", method, params, r, err)
		}
	}
	expect(400, "chat not found", "sendMessage", "chat_id", "1", "text", "x")
	_, id := s.Deliver(telegramtest.Incoming{From: 1, Text: "x"})
	expect(0, "", "sendMessage", "chat_id", "1", "text", "x", "reply_parameters", `{"message_id":`+strconv.FormatInt(id, 10)+`}`)
	if m := s.WaitSent(t, 1, 1)[0]; m.ReplyTo != id {
		t.Errorf("the reply is to %d", m.ReplyTo)
	}
	s.Block(1)
	expect(403, "blocked", "sendMessage", "chat_id", "1", "text", "x")
	s.Unblock(1)
	expect(0, "", "deleteMessage", "chat_id", "1", "message_id", strconv.FormatInt(id, 10))
	expect(400, "message to delete not found", "deleteMessage", "chat_id", "1", "message_id", strconv.FormatInt(id, 10))
	expect(400, "query is too old", "answerCallbackQuery", "callback_query_id", "1")
	s.RevokeToken()
	expect(401, "Unauthorized", "getMe")

	for path, want := range map[string]int{"/bot1:wrong/getMe": 401, "/botx/getMe": 404, "/": 404} {
		resp, err := client(t).Get(s.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		if _ = resp.Body.Close(); resp.StatusCode != want {
			t.Errorf("%s: %d, want %d", path, resp.StatusCode, want)
		}
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	s.Meet(1)
	send := func() (reply, error) { return call(t, s, "sendMessage", "chat_id", "1", "text", "x") }
	tests := []struct {
		name  string
		fault telegramtest.Fault
		sent  int
		good  func(reply, error) bool
	}{
		{"flood", telegramtest.TooManyRequests(3), 0, func(r reply, err error) bool {
			return err == nil && r.status == 429 && r.Parameters.RetryAfter == 3
		}},
		{"migrated", telegramtest.Migrated(-5), 0, func(r reply, _ error) bool { return r.ErrorCode == 400 && r.Parameters.MigrateTo == -5 }},
		{"page", telegramtest.HTMLPage(502), 0, func(r reply, err error) bool { return r.status == 502 && err != nil }},
		{"drop", telegramtest.Drop(), 0, func(r reply, err error) bool { return r.status == 0 && err != nil }},
		{"drop after", telegramtest.DropAfter(), 1, func(r reply, err error) bool { return r.status == 0 && err != nil }},
		{"cut", telegramtest.CutAfter(), 1, func(r reply, err error) bool { return r.status == 200 && err != nil }},
		{"other answer", telegramtest.AnswerAfter("?"), 1, func(r reply, err error) bool { return r.status == 200 && err != nil }},
		{"slow", telegramtest.Slow(time.Millisecond), 1, func(r reply, err error) bool { return r.OK && err == nil }},
	}
	for _, tt := range tests {
		before := len(s.Sent(1))
		s.Fail("sendMessage", tt.fault)
		r, err := send()
		if !tt.good(r, err) || len(s.Sent(1))-before != tt.sent {
			t.Errorf("%s: %+v, %v, %d sent", tt.name, r, err, len(s.Sent(1))-before)
		}
		if r, err := send(); err != nil || !r.OK {
			t.Errorf("after %s: %+v, %v", tt.name, r, err)
		}
	}
	s.FailAll("sendMessage", telegramtest.HTMLPage(503))
	for range 3 {
		if r, _ := send(); r.status != 503 {
			t.Errorf("got %+v", r)
		}
	}
	s.Heal("sendMessage")
	if r, err := send(); err != nil || !r.OK {
		t.Errorf("after Heal: %+v, %v", r, err)
	}
}
