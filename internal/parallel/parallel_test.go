package parallel_test

import (
	"runtime"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/shotengai/shotengai-go/internal/parallel"
)

func TestRunKeepsToItsNumber(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]time.Duration{-1: 10 * time.Second, 0: 10 * time.Second, 1: 10 * time.Second, 3: 4 * time.Second, 10: time.Second, 99: time.Second} {
		synctest.Test(t, func(t *testing.T) {
			var now atomic.Int64
			done := make([]int, 10)
			start := time.Now()
			parallel.Run(n, len(done), func(i int) bool {
				assert.LessOrEqual(t, now.Add(1), int64(max(n, 1)))
				<-time.After(time.Second)
				now.Add(-1)
				done[i]++
				return true
			})
			assert.Equal(t, want, time.Since(start), n)
			assert.Equal(t, []int{1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, done)
		})
	}
	parallel.Run(3, 0, func(int) bool { t.Error("there is nothing to do"); return true })
}

func TestRunStops(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 3} {
		synctest.Test(t, func(t *testing.T) {
			var begun, ended atomic.Int64
			parallel.Run(n, 100, func(i int) bool {
				begun.Add(1)
				<-time.After(time.Duration(1+i%3) * time.Second)
				ended.Add(1)
				return i != 0
			})
			assert.EqualValues(t, n, begun.Load(), "the first has ended before a fourth began")
			assert.EqualValues(t, n, ended.Load(), "Run waits for those that began")
		})
	}
}

// What ends a call without its return ends the run, after those that had begun.
func TestRunRaisesPanics(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 3} {
		synctest.Test(t, func(t *testing.T) {
			var begun, ended atomic.Int64
			defer func() {
				assert.Equal(t, "here", recover())
				assert.Equal(t, begun.Load(), ended.Load()+1)
				assert.EqualValues(t, n, begun.Load())
			}()
			parallel.Run(n, 100, func(i int) bool {
				begun.Add(1)
				<-time.After(time.Duration(1+i) * time.Second)
				if i == 0 {
					panic("here")
				}
				ended.Add(1)
				return true
			})
		})
	}
}

func TestRunPassesOnGoexit(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 3} {
		synctest.Test(t, func(t *testing.T) {
			returned := true
			gone := make(chan struct{})
			go func() {
				defer close(gone)
				returned = false
				parallel.Run(n, 10, func(int) bool { runtime.Goexit(); return true })
				returned = true
			}()
			<-gone
			assert.False(t, returned)
		})
	}
}
