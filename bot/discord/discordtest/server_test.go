package discordtest

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/gorilla/websocket"
)

// request does a request as the bot.
func request(t *testing.T, s *Server, method, path, body string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.URL+"v9/"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bot "+s.Token)
	req.Header.Set("User-Agent", "DiscordBot (https://example.com, 1)")
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(data)
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	const mentions = `"allowed_mentions":{"parse":[]}`
	button := func(id, label string) string {
		return fmt.Sprintf(`{"type":2,"style":2,"label":%q,"custom_id":%q}`, label, id)
	}
	row := func(buttons ...string) string {
		return `{"type":1,"components":[` + strings.Join(buttons, ",") + `]}`
	}
	message := func(rows ...string) string {
		return `{"content":"x",` + mentions + `,"components":[` + strings.Join(rows, ",") + `]}`
	}
	ok := row(button("a", "A"))
	for _, test := range []struct {
		name, body string
		status     int
		part       string // of the answer
		finding    string
	}{
		{name: "plain", body: `{"content":"x",` + mentions + `}`, status: 200, part: `"content":"x"`},
		{name: "buttons", body: message(ok), status: 200},
		{name: "no JSON", body: `{`, status: 400, part: "50109", finding: "unexpected end"},
		{name: "empty", body: `{"content":" ",` + mentions + `}`, status: 400, part: "50006"},
		{name: "too long", body: `{"content":"` + strings.Repeat("ä", 2001) + `",` + mentions + `}`, status: 400, part: "BASE_TYPE_MAX_LENGTH"},
		{name: "long enough", body: `{"content":"` + strings.Repeat("ä", 2000) + `",` + mentions + `}`, status: 200},
		{name: "long nonce", body: `{"content":"x","nonce":"` + strings.Repeat("n", 26) + `",` + mentions + `}`, status: 400, part: "NONCE"},
		{name: "pings", body: `{"content":"x"}`, status: 200, finding: "could ping"},
		{name: "pings everyone", body: `{"content":"x","allowed_mentions":{"parse":["everyone"]}}`, status: 200, finding: "could ping"},
		{name: "unknown field", body: `{"content":"x","colour":"red",` + mentions + `}`, status: 200, finding: `unknown field "colour"`},
		{name: "unknown nested field", body: `{"content":"x","allowed_mentions":{"parse":[],"x":1}}`, status: 200, finding: `unknown field "x"`},
		{name: "flags of others", body: `{"content":"x","flags":64,` + mentions + `}`, status: 200, finding: "flags 64"},
		{name: "six rows", body: message(ok, ok, ok, ok, ok, ok), status: 400, part: "components"},
		{name: "six buttons", body: message(row(slices.Repeat([]string{button("a", "A")}, 6)...)), status: 400, part: "BAD_LENGTH"},
		{name: "empty row", body: message(row()), status: 400, part: "BAD_LENGTH"},
		{name: "bare button", body: message(button("a", "A")), status: 400, part: "UNION_TYPE"},
		{name: "same id twice", body: message(ok, ok), status: 400, part: "DUPLICATED"},
		{name: "long id", body: message(row(button(strings.Repeat("i", 101), "A"))), status: 400, part: "custom_id"},
		{name: "long label", body: message(row(button("a", strings.Repeat("l", 81)))), status: 400, part: "label"},
		{name: "reply to nothing", body: `{"content":"x","message_reference":{"message_id":"5"},` + mentions + `}`, status: 400, part: "REPLIES_UNKNOWN_MESSAGE"},
		{name: "reply, if there is something", body: `{"content":"x","message_reference":{"message_id":"5","fail_if_not_exists":false},` + mentions + `}`, status: 200},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := New(t)
			s.spec = nil // what it finds is tested on its own
			status, answer := request(t, s, "POST", "channels/"+s.AddChannel()+"/messages", test.body)
			if status != test.status || !strings.Contains(answer, test.part) {
				t.Errorf("%d %s, want %d …%s…", status, answer, test.status, test.part)
			}
			findings := strings.Join(s.Findings(), "\n")
			if (test.finding == "") != (findings == "") || !strings.Contains(findings, test.finding) {
				t.Errorf("findings %q, want …%s…", findings, test.finding)
			}
		})
	}
}

