package shotengaitest

import (
	"slices"
	"sync"
	"time"
)

// Clock is a platform's clock: a source of time that may be moved forward, and
// the work that waits for it. It is safe for concurrent use.
//
// Work runs when its time comes, whichever way: Advance runs it on the calling
// goroutine, and a timer runs it when the machine's clock (or that of a
// testing/synctest bubble) gets there.
type Clock struct {
	source func() time.Time

	advancing sync.Mutex

	mu      sync.Mutex
	offset  time.Duration
	waiting []*job
	timer   *time.Timer
	stopped bool
}

type job struct {
	due time.Time
	run func()
}

// NewClock returns a clock on source; nil means time.Now.
func NewClock(source func() time.Time) *Clock {
	if source == nil {
		source = time.Now
	}
	return &Clock{source: source}
}

// Now returns the time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now()
}

func (c *Clock) now() time.Time { return c.source().Add(c.offset) }

// AfterFunc lets f run once d has passed, outside the clock's lock.
func (c *Clock) AfterFunc(d time.Duration, f func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stopped {
		return
	}
	c.waiting = append(c.waiting, &job{due: c.now().Add(d), run: f})
	c.arm()
}

// Waiting returns the number of functions that wait for their time.
func (c *Clock) Waiting() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.waiting)
}

// Advance moves the clock forward by d and runs what falls due on the way, in
// order and each at its own time. Advance(0) runs what a moved source has made
// due. It must not be called from a function that AfterFunc runs.
func (c *Clock) Advance(d time.Duration) {
	c.advancing.Lock()
	defer c.advancing.Unlock()
	target := c.Now().Add(d)
	for {
		next := c.step(target)
		if next == nil {
			return
		}
		next.run()
	}
}

// step moves to the next job due by target and takes it out, or moves to
// target and returns nil. It never moves back.
func (c *Clock) step(target time.Time) *job {
	c.mu.Lock()
	defer c.mu.Unlock()
	next := c.next()
	to := target
	if next != nil && !next.due.After(target) {
		to = next.due
	} else {
		next = nil
	}
	if ahead := to.Sub(c.now()); ahead > 0 {
		c.offset += ahead
	}
	c.remove(next)
	c.arm()
	return next
}

// Stop drops all waiting work.
func (c *Clock) Stop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stopped = true
	c.waiting = nil
	c.arm()
}

// next is the job that falls due first; the earlier asked wins a tie.
func (c *Clock) next() *job {
	if len(c.waiting) == 0 {
		return nil
	}
	return slices.MinFunc(c.waiting, func(a, b *job) int { return a.due.Compare(b.due) })
}

func (c *Clock) remove(j *job) {
	if j == nil {
		return
	}
	c.waiting = slices.DeleteFunc(c.waiting, func(other *job) bool { return other == j })
}

// arm sets the timer to the next job.
func (c *Clock) arm() {
	if c.timer != nil {
		c.timer.Stop()
		c.timer = nil
	}
	next := c.next()
	if next == nil {
		return
	}
	c.timer = time.AfterFunc(next.due.Sub(c.now()), func() { c.fire(next) })
}

// fire runs a job whose timer went off, unless Advance was faster.
func (c *Clock) fire(j *job) {
	c.mu.Lock()
	waiting := slices.Contains(c.waiting, j)
	c.remove(j)
	c.arm()
	c.mu.Unlock()
	if waiting {
		j.run()
	}
}
