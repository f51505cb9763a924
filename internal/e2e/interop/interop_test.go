package interop_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/e2e/engine"
	"github.com/shotengai/shotengai-go/oauth"
)

func TestLife(t *testing.T) {
	t.Parallel()
	srv := start(t, settings{accessLifetime: time.Minute, keepAlive: time.Second})
	for app := range styles {
		t.Run(app, func(t *testing.T) {
			t.Parallel()
			p := srv.provider(t, app)
			g, err := srv.login(t, p, "shop-1")
			require.NoError(t, err)
			assert.True(t, srv.good(t, g.AccessToken.Reveal()))
			assert.False(t, g.RefreshMissing)
			assert.Equal(t, time.Minute, g.Expiry.Sub(g.ObtainedAt))
			assert.Contains(t, string(g.Claims), `"shop-1"`)
			for range 5 {
				next, err := p.Refresh(t.Context(), g)
				require.NoError(t, err)
				assert.NotEqual(t, g.RefreshToken.Reveal(), next.RefreshToken.Reveal())
				assert.True(t, srv.good(t, next.AccessToken.Reveal()))
				g = next
			}
			require.NoError(t, p.Revoke(t.Context(), g))
			_, err = p.Refresh(t.Context(), g)
			require.ErrorIs(t, err, oauth.ErrInvalidGrant)
		})
	}
}

// The server takes a spent refresh token for theft.
func TestReuseEndsTheFamily(t *testing.T) {
	t.Parallel()
	srv := start(t, settings{accessLifetime: time.Minute, keepAlive: time.Second})
	p := srv.provider(t, "post")
	g, err := srv.login(t, p, "shop-1")
	require.NoError(t, err)
	next, err := p.Refresh(t.Context(), g)
	require.NoError(t, err)
	_, err = p.Refresh(t.Context(), g)
	require.ErrorIs(t, err, oauth.ErrInvalidGrant)
	_, err = p.Refresh(t.Context(), next)
	require.ErrorIs(t, err, oauth.ErrInvalidGrant)
	assert.False(t, srv.good(t, next.AccessToken.Reveal()))
}

// Without prompt=consent the server leaves offline_access out.
func TestRefreshTokenMissing(t *testing.T) {
	t.Parallel()
	srv := start(t, settings{accessLifetime: 5 * time.Second, keepAlive: time.Second}) // Put takes no token that has expired
	p := srv.provider(t, "basic:1")
	p.AuthParams = nil
	g, err := srv.login(t, p, "shop-1")
	require.NoError(t, err)
	require.Empty(t, g.RefreshToken)
	assert.True(t, g.RefreshMissing)

	events := make(chan oauth.Event, 10)
	m := manager(t, p, func(c *oauth.ManagerConfig) { c.OnEvent = func(e oauth.Event) { events <- e } })
	require.NoError(t, m.Put(t.Context(), "shop-1", g))
	require.Eventually(t, func() bool {
		_, err := m.RefreshDue(t.Context())
		return assert.NoError(t, err) && len(events) > 0
	}, time.Minute, 50*time.Millisecond, "the server's clock is real")
	assert.Equal(t, oauth.EventReauthorize, (<-events).Kind)
	info, err := m.Status(t.Context(), "shop-1")
	require.NoError(t, err)
	assert.Equal(t, oauth.StatusReauthorize, info.Status)
}

