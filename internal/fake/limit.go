package fake

import (
	"sync"
	"time"
)

// Limiter counts calls in a sliding window, per key: at most Calls in any
// Per. A nil Limiter allows all. It is safe for concurrent use.
type Limiter struct {
	// Calls is the number allowed in a window.
	Calls int
	// Per is the length of the window.
	Per time.Duration

	mu   sync.Mutex
	seen map[string][]time.Time
}

// Allow counts a call of key at now and reports whether it is within the
// limit; if not, it is not counted and wait says when the next one will be.
func (l *Limiter) Allow(key string, now time.Time) (wait time.Duration, ok bool) {
	if l == nil {
		return 0, true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	calls := l.seen[key]
	for len(calls) > 0 && now.Sub(calls[0]) >= l.Per {
		calls = calls[1:]
	}
	if ok = len(calls) < l.Calls; ok {
		calls = append(calls, now)
	} else if len(calls) > 0 {
		wait = l.Per - now.Sub(calls[0])
	}
	if l.seen == nil {
		l.seen = make(map[string][]time.Time)
	}
	l.seen[key] = calls
	return wait, ok
}
