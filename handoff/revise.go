package handoff

import (
	"errors"
	"slices"
	"strconv"

	"firstline/bot/chat"
	"firstline/bot/outbox"
)

// Abilities is what can be done on a network to what was sent there.
type Abilities struct{ Edit, Delete bool }

// maxEarlier is how many earlier texts an entry keeps: the first, and the newest
// of the others.
const maxEarlier = 20

// revise replaces the entry's text and keeps the old one.
func (e *Entry) revise(text string, now Revision) {
	now.Text = e.Text
	e.Earlier = append(e.Earlier, now)
	if n := len(e.Earlier); n > maxEarlier {
		e.Earlier = append(e.Earlier[:1:1], e.Earlier[n-maxEarlier+1:]...)
	}
	e.Text, e.EditedAt = text, now.At
}

// Edited records within the caller's transaction that the asker edited the
// message of e, which read otherwise until now. Secrets have been removed from
// text; kinds says which.
func (d *Desk) Edited(tx Tx, th *Thread, e *Entry, text string, kinds []string) error {
	if text != e.Text { // otherwise a file was added
		e.revise(text, Revision{At: d.now()})
	}
	e.Redacted = slices.Compact(slices.Sorted(slices.Values(slices.Concat(e.Redacted, kinds))))
	if err := tx.ReviseEntry(e); err != nil {
		return err
	}
	return d.changed(tx, th, "edited")
}

// Deleted records within the caller's transaction that the asker took the message
// of e back. That there was one stays; what it said, and its attachments, go.
func (d *Desk) Deleted(tx Tx, th *Thread, e *Entry) error {
	if !e.DeletedAt.IsZero() {
		return nil
	}
	e.Text, e.Earlier, e.Attachments, e.DeletedAt = "", nil, nil, d.now()
	if err := tx.ReviseEntry(e); err != nil {
		return err
	}
	if err := tx.ForgetFiles(e.ID); err != nil {
		return err
	}
	return d.changed(tx, th, "deleted")
}

// changed touches the thread's ticket and notes in its history what the asker did
// to a message.
func (d *Desk) changed(tx Tx, th *Thread, action string) error {
	if th.Ticket == 0 {
		return nil
	}
	t, err := tx.Ticket(th.Ticket)
	if err != nil {
		return IgnoreNotFound(err)
	}
	t.UpdatedAt = d.now()
	if err := tx.SaveTicket(t); err != nil {
		return err
	}
	return d.log(tx, "", action, t.ID, "")
}

// EditReply makes an agent's own reply, entry, read text, at the asker's too. key
// as in Written. ErrNoEdit when the network can't, ErrEditLong when text needs more
// messages than the reply had, ErrDeleted when it was taken back.
func (a Acts) EditReply(id TicketID, entry, key, text string) (*Ticket, error) {
	d, tx := a.d, a.tx
	text, err := d.check(text)
	if err != nil {
		return nil, err
	}
	return a.act(id, func(t *Ticket) error {
		e, sent, err := a.ownReply(t, entry)
		if err != nil {
			return err
		}
		if !d.can(t.Conversation.Network).Edit {
			return ErrNoEdit
		}
		if text == e.Text {
			return nil
		}
		rev := "edit/" + e.Key + "/" + key
		parts := outbox.Parts(outbox.Delivery{
			Key: rev, Class: outbox.ClassReply, Op: outbox.OpSend, Out: chat.Outbound{Body: d.voice.Reply(t, text)},
		}, d.limits(t.Conversation.Network))
		if len(parts) > len(sent) {
			return ErrEditLong
		}
		if len(parts) < len(sent) && !d.can(t.Conversation.Network).Delete {
			return ErrNoDelete
		}
		added := false
		for i, s := range sent {
			p := outbox.Delivery{Key: partKey(rev, i), Class: outbox.ClassReply, Op: outbox.OpDelete, Of: s}
			if i < len(parts) {
				p.Op, p.Out = outbox.OpEdit, parts[i].Out
			}
			put, err := d.putRevision(tx, t, p)
			if err != nil {
				return err
			}
			added = added || put
		}
		if !added {
			return nil
		}
		e.revise(text, Revision{At: d.now()})
		e.Revision = rev
		return a.saveRevision(t, e, "edited reply")
	})
}

// DeleteReply takes an agent's own reply, entry, back from the asker. The story
// keeps it, marked. ErrNoDelete when the network can't. Deleting twice is no
// error.
func (a Acts) DeleteReply(id TicketID, entry string) (*Ticket, error) {
	d, tx := a.d, a.tx
	return a.act(id, func(t *Ticket) error {
		e, sent, err := a.ownReply(t, entry)
		if errors.Is(err, ErrDeleted) {
			return nil
		}
		if err != nil {
			return err
		}
		if !d.can(t.Conversation.Network).Delete {
			return ErrNoDelete
		}
		e.DeletedAt, e.Revision = d.now(), "unsend/"+e.Key
		for i, s := range sent {
			p := outbox.Delivery{Key: partKey(e.Revision, i), Class: outbox.ClassReply, Op: outbox.OpDelete, Of: s}
			if _, err := d.putRevision(tx, t, p); err != nil {
				return err
			}
		}
		return a.saveRevision(t, e, "deleted reply")
	})
}

func (a Acts) saveRevision(t *Ticket, e *Entry, action string) error {
	if err := a.tx.ReviseEntry(e); err != nil {
		return err
	}
	return a.save(t, action, "")
}

// ownReply returns a reply of this agent on this ticket, and the keys of the
// deliveries that carry it now, in order: an edit may have deleted the last ones.
func (a Acts) ownReply(t *Ticket, entry string) (*Entry, []string, error) {
	e, err := a.tx.Entry(entry)
	if err != nil {
		return nil, nil, err
	}
	switch {
	case e.Ticket != t.ID || e.Kind != ByAgent:
		return nil, nil, ErrNotFound
	case e.Agent != a.by:
		return nil, nil, ErrForbidden
	case !e.DeletedAt.IsZero():
		return nil, nil, ErrDeleted
	}
	deliveries, err := deliveriesFrom(a.tx, e)
	if err != nil {
		return nil, nil, err
	}
	ops := map[string]outbox.Op{}
	for _, del := range deliveries {
		ops[del.Key] = del.Op
	}
	var keys []string
	for i := 0; ops[partKey(e.Delivery, i)] == outbox.OpSend; i++ {
		if e.Revision != "" && ops[partKey(e.Revision, i)] != outbox.OpEdit {
			break
		}
		keys = append(keys, partKey(e.Delivery, i))
	}
	return e, keys, nil
}

// partKey is the key of part i, from 0, of what outbox.Parts cut.
func partKey(key string, i int) string {
	if i == 0 {
		return key
	}
	return key + "/" + strconv.Itoa(i+1)
}

// putRevision puts one edit or deletion behind what it is about.
func (d *Desk) putRevision(tx Tx, t *Ticket, p outbox.Delivery) (added bool, err error) {
	now := d.now()
	p.To, p.Thread, p.Ticket = t.Conversation, string(t.Thread), int64(t.ID)
	p.State, p.CreatedAt, p.Due = outbox.Pending, now, now
	return tx.PutDelivery(p)
}
