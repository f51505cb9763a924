package licensewatch_test

import (
	"context"
	"errors"
	"net/http"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/rakuten/licensewatch"
)

var errDown = errors.New("it is down")

// failingStore is a store that is down for some of its calls.
type failingStore struct {
	licensewatch.Store
	load, save func(call int) bool // reports whether the call fails
	loads      atomic.Int64
	saves      atomic.Int64
}

func (s *failingStore) Load(ctx context.Context, shop string) (licensewatch.Record, error) {
	if n := int(s.loads.Add(1)); s.load != nil && s.load(n) {
		return licensewatch.Record{}, errDown
	}
	return s.Store.Load(ctx, shop)
}

func (s *failingStore) Save(ctx context.Context, record licensewatch.Record) (bool, error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	if n := int(s.saves.Add(1)); s.save != nil && s.save(n) {
		return false, errDown
	}
	return s.Store.Save(ctx, record)
}

func TestWatcherStoreIsDown(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name       string
		load, save func(int) bool
		raised     int
		trouble    int
	}{
		{"when loading", func(n int) bool { return n <= 3 }, nil, 1, 3},
		{"when claiming", nil, func(n int) bool { return n <= 3 }, 1, 3},
		{"when the event was handed over", nil, func(n int) bool { return n == 2 }, 2, 1}, // twice, and not never
		{"never", nil, nil, 1, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := watch(t, 14)
				s.config.Store = &failingStore{Store: s.store, load: test.load, save: test.save}
				ctx, cancel := context.WithTimeout(t.Context(), 2*aDay)
				defer cancel()
				var l log
				var wg sync.WaitGroup
				start(ctx, t, &wg, s.config, l.handle)
				wg.Wait()
				assert.Len(t, l.raised, test.raised)
				assert.Len(t, l.trouble, test.trouble)
				for _, err := range l.trouble {
					require.ErrorIs(t, err, errDown)
					require.ErrorContains(t, err, "shop 123456")
				}
			})
		})
	}
}

// A store that fails for one shop, or for ever, keeps no other shop from being watched.
func TestWatcherGoesOnPastTrouble(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := watchNone(t)
		s.add("1", "one", 14)
		s.add("2", "two", 14)
		s.add("3", "three", 14)
		inner := s.config.Client
		s.config.Client = func(ctx context.Context, shop string) (*rakuten.Client, error) {
			switch shop {
			case "1":
				return nil, errDown
			case "2":
				return nil, nil
			}
			return inner(ctx, shop)
		}
		watcher, err := licensewatch.New(s.config)
		require.NoError(t, err)
		var l log
		require.NoError(t, watcher.Check(t.Context(), l.handle))
		assert.Equal(t, []string{"ends 14/14"}, l.raised)
		require.Len(t, l.trouble, 2)
		require.ErrorIs(t, l.trouble[0], errDown)
		require.ErrorContains(t, l.trouble[1], "shop 2: there is no client")
	})
}

func TestWatcherCannotListItsShops(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := watch(t, 14)
		inner, calls := s.config.Shops, 0
		s.config.Shops = func(ctx context.Context) ([]string, error) {
			if calls++; calls == 1 {
				return nil, errDown
			}
			return inner(ctx)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 6*time.Minute)
		defer cancel()
		var l log
		var wg sync.WaitGroup
		start(ctx, t, &wg, s.config, l.handle)
		wg.Wait()
		require.Len(t, l.trouble, 1)
		require.ErrorIs(t, l.trouble[0], errDown)
		assert.Equal(t, []string{"ends 14/14"}, l.raised)
	})
}

// dyingPace ends the goroutine of an instance between its claim and its check.
type dyingPace struct{}

func (dyingPace) Wait(context.Context) error {
	runtime.Goexit()
	return nil
}

