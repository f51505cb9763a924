package api_test

import (
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/internal/api"
)

func TestChunks(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		firsts, err := api.Chunks(2, 3, []int{1, 2, 3, 4, 5, 6, 7}, func(keys []int) (int, error) {
			<-time.After(time.Duration(10-keys[0]) * time.Second)
			return keys[0], nil
		})
		require.NoError(t, err)
		assert.Equal(t, []int{1, 4, 7}, firsts, "in the order of the keys")
		assert.Equal(t, 9*time.Second, time.Since(start))
	})
}

// The answers before a failure are kept, and no further call begins after it.
func TestChunksStop(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var begun atomic.Int64
		fail := errors.New("fail")
		keys, err := api.Chunks(3, 1, []int{0, 1, 2, 3, 4, 5, 6}, func(keys []int) (int, error) {
			begun.Add(1)
			<-time.After(time.Duration(10-keys[0]) * time.Second)
			if keys[0] == 1 {
				return 0, fail
			}
			return keys[0], nil
		})
		require.ErrorIs(t, err, fail)
		assert.Equal(t, []int{0}, keys)
		assert.EqualValues(t, 4, begun.Load(), "the fourth began before the second failed")
	})
}
