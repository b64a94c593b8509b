package telegramtest

import (
	"net/url"
	"strings"
	"testing"
)

// TestSpec sends what the API description does not allow, and what it does.
func TestSpec(t *testing.T) {
	t.Parallel()
	d, err := loadSpec()
	if err != nil {
		t.Fatal(err)
	}
	if d == nil {
		t.Skipf("%s is not set", SpecFolder)
	}
	const text = "chat_id=1&text=x"
	tests := map[string]struct {
		method, params string
		want           string // a part of the finding; "": none
	}{
		"good":              {"sendMessage", text + `&entities=[{"type":"bold","offset":0,"length":1}]&reply_parameters={"message_id":3,"allow_sending_without_reply":true}&link_preview_options={"is_disabled":true}`, ""},
		"group name":        {"sendMessage", "chat_id=@group&text=x", ""},
		"buttons":           {"sendMessage", text + `&reply_markup={"inline_keyboard":[[{"text":"a","callback_data":"b"}]]}`, ""},
		"no such method":    {"sendMessages", text, "no such method"},
		"no such parameter": {"sendMessage", text + "&reply_to_message_id=3", "reply_to_message_id"},
		"missing":           {"sendMessage", "chat_id=1", `"text" is missing`},
		"number":            {"sendChatAction", "chat_id=1&action=typing&message_thread_id=x", "no Integer"},
		"boolean":           {"sendMessage", text + "&protect_content=yes", "no Boolean"},
		"long":              {"sendMessage", "chat_id=1&text=" + strings.Repeat("💸", 2049), "length of 4098"},
		"full":              {"sendMessage", "chat_id=1&text=" + strings.Repeat("💸", 2048), ""},
		"empty":             {"editMessageText", "chat_id=1&message_id=1&text=", "length of 0"},
		"data":              {"sendMessage", text + `&reply_markup={"inline_keyboard":[[{"text":"a","callback_data":"` + strings.Repeat("x", 65) + `"}]]}`, "65"},
		"field":             {"sendMessage", text + `&link_preview_options={"disabled":true}`, `no field "disabled"`},
		"field missing":     {"sendMessage", text + `&entities=[{"type":"bold","offset":0}]`, `needs the field "length"`},
		"field type":        {"sendMessage", text + `&entities=[{"type":"bold","offset":"0","length":1}]`, "no Integer"},
		"array":             {"getUpdates", `allowed_updates="message"`, "no Array of String"},
		"range":             {"getUpdates", "limit=101", "1 to 100"},
		"command":           {"setMyCommands", `commands=[{"command":"a","description":""}]`, "length of 0"},
		"secret":            {"setWebhook", "url=https://x.example&secret_token=" + strings.Repeat("x", 257), "1 to 256"},
		"subtypes":          {"setMyCommands", `commands=[]&scope={"type":"chat","chat_id":1}`, ""},
	}
	for name, tt := range tests {
		params, err := url.ParseQuery(tt.params)
		if err != nil {
			t.Fatal(err)
		}
		got := strings.Join(d.check(tt.method, params), "; ")
		if (tt.want == "") != (got == "") || !strings.Contains(got, tt.want) {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}