func TestErrors(t *testing.T) {
	t.Parallel()
	srv := start(t, settings{accessLifetime: time.Minute, keepAlive: time.Second})
	code := func(t *testing.T, p *oauth.Provider) (oauth.Login, url.Values) {
		login, err := p.Begin()
		require.NoError(t, err)
		return login, srv.authorize(t, login, "shop-1")
	}
	for name, tt := range map[string]struct {
		app    string
		spoil  func(p *oauth.Provider, l *oauth.Login, q url.Values)
		reason error
	}{
		"wrong secret, Basic": {"basic:1", func(p *oauth.Provider, _ *oauth.Login, _ url.Values) { p.Client.Secret = "wrong" }, oauth.ErrClientConfig},
		"raw Basic":           {"basic:1", func(p *oauth.Provider, _ *oauth.Login, _ url.Values) { p.RawBasic = true }, oauth.ErrClientConfig},
		"wrong secret, form":  {"post", func(p *oauth.Provider, _ *oauth.Login, _ url.Values) { p.Client.Secret = "wrong" }, oauth.ErrClientConfig},
		"unknown app":         {"post", func(p *oauth.Provider, _ *oauth.Login, _ url.Values) { p.Client.ID = "nobody" }, oauth.ErrClientConfig},
		"no assertion": {"jwt", func(p *oauth.Provider, _ *oauth.Login, _ url.Values) {
			p.Assert = func(context.Context, string) (string, error) { return "x.y.z", nil }
		}, oauth.ErrClientConfig},
		"wrong code": {"post", func(_ *oauth.Provider, _ *oauth.Login, q url.Values) { q.Set("code", "wrong") }, oauth.ErrInvalidGrant},
		"wrong verifier": {"post", func(_ *oauth.Provider, l *oauth.Login, _ url.Values) {
			l.Verifier = "another-verifier-another-verifier-another-verifier"
		}, oauth.ErrInvalidGrant},
		"another redirect":      {"post", func(p *oauth.Provider, _ *oauth.Login, _ url.Values) { p.Client.RedirectURL += "/x" }, oauth.ErrInvalidGrant},
		"wrong token address":   {"post", func(p *oauth.Provider, _ *oauth.Login, _ url.Values) { p.TokenURL += "s" }, oauth.ErrClientConfig},
		"authorisation address": {"post", func(p *oauth.Provider, _ *oauth.Login, _ url.Values) { p.TokenURL = p.AuthURL }, oauth.ErrClientConfig},
		"another issuer":        {"post", func(_ *oauth.Provider, _ *oauth.Login, q url.Values) { q.Set("iss", "https://elsewhere.example") }, oauth.ErrStateMismatch},
		"another state":         {"post", func(_ *oauth.Provider, _ *oauth.Login, q url.Values) { q.Set("state", "foreign") }, oauth.ErrStateMismatch},
		"another nonce":         {"post", func(_ *oauth.Provider, l *oauth.Login, _ url.Values) { l.Nonce = "another" }, oauth.ErrIDToken},
		"the grant of a stranger": {"post", func(p *oauth.Provider, _ *oauth.Login, _ url.Values) {
			other := srv.provider(t, "basic:1")
			p.Client.ID, p.AuthStyle = other.Client.ID, other.AuthStyle
		}, oauth.ErrInvalidGrant},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := srv.provider(t, tt.app)
			l, q := code(t, p)
			tt.spoil(p, &l, q)
			_, err := p.Exchange(t.Context(), l, q)
			require.ErrorIs(t, err, tt.reason)
			t.Log(err)
		})
	}
	t.Run("a code twice", func(t *testing.T) {
		t.Parallel()
		p := srv.provider(t, "post")
		l, q := code(t, p)
		g, err := p.Exchange(t.Context(), l, q)
		require.NoError(t, err)
		_, err = p.Exchange(t.Context(), l, q)
		require.ErrorIs(t, err, oauth.ErrInvalidGrant)
		_, err = p.Refresh(t.Context(), g)
		require.ErrorIs(t, err, oauth.ErrInvalidGrant, "and its grant has ended")
	})
}

func TestRedirectErrors(t *testing.T) {
	t.Parallel()
	srv := start(t, settings{accessLifetime: time.Minute, keepAlive: time.Second})
	for code, tt := range map[string]struct {
		spoil  func(p *oauth.Provider)
		reason error
	}{
		"login_required":            {func(p *oauth.Provider) { p.AuthParams.Set("prompt", "none") }, oauth.ErrInvalidGrant},
		"invalid_request":           {func(p *oauth.Provider) { p.PKCE = false }, oauth.ErrClientConfig},
		"request_not_supported":     {func(p *oauth.Provider) { p.AuthParams.Set("request", "x.y.z") }, oauth.ErrClientConfig},
		"request_uri_not_supported": {func(p *oauth.Provider) { p.AuthParams.Set("request_uri", "https://app.example/r") }, oauth.ErrClientConfig},
		"unsupported_response_mode": {func(p *oauth.Provider) { p.AuthParams.Set("response_mode", "x") }, oauth.ErrClientConfig},
	} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			p := srv.provider(t, "post")
			tt.spoil(p)
			_, err := srv.login(t, p, "shop-1")
			var denied *oauth.DeniedError
			require.ErrorAs(t, err, &denied)
			assert.Equal(t, code, denied.Code)
			require.ErrorIs(t, err, tt.reason)
		})
	}
}

func manager(t *testing.T, p *oauth.Provider, change ...func(*oauth.ManagerConfig)) *oauth.Manager {
	t.Helper()
	config := oauth.ManagerConfig{Provider: p, Store: oauth.NewMemoryStore(oauth.AllowVolatile())}
	for _, c := range change {
		c(&config)
	}
	m, err := oauth.NewManager(config)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, m.Close(context.WithoutCancel(t.Context()))) })
	return m
}