func TestOtherRoutes(t *testing.T) {
	t.Parallel()
	s := New(t)
	s.spec = nil
	channel := s.AddChannel()
	for _, test := range []struct {
		method, path, body string
		status             int
		part               string
	}{
		{"GET", "gateway", "", 200, "ws://"},
		{"GET", "gateway/bot", "", 200, "session_start_limit"},
		{"GET", "users/@me", "", 200, s.BotID},
		{"POST", "users/@me/channels", `{"recipient_id":"501"}`, 200, `"type":1`},
		{"POST", "users/@me/channels", `{}`, 400, "50035"},
		{"GET", "channels/" + channel, "", 200, `"type":0`},
		{"GET", "channels/5", "", 404, "10003"},
		{"GET", "channels/" + channel + "/messages?limit=101", "", 400, "50035"},
		{"GET", "channels/" + channel + "/messages?after=x", "", 400, "50035"},
		{"POST", "interactions/1/token/callback", `{"type":5}`, 404, "10062"},
		{"PATCH", "webhooks/" + s.AppID + "/token/messages/@original", `{}`, 404, "10015"},
		{"PUT", "applications/5/commands", `[]`, 403, "20012"},
	} {
		status, answer := request(t, s, test.method, test.path, test.body)
		if status != test.status || !strings.Contains(answer, test.part) {
			t.Errorf("%s %s: %d %s, want %d …%s…", test.method, test.path, status, answer, test.status, test.part)
		}
	}
	if status, _ := request(t, s, "GET", "nonsense", ""); status != 404 || len(s.Findings()) != 1 {
		t.Error("an unknown route was not found")
	}
	s.CloseDMs("501")
	if status, answer := request(t, s, "POST", "channels/"+s.DM("501")+"/messages", `{}`); status != 403 || !strings.Contains(answer, "50007") {
		t.Errorf("closed conversation: %d %s", status, answer)
	}
	s.Allow(s.DM("501"))
	if status, _ := request(t, s, "GET", "channels/"+s.DM("501"), ""); status != 200 {
		t.Errorf("opened conversation: %d", status)
	}
}

func TestCommandsAreValidated(t *testing.T) {
	t.Parallel()
	for body, problem := range map[string]string{
		`[{"name":"ask","description":"Ask"}]`: "",
		`[{"name":"Ask","description":"Ask"}]`: "name",
		`[{"name":"ask"}]`:                     "description",
		`[{"name":"ask","description":"Ask","description_localizations":{"xx":"x"}}]`:                          "locale xx",
		`[{"name":"ask","description":"Ask","colour":1}]`:                                                      "unknown field colour",
		`[{"name":"ask","description":"Ask","options":[{"type":3,"name":"q","description":"q","channel":1}]}]`: "unknown field channel",
		`{}`: "unmarshal",
	} {
		s := New(t)
		s.spec = nil
		status, _ := request(t, s, "PUT", "applications/"+s.AppID+"/commands", body)
		findings := strings.Join(s.Findings(), "\n")
		if (status == 200) != (problem == "") || !strings.Contains(findings, problem) {
			t.Errorf("%s: %d, findings %q", body, status, findings)
		}
	}
}

// TestPages: with after, Discord gives the oldest messages that follow, the
// youngest of them first.
func TestPages(t *testing.T) {
	t.Parallel()
	s := New(t)
	var ids []string
	for i := range 5 {
		ids = append(ids, s.UserDMs("501", fmt.Sprintf("text %d", i)))
	}
	_, answer := request(t, s, "GET", "channels/"+s.DM("501")+"/messages?limit=2&after="+ids[1], "")
	third, second := strings.Index(answer, "text 3"), strings.Index(answer, "text 2")
	if third < 0 || second < third || strings.Contains(answer, "text 1") || strings.Contains(answer, "text 4") {
		t.Errorf("page %s", answer)
	}
}

// dial opens the gateway and identifies.
func dial(t *testing.T, s *Server, token string, intents int) *websocket.Conn {
	t.Helper()
	ws, resp, err := websocket.DefaultDialer.DialContext(t.Context(), "ws://"+s.host+"/gateway/?v=9&encoding=json", nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	t.Cleanup(func() { _ = ws.Close() })
	if p := read(t, ws); p.Op != opHello {
		t.Fatalf("first packet %+v", p)
	}
	err = ws.WriteJSON(map[string]any{"op": opIdentify, "d": map[string]any{
		"token": token, "intents": intents, "properties": map[string]string{"os": "test"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return ws
}

func read(t *testing.T, ws *websocket.Conn) packet {
	t.Helper()
	var p packet
	if err := ws.ReadJSON(&p); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestIntents(t *testing.T) {
	t.Parallel()
	s := New(t)
	channel := s.AddChannel()
	ws := dial(t, s, s.Token, intentGuildMessages)
	if p := read(t, ws); *p.Type != "READY" || *p.Seq != 1 {
		t.Fatalf("packet %+v", p)
	}
	s.UserDMs("501", "not asked for")
	s.UserPosts(channel, "501", "without content")
	s.UserMentions(channel, "501", "with content")
	if p := read(t, ws); *p.Type != "MESSAGE_CREATE" || !strings.Contains(string(p.Data), `"content":""`) {
		t.Errorf("packet %s %s", *p.Type, p.Data)
	}
	if p := read(t, ws); !strings.Contains(string(p.Data), "with content") {
		t.Errorf("packet %s", p.Data)
	}
}

func TestGatewayRefuses(t *testing.T) {
	t.Parallel()
	s := New(t)
	for _, test := range []struct {
		token   string
		intents int
		code    int
	}{
		{"wrong", 1, 4004},
		{s.Token, 1 << 30, 4013},
	} {
		ws := dial(t, s, test.token, test.intents)
		if _, _, err := ws.ReadMessage(); !websocket.IsCloseError(err, test.code) {
			t.Errorf("%v, want close code %d", err, test.code)
		}
	}
}
