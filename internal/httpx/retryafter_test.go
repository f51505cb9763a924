package httpx

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParseRetryAfter(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for name, tt := range map[string]struct {
		values []string
		want   time.Duration
		ok     bool
	}{
		"seconds":                 {[]string{"7"}, 7 * time.Second, true},
		"in spaces":               {[]string{" 30 "}, 30 * time.Second, true},
		"zero":                    {[]string{"0"}, 0, true},
		"nine":                    {[]string{"09"}, 9 * time.Second, true},
		"the most":                {[]string{"60"}, MaxRetryAfter, true},
		"more":                    {[]string{"61"}, MaxRetryAfter, true},
		"more than a number":      {[]string{"99999999999999999999"}, MaxRetryAfter, true},
		"less than zero":          {[]string{"-5"}, 0, true},
		"a date":                  {[]string{"Fri, 02 Jan 2026 03:04:25 GMT"}, 20 * time.Second, true},
		"a date of long ago":      {[]string{"Mon, 01 Jan 1990 00:00:00 GMT"}, 0, true},
		"a date far ahead":        {[]string{"Sat, 03 Jan 2026 03:04:05 GMT"}, MaxRetryAfter, true},
		"none":                    {},
		"two":                     {values: []string{"7", "7"}},
		"empty":                   {values: []string{""}},
		"a fraction":              {values: []string{"1.5"}},
		"a minus alone":           {values: []string{"-"}},
		"less than zero, in part": {values: []string{"-5s"}},
		"a colon":                 {values: []string{"1:"}},
		"a slash":                 {values: []string{"/1"}},
		"a word":                  {values: []string{"soon"}},
	} {
		got, ok := ParseRetryAfter(http.Header{"Retry-After": tt.values}, now)
		assert.Equal(t, tt.want, got, name)
		assert.Equal(t, tt.ok, ok, name)
	}
}

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
