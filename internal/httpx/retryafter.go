package httpx

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// MaxRetryAfter bounds how long a server may ask a caller to wait.
const MaxRetryAfter = 60 * time.Second

// ParseRetryAfter reads a Retry-After header in either form, seconds or an HTTP date,
// clamped to [0, MaxRetryAfter]; zero leaves the wait to the caller. It reports false when the header is absent, given
// more than once, or unreadable; the caller then waits as it sees fit.
func ParseRetryAfter(h http.Header, now time.Time) (time.Duration, bool) {
	values := h.Values("Retry-After")
	if len(values) != 1 {
		return 0, false
	}
	text := strings.TrimSpace(values[0])
	if negative, ok := strings.CutPrefix(text, "-"); ok && isDigits(negative) {
		return 0, true
	}
	if isDigits(text) {
		seconds, err := strconv.ParseInt(text, 10, 64)
		if err != nil || seconds > int64(MaxRetryAfter/time.Second) {
			return MaxRetryAfter, true
		}
		return time.Duration(seconds) * time.Second, true
	}
	date, err := http.ParseTime(text)
	if err != nil {
		return 0, false
	}
	return min(max(date.Sub(now), 0), MaxRetryAfter), true
}

func isDigits(s string) bool {
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return s != ""
}