// Several instances serve several shops whose access tokens live for seconds.
func TestRotation(t *testing.T) {
	t.Parallel()
	srv := start(t, settings{accessLifetime: 2 * time.Second, keepAlive: time.Second})
	p := srv.provider(t, "jwt")
	store := oauth.NewMemoryStore(oauth.AllowVolatile())
	sealer, err := oauth.NewSealer(oauth.SealKey{ID: "1", Key: shotengai.Secret(fmt.Sprintf("%032d", 1))})
	require.NoError(t, err)
	var refreshes atomic.Int64
	count := func(c *oauth.ManagerConfig) {
		c.Store, c.Sealer = store, sealer
		c.OnEvent = func(e oauth.Event) {
			switch {
			case e.Kind == oauth.EventRefreshed:
				refreshes.Add(1)
			case !errors.Is(e.Err, oauth.ErrTemporary):
				t.Errorf("%s: %v", e.Kind, e.Err)
			}
		}
	}
	instances := []*oauth.Manager{manager(t, p, count), manager(t, p, count), manager(t, p, count)}
	shops := []string{"shop-1", "shop-2", "shop-3", "shop-4"}
	for _, shop := range shops {
		g, err := srv.login(t, p, shop)
		require.NoError(t, err)
		require.NoError(t, instances[0].Put(t.Context(), shop, g))
	}
	end := time.Now().Add(time.Duration(engine.Size(6, 60)) * time.Second)
	enough := func() bool { return refreshes.Load() > int64(2*len(shops)) }
	var calls, late atomic.Int64
	var wg sync.WaitGroup
	for _, m := range instances {
		for _, shop := range shops {
			wg.Go(func() {
				source := m.TokenSource(shop)
				turn := time.NewTicker(20 * time.Millisecond) // the server's clock is real
				defer turn.Stop()
				for now := range turn.C {
					if now.After(end) && (enough() || now.After(end.Add(time.Minute))) {
						return
					}
					token, err := source.TokenContext(t.Context())
					if errors.Is(err, oauth.ErrTemporary) { // on a busy machine an answer takes longer than its token lives
						late.Add(1)
						continue
					}
					if !assert.NoError(t, err) {
						return
					}
					if calls.Add(1)%10 == 0 && !srv.good(t, token.AccessToken) {
						assert.True(t, time.Now().After(token.Expiry.Add(-time.Second)), "a token that has not expired is good; the server counts whole seconds")
					}
				}
			})
		}
	}
	wg.Wait()
	var lost int64
	for _, m := range instances {
		lost += m.Stats().Lost
	}
	t.Logf("%d calls, %d without a token for now, %d refreshes of %d shops, %d grants lost", calls.Load(), late.Load(), refreshes.Load(), len(shops), lost)
	assert.Zero(t, lost)
	assert.True(t, enough(), "every shop's token is refreshed twice, and one's once more")
}

// cutting loses some answers of the token endpoint after they were received.
type cutting struct{ next http.RoundTripper }

func (c cutting) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := c.next.RoundTrip(r)
	if err == nil {
		resp.Body.Close()
		err = errors.New("connection reset")
	}
	return nil, err
}

// The answer to a refresh is lost, and the server forgives no repetition.
func TestLostAnswer(t *testing.T) {
	t.Parallel()
	srv := start(t, settings{accessLifetime: time.Minute, keepAlive: time.Second})
	p := srv.provider(t, "post")
	g, err := srv.login(t, p, "shop-1")
	require.NoError(t, err)
	m := manager(t, p)
	require.NoError(t, m.Put(t.Context(), "shop-1", g))
	p.HTTPClient = &http.Client{Transport: cutting{http.DefaultTransport}}
	_, err = m.TokenSource("shop-1").Reject(t.Context(), g.Token())
	require.ErrorIs(t, err, oauth.ErrTemporary)
	require.ErrorIs(t, err, shotengai.ErrOutcomeUnknown)
	info, err := m.Status(t.Context(), "shop-1")
	require.NoError(t, err)
	assert.Equal(t, oauth.StatusActive, info.Status, "the next lease finds out")
}

// No request travels on a connection that the server may be about to close.
func TestT52ConnectionsOfTheirOwn(t *testing.T) {
	t.Parallel()
	srv := start(t, settings{accessLifetime: time.Minute, keepAlive: time.Minute})
	p := srv.provider(t, "basic:1")
	g, err := srv.login(t, p, "shop-1")
	require.NoError(t, err)
	before, times := srv.connections(t), engine.Size(100, 1000)
	for i := range times {
		g, err = p.Refresh(t.Context(), g)
		require.NoError(t, err, "request %d", i)
	}
	opened := srv.connections(t) - before
	t.Logf("%d refreshes on %d connections", times, opened)
	assert.GreaterOrEqual(t, opened, times)
}
