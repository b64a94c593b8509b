package discord

import (
	"context"
	"errors"
	"sync"
	"time"

	"firstline/bot/backoff"
	"firstline/bot/chat"
)

// maxWaiting is the most messages in memory that are not stored yet, some
// 100 MB. Others are fetched again later.
const maxWaiting = 100_000

// run is one Run of a Channel.
type run struct {
	c        *Channel
	receiver chat.Receiver
	intake   *intake
	identity identity
	places   *places
	heard    heard
	plan     plan
	gate     *gate
	begun    chan struct{} // rings when a session has begun
	acks     sync.WaitGroup
	saving   sync.Mutex
	left     []item                 // what deliver had taken and could not store
	members  map[string]memberRoles // of fetched messages' authors; backfill's alone
}

// Run receives until ctx ends. It returns an error only when Discord refuses
// the bot for good: the token, or what has to be switched on for it. Of one
// Channel only one Run may be active.
func (c *Channel) Run(ctx context.Context, receiver chat.Receiver) error {
	if !c.running.CompareAndSwap(false, true) {
		return errors.New("discord: already running")
	}
	defer c.running.Store(false)
	defer c.rest.http.CloseIdleConnections()
	marks, ok := c.loadMarks(ctx)
	if !ok {
		return nil
	}
	p, err := c.makePlan(ctx)
	if err != nil || ctx.Err() != nil {
		return err
	}
	r := &run{
		c:        c,
		receiver: receiver,
		intake:   newIntake(c.log, c.maxWaiting, marks),
		places:   &c.places,
		plan:     p,
		gate:     newGate(p.concurrency, c.timing.identifyEvery),
		begun:    make(chan struct{}, 1),
	}
	r.intake.settle = r.settle
	c.active.Store(r)
	defer c.active.Store(nil)
	for _, dm := range c.places.directs() { // OpenPrivate can have come before
		r.intake.acquaint(dm)
	}
	working, stop := context.WithCancel(ctx)
	defer stop()
	var workers sync.WaitGroup
	workers.Go(func() { r.deliver(working) })
	workers.Go(func() { r.backfill(working) })
	workers.Go(func() { r.searchArchives(working) })
	workers.Go(func() { r.housekeep(working) })

	err = r.superviseAll(working)
	stop()
	workers.Wait()
	r.drain(ctx)
	r.acks.Wait()
	c.deferred.giveUp()
	return err
}

// loadMarks returns what Seen knows, as often as it takes: without it the
// marks of now would hide what was sent before. ok is false when ctx ended.
func (c *Channel) loadMarks(ctx context.Context) (marks map[string]snowflake, ok bool) {
	retry := backoff.Backoff{Min: c.timing.retryMin, Max: 30 * time.Second}
	for ctx.Err() == nil {
		saved, err := c.seen.Load(ctx)
		if err == nil {
			marks = make(map[string]snowflake, len(saved))
			for channel, id := range saved {
				if _, isID := parseSnowflake(channel); !isID {
					continue
				}
				if n, isID := parseSnowflake(id); isID {
					marks[channel] = n
				}
			}
			return marks, true
		}
		pause := retry.Next(0)
		c.log.Error("discord: what was received before can't be read yet", "retry_in", pause, "err", err)
		backoff.Sleep(ctx, pause)
	}
	return nil, false
}

// housekeep does what has to be done now and then, until ctx ends.
func (r *run) housekeep(ctx context.Context) {
	tick := time.NewTicker(r.c.timing.housekeep)
	defer tick.Stop()
	registered, forStaff := len(r.c.commands) == 0, len(r.c.staff.commands) == 0 || r.c.staff.channel == ""
	for {
		select {
		case <-ctx.Done():
			return
		case <-r.begun:
		case <-tick.C:
			r.saveMarks(ctx, nil)
			r.c.removeSpinners(ctx)
		}
		if !registered {
			registered = r.registerCommands(ctx)
		}
		if !forStaff {
			forStaff = r.registerStaffCommands(ctx)
		}
	}
}
