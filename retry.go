package shotengai

import (
	"errors"
	"math/rand/v2"
	"time"
)

// RetryPolicy is how often a call is tried (Attempts) and how long the pauses are; a zero one
// is refused. A Retry-After of the platform takes the place of a pause, at most 60 seconds of
// it. No pause goes past the deadline of the call's context.
//
// Reads are tried again after network errors and the statuses 429, 502, 503 and 504, writes
// only after 429 and after failures in which nothing was sent.
type RetryPolicy struct {
	Attempts int           // attempts in all, 1 to 10, the first one included; 1 turns retries off
	MinDelay time.Duration // the first pause is drawn from 0 to MinDelay, each later one from twice as much
	MaxDelay time.Duration // no pause is drawn from more
}

// DefaultRetryPolicy is 3 attempts with pauses between 200 ms and 10 s.
func DefaultRetryPolicy() RetryPolicy {
	return RetryPolicy{Attempts: 3, MinDelay: 200 * time.Millisecond, MaxDelay: 10 * time.Second}
}

func (p RetryPolicy) validate() error {
	if p.Attempts < 1 || p.Attempts > 10 {
		return errors.New("retry policy: Attempts must be between 1 and 10")
	}
	if p.MinDelay < 0 || p.MaxDelay < p.MinDelay {
		return errors.New("retry policy: the delays must satisfy 0 <= MinDelay <= MaxDelay")
	}
	return nil
}

// Pause returns the pause after so many failed attempts: full jitter, that is anything
// between nothing and the doubled delay.
func (p RetryPolicy) Pause(failed int) time.Duration {
	ceiling := p.MinDelay << (failed - 1)
	if ceiling <= 0 || ceiling > p.MaxDelay {
		ceiling = p.MaxDelay
	}
	if ceiling <= 0 {
		return 0
	}
	return rand.N(ceiling)
}
