package main

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/oauth2"

	"github.com/shotengai/shotengai-go/oauth"
)

// waiters ask for a token at once.
const waiters = 1000

func tokens(m *meter) []row {
	valid := &oauth2.Token{AccessToken: "a", Expiry: time.Now().Add(time.Hour)}
	var kept atomic.Pointer[oauth2.Token]
	kept.Store(valid)
	load := func() error { // the least that it can be
		if t := kept.Load(); !time.Now().Before(t.Expiry) {
			return errors.New("expired")
		}
		return nil
	}
	source, reused := managed("https://a.example", time.Hour), oauth2.ReuseTokenSource(valid, nil)
	ours := []pair{{"", load, func() error { _, err := source.TokenContext(ctx); return err }}}
	peers := []pair{{"oauth2", load, func() error { _, err := reused.Token(); return err }}}
	return []row{
		{what: [2]string{"token of a request, time of an atomic load", "リクエストごとのトークン、アトミックな読み出しに対する時間"}, ours: m.times(ours), peers: m.times(peers)},
		{what: [2]string{"the same for 1,000 goroutines at once", "同、1,000 個の goroutine で同時に"}, ours: m.times(crowds(ours)), peers: m.times(crowds(peers))},
		failedRefresh(),
	}
}

// crowds are pairs in which many goroutines do the work many times.
func crowds(pairs []pair) []pair {
	crowd := func(f func() error) func() error {
		return func() error {
			var wg sync.WaitGroup
			for range waiters {
				wg.Go(func() {
					for range 100 {
						must(f())
					}
				})
			}
			wg.Wait()
			return nil
		}
	}
	crowded := make([]pair, len(pairs))
	for i, p := range pairs {
		crowded[i] = pair{p.who, crowd(p.bare), crowd(p.sdk)}
	}
	return crowded
}

// managed returns a source of a token that lives for a while.
func managed(tokenURL string, lifetime time.Duration) *oauth.TokenSource {
	manager := got(oauth.NewManager(oauth.ManagerConfig{
		Provider: &oauth.Provider{
			Name: "makeshop", Rotates: true, Client: oauth.Client{ID: "id", Secret: "secret", RedirectURL: "https://app.example/callback"},
			AuthURL: "https://a.example", TokenURL: tokenURL,
		},
		Store: oauth.NewMemoryStore(oauth.AllowVolatile()),
	}))
	now := time.Now()
	must(manager.Put(ctx, "shop", &oauth.Grant{AccessToken: "a", RefreshToken: "r", ObtainedAt: now.Add(-time.Hour), Expiry: now.Add(lifetime)}))
	return manager.TokenSource("shop")
}

// failedRefresh counts the requests to a token endpoint that is out of service, when all need a
// new token at once.
func failedRefresh() row {
	var asked atomic.Int64
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	defer srv.Close()
	count := func(who string, token func() (*oauth2.Token, error)) figure {
		asked.Store(0)
		var wg sync.WaitGroup
		for range waiters {
			wg.Go(func() {
				if _, err := token(); err == nil {
					panic("a token from an endpoint that is out of service")
				}
			})
		}
		wg.Wait()
		return figure{who: who, value: float64(asked.Load())}
	}
	config := &oauth2.Config{ClientID: "id", ClientSecret: "secret", Endpoint: oauth2.Endpoint{TokenURL: srv.URL, AuthStyle: oauth2.AuthStyleInParams}}
	refreshing := config.TokenSource(ctx, &oauth2.Token{RefreshToken: "r", Expiry: time.Now().Add(-time.Hour)})
	return row{
		what: [2]string{"1,000 goroutines, one refresh that fails, requests", "1,000 個の goroutine、失敗する更新、リクエスト数"}, unit: requests, goal: 1,
		ours: []figure{count("", managed(srv.URL, -time.Minute).Token)}, peers: []figure{count("oauth2", refreshing.Token)},
	}
}
