package shotengai_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme/colormetest"
	"github.com/shotengai/shotengai-go/makeshop/makeshoptest"
	"github.com/shotengai/shotengai-go/rakuten/rakutentest"
	"github.com/shotengai/shotengai-go/stores/storestest"
)

// published is a limit of a platform, and how many requests Window lets pass in a window.
type published struct {
	n    int
	per  time.Duration
	most int
}

var publishedLimits = map[string]published{
	"Color Me":         {120, time.Minute, 117},
	"Color Me uploads": {5, 10 * time.Second, 4},
	"STORES":           {60, time.Minute, 58},
	"one":              {1, time.Second, 1},
	"many":             {1000, time.Second, 980},
}

// assertPaced holds that no window of the limit has more starts than it may.
func assertPaced(t *testing.T, starts []time.Time, limit published) {
	t.Helper()
	slices.SortFunc(starts, time.Time.Compare)
	for i := limit.most; i < len(starts); i++ {
		require.Greater(t, starts[i].Sub(starts[i-limit.most]), limit.per, "%d requests from the %dth on", limit.most+1, i-limit.most)
	}
	for i := range len(starts) - 1 {
		require.GreaterOrEqual(t, starts[i+1].Sub(starts[i]), min(25*time.Millisecond, limit.per/time.Duration(limit.n)))
	}
}

// refusable is the limiter of a client, as the engine knows it.
type refusable interface {
	Refused(retryAfter time.Duration)
}

// caller calls at random times, gives up now and then, and is refused now and then.
func caller(t *testing.T, random *rand.Rand, limiter shotengai.Limiter, limit published, note func(time.Time)) {
	t.Helper()
	for range max(limit.most/2, 10) {
		switch random.IntN(12) {
		case 0:
			<-time.After(time.Duration(random.Int64N(int64(limit.per))))
		case 1:
			if random.IntN(limit.most) == 0 {
				limiter.(refusable).Refused(time.Duration(random.Int64N(int64(limit.per))))
			}
		case 2:
			ctx, cancel := context.WithCancel(t.Context())
			timer := time.AfterFunc(time.Duration(random.Int64N(int64(limit.per/2))), cancel)
			if limiter.Wait(ctx) == nil {
				note(time.Now())
			}
			timer.Stop()
			cancel()
			continue
		}
		assert.NoError(t, limiter.Wait(t.Context()))
		note(time.Now())
	}
}

// Whoever calls when, and gives up when: no window has more than 98 % of the limit.
func TestWindowKeepsToTheLimit(t *testing.T) {
	t.Parallel()
	for name, limit := range publishedLimits {
		for seed := range uint64(3) {
			synctest.Test(t, func(t *testing.T) {
				limiter := shotengai.Window(limit.n, limit.per)
				var mu sync.Mutex
				var starts []time.Time
				var wg sync.WaitGroup
				for i := range uint64(10) {
					wg.Go(func() {
						caller(t, rand.New(rand.NewPCG(seed, i)), limiter, limit, func(at time.Time) {
							mu.Lock()
							defer mu.Unlock()
							starts = append(starts, at)
						})
					})
				}
				wg.Wait()
				require.GreaterOrEqual(t, len(starts), limit.most, name)
				assertPaced(t, starts, limit)
			})
		}
	}
}

// A long job uses the allowance in full, and a short one waits for the pauses alone.
func TestWindowUsesTheAllowance(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"Color Me", "STORES", "many"} {
		synctest.Test(t, func(t *testing.T) {
			limit := publishedLimits[name]
			limiter := shotengai.Window(limit.n, limit.per)
			began := time.Now()
			for i := range 20 * limit.n {
				require.NoError(t, limiter.Wait(t.Context()))
				if i+1 == limit.most {
					assert.LessOrEqual(t, time.Since(began), time.Duration(limit.most)*25*time.Millisecond, name)
				}
			}
			windows := float64(time.Since(began)) / float64(limit.per)
			assert.GreaterOrEqual(t, float64(20*limit.n), 0.95*windows*float64(limit.n), name)
		})
	}
}

func TestWindowServesInOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		limiter := shotengai.Window(60, time.Minute)
		var mu sync.Mutex
		var served []int
		var wg sync.WaitGroup
		for i := range 200 {
			wg.Go(func() {
				assert.NoError(t, limiter.Wait(t.Context()))
				mu.Lock()
				defer mu.Unlock()
				served = append(served, i)
			})
			synctest.Wait() // each has queued, or is served, before the next one comes
		}
		wg.Wait()
		assert.True(t, slices.IsSorted(served))
	})
}

// Those who give up while they wait cost the others nothing.
func TestWindowGivesUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		limiter := shotengai.Window(5, 10*time.Second)
		began := time.Now()
		for range 4 {
			require.NoError(t, limiter.Wait(t.Context()))
		}
		var wg sync.WaitGroup
		for range 20 {
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(9*time.Second, cancel)
			wg.Go(func() { assert.ErrorIs(t, limiter.Wait(ctx), context.Canceled) })
		}
		synctest.Wait()
		for range 4 {
			wg.Go(func() { assert.NoError(t, limiter.Wait(t.Context())) })
		}
		wg.Wait()
		assert.Equal(t, 10*time.Second+50*time.Millisecond+3*25*time.Millisecond, time.Since(began))

		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		require.ErrorIs(t, limiter.Wait(ctx), context.Canceled)
	})
}

