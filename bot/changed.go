package bot

import (
	"slices"
	"time"

	"firstline/bot/chat"
	"firstline/bot/outbox"
	"firstline/bot/phrases"
	"firstline/handoff"
	"firstline/knowledge"
)

// edited handles a message that reads otherwise than when it was handled. The
// story keeps both texts, and the ticket is touched. The bot answers again only
// when nobody has answered yet.
func (t *turn) edited(e *handoff.Entry, question bool, v knowledge.Verdict, out *Outcome) error {
	m, text := t.m, t.written()
	// Networks also tell of changes that nobody sees, such as a link's preview.
	if !e.DeletedAt.IsZero() || text == e.Text && len(newIn(m.Attachments, e.Attachments)) == 0 {
		out.Verdict = ignored
		return nil
	}
	out.Verdict = "edited"
	t.replyTo = m.ID
	if err := t.load(); err != nil {
		return err
	}
	leaks := slices.ContainsFunc(m.Redacted, func(k string) bool { return !slices.Contains(e.Redacted, k) })
	if err := t.newFiles(e); err != nil {
		return err
	}
	if err := t.b.desk.Edited(t.tx, t.th, e, text, m.Redacted); err != nil {
		return err
	}
	if t.ticket != nil { // Edited has saved it
		if err := t.load(); err != nil {
			return err
		}
	}
	if leaks && !m.Private {
		if err := t.deletePublic(); err != nil {
			return err
		}
		return t.handOver(handoff.ReasonSecret, "")
	}
	if leaks {
		if err := t.warn(); err != nil {
			return err
		}
	}
	if !question || t.th.Question != m.ID || t.someoneAnswers() {
		return nil
	}
	return t.again(v)
}

// newFiles has what an edit attached fetched; what it took away stays in the
// story, as the earlier text does.
func (t *turn) newFiles(e *handoff.Entry) error {
	fresh := *e
	fresh.Attachments = newIn(t.m.Attachments, e.Attachments)
	e.Attachments = append(e.Attachments, fresh.Attachments...)
	return t.b.desk.AddFiles(t.tx, &fresh)
}

// newIn returns those of now that were not there before. An edited part of an album
// comes alone: that the others are not with it means nothing.
func newIn(now, before []chat.Attachment) []chat.Attachment {
	var fresh []chat.Attachment
	for _, a := range now {
		if !slices.ContainsFunc(before, func(b chat.Attachment) bool { return b == a || a.Ref != "" && a.Ref == b.Ref }) {
			fresh = append(fresh, a)
		}
	}
	return fresh
}

// someoneAnswers reports that a person is at it.
func (t *turn) someoneAnswers() bool {
	return t.ticket != nil && (t.ticket.HeldAt(t.b.now()) || !t.ticket.FirstReplyAt.IsZero())
}

// again acts on the verdict on a question that was edited before anybody answered
// it. What the bot can't answer now either is being looked after already.
func (t *turn) again(v knowledge.Verdict) error {
	switch {
	case v.Kind == knowledge.Answer:
		return t.answer(v.Passage)
	case v.Kind == knowledge.HandOff && v.Reason == knowledge.Always:
		return t.always(v.Passage)
	case !t.m.Private && !t.m.Addressed:
		return nil
	case v.Kind == knowledge.HandOff && v.Reason == knowledge.Asked:
		return t.handOver(handoff.ReasonAsked, "")
	case v.Kind == knowledge.Choices && t.ticket == nil:
		return t.say(outbox.ClassBot, t.text(phrases.Choices), t.offer(v.Choices)...)
	}
	return nil
}

// recent is how many entries are looked through for another question; handling is
// how much earlier its entry may be than the timer that it started.
const (
	recent   = 50
	handling = time.Minute
)

// deleted handles a message that its author took back.
func (t *turn) deleted(e *handoff.Entry, out *Outcome) error {
	out.Verdict = "deleted"
	if err := t.b.desk.Deleted(t.tx, t.th, e); err != nil {
		return err
	}
	entries, err := t.tx.Entries(t.th.ID, recent)
	if err != nil {
		return err
	}
	// What else was asked and is still there waits on.
	var before, waiting *handoff.Entry
	for _, o := range slices.Backward(entries) {
		if o.Kind != handoff.ByAsker || o.Message == "" || !o.DeletedAt.IsZero() {
			continue
		}
		if before == nil {
			before = o
		}
		if waiting == nil && !t.th.Unanswered.IsZero() && t.th.Unanswered.Sub(o.At) <= handling {
			waiting = o
		}
	}
	if !t.th.Unanswered.IsZero() && waiting == nil {
		t.answered()
	}
	if t.th.Question == e.Message {
		t.th.Question = ""
		if waiting != nil {
			t.th.Question = waiting.Message
		}
	}
	return t.reaim(e, before)
}

// reaim makes replies answer an earlier message than the deleted one.
func (t *turn) reaim(gone, before *handoff.Entry) error {
	if t.th.LastMessage != gone.Message {
		return nil
	}
	t.th.LastMessage = ""
	if before != nil {
		t.th.LastMessage = before.Message
	}
	if err := t.load(); err != nil || t.ticket == nil {
		return err
	}
	return t.b.desk.Touch(t.tx, t.ticket, t.th)
}
