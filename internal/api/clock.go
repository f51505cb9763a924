package api

import (
	"net/http"
	"sync/atomic"
	"time"
)

// maxSkew is the largest difference between the clocks of platform and client that is
// believed.
const maxSkew = 24 * time.Hour

// skew is how far the platform's clock is ahead of the client's, by the Date of its last
// answer.
type skew struct{ nanoseconds atomic.Int64 }

func (s *skew) note(h http.Header, now time.Time) {
	said := h.Get("Date")
	if said == "" {
		return
	}
	if date, err := http.ParseTime(said); err == nil {
		s.nanoseconds.Store(int64(min(max(date.Sub(now.Truncate(time.Second)), -maxSkew), maxSkew)))
	}
}

// Skew is how far the platform's clock is ahead of the client's, to the second; 0 before the
// first answer and where answers have no date.
func (e *Engine) Skew() time.Duration { return time.Duration(e.skew.nanoseconds.Load()) }
