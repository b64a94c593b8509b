package bot

import (
	"errors"
	"strings"

	"firstline/bot/chat"
	"firstline/bot/outbox"
	"firstline/bot/phrases"
	"firstline/handoff"
	"firstline/knowledge"
)

// overhear handles what somebody wrote in a help place without addressing the bot.
// It speaks there only when it surely has the answer; any other question waits for
// one of the people around, and becomes a ticket when none of them answers.
func (t *turn) overhear(v knowledge.Verdict, out *Outcome) error {
	helped, err := t.relieve()
	if err != nil {
		return err
	}
	if err := t.load(); err != nil {
		return err
	}
	sure := v.Kind == knowledge.Answer || v.Reason == knowledge.Always
	question := sure || asks(v) && !helped
	secret, held := len(t.m.Redacted) > 0, t.ticket != nil && t.ticket.HeldAt(t.b.now())
	out.Verdict, out.Reason = string(v.Kind), string(v.Reason)
	if !secret && t.ticket == nil && !question {
		if t.th.Unanswered.IsZero() {
			out.Verdict, out.Reason = ignored, ""
			return nil
		}
		return t.record() // it goes with the question that waits
	}
	t.hear(true, v)
	if t.movesPrivate(v) {
		return t.movePrivately(v, out)
	}
	if err := t.record(); err != nil {
		return err
	}
	if t.ticket != nil {
		if err := t.b.desk.Touch(t.tx, t.ticket, t.th); err != nil {
			return err
		}
	}
	switch {
	case secret:
		if err := t.deletePublic(); err != nil {
			return err
		}
		out.Verdict, out.Reason = string(knowledge.HandOff), string(handoff.ReasonSecret)
		return t.handOver(handoff.ReasonSecret, "")
	case held:
		out.Verdict = "held"
		return nil
	case v.Kind == knowledge.Answer:
		return t.answer(v.Passage)
	case t.ticket != nil:
		return nil // it is in the story
	case v.Reason == knowledge.Always:
		return t.always(v.Passage)
	}
	t.th.Question = t.m.ID
	if t.th.Unanswered.IsZero() {
		t.startTimer()
	}
	return nil
}

// asks reports that what was said is a question, or may be one: not chatter.
func asks(v knowledge.Verdict) bool {
	switch v.Kind {
	case knowledge.SmallTalk:
		return false
	case knowledge.HandOff:
		return v.Reason == knowledge.Unknown || v.Reason == knowledge.Always || v.Reason == knowledge.Asked
	}
	return true
}

// questionMarks end questions in the languages of the world; writing them tells
// somebody who asks, too, from somebody who answers.
const questionMarks = "?？؟⁇՞"

// relieve ends the waiting of everybody else in the conversation, and reports that
// this was said to somebody: a person has written after them, and not to ask something. What
// reads so, and no article surely knows, is then taken for their answer: it is no
// question of its own. A reply to somebody's message is for its author alone. An edit
// was written earlier and answers nobody.
func (t *turn) relieve() (helped bool, err error) {
	if t.m.Edited || strings.ContainsAny(t.m.Text, questionMarks) {
		return false, nil
	}
	waiting, err := t.tx.ThreadsWaiting(t.m.Conversation)
	if err != nil {
		return false, err
	}
	var meant handoff.ThreadID
	if t.m.ReplyTo != "" {
		e, err := t.tx.EntryOf(t.m.Conversation, t.m.ReplyTo)
		switch {
		case errors.Is(err, handoff.ErrNotFound): // to what was no question
			return true, nil
		case err != nil:
			return false, err
		case e.Thread == t.th.ID:
			return false, nil
		}
		meant, helped = e.Thread, true
	}
	for _, id := range waiting {
		if id == t.th.ID || meant != "" && id != meant {
			continue
		}
		th, err := t.tx.Thread(id)
		if err != nil {
			return false, err
		}
		helped = true
		other := &turn{th: th}
		other.answered()
		if err := t.tx.SaveThread(th); err != nil {
			return false, err
		}
		err = t.tx.AddEvent(&handoff.Event{At: t.b.now(), Action: "answered by the community", Ticket: th.Ticket})
		if err != nil {
			return false, err
		}
	}
	return helped, nil
}

// solved: the asker says that their question needs nobody any more. Somebody else
// than the asker has no question here, and their press does nothing.
func (t *turn) solved() error {
	waits := !t.th.Unanswered.IsZero()
	ticket, err := t.b.desk.SolvedByAsker(t.tx, t.th)
	if err != nil {
		return err
	}
	if ticket == nil && !waits && t.m.Choice != "" {
		return nil
	}
	t.answered()
	t.ticket = nil
	return t.say(outbox.ClassNotice, t.text(phrases.SolvedByAsker))
}

// withSolved adds the button that ends the waiting to what the bot says in a
// community while a question waits for people there.
func (t *turn) withSolved(choices []chat.Choice) []chat.Choice {
	waits := t.ticket != nil || !t.th.Unanswered.IsZero()
	most := t.b.can(t.th.Conversation.Network).Choices
	if t.th.Private || !waits || len(choices) >= most {
		return choices
	}
	return append(choices, t.choice(phrases.ButtonSolved, codeSolved, ""))
}
