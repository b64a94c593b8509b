package bot_test

import (
	"slices"
	"strings"
	"testing"

	"firstline/bot/chat"
	"firstline/handoff"
)

func TestDeepLinks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	start := func(person, payload string, n int) string {
		m := w.net.Message(person, payload)
		m.Command = chat.CommandStart
		w.net.Deliver(t, m)
		return w.hears(person, n).Body.Text
	}
	for i, c := range []struct{ payload, want string }{
		{"security/turn-on-2fa", "Turn on"},
		{"a_security_turn-on-2fa", "Turn on"},
		{"", "support assistant"},
		{"spring_mail-7", "support assistant"},
		{"a_no_such", "support assistant"},
		{"<b>x</b> \u202e", "support assistant"},
		{strings.Repeat("x", 65), "support assistant"},
	} {
		if got := start("ann", c.payload, i+1); !strings.Contains(got, c.want) {
			t.Errorf("%.20q: %q", c.payload, got)
		}
	}
	start("bob", "spring_mail-7", 1)
	w.says("bob", "talk to a human", 2)
	s, err := w.desk.Story(t.Context(), 1, w.agent("alice"))
	if err != nil || s.Source != "spring_mail-7" {
		t.Errorf("source %q, %v", s.Source, err)
	}
	var sources []string
	err = w.store.View(t.Context(), func(tx handoff.Tx) error {
		events, err := tx.Events(0)
		for _, e := range events {
			if e.Action == "source" {
				sources = append(sources, e.Detail)
			}
		}
		return err
	})
	if want := []string{"spring_mail-7", "a_no_such", "spring_mail-7"}; err != nil || !slices.Equal(sources, want) {
		t.Errorf("events %q, %v; want %q", sources, err, want)
	}
	// What only people may handle is theirs at once.
	if got := start("eve", "a_security_stolen-funds", 1); !strings.Contains(got, "stolen") {
		t.Errorf("%q", got)
	}
	w.hears("eve", 2)
	if tk := w.ticket(2); tk.Reason != handoff.ReasonAlways {
		t.Errorf("%+v", tk)
	}
}
