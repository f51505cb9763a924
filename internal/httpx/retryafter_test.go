package httpx

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// FuzzRetryAfter: no header makes a caller wait beyond the bounds.
func FuzzRetryAfter(f *testing.F) {
	for _, s := range []string{"7", "-1", "1e9", "", " 3 ", "Mon, 01 Jan 1990 00:00:00 GMT", "99999999999999999999", "٣"} {
		f.Add(s)
	}
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	f.Fuzz(func(t *testing.T, s string) {
		d, ok := ParseRetryAfter(http.Header{"Retry-After": {s}}, now)
		require.GreaterOrEqual(t, d, time.Duration(0))
		require.LessOrEqual(t, d, MaxRetryAfter)
		if !ok {
			require.Zero(t, d)
		}
		_, twice := ParseRetryAfter(http.Header{"Retry-After": {s, s}}, now)
		require.False(t, twice)
	})
}
