package httpx

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSleep(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		require.NoError(t, Sleep(t.Context(), time.Hour))
		assert.Equal(t, time.Hour, time.Since(start))
		require.NoError(t, Sleep(t.Context(), 0))
		require.NoError(t, Sleep(t.Context(), -time.Hour))

		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		start = time.Now()
		require.ErrorIs(t, Sleep(ctx, time.Hour), context.DeadlineExceeded)
		assert.Equal(t, time.Minute, time.Since(start))
		for range 50 { // where a timer is up as well, the end of the context counts
			require.ErrorIs(t, Sleep(ctx, 0), context.DeadlineExceeded)
			require.ErrorIs(t, Sleep(ctx, -1), context.DeadlineExceeded)
		}
	})
}
