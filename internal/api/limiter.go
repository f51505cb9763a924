package api

import (
	"context"
	"fmt"
	"time"

	"github.com/shotengai/shotengai-go"
)

// turns are the limiters that want to know when the answer has been read.
type turns []interface{ Done() }

func (t turns) done() {
	for _, l := range t {
		l.Done()
	}
}

// pace waits for all limiters.
func pace(ctx context.Context, limiters ...shotengai.Limiter) (turns, error) {
	var passed turns
	for _, l := range limiters {
		if l == nil {
			continue
		}
		if err := l.Wait(ctx); err != nil {
			passed.done()
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			if _, bounded := ctx.Deadline(); bounded {
				return nil, fmt.Errorf("%w: the turn of this call would come later (%w)", context.DeadlineExceeded, err)
			}
			return nil, err
		}
		if d, ok := l.(interface{ Done() }); ok {
			passed = append(passed, d)
		}
	}
	return passed, nil
}

// refusable are the limiters that want to know of refusals.
type refusable interface {
	Refused(retryAfter time.Duration)
}

// refused reports a refusal for being too fast.
func refused(retryAfter time.Duration, limiters ...shotengai.Limiter) {
	for _, l := range limiters {
		if r, ok := l.(refusable); ok {
			r.Refused(retryAfter)
		}
	}
}
