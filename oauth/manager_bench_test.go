package oauth_test

import (
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/shotengai/shotengai-go/oauth"
)

// ready returns a source with a token in memory.
func ready(tb testing.TB) *oauth.TokenSource {
	tb.Helper()
	source := readyManager(tb).TokenSource(shop)
	_, err := source.TokenContext(tb.Context())
	require.NoError(tb, err)
	return source
}

// readyManager returns a manager with a token of the shop in memory.
func readyManager(tb testing.TB) *oauth.Manager {
	tb.Helper()
	m, err := oauth.NewManager(oauth.ManagerConfig{
		Provider: &oauth.Provider{
			Name: "makeshop", Rotates: true,
			Client:  oauth.Client{ID: "id", Secret: "secret", RedirectURL: redirectURL},
			AuthURL: "https://a.example", TokenURL: "https://a.example",
		},
		Store: oauth.NewMemoryStore(oauth.AllowVolatile()),
	})
	require.NoError(tb, err)
	now := time.Now()
	require.NoError(tb, m.Put(tb.Context(), shop, &oauth.Grant{AccessToken: "a", RefreshToken: "r", ObtainedAt: now, Expiry: now.Add(time.Hour)}))
	return m
}

func TestValidTokenAllocatesNothing(t *testing.T) {
	if underRace {
		t.Skip("the race detector allocates")
	}
	source := ready(t)
	ctx := t.Context()
	require.Zero(t, testing.AllocsPerRun(1000, func() {
		if token, err := source.TokenContext(ctx); err != nil || token == nil {
			t.Fatal(err)
		}
	}))
	require.Zero(t, testing.AllocsPerRun(1000, func() { _, _ = source.Token() }))
}

// A source that is made for each request finds the token too, for no more than itself.
func TestValidTokenOfANewSourceAllocatesNothing(t *testing.T) {
	if underRace {
		t.Skip("the race detector allocates")
	}
	m, ctx := readyManager(t), t.Context()
	require.Zero(t, testing.AllocsPerRun(1000, func() {
		if token, err := m.TokenSource(shop).TokenContext(ctx); err != nil || token == nil {
			t.Fatal(err)
		}
	}))
}

func BenchmarkValidTokenOfANewSource(b *testing.B) {
	m, ctx := readyManager(b), b.Context()
	benchmark(b, func(n int) {
		for range n {
			if _, err := m.TokenSource(shop).TokenContext(ctx); err != nil {
				b.Error(err)
			}
		}
	})
}

// tokenLoop asks for a valid token n times.
func tokenLoop(tb testing.TB) func(n int) {
	source := ready(tb)
	ctx := tb.Context()
	return func(n int) {
		for range n {
			if _, err := source.TokenContext(ctx); err != nil {
				tb.Error(err)
			}
		}
	}
}

// loadLoop does the least that can be done n times: it loads a token and looks whether
// it is valid.
func loadLoop(tb testing.TB) func(n int) {
	var token atomic.Pointer[oauth2.Token]
	token.Store(&oauth2.Token{AccessToken: "a", Expiry: time.Now().Add(time.Hour)})
	return func(n int) {
		for range n {
			if t := token.Load(); !time.Now().Before(t.Expiry) {
				tb.Error("expired")
			}
		}
	}
}

const readers = 1000

// crowd runs the loop in as many goroutines as there are readers, and returns how long
// that took.
func crowd(loop func(n int)) time.Duration {
	const passes = 2000
	var wg sync.WaitGroup
	began := time.Now()
	for range readers {
		wg.Go(func() { loop(passes) })
	}
	wg.Wait()
	return time.Since(began)
}

func BenchmarkValidToken(b *testing.B) { benchmark(b, tokenLoop(b)) }

func BenchmarkAtomicLoad(b *testing.B) { benchmark(b, loadLoop(b)) }

func benchmark(b *testing.B, loop func(n int)) {
	b.SetParallelism(readers)
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			loop(1)
		}
	})
}

// BenchmarkValidTokenInAtomicLoads reports how many atomic loads with a validity check a
// valid token costs. The two take turns, so that whatever else the machine does meets
// both, and the median of the turns counts.
func BenchmarkValidTokenInAtomicLoads(b *testing.B) {
	token, load := tokenLoop(b), loadLoop(b)
	var times []float64
	for b.Loop() {
		t, l := crowd(token), crowd(load)
		times = append(times, float64(t)/float64(l))
	}
	slices.Sort(times)
	median := times[len(times)/2]
	b.ReportMetric(median, "times")
	require.LessOrEqual(b, median, 1.2)
	b.ReportMetric(0, "ns/op")
}
