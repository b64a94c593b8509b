package rooms

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"firstline/bot/chat"
	"firstline/handoff"
	"firstline/handoff/words"
)

// How much of the talk before it a card shows: entries, and runes of each.
const (
	cardEntries = 4
	cardRunes   = 300
)

// render words the card, and returns a hash of it.
func (s *show) render() (chat.Outbound, string) {
	t := s.t
	parts := []chat.Rich{
		chat.Styled(fmt.Sprintf("#%d · %s", t.ID, s.state()), chat.Heading),
		chat.Plain(strings.Join(s.facts(), " · ")),
	}
	if before := s.before(); before != "" {
		parts = append(parts, chat.Plain(before))
	}
	if t.State != handoff.Solved {
		parts = append(parts, chat.Styled(s.hint(), chat.Italic))
	}
	if s.r.url != "" {
		url := s.r.url + "/desk/tickets/" + t.ID.String()
		parts = append(parts, chat.Rich{Text: "Open on the desk", Spans: []chat.Span{{End: len("Open on the desk"), Style: chat.Link, URL: url}}})
	}
	out := chat.Outbound{Body: chat.Join("\n\n", parts...), Choices: s.buttons()}
	b, err := json.Marshal(out)
	if err != nil { // strings and numbers only
		panic(err)
	}
	sum := sha256.Sum256(b)
	return out, hex.EncodeToString(sum[:8])
}

// state words where the ticket stands. No times run in it: each change costs an
// edit, and networks count those.
func (s *show) state() string {
	t := s.t
	switch t.StateAt(s.now) {
	case handoff.Claimed:
		return "held by " + string(t.ClaimedBy)
	case handoff.Solved:
		by := string(t.SolvedBy)
		if by == "" {
			by = "the asker"
		}
		if t.Rating > 0 {
			return fmt.Sprintf("solved by %s · rated %d / 5", by, t.Rating)
		}
		return "solved by " + by
	}
	return "waits since " + t.QueuedAt.UTC().Format("2 Jan, 15:04 UTC")
}

func (s *show) facts() []string {
	t := s.t
	facts := []string{asker(t), words.Network(t.Conversation.Network)}
	if !t.Private {
		facts = append(facts, "in public")
	}
	if t.Language != "" {
		facts = append(facts, words.Language(t.Language))
	}
	facts = append(facts, words.Reason(t.Reason))
	if t.Reopened > 0 {
		facts = append(facts, fmt.Sprintf("reopened %d×", t.Reopened))
	}
	return facts
}

// asker names the asker.
func asker(t *handoff.Ticket) string {
	if name := words.Shown(t.Person.Name); name != "" {
		return handoff.Cut(oneLine(name), 60)
	}
	return "No name"
}

// before is the end of the talk that the card was made with.
func (s *show) before() string {
	var lines []string
	for i := len(s.entries) - 1; i >= 0 && len(lines) < cardEntries; i-- {
		if e := s.entries[i]; e.ID <= s.c.From && !pressed(e) {
			lines = append([]string{s.line(e, cardRunes)}, lines...)
		}
	}
	for _, n := range s.notes {
		if n.ID <= s.c.From {
			lines = append(lines, fmt.Sprintf("Note, %s: %s", n.Agent, handoff.Cut(n.Text, cardRunes)))
		}
	}
	return strings.Join(lines, "\n")
}

// line words an entry.
func (s *show) line(e *handoff.Entry, most int) string {
	who := "Bot"
	switch e.Kind {
	case handoff.ByAsker:
		who = asker(s.t)
	case handoff.ByAgent:
		who = string(e.Agent) + " to the asker"
	}
	if !e.DeletedAt.IsZero() {
		return who + ": (taken back)"
	}
	text := handoff.Cut(e.Text, most)
	if !e.EditedAt.IsZero() {
		text += " (edited)"
	}
	for _, a := range e.Attachments {
		text += " [" + a.Kind
		if a.Name != "" {
			text += ": " + handoff.Cut(oneLine(a.Name), 60)
		}
		text += "]"
	}
	return who + ": " + strings.TrimSpace(text)
}

func (s *show) hint() string {
	if s.room.Threads == Flat {
		return "Reply to this message and the asker gets it; begin with ! for a note."
	}
	if s.room.Threads == OnCard {
		return "What you write in the thread goes to the asker; begin with ! for a note."
	}
	return "What you write in this topic goes to the asker; begin with ! for a note."
}

// buttons are what can be done with the ticket as it stands.
func (s *show) buttons() []chat.Choice {
	var all []chat.Choice
	add := func(label string, do verb) {
		all = append(all, chat.Choice{Label: label, Data: choiceData(do, s.t.ID, "")})
	}
	switch s.t.StateAt(s.now) {
	case handoff.Solved:
		add("Reopen", reopen)
		return all
	case handoff.Claimed:
		add("Release", release)
	default:
		add("Claim", claim)
	}
	add("Transfer", transfer)
	add("Solve", solve)
	return all
}

// pressed reports that an entry is a pressed button or a command.
func pressed(e *handoff.Entry) bool { return strings.HasPrefix(e.Text, handoff.PressMark) }

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// since words how long ago at was.
func since(now, at time.Time) string {
	d := now.Sub(at)
	switch {
	case d < time.Minute:
		return "just now"
	case d < time.Hour:
		return fmt.Sprintf("%d min", d/time.Minute)
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h", d/time.Hour)
	}
	return fmt.Sprintf("%d days", d/(24*time.Hour))
}