// An instance dies at any moment of a check. Another one raises the event, and nobody does
// twice unless the first has handed it over.
func TestWatcherInstanceDies(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		pace   shotengai.Limiter
		handed bool // the dying instance has handed the event over
		want   int
	}{
		"after the claim":     {pace: dyingPace{}, want: 1},
		"before handing over": {want: 1},
		"before saving":       {handed: true, want: 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := watch(t, 14)
				ctx, cancel := context.WithTimeout(t.Context(), 2*time.Hour)
				defer cancel()
				var l log
				var wg sync.WaitGroup
				dying := s.config
				dying.Pace = test.pace
				start(ctx, t, &wg, dying, func(event licensewatch.Event, err error) error {
					if test.handed {
						_ = l.handle(event, err)
					}
					runtime.Goexit()
					return nil
				})
				wg.Wait()
				began := time.Now()
				for range 3 {
					start(ctx, t, &wg, s.config, l.handle)
				}
				wg.Wait()
				require.Len(t, l.raised, test.want)
				assert.LessOrEqual(t, l.at[len(l.at)-1].Sub(began), 15*time.Minute, "soon after the lease")
				assert.Empty(t, l.trouble)
			})
		})
	}
}

// A handler that takes longer than the lease has another instance raise the event as well;
// what it saves then does not undo what the other wrote.
func TestWatcherHandlerOutlivesTheLease(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := watch(t, 14)
		ctx, cancel := context.WithTimeout(t.Context(), 3*aDay)
		defer cancel()
		var l log
		var wg sync.WaitGroup
		for range 2 {
			start(ctx, t, &wg, s.config, func(event licensewatch.Event, err error) error {
				<-time.After(12 * time.Minute)
				return l.handle(event, err)
			})
		}
		wg.Wait()
		assert.Equal(t, []string{"ends 14/14", "ends 14/14"}, l.raised)
	})
}

func TestWatcherHandlerFails(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := watch(t, 20)
		ctx, cancel := context.WithTimeout(t.Context(), 2*aDay)
		defer cancel()
		var tries []time.Time
		var wg sync.WaitGroup
		start(ctx, t, &wg, s.config, func(licensewatch.Event, error) error {
			if tries = append(tries, time.Now()); len(tries) < 3 {
				return errDown
			}
			return nil
		})
		wg.Wait()
		require.Len(t, tries, 3)
		for i := range 2 {
			assert.InDelta(t, time.Hour, tries[i+1].Sub(tries[i]), float64(5*time.Minute))
		}
	})
}

// A panic of the handler ends neither the watch nor the event.
func TestWatcherHandlerPanics(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := watchNone(t)
		s.add("1", "one", 14)
		s.add("2", "two", 7)
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Hour)
		defer cancel()
		var l log
		var wg sync.WaitGroup
		panics := 0
		start(ctx, t, &wg, s.config, func(event licensewatch.Event, err error) error {
			if event.Shop == "1" && panics < 2 {
				panics++
				panic("no mail server")
			}
			if err != nil && panics == 2 {
				panics++
				panic("not even a log")
			}
			return l.handle(event, err)
		})
		wg.Wait()
		assert.Equal(t, []string{"ends 7/7", "ends 14/14"}, l.raised)
		require.Len(t, l.trouble, 1)
		panicked, ok := errors.AsType[*licensewatch.HandlerPanicError](l.trouble[0])
		require.True(t, ok)
		assert.Equal(t, "1", panicked.Shop)
		assert.Equal(t, "no mail server", panicked.Value)
		assert.Contains(t, string(panicked.Stack), "watcher_faults_test.go")
		assert.EqualError(t, panicked, "licensewatch: shop 1: the handler panicked: no mail server")
	})
}

