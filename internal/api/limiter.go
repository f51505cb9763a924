package api

import (
	"context"
	"fmt"
	"sync"
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

// groups are the default limiters of rate groups, each made at its first use: most clients
// call few groups. The zero value is ready for use.
type groups struct {
	mu    sync.Mutex
	named map[string]shotengai.Limiter
}

// groupLimiter returns the limiter of a rate group, nil where its pacing is off.
func (e *Engine) groupLimiter(group string) shotengai.Limiter {
	for _, name := range []string{group, ""} {
		if limiter, replaced := e.config.GroupLimiters[name]; replaced {
			return limiter
		}
	}
	e.groups.mu.Lock()
	defer e.groups.mu.Unlock()
	limiter, made := e.groups.named[group]
	if !made {
		if e.groups.named == nil {
			e.groups.named = make(map[string]shotengai.Limiter)
		}
		limiter = e.platform.GroupLimiter(group)
		e.groups.named[group] = limiter
	}
	return limiter
}
