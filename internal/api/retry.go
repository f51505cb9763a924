package api

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"
)

// RetryPolicy says how often and how long a call is tried.
type RetryPolicy struct {
	Attempts int           // attempts in all, the first one included; 1 turns retries off
	MinDelay time.Duration // the first back-off is drawn from [0, MinDelay]
	MaxDelay time.Duration // no back-off is longer
}

// DefaultRetryPolicy is 3 attempts with full jitter between 200 ms and 10 s.
func DefaultRetryPolicy() RetryPolicy {
	return RetryPolicy{Attempts: 3, MinDelay: 200 * time.Millisecond, MaxDelay: 10 * time.Second}
}

func (p RetryPolicy) validate() error {
	if p.Attempts < 1 || p.Attempts > 10 {
		return errors.New("retry policy: attempts must be between 1 and 10")
	}
	if p.MinDelay < 0 || p.MaxDelay < p.MinDelay {
		return errors.New("retry policy: delays must satisfy 0 <= MinDelay <= MaxDelay")
	}
	return nil
}

// backoff is full jitter: anything between nothing and the doubled delay.
func (p RetryPolicy) backoff(attempt int) time.Duration {
	ceiling := p.MinDelay << (attempt - 1)
	if ceiling <= 0 || ceiling > p.MaxDelay {
		ceiling = p.MaxDelay
	}
	if ceiling <= 0 {
		return 0
	}
	return rand.N(ceiling)
}

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

// mayRepeat is the retry table: safety × what came back × what was sent.
func mayRepeat(safety Safety, f *Failure, sent bool) bool {
	switch safety {
	case NeverAgain:
		return false
	case Read:
		if f.StatusCode == 0 || f.decoding {
			return !errors.Is(f.Kind, ErrResponseTooLarge)
		}
		return repeatableStatus(f) || f.StatusCode == http.StatusBadGateway || f.StatusCode == http.StatusGatewayTimeout ||
			f.StatusCode == http.StatusServiceUnavailable
	case RetryBusy:
		if f.StatusCode == http.StatusServiceUnavailable {
			return true
		}
	}
	return repeatableStatus(f) || f.StatusCode == 0 && !sent
}

// repeatableStatus is a refusal for being too fast, under whatever status it came.
func repeatableStatus(f *Failure) bool { return errors.Is(f.Kind, ErrRateLimited) }

// outcomeUnknown tells whether a failed write may have been carried out all the same:
// everything but a definite refusal and what never left this machine.
func outcomeUnknown(safety Safety, f *Failure, sent bool) bool {
	switch {
	case safety == Read, f.unsent, !sent, errors.Is(f.Kind, ErrRateLimited):
		return false
	case safety == RetryBusy && f.StatusCode == http.StatusServiceUnavailable:
		return false
	case f.StatusCode == 0, f.decoding, f.StatusCode >= 500:
		return true
	case f.StatusCode == http.StatusTemporaryRedirect, f.StatusCode == http.StatusPermanentRedirect:
		return false // these two ask to send the call elsewhere
	}
	return f.StatusCode < 400 && errors.Is(f.Kind, ErrUnavailable)
}

// budget keeps a broken platform from being asked ever more often: each call adds a
// fifth of a retry, each retry takes one, and a small reserve serves a quiet client.
// Waiting out a 429 is what the platform asked for and takes nothing.
type budget struct {
	mu     sync.Mutex
	fifths int // the reserve, in fifths of a retry
}

const reserve = 5 * 10

func newBudget() *budget { return &budget{fifths: reserve} }

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

// waitFor is the pause before the next attempt: what the server asks for, else the
// back-off. It reports false when the context would end before.
func (p RetryPolicy) waitFor(ctx context.Context, f *Failure, attempt int) (time.Duration, bool) {
	delay := p.backoff(attempt)
	if f.RetryAfter > 0 {
		delay = f.RetryAfter
	}
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) <= delay {
		return 0, false
	}
	return delay, true
}
