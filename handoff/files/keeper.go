package files

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"firstline/bot/chat"
	"firstline/bot/outbox"
	"firstline/bot/pump"
	"firstline/handoff"
)

// How long fetching may take and how it is retried. A network may forget a file
// after a while, so giving up comes earlier than hope would have it.
const (
	fetchTimeout = 2 * time.Minute
	lease        = 3 * time.Minute
	firstRetry   = 2 * time.Second
	slowRetry    = 10 * time.Minute
	giveUpAfter  = 48 * time.Hour
	workers      = 4
)

// Keeper fetches the attachments that the database says are pending, and removes
// those that are to be forgotten. Nothing is lost when it dies in between: what it
// had in hand is due again when its lease ends.
type Keeper struct {
	Store    handoff.FileStore
	Folder   *Folder
	Channels []chat.Channel
	Wake     <-chan struct{} // rings when there may be work
	Now      func() time.Time
	Log      *slog.Logger
	Max      int64 // bytes of one file; 0: MaxFile

	// mu is held while a content and its row come or go, so that none is removed
	// that another row has just found to be there.
	mu sync.Mutex
}

// Run works until ctx ends and finishes what has begun.
func (k *Keeper) Run(ctx context.Context) {
	fetchers := map[chat.Network]chat.Fetcher{}
	var networks []chat.Network
	for _, ch := range k.Channels {
		networks = append(networks, ch.Network())
		if f, ok := ch.(chat.Fetcher); ok {
			fetchers[ch.Network()] = f
		}
	}
	if len(networks) == 0 {
		return
	}
	if err := k.sweep(ctx); err != nil && ctx.Err() == nil {
		k.Log.Error("looking for files that no attachment has", "err", err)
	}
	p := pump.Pump[*handoff.File]{
		Name: "attachments", Wake: k.Wake, Log: k.Log, Workers: workers,
		Take: func(ctx context.Context, max int) ([]*handoff.File, error) {
			return k.Store.TakeFiles(ctx, networks, max, k.Now(), lease)
		},
		Do: func(ctx context.Context, f *handoff.File) {
			ctx, cancel := context.WithTimeout(ctx, fetchTimeout)
			defer cancel()
			err := k.do(ctx, fetchers[f.In.Network], f)
			if err != nil && !errors.Is(err, outbox.ErrLost) {
				k.Log.Error("an attachment", "file", f.ID, "network", f.In.Network, "attempt", f.Attempt, "err", err)
			}
		},
	}
	p.Run(ctx)
}

func (k *Keeper) do(ctx context.Context, from chat.Fetcher, f *handoff.File) error {
	if f.State == handoff.FileForgetting {
		return k.forget(ctx, f)
	}
	if from == nil {
		return k.refuse(ctx, f, "files can't be fetched from this network")
	}
	d, err := k.Folder.Draft()
	if err != nil {
		return k.retry(ctx, f, "the disk can't be written to", 0, err)
	}
	most := k.Max
	if most <= 0 {
		most = MaxFile
	}
	err = from.Fetch(ctx, f.In, f.Attachment, d, most)
	switch {
	case errors.Is(err, chat.ErrTooLarge), err == nil && d.Size() > most:
		d.Discard()
		return k.refuse(ctx, f, fmt.Sprintf("larger than %d MB", most>>20))
	case errors.Is(err, ErrFull):
		d.Discard()
		return k.retry(ctx, f, ErrFull.Error(), 0, err)
	case err != nil:
		d.Discard()
		se := chat.AsSendError(err)
		if se.Kind.Permanent() {
			return k.refuse(ctx, f, se.Reason)
		}
		return k.retry(ctx, f, se.Reason, se.RetryAfter, nil)
	}
	return k.keep(ctx, f, d)
}

// keep makes the file durable before the database says that it is kept.
func (k *Keeper) keep(ctx context.Context, f *handoff.File, d *Draft) error {
	mediaType, ok := sniff(d.head)
	switch {
	case d.Size() == 0:
		d.Discard()
		return k.refuse(ctx, f, "empty")
	case !ok:
		d.Discard()
		return k.refuse(ctx, f, "type: "+mediaType)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	sum, err := d.Keep()
	if err != nil {
		return k.retry(ctx, f, "the disk can't be written to", 0, err)
	}
	f.State, f.Hash, f.Type, f.Size, f.Reason = handoff.FileKept, sum, mediaType, d.Size(), ""
	if err := k.finish(ctx, f, time.Time{}); err != nil {
		return errors.Join(err, k.drop(context.WithoutCancel(ctx), sum))
	}
	return nil
}

// forget removes the content, unless another attachment has the same.
func (k *Keeper) forget(ctx context.Context, f *handoff.File) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if f.Hash != "" {
		if err := k.drop(ctx, f.Hash); err != nil {
			f.Reason = ""
			return errors.Join(err, k.finish(ctx, f, k.Now().Add(slowRetry)))
		}
	}
	f.State, f.Hash = handoff.FileForgotten, ""
	return k.finish(ctx, f, time.Time{})
}

// sweep removes what a process left behind that died between writing a file and
// saying so: its attachment was fetched anew, refused or forgotten since.
func (k *Keeper) sweep(ctx context.Context) error {
	sums, err := k.Folder.All()
	for _, sum := range sums {
		if err := ctx.Err(); err != nil {
			return err
		}
		k.mu.Lock()
		err = errors.Join(err, k.drop(ctx, sum))
		k.mu.Unlock()
	}
	return err
}

// drop removes a content that no row has.
func (k *Keeper) drop(ctx context.Context, sum string) error {
	var used bool
	err := k.Store.View(ctx, func(tx handoff.Tx) (err error) {
		used, err = tx.FileKept(sum)
		return err
	})
	if err != nil || used {
		return err
	}
	return k.Folder.Remove(sum)
}

func (k *Keeper) refuse(ctx context.Context, f *handoff.File, why string) error {
	f.State, f.Reason = handoff.FileRefused, why
	return k.finish(ctx, f, time.Time{})
}

// retry puts the file off, or gives it up when it has been tried for long. cause
// is for the log: our own fault.
func (k *Keeper) retry(ctx context.Context, f *handoff.File, why string, wait time.Duration, cause error) error {
	now := k.Now()
	if now.Sub(f.At) > giveUpAfter {
		return errors.Join(cause, k.refuse(ctx, f, "could not be fetched: "+why))
	}
	f.Reason = why
	wait = max(wait, min(firstRetry<<min(max(f.Attempt-1, 0), 10), slowRetry))
	return errors.Join(cause, k.finish(ctx, f, now.Add(wait)))
}

func (k *Keeper) finish(ctx context.Context, f *handoff.File, due time.Time) error {
	// The outcome is recorded even when fetching used up the time.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), fetchTimeout)
	defer cancel()
	return k.Store.Update(ctx, func(tx handoff.Tx) error { return tx.FinishFile(f, due) })
}
