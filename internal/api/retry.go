package api

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/shotengai/shotengai-go"
)

// Safety says what may be done with a call whose first attempt failed.
type Safety int

// The safety of a call. The zero value is judged by the method: GET and HEAD read,
// all else writes.
const (
	ByMethod   Safety = iota
	Read              // carrying it out again changes nothing
	Write             // only refusals that carried nothing out are repeated
	RetryBusy         // a write of which the platform says that 503 carried nothing out
	NeverAgain        // not even a refusal is repeated, whatever the caller permits
)

func (s Safety) of(method string) Safety {
	switch {
	case s != ByMethod:
		return s
	case method == http.MethodGet, method == http.MethodHead:
		return Read
	}
	return Write
}

// mayRepeat is the retry table: safety, what came back, and what was sent.
func mayRepeat(safety Safety, o *outcome) bool {
	switch safety {
	case NeverAgain:
		return false
	case Read:
		if o.status() == 0 || o.decoding {
			return !errors.Is(o.Kind, shotengai.ErrResponseTooLarge)
		}
		return o.tooFast() || o.status() == http.StatusBadGateway || o.status() == http.StatusGatewayTimeout ||
			o.status() == http.StatusServiceUnavailable
	case RetryBusy:
		if o.status() == http.StatusServiceUnavailable {
			return true
		}
	}
	return o.tooFast() || o.status() == 0 && !o.sent
}

// stops returns why a failed call is not tried again, whatever the pause would be; "" if it may
// be.
func (e *Engine) stops(ctx context.Context, c *call, o *outcome) shotengai.NotRetried {
	switch {
	case ctx.Err() != nil:
		return stopped(ctx)
	case o.final, !mayRepeat(Read, o):
		return shotengai.NotRetriedFinal
	case !mayRepeat(c.repeats(), o):
		return shotengai.NotRetriedUnsafe
	case c.attempts >= e.config.RetryPolicy.Attempts:
		return shotengai.NotRetriedAttempts
	}
	return ""
}

// stopped returns how a context has ended; "" if it has not.
func stopped(ctx context.Context) shotengai.NotRetried {
	switch err := ctx.Err(); {
	case err == nil:
		return ""
	case errors.Is(err, context.DeadlineExceeded):
		return shotengai.NotRetriedDeadline
	}
	return shotengai.NotRetriedCanceled
}

// outcomeUnknown reports whether a failed write may have been carried out all the same:
// everything but a definite refusal and what never left this machine.
func outcomeUnknown(safety Safety, o *outcome) bool {
	switch {
	case safety == Read, o.unsent != "", !o.sent, o.tooFast():
		return false
	case safety == RetryBusy && o.status() == http.StatusServiceUnavailable:
		return false
	case o.status() == 0, o.decoding, o.status() >= 500:
		return true
	case o.status() == http.StatusTemporaryRedirect, o.status() == http.StatusPermanentRedirect:
		return false // these two ask to send the call elsewhere
	}
	return o.status() < 400 && errors.Is(o.Kind, shotengai.ErrUnavailable)
}

// budget keeps a broken platform from being asked ever more often: each call adds a
// fifth of a retry, each retry takes one, and a small reserve serves a quiet client.
// Waiting out a 429 is what the platform asked for and takes nothing.
type budget struct {
	mu     sync.Mutex
	fifths int // the reserve, in fifths of a retry
}

const reserve = 5 * 10

func (b *budget) call() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.fifths = min(b.fifths+1, reserve)
}

func (b *budget) retry() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.fifths < 5 {
		return false
	}
	b.fifths -= 5
	return true
}

// pause returns the time before the next attempt: what the server asks for, else the
// policy's. It reports false when the context would end before.
func pause(ctx context.Context, policy shotengai.RetryPolicy, o *outcome, failed int) (time.Duration, bool) {
	delay := policy.Pause(failed)
	if o.RetryAfter > 0 {
		delay = o.RetryAfter
	}
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) <= delay {
		return 0, false
	}
	return delay, true
}
