package telegramtest_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"

	"firstline/bot/telegram/telegramtest"
)

// TestWebhookDelivery has a webhook refuse updates: they come again, those of a
// chat in order, those of others meanwhile.
func TestWebhookDelivery(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	var mu sync.Mutex
	var got []string
	refuse := 3
	hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		var u struct{ Message struct{ Text string } }
		if err := json.NewDecoder(r.Body).Decode(&u); err != nil || r.Header.Get("X-Telegram-Bot-Api-Secret-Token") != "s3cret" {
			t.Errorf("%v, %v", err, r.Header)
		}
		if u.Message.Text == "a1" && refuse > 0 {
			refuse--
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		got = append(got, u.Message.Text)
	}))
	t.Cleanup(hook.Close)
	s.UserSends(1, "a1")
	s.UserSends(1, "a2")
	s.UserSends(2, "b1")
	must(t, s, "setWebhook", "url", hook.URL+"/x", "secret_token", "s3cret")
	s.WaitConfirmed(t)
	mu.Lock()
	defer mu.Unlock()
	if text := strings.Join(got, " "); text != "b1 a1 a2" || s.Posts() != 6 {
		t.Errorf("got %q with %d posts", text, s.Posts())
	}
	if r := must(t, s, "getWebhookInfo"); !strings.Contains(string(r.Result), "500") {
		t.Errorf("getWebhookInfo: %s", r.Result)
	}
	if r, err := call(t, s, "getUpdates"); err != nil || r.ErrorCode != 409 {
		t.Errorf("a poll: %+v, %v", r, err)
	}
	must(t, s, "deleteWebhook")
	must(t, s, "getUpdates")
	if r, err := call(t, s, "setWebhook", "url", "http://bot.example/x"); err != nil || r.ErrorCode != 400 {
		t.Errorf("without TLS: %+v, %v", r, err)
	}
	s.TakeFindings()
}

func TestDisorder(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	s.Disorder(1)
	for i := range 60 {
		s.UserSends(1, strconv.Itoa(i))
	}
	got := ids(t, must(t, s, "getUpdates"))
	seen, sorted := map[int64]bool{}, true
	for i, id := range got {
		seen[id] = true
		sorted = sorted && (i == 0 || got[i-1] <= id)
	}
	if len(seen) != 60 || len(got) == 60 || sorted {
		t.Errorf("%d updates, %d of them different, sorted: %v", len(got), len(seen), sorted)
	}
}

func TestFiles(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	s.AddFile("f", []byte("data"))
	s.AddHugeFile("big")
	var f struct {
		Path string `json:"file_path"`
	}
	if err := json.Unmarshal(must(t, s, "getFile", "file_id", "f").Result, &f); err != nil {
		t.Fatal(err)
	}
	get := func(token string) (int, string) {
		resp, err := client(t).Get(s.URL + "/file/bot" + token + "/" + strings.ReplaceAll(f.Path, " ", "%20"))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = resp.Body.Close() }()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, string(body)
	}
	if code, text := get(s.Token); code != 200 || text != "data" {
		t.Errorf("the file: %d, %s", code, text)
	}
	if code, _ := get("1:wrong"); code != 401 {
		t.Errorf("with another token: %d", code)
	}
	for _, id := range []string{"big", "unknown"} {
		if r, err := call(t, s, "getFile", "file_id", id); err != nil || r.ErrorCode != 400 {
			t.Errorf("%s: %+v, %v", id, r, err)
		}
	}
}

func TestEditing(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	s.Meet(1)
	must(t, s, "sendMessage", "chat_id", "1", "text", "x", "reply_markup", `{"inline_keyboard":[[{"text":"a","callback_data":"a"}]]}`)
	id := strconv.FormatInt(s.Sent(1)[0].ID, 10)
	must(t, s, "editMessageReplyMarkup", "chat_id", "1", "message_id", id)
	must(t, s, "editMessageText", "chat_id", "1", "message_id", id, "text", "y")
	if m := s.Sent(1)[0]; m.Text != "y" || len(m.Buttons) > 0 || m.Edits != 1 {
		t.Errorf("got %+v", m)
	}
	for _, method := range []string{"editMessageText", "editMessageReplyMarkup"} {
		params := []string{"chat_id", "1", "message_id", id}
		if method == "editMessageText" {
			params = append(params, "text", "y")
		}
		if r, err := call(t, s, method, params...); err != nil || !strings.Contains(r.Description, "not modified") {
			t.Errorf("%s again: %+v, %v", method, r, err)
		}
	}
}

func TestMigrated(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	s.Migrate(-5, -1001000000005)
	if r, err := call(t, s, "sendMessage", "chat_id", "-5", "text", "x"); err != nil || r.Parameters.MigrateTo != -1001000000005 {
		t.Errorf("the group: %+v, %v", r, err)
	}
	must(t, s, "sendMessage", "chat_id", "-1001000000005", "text", "x")
	if s.Pending() != 2 {
		t.Errorf("%d updates, want one in each chat", s.Pending())
	}
}