func TestWindowBeyondTheDeadline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		limiter := shotengai.Window(1, time.Minute)
		require.NoError(t, limiter.Wait(t.Context()))
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		began := time.Now()
		require.EqualError(t, limiter.Wait(ctx), "the next turn is in 1m0.3s")
		assert.Zero(t, time.Since(began))
		<-time.After(2 * time.Second)
		require.NoError(t, limiter.Wait(t.Context()))
		assert.Equal(t, 60*time.Second+300*time.Millisecond, time.Since(began), "the call that gave up took no turn")
	})
}

// A refusal holds the calls back as the platform asks, then half of them for two windows.
func TestWindowIsRefused(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		limiter := shotengai.Window(120, time.Minute)
		began := time.Now()
		limiter.(refusable).Refused(7 * time.Second)
		limiter.(refusable).Refused(0) // a later one without a time changes nothing of that
		var starts []time.Duration
		for range 4 * 117 {
			require.NoError(t, limiter.Wait(t.Context()))
			starts = append(starts, time.Since(began))
		}
		in := func(from, to time.Duration) (n int) {
			for _, at := range starts {
				if from <= at && at < to {
					n++
				}
			}
			return n
		}
		assert.Equal(t, 7*time.Second, starts[0])
		assert.Equal(t, 59, in(7*time.Second, 67*time.Second))
		assert.Equal(t, 59, in(67*time.Second, 127*time.Second))
		assert.Equal(t, 117, in(127600*time.Millisecond, 187600*time.Millisecond), "the refusal is forgotten")
	})
}

// What a shop that is not called costs, and one that is.
func TestWindowMemory(t *testing.T) { //nolint:paralleltest // it counts memory
	const shops = 1000
	limiters := make([]shotengai.Limiter, shops)
	size := func(f func(i int)) uint64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for i := range limiters {
			f(i)
		}
		runtime.ReadMemStats(&after)
		return (after.TotalAlloc - before.TotalAlloc) / shops
	}
	assert.LessOrEqual(t, size(func(i int) { limiters[i] = shotengai.Window(120, time.Minute) }), uint64(400), "at first")
	assert.LessOrEqual(t, size(func(i int) { _ = limiters[i].Wait(t.Context()) }), uint64(3100), "with the first call")
}

// paced are the fakes of all platforms with their limits on: a call of the client, and how
// many calls a minute the platform allows, 0 for as many as come one after the other.
var paced = map[string]struct {
	perMinute int
	open      func(opts ...shotengai.Option) (verify func(context.Context, ...shotengai.CallOption) error, end func(), err error)
}{
	"colorme": {120, func(opts ...shotengai.Option) (func(context.Context, ...shotengai.CallOption) error, func(), error) {
		srv := colormetest.NewServer(colormetest.InMemory())
		client, err := srv.Client(opts...)
		return client.Verify, srv.Close, err
	}},
	"makeshop": {0, func(opts ...shotengai.Option) (func(context.Context, ...shotengai.CallOption) error, func(), error) {
		srv := makeshoptest.NewServer(makeshoptest.InMemory())
		client, err := srv.Client(opts...)
		return client.Verify, srv.Close, err
	}},
	"stores": {60, func(opts ...shotengai.Option) (func(context.Context, ...shotengai.CallOption) error, func(), error) {
		srv := storestest.NewServer(storestest.InMemory())
		client, err := srv.Client(opts...)
		return client.Verify, srv.Close, err
	}},
	"rakuten": {60, func(opts ...shotengai.Option) (func(context.Context, ...shotengai.CallOption) error, func(), error) {
		srv := rakutentest.NewServer(rakutentest.InMemory())
		client, err := srv.Client(opts...)
		return client.Verify, srv.Close, err
	}},
}

// The fake of every platform counts in its own windows and refuses nothing of what a busy
// client sends, which takes as long as the platform wants and hardly longer.
func TestPlatformsAreNotRefused(t *testing.T) {
	t.Parallel()
	for name, p := range paced {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var refused atomic.Int64
				verify, end, err := p.open(shotengai.WithObserver(func(_ context.Context, c shotengai.Call) {
					if errors.Is(c.Err, shotengai.ErrRateLimited) {
						refused.Add(1)
					}
				}))
				require.NoError(t, err)
				defer end()
				const callers, each = 7, 90
				began := time.Now()
				var wg sync.WaitGroup
				for range callers {
					wg.Go(func() {
						for range each {
							assert.NoError(t, verify(t.Context()))
						}
					})
				}
				wg.Wait()
				assert.Zero(t, refused.Load())
				allowed := time.Duration(0)
				if p.perMinute > 0 {
					allowed = time.Duration((callers*each-1)/p.perMinute) * time.Minute
				}
				assert.LessOrEqual(t, time.Since(began), allowed*105/100)
			})
		})
	}
}
