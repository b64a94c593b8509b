package discordtest

import (
	"net/url"
	"os"
	"strings"
	"testing"
)

// TestRequestsAreChecked needs Discord's own description of its API.
func TestRequestsAreChecked(t *testing.T) {
	t.Parallel()
	if os.Getenv(SpecFolder) == "" {
		t.Skip(SpecFolder + " does not name the folder with discord-openapi.json")
	}
	s, err := loadSpec()
	if err != nil {
		t.Fatal(err)
	}
	const json = "application/json"
	messages := "/channels/5/messages"
	long := strings.Repeat("x", 101)
	for _, test := range []struct {
		name, method, path, query, kind, body, want string
	}{
		{name: "fine", method: "POST", path: messages, kind: json, body: `{"content":"x","allowed_mentions":{"parse":[]},"nonce":"k","enforce_nonce":true,"flags":4}`},
		{name: "unknown path", method: "GET", path: "/nonsense", want: "no such path"},
		{name: "unknown method", method: "PUT", path: messages, want: "no such method"},
		{name: "unknown field", method: "POST", path: messages, kind: json, body: `{"content":"x","colour":1}`, want: "body.colour: unknown field"},
		{name: "unknown nested field", method: "POST", path: messages, kind: json, body: `{"allowed_mentions":{"ping":1}}`, want: "ping: unknown field"},
		{name: "wrong type", method: "POST", path: messages, kind: json, body: `{"content":7}`, want: "body.content: it is integer"},
		{name: "wrong enum", method: "POST", path: messages, kind: json, body: `{"allowed_mentions":{"parse":["nobody"]}}`, want: "parse.0"},
		{name: "long nonce", method: "POST", path: messages, kind: json, body: `{"nonce":"` + long + `"}`, want: "characters"},
		{name: "long label", method: "POST", path: messages, kind: json, body: `{"components":[{"type":1,"components":[{"type":2,"style":1,"custom_id":"a","label":"` + long + `"}]}]}`, want: "label: it has 101 characters"},
		{name: "empty row", method: "POST", path: messages, kind: json, body: `{"components":[{"type":1,"components":[]}]}`, want: "0 items"},
		{name: "no JSON", method: "POST", path: messages, kind: json, body: `{`, want: "not JSON"},
		{name: "no kind", method: "POST", path: messages, body: `{}`, want: "must not be"},
		{name: "no body", method: "POST", path: messages, want: "the body is missing"},
		{name: "a body to spare", method: "GET", path: messages, kind: json, body: `{}`, want: "no body"},
		{name: "query", method: "GET", path: messages, query: "after=7&limit=100"},
		{name: "unknown parameter", method: "GET", path: messages, query: "since=7", want: "unknown parameter since"},
		{name: "out of range", method: "GET", path: messages, query: "limit=101", want: "limit: 101 is out of range"},
		{name: "not an id", method: "GET", path: "/channels/x/messages", want: "no id"},
		{name: "literal before placeholder", method: "GET", path: "/users/@me"},
		{name: "time", method: "GET", path: "/channels/5/threads/archived/public", query: "limit=100&before=2026-01-02T03:04:05.678Z"},
		{name: "not a time", method: "GET", path: "/channels/5/threads/archived/public", query: "before=yesterday", want: "no time"},
		{name: "form", method: "POST", path: "/interactions/5/token/callback", kind: json, body: `{"type":9,"data":{"custom_id":"a","title":"T","components":[{"type":18,"label":"L","component":{"type":4,"custom_id":"b","style":2}}]}}`},
		{name: "form without title", method: "POST", path: "/interactions/5/token/callback", kind: json, body: `{"type":9,"data":{"custom_id":"a","components":[]}}`, want: "title: it is missing"},
		{name: "bool", method: "GET", path: "/applications/5/commands", query: "with_localizations=true"},
		{name: "description", method: "PUT", path: "/applications/5/commands", kind: json, body: `[{"name":"ask","description":"` + long + `"}]`, want: "0.description: it has 101 characters"},
	} {
		query, err := url.ParseQuery(test.query)
		if err != nil {
			t.Fatal(err)
		}
		got := strings.Join(s.check(test.method, test.path, query, test.kind, []byte(test.body)), "; ")
		if (test.want == "") != (got == "") || !strings.Contains(got, test.want) {
			t.Errorf("%s: %q, want …%s…", test.name, got, test.want)
		}
	}
}

// TestFindingOfTheDescription: a request that Discord would refuse is found.
func TestFindingOfTheDescription(t *testing.T) {
	t.Parallel()
	s, err := Start()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if s.spec == nil {
		t.Skip(SpecFolder + " does not name the folder with discord-openapi.json")
	}
	request(t, s, "GET", "channels/"+s.AddChannel()+"/messages?since=5", "")
	if got := s.Findings(); len(got) != 1 || !strings.Contains(got[0], "unknown parameter since") {
		t.Errorf("findings %q", got)
	}
}
