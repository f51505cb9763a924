package fake_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/internal/fake"
)

func TestAddMonths(t *testing.T) {
	t.Parallel()
	jst := time.FixedZone("JST", 9*60*60)
	for _, tc := range []struct {
		day  string
		n    int
		want string
	}{
		{"2027-01-15", 1, "2027-02-15"},
		{"2027-01-29", 1, "2027-02-28"},
		{"2027-01-31", 1, "2027-02-28"},
		{"2028-01-31", 1, "2028-02-29"},
		{"2028-02-29", 12, "2029-02-28"},
		{"2027-03-31", 1, "2027-04-30"},
		{"2027-12-31", 2, "2028-02-29"},
		{"2027-03-31", -1, "2027-02-28"},
	} {
		day, err := time.ParseInLocation(time.DateOnly, tc.day, jst)
		require.NoError(t, err)
		want, err := time.ParseInLocation(time.DateOnly, tc.want, jst)
		require.NoError(t, err)
		assert.Equal(t, want, fake.AddMonths(day.Add(time.Hour), tc.n), "%s and %d months", tc.day, tc.n)
	}
}

func TestLimiter(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	l := &fake.Limiter{Calls: 2, Per: 10 * time.Second}
	allow := func(key string, after time.Duration) (time.Duration, bool) { return l.Allow(key, now.Add(after)) }

	_, ok := allow("a", 0)
	assert.True(t, ok)
	_, ok = allow("a", 4*time.Second)
	assert.True(t, ok)
	wait, ok := allow("a", 5*time.Second)
	assert.False(t, ok)
	assert.Equal(t, 5*time.Second, wait)
	_, ok = allow("b", 5*time.Second)
	assert.True(t, ok, "each key has its own window")
	_, ok = allow("a", 10*time.Second)
	assert.True(t, ok)
	wait, ok = allow("a", 11*time.Second)
	assert.False(t, ok, "the window slides")
	assert.Equal(t, 3*time.Second, wait)

	var none *fake.Limiter
	_, ok = none.Allow("a", now)
	assert.True(t, ok)
}
