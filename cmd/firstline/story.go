package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"firstline/bot/chat"
	"firstline/bot/outbox"
	"firstline/handoff"
)

// ticketRow is a ticket in JSON. Times are RFC 3339 in UTC; absent when zero.
type ticketRow struct {
	ID           handoff.TicketID    `json:"id"`
	State        handoff.TicketState `json:"state"`
	Reason       handoff.Reason      `json:"reason"`
	Article      string              `json:"article,omitempty"`
	Network      chat.Network        `json:"network"`
	Conversation string              `json:"conversation"`
	Person       string              `json:"person"`
	Language     string              `json:"language"`
	ClaimedBy    handoff.AgentID     `json:"claimed_by,omitempty"`
	ClaimedUntil time.Time           `json:"claimed_until,omitzero"`
	OpenedAt     time.Time           `json:"opened_at"`
	QueuedAt     time.Time           `json:"queued_at"`
	FirstReplyAt time.Time           `json:"first_reply_at,omitzero"`
	SolvedAt     time.Time           `json:"solved_at,omitzero"`
	Reopened     int                 `json:"reopened"`
	Rating       int                 `json:"rating,omitempty"`
	Question     string              `json:"question,omitempty"`
}

type storyRow struct {
	ticketRow
	Place   int        `json:"place,omitempty"`
	Entries []entryRow `json:"entries"`
	Notes   []noteRow  `json:"notes"`
}

type entryRow struct {
	Kind        handoff.EntryKind  `json:"kind"`
	Agent       handoff.AgentID    `json:"agent,omitempty"`
	Text        string             `json:"text"`
	Attachments []chat.Attachment  `json:"attachments,omitempty"`
	Redacted    []string           `json:"redacted,omitempty"`
	Earlier     []handoff.Revision `json:"earlier,omitempty"` // what it read before it was edited
	EditedAt    time.Time          `json:"edited_at,omitzero"`
	DeletedAt   time.Time          `json:"deleted_at,omitzero"`
	Delivery    outbox.State       `json:"delivery,omitempty"`
	Problem     string             `json:"problem,omitempty"`
	At          time.Time          `json:"at"`
}

type noteRow struct {
	Agent handoff.AgentID `json:"agent"`
	Text  string          `json:"text"`
	At    time.Time       `json:"at"`
}

func ticketJSON(t *handoff.Ticket, state handoff.TicketState) ticketRow {
	r := ticketRow{
		ID: t.ID, State: state, Reason: t.Reason, Article: t.Article,
		Network: t.Conversation.Network, Conversation: t.Conversation.ID, Person: t.Person.Name, Language: t.Language,
		OpenedAt: t.OpenedAt.UTC(), QueuedAt: t.QueuedAt.UTC(), FirstReplyAt: t.FirstReplyAt.UTC(), SolvedAt: t.SolvedAt.UTC(),
		Reopened: t.Reopened, Rating: t.Rating,
	}
	if state == handoff.Claimed {
		r.ClaimedBy, r.ClaimedUntil = t.ClaimedBy, t.ClaimedUntil.UTC()
	}
	return r
}

func storyJSON(s *handoff.Story) storyRow {
	r := storyRow{ticketRow: ticketJSON(s.Ticket, s.State), Place: s.Place, Entries: []entryRow{}, Notes: []noteRow{}}
	for _, e := range s.Entries {
		r.Entries = append(r.Entries, entryRow{
			Kind: e.Kind, Agent: e.Agent, Text: e.Text, Attachments: e.Attachments, Redacted: e.Redacted,
			Earlier: e.Earlier, EditedAt: e.EditedAt, DeletedAt: e.DeletedAt,
			Delivery: e.Delivery, Problem: e.Problem, At: e.At.UTC(),
		})
	}
	for _, n := range s.Notes {
		r.Notes = append(r.Notes, noteRow{Agent: n.Agent, Text: n.Text, At: n.At.UTC()})
	}
	return r
}

// writeStory prints a ticket for people, entries and notes in order of time.
func writeStory(w io.Writer, s *handoff.Story, now time.Time) error {
	t := s.Ticket
	var b strings.Builder
	fmt.Fprintf(&b, "Ticket %s: %s, %s, %s on %s (%s)\n", t.ID, stateText(t, now), t.Reason, plain(t.Person.Name), t.Conversation.Network, t.Language)
	fmt.Fprintf(&b, "opened %s", t.OpenedAt.Local().Format("2006-01-02 15:04"))
	if s.Place > 0 {
		fmt.Fprintf(&b, ", number %d in the queue", s.Place)
	}
	if t.Reopened > 0 {
		fmt.Fprintf(&b, ", reopened %d times", t.Reopened)
	}
	if t.Rating > 0 {
		fmt.Fprintf(&b, ", rated %d of 5", t.Rating)
	}
	b.WriteString("\n")
	type item struct {
		at   time.Time
		text string
	}
	var items []item
	for _, e := range s.Entries {
		items = append(items, item{e.At, entryText(e)})
	}
	for _, n := range s.Notes {
		items = append(items, item{n.At, fmt.Sprintf("note by %s (internal, never sent)\n%s", n.Agent, indent(n.Text))})
	}
	slices.SortStableFunc(items, func(x, y item) int { return x.at.Compare(y.at) })
	for _, i := range items {
		fmt.Fprintf(&b, "\n%s  %s\n", i.at.Local().Format("01-02 15:04"), i.text)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func entryText(e handoff.StoryEntry) string {
	who := map[handoff.EntryKind]string{handoff.ByAsker: "asker", handoff.ByBot: "bot", handoff.ByAgent: string(e.Agent)}[e.Kind]
	var marks []string
	if e.Delivery != "" && e.Delivery != outbox.Sent {
		marks = append(marks, strings.Join(nonEmpty(string(e.Delivery), e.Problem), ": "))
	}
	if !e.DeletedAt.IsZero() {
		marks = append(marks, "deleted")
	} else if !e.EditedAt.IsZero() {
		marks = append(marks, "edited")
	}
	for _, k := range e.Redacted {
		marks = append(marks, strings.ReplaceAll(k, "_", " ")+" removed")
	}
	for _, a := range e.Attachments {
		marks = append(marks, plain(strings.TrimSpace(a.Kind+" "+a.Name)))
	}
	if len(marks) > 0 {
		who += " [" + strings.Join(marks, "; ") + "]"
	}
	text := who + "\n"
	for _, r := range e.Earlier {
		text += indent(r.Text) + "\n    ↓\n"
	}
	return text + indent(e.Text)
}

func indent(text string) string {
	return "    " + strings.ReplaceAll(plain(text), "\n", "\n    ")
}
