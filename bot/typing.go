package bot

import (
	"context"
	"sync"
	"time"

	"firstline/bot/chat"
)

// Typing shows on the networks that can that the bot is writing. It is a courtesy:
// it delays nothing, and what it can't do at once it leaves. nil shows nothing.
type Typing struct {
	typers map[chat.Network]chat.Typer
	free   chan struct{}
	wg     sync.WaitGroup
}

// How many networks calls may be under way at once, and for how long: a network
// that is slow to be told gets an answer before it shows anything.
const (
	typingAtOnce  = 8
	typingTimeout = 3 * time.Second
)

// NewTyping returns a Typing for those channels that implement chat.Typer.
func NewTyping(channels ...chat.Channel) *Typing {
	t := &Typing{typers: map[chat.Network]chat.Typer{}, free: make(chan struct{}, typingAtOnce)}
	for _, ch := range channels {
		if typer, ok := ch.(chat.Typer); ok {
			t.typers[ch.Network()] = typer
		}
	}
	return t
}

// Show shows in a conversation that the bot is writing. It returns at once.
func (t *Typing) Show(in chat.ConversationID) {
	if t == nil || t.typers[in.Network] == nil {
		return
	}
	select {
	case t.free <- struct{}{}:
	default:
		return // too busy for courtesies
	}
	t.wg.Go(func() {
		defer func() { <-t.free }()
		ctx, cancel := context.WithTimeout(context.Background(), typingTimeout)
		defer cancel()
		t.typers[in.Network].Typing(ctx, in)
	})
}

// Wait waits for what is under way. Nothing may be shown any more.
func (t *Typing) Wait() {
	if t != nil {
		t.wg.Wait()
	}
}
