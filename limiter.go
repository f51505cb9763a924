package shotengai

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Limiter paces requests. Wait returns when the next request may be sent, or an error when
// the context ends first. A *rate.Limiter of golang.org/x/time/rate is one; a limiter that
// several processes share can be another.
//
// Two more methods are called if a Limiter has them: Done() when the answer to each request
// that Wait let through has been read, and Refused(time.Duration) when that answer was a
// refusal for being too fast, with the time after which the platform wants to be asked
// again, or zero if it did not say.
//
// A limiter is safe for concurrent use and may be shared by clients.
type Limiter interface {
	Wait(ctx context.Context) error
}

// PerMinute returns a limiter that lets n requests a minute pass, evenly, after a burst.
func PerMinute(n, burst int) Limiter { return rate.NewLimiter(rate.Limit(float64(n)/60), burst) }

// PerSecond returns a limiter that lets n requests a second pass, evenly, after a burst.
func PerSecond(n float64, burst int) Limiter { return rate.NewLimiter(rate.Limit(n), burst) }

// Serial returns a limiter that lets one request at a time pass, with a pause between the
// end of one and the start of the next.
func Serial(pause time.Duration) Limiter { return &serial{turn: make(chan struct{}, 1), pause: pause} }

type serial struct {
	turn  chan struct{}
	pause time.Duration
	ended time.Time // guarded by turn
}

func (s *serial) Wait(ctx context.Context) error {
	select {
	case s.turn <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	if err := sleep(ctx, time.Until(s.ended.Add(s.pause))); err != nil {
		<-s.turn
		return err
	}
	return nil
}

func (s *serial) Done() {
	s.ended = time.Now()
	<-s.turn
}

// Window returns a limiter for a platform that allows n requests in any time of the given
// length. It lets at most 98 % of n pass in any window of that length, and at least one:
// 117 of 120, 4 of 5. As long as fewer have passed, the next one follows after 25 ms, or
// after per/n where that is shorter. So a short job does not wait, and a long one uses the
// allowance to 95 % and more if n is 50 or greater. Calls pass in the order in which they
// came. When a job has used up the window, the next call may have to wait for nearly all of
// it. One that would wait beyond its deadline fails at once.
//
// The limiter counts what it let pass itself. It does not know what another process sends
// for the same shop, or has sent just before this one was started: together they may exceed
// the limit, and the platform answers with 429. Clients repeat such a call when the platform
// wants to be asked again. Until then the limiter lets nothing pass, and half as much for
// twice the length of the window after that. Processes that share a shop for long need a
// limiter that they share too: see [WithLimiter].
//
// It takes 24 bytes for each request of n, from the first call on.
func Window(n int, per time.Duration) Limiter {
	return &window{
		most:  max(n*98/100, 1),
		per:   per + per/200, // requests that are slow to arrive may meet later ones
		pause: min(25*time.Millisecond, per/time.Duration(max(n, 1))),
		turn:  make(chan struct{}, 1),
	}
}

type window struct {
	most       int
	per, pause time.Duration
	turn       chan struct{} // of the call that is next; a channel serves its senders in order

	mu     sync.Mutex
	starts []time.Time // of the last calls, a ring
	next   int         // the place of the oldest start, which is that of the next one
	held   time.Time   // when the first call may pass
	fewer  time.Time   // until when half as many may
}

func (w *window) Wait(ctx context.Context) error {
	select {
	case w.turn <- struct{}{}:
		defer func() { <-w.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	for ctx.Err() == nil {
		wait := w.take(time.Now())
		if wait <= 0 {
			return nil
		}
		if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < wait {
			return fmt.Errorf("the next turn is in %s", wait.Round(time.Millisecond))
		}
		if err := sleep(ctx, wait); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// take lets a call pass now, or returns how long it has to wait.
func (w *window) take(now time.Time) time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.starts == nil {
		w.starts = make([]time.Time, w.most)
	}
	most := w.most
	if now.Before(w.fewer) {
		most = (most + 1) / 2
	}
	wait := max(w.last(most).Add(w.per).Sub(now), w.last(1).Add(w.pause).Sub(now), w.held.Sub(now))
	if wait <= 0 {
		w.starts[w.next] = now
		w.next = (w.next + 1) % w.most
	}
	return wait
}

// last returns the start of the n-th last call, the zero time if there were fewer.
func (w *window) last(n int) time.Time { return w.starts[(w.next-n+w.most)%w.most] }

func (w *window) Refused(retryAfter time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if until := time.Now().Add(retryAfter); until.After(w.held) {
		w.held = until
	}
	w.fewer = w.held.Add(2 * w.per)
}

// sleep waits for d or until the context ends.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
