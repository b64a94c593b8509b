package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

// webClient speaks the web chat's interface.
type webClient struct {
	t    *testing.T
	base string
	key  string
}

// call returns the answer, 0 when there was none.
func (c *webClient) call(method, path string, body any) (status int, answer string) {
	data, err := json.Marshal(body)
	if err != nil {
		return -1, err.Error()
	}
	r, err := http.NewRequestWithContext(c.t.Context(), method, c.base+"/chat/api/"+path, bytes.NewReader(data))
	if err != nil {
		return -1, err.Error()
	}
	if c.key != "" {
		r.Header.Set("Authorization", "Bearer "+c.key)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, ""
	}
	defer res.Body.Close()
	all, err := io.ReadAll(res.Body)
	if err != nil {
		return 0, ""
	}
	return res.StatusCode, string(all)
}

// says posts as the page does: again under the same id until it is told that the
// message is stored.
func (c *webClient) says(id string) error {
	for c.t.Context().Err() == nil {
		switch status, answer := c.call("POST", "messages", map[string]string{"id": id, "text": "hello"}); status {
		case http.StatusOK:
			return nil
		case 0, http.StatusTooManyRequests, http.StatusServiceUnavailable:
		default:
			return fmt.Errorf("%d %s", status, answer)
		}
	}
	return c.t.Context().Err()
}

// TestWebKill kills serve while somebody writes: every message is in the log and
// answered, once.
func TestWebKill(t *testing.T) {
	t.Parallel()
	d := newDeployment(t).fixed()
	serve := d.start().ready()
	c := &webClient{t: t, base: serve.base()}
	_, answer := c.call("POST", "session", struct{}{})
	var made struct{ Key string }
	if err := json.Unmarshal([]byte(answer), &made); err != nil || made.Key == "" {
		t.Fatalf("%s, %v", answer, err)
	}
	c.key = made.Key
	const rounds, each = 5, 3
	for round := range rounds {
		accepted := make(chan error, each)
		go func() {
			for n := range each {
				accepted <- c.says(fmt.Sprintf("message-%d-%d", round, n))
			}
		}()
		wait := func(n int) {
			for range n {
				if err := <-accepted; err != nil {
					t.Fatal(err)
				}
			}
		}
		before := round % (each + 1)
		wait(before)
		serve.kill() // with the next under way
		serve = d.start().ready()
		wait(each - before)
	}
	var log string
	eventually(t, "everything to be answered", func() bool {
		_, log = c.call("GET", "events?once=1", nil)
		return strings.Count(log, `"by":"team"`) >= rounds*each
	})
	if own, team := strings.Count(log, `"by":"asker"`), strings.Count(log, `"by":"team"`); own != rounds*each || team != own {
		t.Errorf("%d messages and %d answers, want %d of both", own, team, rounds*each)
	}
	for round := range rounds {
		for n := range each {
			if id := fmt.Sprintf(`"id":"umessage-%d-%d"`, round, n); strings.Count(log, id) != 1 {
				t.Errorf("%s: %d times", id, strings.Count(log, id))
			}
		}
	}
	serve.stop()
}
