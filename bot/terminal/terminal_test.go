package terminal

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"firstline/bot/chat"
)

// receiver records messages and fails as often as it is told.
type receiver struct {
	got  []*chat.Message
	fail int
}

func (r *receiver) Receive(_ context.Context, batch []*chat.Message) error {
	if r.fail > 0 {
		r.fail--
		return errors.New("no room")
	}
	r.got = append(r.got, batch...)
	return nil
}

func newChannel(in string, out *strings.Builder) *Channel {
	return New(Options{
		Console: Lines(strings.NewReader(in), out), Network: chat.Terminal,
		Person: chat.Person{ID: "local", Name: "Ann"}, Now: time.Now,
	})
}

func TestLinesBecomeMessages(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	c := newChannel("hello there\n\n  /ask how do i  \n/HUMAN\n/nothing known\nbad \xff\x00 bytes\n1\n/quit\nafter\n", &out)
	var r receiver
	if err := c.Run(t.Context(), &r); err != nil {
		t.Fatal(err)
	}
	want := []chat.Message{
		{Text: "hello there"},
		{Text: "how do i", Command: chat.CommandAsk},
		{Command: chat.CommandHuman},
		{Text: "/nothing known"},
		{Text: "bad \uFFFD bytes"},
		{Text: "1"}, // nothing to choose yet
	}
	if len(r.got) != len(want) {
		t.Fatalf("%d messages, want %d", len(r.got), len(want))
	}
	events := map[string]bool{}
	for i, m := range r.got {
		if m.Text != want[i].Text || m.Command != want[i].Command || !m.Private || !m.Addressed {
			t.Errorf("message %d: %+v", i, m)
		}
		events[m.Event] = true
	}
	if len(events) != len(want) {
		t.Error("events are not unique")
	}
}

func TestNumbersPressButtons(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	c := newChannel("2\n3\n", &out)
	_, err := c.Send(t.Context(), c.conversation(), &chat.Outbound{
		Body: chat.Plain("Which?\x1b[31m"), Choices: []chat.Choice{{Label: "One", Data: "a"}, {Label: "Two\x1b]0;x\a", Data: "b"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := out.String(); !strings.Contains(got, "[2] Two") || strings.Contains(got, "\x1b") {
		t.Errorf("printed %q", got)
	}
	var r receiver
	if err := c.Run(t.Context(), &r); err != nil {
		t.Fatal(err)
	}
	if len(r.got) != 2 || r.got[0].Choice != "b" || r.got[0].Text != "" || r.got[1].Text != "3" {
		t.Errorf("messages: %+v", r.got)
	}
}

func TestWhatIsNotStoredIsSaid(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	c := newChannel("hello\nagain\n", &out)
	r := receiver{fail: 1}
	if err := c.Run(t.Context(), &r); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "could not be stored") || len(r.got) != 1 {
		t.Errorf("printed %q, received %d", out.String(), len(r.got))
	}
}

func TestWrap(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		in      string
		columns int
		want    string
	}{
		{"one two three", 7, "one two\nthree"},
		{"one two three", 0, "one two three"},
		{"abcdefghij", 4, "abcd\nefgh\nij"},
		{"钱转出去了", 4, "钱转\n出去\n了"},
		{"\x1b[1mone two\x1b[0m", 7, "\x1b[1mone two\x1b[0m"},
		{"a\n\nb", 3, "a\n\nb"},
	} {
		if got := wrap(tt.in, tt.columns); got != tt.want {
			t.Errorf("wrap(%q, %d) = %q, want %q", tt.in, tt.columns, got, tt.want)
		}
	}
}

// TestWrapKeepsEverything: only spaces at line ends may go, and every line fits.
func TestWrapKeepsEverything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`[a-e 钱é\n]{0,80}`).Draw(t, "s")
		columns := rapid.IntRange(2, 20).Draw(t, "columns")
		got := wrap(s, columns)
		strip := strings.NewReplacer(" ", "", "\n", "")
		if strip.Replace(got) != strip.Replace(s) {
			t.Fatalf("wrap changed %q into %q", s, got)
		}
		for _, line := range strings.Split(got, "\n") {
			if n := columnsOf(strings.TrimRight(line, " ")); n > columns {
				t.Fatalf("line %q takes %d columns of %d", line, n, columns)
			}
		}
	})
}

// columnsOf returns how many columns s takes, without ANSI sequences in it.
func columnsOf(s string) int {
	n, escape := 0, false
	for _, c := range s {
		switch {
		case c == '\x1b':
			escape = true
		case escape:
			escape = c != 'm'
		default:
			n += runeColumns(c)
		}
	}
	return n
}
