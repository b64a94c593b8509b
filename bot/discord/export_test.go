package discord

import "time"

// Timing is what tests want shorter than Options allows; 0: as it is.
type Timing struct {
	Idle, AckWithin, Housekeep, Spinner time.Duration
	MaxWaiting                          int
}

// SetTiming is to be called before Run.
func (c *Channel) SetTiming(t Timing) {
	c.timing.ackTimeout = 10 * time.Second // the machine can be busy
	c.timing.storeRetry = time.Millisecond
	if t.MaxWaiting > 0 {
		c.maxWaiting = t.MaxWaiting
	}
	c.timing.idle = orDefault(t.Idle, c.timing.idle)
	c.timing.ackWithin = orDefault(t.AckWithin, c.timing.ackWithin)
	c.timing.housekeep = orDefault(t.Housekeep, c.timing.housekeep)
	c.timing.spinner = orDefault(t.Spinner, c.timing.spinner)
}