func TestWatcherEvents(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := watch(t, 2)
		s.add("2", "two", 2)
		watcher, err := licensewatch.New(s.config)
		require.NoError(t, err)
		// A loop that is left, even by a panic, has not handled the event at hand.
		for range 2 {
			for event, err := range watcher.Events(t.Context()) {
				require.NoError(t, err)
				assert.Equal(t, "123456 ends 3/2", event.Shop+" "+describe(event))
				break
			}
			<-time.After(time.Hour)
		}
		assert.PanicsWithValue(t, "left", func() {
			for range watcher.Events(t.Context()) {
				panic("left")
			}
		})
		<-time.After(time.Hour)
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Hour)
		defer cancel()
		var got []string
		for event, err := range watcher.Events(ctx) {
			require.NoError(t, err)
			got = append(got, event.Shop+" "+describe(event))
		}
		assert.Equal(t, []string{"123456 ends 3/2", "2 ends 3/2"}, got)
	})
}

// A check may bring two events; a loop that is left at the first is not handed the other.
func TestWatcherEventsOfOneCheck(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := watch(t, 60)
		s.platform.noExpiry = true
		s.renew("123456", rakuten.License{Key: "old", ExpiresAt: lastDay(10)})
		<-time.After(time.Hour)
		watcher, err := licensewatch.New(s.config)
		require.NoError(t, err)
		require.NoError(t, watcher.Check(t.Context(), func(licensewatch.Event, error) error { return errDown })) // seen
		<-time.After(time.Hour)
		var got []string
		for event, err := range watcher.Events(t.Context()) {
			require.NoError(t, err)
			got = append(got, describe(event))
			break
		}
		assert.Equal(t, []string{"ends 14/10"}, got)
		assert.Equal(t, []string{"ends 14/10", "unknown: expiry not enabled"}, s.run(t, 2*time.Hour, 1))
	})
}

// What is refused of a key that no round has seen before is an alarm in a later one.
func TestWatcherCheckOfAKeyThatIsSeenFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := watch(t, 60)
		s.platform.noExpiry = true
		watcher, err := licensewatch.New(s.config)
		require.NoError(t, err)
		var l log
		for _, want := range [][]string{nil, nil, {"unknown: expiry not enabled"}, {"unknown: expiry not enabled"}} {
			require.NoError(t, watcher.Check(t.Context(), l.handle))
			assert.Equal(t, want, l.raised)
			<-time.After(20 * time.Minute)
		}
	})
}

func TestWatcherEventsTellTrouble(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := watch(t, 60)
		s.config.Client = func(context.Context, string) (*rakuten.Client, error) { return nil, errDown }
		watcher, err := licensewatch.New(s.config)
		require.NoError(t, err)
		times := 0
		for _, err := range watcher.Events(t.Context()) {
			require.ErrorIs(t, err, errDown)
			require.ErrorContains(t, err, "shop 123456")
			if times++; times == 3 { // it goes on after trouble
				break
			}
		}
	})
}

