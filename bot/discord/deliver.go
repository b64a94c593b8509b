package discord

import (
	"context"
	"time"

	"firstline/bot/backoff"
	"firstline/bot/chat"
)

const (
	batchSize    = 100
	drainTimeout = 5 * time.Second
)

// deliver gives what arrives to receiver, in order, until ctx ends. What the
// receiver does not take is given to it again.
func (r *run) deliver(ctx context.Context) {
	retry := backoff.Backoff{Min: r.c.timing.storeRetry, Max: 10 * time.Second}
	for {
		batch := r.intake.take(ctx, batchSize)
		if batch == nil {
			return
		}
		for {
			err := r.receiver.Receive(ctx, messagesOf(batch))
			if err == nil {
				break
			}
			if ctx.Err() != nil {
				r.left = batch
				return
			}
			pause := retry.Next(0)
			r.c.log.Error("discord: received messages could not be stored; trying again", "messages", len(batch), "retry_in", pause, "err", err)
			if !backoff.Sleep(ctx, pause) {
				r.left = batch
				return
			}
		}
		retry.Reset()
		r.taken(ctx, batch)
	}
}

// drain stores, after the end of Run's ctx, what is still in memory. Messages
// that it can't store are fetched at the next start.
func (r *run) drain(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTimeout)
	defer cancel()
	r.intake.release()
	batch := r.left
	for {
		if len(batch) > 0 {
			if err := r.receiver.Receive(ctx, messagesOf(batch)); err != nil {
				r.c.log.Error("discord: the last received messages could not be stored; they are fetched at the next start", "err", err)
				return
			}
			r.taken(ctx, batch)
		}
		if batch = r.intake.takeNow(batchSize); batch == nil {
			break
		}
	}
	r.saveMarks(ctx, nil)
}

// taken does what follows when the receiver has taken batch.
func (r *run) taken(ctx context.Context, batch []item) {
	channels := map[string]bool{}
	for _, it := range batch {
		channels[it.channel] = true
		if it.ack != nil {
			r.acks.Go(func() { it.ack(ctx) })
		}
	}
	r.intake.stored(batch)
	r.saveMarks(ctx, channels)
}

// saveMarks saves the marks of channels; nil: of all.
func (r *run) saveMarks(ctx context.Context, channels map[string]bool) {
	r.saving.Lock() // so that no older mark is saved after a younger one
	defer r.saving.Unlock()
	for channel, id := range r.intake.marks(channels) {
		if err := r.c.seen.Save(ctx, channel, id.String()); err != nil {
			r.c.log.Warn("discord: a mark could not be saved; more is fetched at the next start", "channel", channel, "err", err)
			continue
		}
		r.intake.markSaved(channel, id)
	}
}

func messagesOf(batch []item) []*chat.Message {
	messages := make([]*chat.Message, len(batch))
	for i, it := range batch {
		messages[i] = it.message
	}
	return messages
}
