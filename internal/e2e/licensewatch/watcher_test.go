package licensewatch_test

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/rakuten/licensewatch"
	"github.com/shotengai/shotengai-go/rakuten/rakutentest"
)

// fleet is shops of a provider whose instances share a store.
type fleet struct {
	srv    *rakutentest.Server
	shops  []*rakutentest.Shop
	config licensewatch.Config

	mu     sync.Mutex
	raised map[string][]string // by shop
}

type unpaced struct{}

func (unpaced) Wait(ctx context.Context) error { return ctx.Err() }

// newFleet has shops whose keys end in 35 days.
func newFleet(t *testing.T, store licensewatch.Store, shops int) *fleet {
	t.Helper()
	noon := time.Date(2030, time.April, 1, 12, 0, 0, 0, shotengai.JST) // no midnight comes during a round
	f := &fleet{srv: rakutentest.NewServer(rakutentest.WithOrders(0), rakutentest.WithoutRateLimits(), rakutentest.WithClock(func() time.Time { return noon })), raised: make(map[string][]string)}
	t.Cleanup(f.srv.Close)
	clients := make(map[string]*rakuten.Client)
	var names []string
	for range shops {
		shop := f.srv.AddShop(rakutentest.Seed{IssuedAt: f.srv.Now().AddDate(0, 0, -55)})
		source := rakuten.LicenseFunc(func(context.Context) (rakuten.License, error) { return shop.License(), nil })
		client, err := rakuten.NewClient(source, shotengai.WithTestServer(f.srv.URL), shotengai.WithLimiter(nil), shotengai.WithClock(f.srv.Now))
		require.NoError(t, err)
		f.shops = append(f.shops, shop)
		clients[shop.ID], names = client, append(names, shop.ID)
	}
	f.config = licensewatch.Config{
		Shops:  func(context.Context) ([]string, error) { return names, nil },
		Client: func(_ context.Context, shop string) (*rakuten.Client, error) { return clients[shop], nil },
		Store:  store, Pace: unpaced{}, Now: f.srv.Now,
	}
	return f
}

func (f *fleet) note(event licensewatch.Event) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.raised[event.Shop] = append(f.raised[event.Shop], fmt.Sprintf("%s %d", event.Kind, event.Threshold))
}

// round has instances check at the same time.
func (f *fleet) round(t *testing.T, handlers ...func(licensewatch.Event)) {
	t.Helper()
	var wg sync.WaitGroup
	for _, handler := range handlers {
		watcher, err := licensewatch.New(f.config)
		require.NoError(t, err)
		wg.Go(func() {
			_ = watcher.Check(t.Context(), func(event licensewatch.Event, err error) error {
				if assert.NoError(t, err) {
					handler(event)
				}
				return nil
			})
		})
	}
	wg.Wait()
}

// all is what is raised in the last 35 days of a key and on the day after.
var all = []string{"ends 30", "ends 14", "ends 7", "ends 3", "ends 1", "ends 0", "expired 0"}

func TestInstancesRaiseEachEventOnce(t *testing.T) {
	t.Parallel()
	for store, open := range engines {
		t.Run(store, func(t *testing.T) {
			t.Parallel()
			f := newFleet(t, open(t), 4)
			for range 37 {
				f.round(t, f.note, f.note, f.note, f.note)
				f.srv.Advance(24 * time.Hour)
			}
			assert.Len(t, f.raised, 4)
			for shop, raised := range f.raised {
				assert.Equal(t, all, raised, shop)
			}
			requireNoKey(t, f)
		})
	}
}

// requireNoKey looks for keys in what the store gives back.
func requireNoKey(t *testing.T, f *fleet) {
	t.Helper()
	for _, shop := range f.shops {
		record, err := f.config.Store.Load(t.Context(), shop.ID)
		require.NoError(t, err)
		text := fmt.Sprintf("%+v", record)
		assert.NotContains(t, text, shop.License().Key.Reveal())
		assert.NotContains(t, text, shop.License().ServiceSecret.Reveal())
		assert.Positive(t, record.Version)
	}
}

// One of the instances dies at every event, before or after it has handed it over. The
// others raise it when its lease has run out: an event comes twice at most, and never not
// at all.
func TestInstancesThatDieLoseNothing(t *testing.T) {
	t.Parallel()
	for store, open := range engines {
		for _, handedOver := range []bool{false, true} {
			t.Run(fmt.Sprint(store, " handed over ", handedOver), func(t *testing.T) {
				t.Parallel()
				f := newFleet(t, open(t), 3)
				var deaths atomic.Int64
				dying := func(event licensewatch.Event) {
					if handedOver {
						f.note(event)
					}
					deaths.Add(1)
					runtime.Goexit()
				}
				for range 37 {
					f.round(t, dying, dying)
					f.round(t, dying, f.note, f.note)
					f.srv.Advance(11 * time.Minute)
					f.round(t, f.note, f.note)
					f.srv.Advance(24*time.Hour - 11*time.Minute)
				}
				assert.Positive(t, deaths.Load())
				for _, raised := range f.raised {
					if !handedOver {
						assert.Equal(t, all, raised)
						continue
					}
					assert.LessOrEqual(t, len(raised), 2*len(all))
					assert.Equal(t, all, slices.Compact(raised))
				}
				assert.Len(t, f.raised, 3)
			})
		}
	}
}

// A renewed key begins anew, whichever instance sees it first.
func TestInstancesSeeARenewedKey(t *testing.T) {
	t.Parallel()
	for store, open := range engines {
		t.Run(store, func(t *testing.T) {
			t.Parallel()
			f := newFleet(t, open(t), 2)
			for day := range 35 + 3 {
				if day == 30 { // 5 days are left
					for _, shop := range f.shops {
						f.srv.RenewKey(shop)
					}
				}
				f.round(t, f.note, f.note, f.note)
				f.srv.Advance(24 * time.Hour)
			}
			for _, raised := range f.raised {
				assert.Equal(t, "ends 30, ends 14, ends 7", strings.Join(raised, ", "))
			}
			f.srv.Advance(53 * 24 * time.Hour) // of the new key's 90 days
			f.round(t, f.note, f.note)
			for _, raised := range f.raised {
				assert.Equal(t, "ends 30, ends 14, ends 7, ends 30", strings.Join(raised, ", "))
			}
		})
	}
}
