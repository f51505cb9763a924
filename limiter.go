package shotengai

import (
	"context"
	"time"

	"golang.org/x/time/rate"
)

// Limiter paces requests. Wait returns when the next request may be sent, or an error when
// the context ends first. A *rate.Limiter of golang.org/x/time/rate is one; a limiter that
// several processes share can be another. If a Limiter also has a method Done(), it is
// called when the answer to each request that Wait let through has been read.
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
	timer := time.NewTimer(time.Until(s.ended.Add(s.pause)))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		<-s.turn
		return ctx.Err()
	}
}

func (s *serial) Done() {
	s.ended = time.Now()
	<-s.turn
}
