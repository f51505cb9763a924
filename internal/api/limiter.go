package api

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/time/rate"
)

// Limiter paces requests. Wait returns when the next request may be sent, or an error
// when the context ends first. *rate.Limiter is one; a limiter shared by several
// processes can be another. A Limiter that also has a method Done() is told when the
// answer to each request it let through has been read.
type Limiter interface {
	Wait(ctx context.Context) error
}

// PerMinute lets n requests a minute pass, evenly, after a burst of burst.
func PerMinute(n, burst int) Limiter {
	return rate.NewLimiter(rate.Limit(float64(n)/60), burst)
}

// PerSecond lets n requests a second pass, evenly, after a burst of burst.
func PerSecond(n float64, burst int) Limiter {
	return rate.NewLimiter(rate.Limit(n), burst)
}

// Serial lets one request at a time pass, with a pause between the end of one and the
// start of the next.
func Serial(pause time.Duration) Limiter {
	return &serial{turn: make(chan struct{}, 1), pause: pause}
}

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

// turns are the limiters that want to know when the answer has been read.
type turns []interface{ Done() }

func (t turns) done() {
	for _, l := range t {
		l.Done()
	}
}

// pace waits for all limiters.
func pace(ctx context.Context, limiters ...Limiter) (turns, error) {
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

// sleep waits for d or until the context ends.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
