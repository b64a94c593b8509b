package discordtest

import (
	"net/http"
	"strings"
	"testing"
)

func TestThreads(t *testing.T) {
	t.Parallel()
	s := New(t)
	channel, forum := s.AddChannel(), s.AddForum()
	message, other := s.UserPosts(channel, "501", "x"), s.UserPosts(channel, "501", "y")
	post := s.UserAsks(forum, "501", "Title", "x")
	on := func(channel, message string) string {
		return "channels/" + channel + "/messages/" + message + "/threads"
	}
	for _, test := range []struct {
		name, path, body string
		status           int
		part, finding    string
	}{
		{name: "no name", path: on(channel, message), body: `{"name":" "}`, status: 400, part: "50035"},
		{name: "too long", path: on(channel, message), body: `{"name":"` + strings.Repeat("ä", 101) + `"}`, status: 400, part: "50035"},
		{name: "odd duration", path: on(channel, message), body: `{"name":"x","auto_archive_duration":5}`, status: 400, part: "50035"},
		{name: "no message", path: on(channel, "5"), body: `{"name":"x"}`, status: 404, part: "10008"},
		{name: "in a thread", path: on(post, post), body: `{"name":"x"}`, status: 400, part: "50024"},
		{name: "begun", path: on(channel, message), body: `{"name":"x","auto_archive_duration":10080}`, status: 201, part: message},
		{name: "again", path: on(channel, message), body: `{"name":"x"}`, status: 400, part: "160004"},
		{name: "names people", path: on(channel, other), body: `{"name":"@everyone"}`, status: 201, finding: "name people"},
		{name: "unknown field", path: on(channel, other), body: `{"name":"x","type":11}`, status: 400, finding: "unknown field"},
	} {
		status, answer := request(t, s, "POST", test.path, test.body)
		if status != test.status || !strings.Contains(answer, test.part) {
			t.Errorf("%s: %d %s", test.name, status, answer)
		}
		if found := strings.Join(s.Findings(), ", "); test.finding != "" && !strings.Contains(found, test.finding) {
			t.Errorf("%s: found %q", test.name, found)
		}
	}
	s.DeleteThread(message)
	if status, _ := request(t, s, "GET", "channels/"+message, ""); status != http.StatusNotFound {
		t.Errorf("a deleted thread: %d", status)
	}
	if status, answer := request(t, s, "POST", on(channel, message), `{"name":"x"}`); !strings.Contains(answer, "160004") {
		t.Errorf("on a message whose thread was deleted: %d %s", status, answer)
	}
}

func TestGuildCommands(t *testing.T) {
	t.Parallel()
	s := New(t)
	path := "applications/" + s.AppID + "/guilds/" + s.GuildID + "/commands"
	for body, part := range map[string]string{
		`[{"name":"claim","description":"x","type":1,"contexts":[0]}]`:                                                                                             "global",
		`[{"name":"note","description":"x","type":1,"options":[{"type":4,"name":"a","description":"x"},{"type":3,"name":"b","description":"x","required":true}]}]`: "required option",
		`[{"name":"note","description":"x","type":1,"options":[{"type":4,"name":"a","description":"x","max_length":5}]}]`:                                          "another type",
	} {
		status, _ := request(t, s, "PUT", path, body)
		if found := strings.Join(s.Findings(), ", "); status != http.StatusBadRequest || !strings.Contains(found, part) {
			t.Errorf("%s: %d, found %q", body, status, found)
		}
	}
	if status, _ := request(t, s, "PUT", path, `[{"name":"claim","description":"x","type":1}]`); status != http.StatusOK || len(s.GuildCommands(s.GuildID)) != 1 || len(s.Commands()) != 0 {
		t.Errorf("%d, %v", status, s.GuildCommands(s.GuildID))
	}
	if status, _ := request(t, s, "PUT", strings.Replace(path, s.GuildID, "5", 1), `[]`); status != http.StatusForbidden {
		t.Errorf("in a guild that the bot is not in: %d", status)
	}
}
