package oauth_test

import (
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
	source := m.TokenSource(shop)
	_, err = source.TokenContext(tb.Context())
	require.NoError(tb, err)
	return source
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

// Compare with BenchmarkAtomicLoad, the least that can be done.
func BenchmarkValidToken(b *testing.B) {
	source := ready(b)
	ctx := b.Context()
	b.SetParallelism(1000)
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := source.TokenContext(ctx); err != nil {
				b.Error(err)
			}
		}
	})
}

// BenchmarkAtomicLoad loads a token and looks whether it is valid.
func BenchmarkAtomicLoad(b *testing.B) {
	var token atomic.Pointer[oauth2.Token]
	token.Store(&oauth2.Token{AccessToken: "a", Expiry: time.Now().Add(time.Hour)})
	b.SetParallelism(1000)
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if t := token.Load(); !time.Now().Before(t.Expiry) {
				b.Error("expired")
			}
		}
	})
}
