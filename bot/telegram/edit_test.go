package telegram_test

import (
	"testing"
	"time"

	"firstline/bot/chat"
	"firstline/bot/telegram/telegramtest"
)

// TestReceivedEdits has people change what they wrote.
func TestReceivedEdits(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	c, _ := channel(t, s)
	got := newStore()
	run(t, c, got)
	s.WaitRequests(t, "getUpdates", 1)
	_, n := s.Deliver(telegramtest.Incoming{From: 1, Text: "whre is it"})
	s.Edit(telegramtest.Incoming{From: 1, Text: "where is it"}, n)
	s.Edit(telegramtest.Incoming{From: 1, Text: "where is it?"}, n)
	s.Edit(telegramtest.Incoming{From: 1, Fields: fields{"edit_date": nil, "text": "where is it?"}}, n) // only what Telegram shows of it has changed
	s.Edit(telegramtest.Incoming{From: 1, Fields: fields{"location": fields{"latitude": 1}}}, n)        // a live location moves on
	s.Edit(telegramtest.Incoming{From: 1, Chat: -1002, Text: "to nobody here"}, 7)
	s.Edit(telegramtest.Incoming{From: 1, Chat: -1002, Text: "/ask now to the bot"}, 7)
	s.Edit(telegramtest.Incoming{From: 1, Fields: fields{"caption": "part", "media_group_id": "A", "photo": []fields{{"file_id": "p"}}}}, 9)
	s.WaitConfirmed(t)
	all := got.wait(t, 5)
	expect(t, all, shape{Text: "whre is it", ID: id(n)}, shape{Text: "where is it", ID: id(n), Edited: true}, shape{Text: "where is it?", ID: id(n), Edited: true},
		shape{Text: "now to the bot", ID: "7", Edited: true}, shape{Text: "part", Files: "p ", ID: "9", Edited: true})
	if !all[3].Addressed || all[3].Command != chat.CommandAsk {
		t.Errorf("got %+v", all[3])
	}
}

// TestOlderFormsAreDropped has edits overtake what they edit.
func TestOlderFormsAreDropped(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	c, _ := channel(t, s)
	got := newStore()
	run(t, c, got)
	s.WaitRequests(t, "getUpdates", 1)
	at := time.Now().Unix()
	edit := func(text string, at int64) {
		s.Edit(telegramtest.Incoming{From: 1, Text: text, Fields: fields{"edit_date": at}}, 105)
	}
	edit("third", at+20)
	s.WaitConfirmed(t)
	edit("second", at+10)
	s.Deliver(telegramtest.Incoming{From: 1, Text: "first", Fields: fields{"message_id": 105}})
	edit("fourth", at+20)
	s.Deliver(telegramtest.Incoming{From: 1, Text: "another"})
	s.WaitConfirmed(t)
	all := got.wait(t, 3)
	if len(all) != 3 || all[0].Text != "third" || all[1].Text != "fourth" || all[2].Text != "another" {
		t.Errorf("got %+v", shapes(all))
	}
}
