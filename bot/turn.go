package bot

import (
	"cmp"
	"errors"
	"strconv"
	"strings"
	"time"

	"firstline/bot/chat"
	"firstline/bot/outbox"
	"firstline/handoff"
)

// load finds the thread's unsolved ticket.
func (t *turn) load() error {
	if t.th.Ticket == 0 {
		return nil
	}
	ticket, err := t.tx.Ticket(t.th.Ticket)
	if errors.Is(err, handoff.ErrNotFound) || (err == nil && ticket.State == handoff.Solved) {
		return nil
	}
	t.ticket = ticket
	return err
}

// record keeps what the asker wrote or pressed for the story, and has the
// attachments fetched.
func (t *turn) record() error {
	m := t.m
	e := &handoff.Entry{
		Key: "in/" + t.key, Thread: t.th.ID, Kind: handoff.ByAsker, Text: t.written(),
		Attachments: m.Attachments, Redacted: m.Redacted, At: t.b.now(), In: m.Conversation,
	}
	if m.Choice == "" { // of a pressed button, ID is the bot's own message
		e.Message = m.ID
	}
	if t.ticket != nil {
		e.Ticket = t.ticket.ID
	}
	if err := t.tx.AddEntry(e); err != nil {
		return err
	}
	return t.b.desk.AddFiles(t.tx, e)
}

// written is how the message reads in the story.
func (t *turn) written() string {
	m := t.m
	switch {
	case m.Choice != "":
		return t.label(m.Choice)
	case m.Command != chat.CommandNone:
		return strings.TrimSpace(handoff.PressMark + "/" + string(m.Command) + " " + m.Text)
	}
	return m.Text
}

// say sends one message of the bot to the asker and keeps it for the story.
func (t *turn) say(class outbox.Class, body chat.Rich, choices ...chat.Choice) error {
	t.sent++
	choices = t.withSolved(choices)
	d := outbox.Delivery{
		Key: "bot/" + t.key + "/" + strconv.Itoa(t.sent), Class: class,
		Out: chat.Outbound{Body: body, Choices: choices},
	}
	if !t.th.Private {
		d.Out.ReplyTo = cmp.Or(t.replyTo, t.th.LastMessage)
	}
	added, err := t.b.desk.SendThread(t.tx, t.th, d)
	if err != nil || !added {
		return err
	}
	e := &handoff.Entry{
		Key: d.Key, Thread: t.th.ID, Kind: handoff.ByBot, Text: body.Text, Delivery: d.Key, At: t.b.now(),
	}
	if t.ticket != nil {
		e.Ticket = t.ticket.ID
	}
	return t.tx.AddEntry(e)
}

// answered ends the waiting for an answer.
func (t *turn) answered() {
	t.th.Unanswered, t.th.Due, t.th.Question = time.Time{}, time.Time{}, ""
}