func TestWatcherContextEnds(t *testing.T) {
	t.Parallel()
	// While a handler works: what it has handled is written down, and Run returns.
	synctest.Test(t, func(t *testing.T) {
		s := watch(t, 14)
		s.config.Store = &failingStore{Store: s.store}
		watcher, err := licensewatch.New(s.config)
		require.NoError(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		err = watcher.Run(ctx, func(licensewatch.Event, error) error {
			cancel()
			return nil
		})
		require.ErrorIs(t, err, context.Canceled)
		assert.Empty(t, s.run(t, 2*time.Hour, 2))
	})
	// While the shops are listed.
	synctest.Test(t, func(t *testing.T) {
		s := watch(t, 14)
		s.config.Shops = func(ctx context.Context) ([]string, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}
		assert.Empty(t, s.run(t, time.Minute, 1), "and that is no trouble")
	})
	// While the platform is asked, or between rounds. Another instance goes on at once.
	for name, after := range map[string]time.Duration{"asking": time.Second, "waiting": 2 * time.Hour} {
		synctest.Test(t, func(t *testing.T) {
			s := watch(t, 14)
			inner := s.config.Client
			if name == "asking" {
				s.config.Client = func(context.Context, string) (*rakuten.Client, error) {
					return rakuten.NewClient(rakuten.StaticLicense(s.licenses["123456"]), shotengai.WithHTTPClient(&http.Client{Transport: stuck{}}))
				}
			}
			watcher, err := licensewatch.New(s.config)
			require.NoError(t, err)
			ctx, cancel := context.WithTimeout(t.Context(), after)
			defer cancel()
			began := time.Now()
			var l log
			require.ErrorIs(t, watcher.Run(ctx, l.handle), context.DeadlineExceeded)
			assert.Equal(t, after, time.Since(began), name)
			assert.Empty(t, l.trouble)
			s.config.Client = inner
			assert.Len(t, append(l.raised, s.run(t, 15*time.Minute, 1)...), 1, name)
		})
	}
}

// stuck is a transport through which nothing comes back.
type stuck struct{}

func (stuck) RoundTrip(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// A platform that hangs keeps a shop no longer than the lease allows, whatever its client
// is set to.
func TestWatcherPlatformHangs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := watch(t, 14)
		s.add("2", "two", 7)
		inner := s.config.Client
		s.config.Client = func(ctx context.Context, shop string) (*rakuten.Client, error) {
			if shop == "2" {
				return inner(ctx, shop)
			}
			return rakuten.NewClient(rakuten.StaticLicense(rakuten.License{ServiceSecret: "s", Key: "k"}),
				shotengai.WithHTTPClient(&http.Client{Transport: stuck{}}), shotengai.WithTimeout(time.Hour))
		}
		watcher, err := licensewatch.New(s.config)
		require.NoError(t, err)
		began := time.Now()
		var l log
		require.NoError(t, watcher.Check(t.Context(), l.handle))
		assert.Equal(t, []string{"ends 7/7"}, l.raised)
		assert.Less(t, time.Since(began), 6*time.Minute)
	})
}

// A clock that is wrong for a while costs an event too many at most, never one that is due.
func TestWatcherClockJumps(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		by   time.Duration
		want []string
	}{
		"ahead":  {400 * aDay, []string{"expired 0/-360"}},
		"behind": {-400 * aDay, nil},
		"a bit":  {26 * aDay, []string{"ends 14/14"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := watch(t, 40)
				var offset atomic.Int64
				s.config.Now = func() time.Time { return time.Now().Add(time.Duration(offset.Load())) }
				offset.Store(int64(test.by))
				assert.Equal(t, test.want, s.run(t, time.Hour, 1))
				offset.Store(0)
				assert.Equal(t, []string{"ends 30/30", "ends 14/14", "ends 7/7", "ends 3/3", "ends 1/1", "ends 0/0", "expired 0/-1"}, s.run(t, 45*aDay, 2))
			})
		})
	}
}

// 5,000 shops are checked daily, each at its own time, one after the other and no faster
// than the pace, by two instances that share the work.
func TestWatcherOfManyShops(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const shops = 1000
		s := watchNone(t)
		for i := range shops {
			name := strconv.Itoa(i)
			s.add(name, "key"+name, 31+i%60)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 36*time.Hour)
		defer cancel()
		var l log
		var wg sync.WaitGroup
		for range 2 {
			start(ctx, t, &wg, s.config, l.handle)
		}
		wg.Wait()
		assert.Empty(t, l.trouble)
		assert.LessOrEqual(t, s.platform.mostAtATime, 2)
		seconds := make(map[int64]int)
		for i := range shops {
			asked := s.platform.asked["key"+strconv.Itoa(i)]
			assert.GreaterOrEqual(t, len(asked), 2)
			assert.LessOrEqual(t, len(asked), 3)
			for n, at := range asked {
				seconds[at.Unix()]++
				if n > 0 {
					assert.Less(t, at.Sub(asked[n-1]), 25*time.Hour)
				}
			}
		}
		for _, n := range seconds {
			assert.LessOrEqual(t, n, 4)
		}
		assert.Len(t, l.raised, shops/60+1, "those that reached their 30th day")
		assert.Greater(t, l.at[len(l.at)-1].Sub(l.at[0]), time.Hour, "not all at midnight")
	})
}
