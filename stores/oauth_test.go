package stores_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/oauth/assertion"
	"github.com/shotengai/shotengai-go/shotengaitest"
	"github.com/shotengai/shotengai-go/stores"
	"github.com/shotengai/shotengai-go/stores/storestest"
)

var allScopes = []string{stores.ScopeRead, stores.ScopeWrite, stores.ScopeOfflineAccess}

// idProvider describes the fake's ID server.
func idProvider(t *testing.T, srv *storestest.Server) *oauth.Provider {
	t.Helper()
	p, err := srv.Provider("https://app.example/callback")
	require.NoError(t, err)
	return p
}

func login(ctx context.Context, t *testing.T, srv *storestest.Server, p *oauth.Provider) *oauth.Grant {
	t.Helper()
	begun, err := p.Begin()
	require.NoError(t, err)
	back, err := srv.Login(ctx, begun.URL)
	require.NoError(t, err)
	grant, err := p.Exchange(ctx, begun, back)
	require.NoError(t, err)
	return grant
}

func TestOAuthDescribesThePlatform(t *testing.T) {
	t.Parallel()
	client := oauth.Client{ID: "id", RedirectURL: "https://app.example/callback", Scopes: allScopes}
	p, err := stores.OAuth(client, storestest.NewKey("k1"))
	require.NoError(t, err)
	require.NoError(t, p.Validate())
	assert.Equal(t, "https://api.id.stores.jp/oauth2/token", p.TokenURL)
	assert.Equal(t, "https://api.id.stores.jp/oauth2/revoke", p.RevokeURL)
	assert.Equal(t, time.Hour, p.AccessLifetime)
	assert.Equal(t, 35*24*time.Hour, p.RefreshLifetime)
	assert.True(t, p.Rotates)
	begun, err := p.Begin()
	require.NoError(t, err)
	u, err := url.Parse(begun.URL)
	require.NoError(t, err)
	assert.Equal(t, "https://api.id.stores.jp/oauth2/auth", "https://"+u.Host+u.Path)
	query := u.Query()
	assert.Equal(t, "retail.shop.read retail.shop.write offline_access", query.Get("scope"))
	assert.Equal(t, "code", query.Get("response_type"))
	assert.NotEmpty(t, query.Get("state"))
	for _, absent := range []string{"prompt", "nonce", "code_challenge"} {
		assert.False(t, query.Has(absent), absent)
	}

	p, err = stores.OAuth(client, storestest.NewKey("k1"), stores.WithForcedLogin())
	require.NoError(t, err)
	begun, err = p.Begin()
	require.NoError(t, err)
	assert.Contains(t, begun.URL, "prompt=login")

	p, err = stores.OAuth(client, storestest.NewKey("k1"), stores.WithPrompt("login", "consent"))
	require.NoError(t, err)
	begun, err = p.Begin()
	require.NoError(t, err)
	assert.Contains(t, begun.URL, "prompt=login+consent")
	_, err = stores.OAuth(client, storestest.NewKey("k1"), stores.WithPrompt("none"))
	require.ErrorContains(t, err, "login or consent")
}

// TestOAuthMissingOfflineAccess: an app whose grants would end after an hour gets an error
// when it is built.
func TestOAuthMissingOfflineAccess(t *testing.T) {
	t.Parallel()
	key := storestest.NewKey("k1")
	client := oauth.Client{ID: "id", RedirectURL: "https://app.example/callback", Scopes: []string{stores.ScopeRead}}
	_, err := stores.OAuth(client, key)
	require.ErrorContains(t, err, "offline_access")

	p, err := stores.OAuth(client, key, stores.WithoutOfflineAccess())
	require.NoError(t, err)
	require.NoError(t, p.Validate())
	assert.False(t, p.Rotates)

	client.Scopes = allScopes
	_, err = stores.OAuth(client, key, stores.WithoutOfflineAccess())
	require.ErrorContains(t, err, "offline_access")

	p, err = stores.OAuth(client, key)
	require.NoError(t, err)
	p.Client.Scopes = []string{stores.ScopeRead} // by hand, later
	_, err = oauth.NewManager(oauth.ManagerConfig{Provider: p, Store: oauth.NewMemoryStore(oauth.AllowVolatile())})
	require.ErrorContains(t, err, "offline_access")
}

func TestOAuthRefusesBadKeys(t *testing.T) {
	t.Parallel()
	client := oauth.Client{ID: "id", RedirectURL: "https://app.example/callback", Scopes: allScopes}
	for _, key := range []string{"", "hunter2", `{"kty":"oct","k":"aHVudGVyMg"}`, `{"kty":"EC","crv":"P-256","x":"AA","y":"AA","d":"aHVudGVyMg"}`} {
		_, err := stores.OAuth(client, []byte(key))
		require.ErrorContains(t, err, "stores: assertion: ")
		assert.NotContains(t, err.Error(), "hunter2")
	}
}

// TestT49ClientAssertion: ES256, the kid of the key, iss and sub the client, aud the token
// endpoint also for a revocation, at most five minutes, a jti of its own each time, and two
// keys while one replaces the other.
func TestT49ClientAssertion(t *testing.T) {
	t.Parallel()
	srv := storestest.NewServer(storestest.WithOrders(0))
	defer srv.Close()
	p := idProvider(t, srv)
	grant := login(t.Context(), t, srv, p)
	grant, err := p.Refresh(t.Context(), grant)
	require.NoError(t, err)
	require.NoError(t, p.Revoke(t.Context(), grant))

	var jtis []string
	for _, r := range srv.Requests() {
		if r.Method != http.MethodPost {
			continue
		}
		form, err := url.ParseQuery(string(r.Body))
		require.NoError(t, err)
		assert.Equal(t, "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", form.Get("client_assertion_type"))
		assert.Equal(t, srv.App().ClientID, form.Get("client_id"))
		assert.False(t, form.Has("client_secret"))
		var header struct{ Alg, Kid string }
		var claims struct {
			Iss, Sub, Aud, Jti string
			Iat, Exp           int64
		}
		parts := strings.Split(form.Get("client_assertion"), ".")
		require.Len(t, parts, 3)
		decode(t, parts[0], &header)
		decode(t, parts[1], &claims)
		assert.Equal(t, "ES256", header.Alg)
		assert.Equal(t, "shotengai-1", header.Kid)
		assert.Equal(t, srv.App().ClientID, claims.Iss)
		assert.Equal(t, claims.Iss, claims.Sub)
		assert.Equal(t, srv.URL+"/oauth2/token", claims.Aud)
		assert.LessOrEqual(t, claims.Exp-claims.Iat, int64(300))
		jtis = append(jtis, claims.Jti)
	}
	require.Len(t, jtis, 3)
	slices.Sort(jtis)
	assert.Len(t, slices.Compact(jtis), 3)

	signer, err := assertion.New(srv.App().ClientID, srv.App().Key)
	require.NoError(t, err)
	p.Assert = signer.Assert
	next := storestest.NewKey("shotengai-2")
	require.NoError(t, signer.Rotate(next))
	begun, err := p.Begin()
	require.NoError(t, err)
	back, err := srv.Login(t.Context(), begun.URL)
	require.NoError(t, err)
	_, err = p.Exchange(t.Context(), begun, back)
	require.ErrorIs(t, err, oauth.ErrClientConfig, "the platform does not know the new key yet")
	set, err := signer.KeySet()
	require.NoError(t, err)
	app := srv.App()
	app.KeySet = set
	srv.SetApp(app)
	_, err = p.Exchange(t.Context(), begun, back)
	require.NoError(t, err)
	old, err := assertion.New(app.ClientID, app.Key)
	require.NoError(t, err)
	p.Assert = old.Assert
	login(t.Context(), t, srv, p)
}

func decode(t *testing.T, segment string, v any) {
	t.Helper()
	data, err := base64.RawURLEncoding.DecodeString(segment)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(data, v))
}

func TestOAuthWithoutOfflineAccessEndsAfterAnHour(t *testing.T) {
	t.Parallel()
	srv := storestest.NewServer(storestest.WithOrders(0))
	defer srv.Close()
	app := oauth.Client{ID: srv.App().ClientID, RedirectURL: "https://app.example/callback", Scopes: []string{stores.ScopeRead}}
	p, err := srv.Adopt(stores.OAuth(app, srv.App().Key, stores.WithoutOfflineAccess()))
	require.NoError(t, err)
	grant := login(t.Context(), t, srv, p)
	assert.Empty(t, grant.RefreshToken)
	assert.Equal(t, []string{stores.ScopeRead}, grant.Scopes)
	client, err := stores.NewClient(static(grant.AccessToken.Reveal()), srv.Options()...)
	require.NoError(t, err)
	_, err = client.Store.Get(t.Context())
	require.NoError(t, err)
	_, err = client.Coupons.Create(t.Context(), stores.CreateCouponRequest{Name: "n", Detail: stores.FreeShipping()})
	require.ErrorIs(t, err, shotengai.ErrForbidden)
	srv.Advance(time.Hour)
	_, err = client.Store.Get(t.Context())
	require.ErrorIs(t, err, shotengai.ErrReauthorize)
}

func TestOAuthDenied(t *testing.T) {
	t.Parallel()
	srv := storestest.NewServer(storestest.WithOrders(0))
	defer srv.Close()
	srv.DenyLogins(true)
	p := idProvider(t, srv)
	begun, err := p.Begin()
	require.NoError(t, err)
	back, err := srv.Login(t.Context(), begun.URL)
	require.NoError(t, err)
	_, err = p.Exchange(t.Context(), begun, back)
	var denied *oauth.DeniedError
	require.ErrorAs(t, err, &denied)
}

// TestManagerRefreshes: the hour ends, the client goes on; one call refreshes for all.
func TestManagerRefreshes(t *testing.T) {
	t.Parallel()
	srv := storestest.NewServer(storestest.WithOrders(0))
	defer srv.Close()
	p := idProvider(t, srv)
	manager, err := oauth.NewManager(oauth.ManagerConfig{Provider: p, Store: oauth.NewMemoryStore(oauth.AllowVolatile())})
	require.NoError(t, err)
	defer func() { require.NoError(t, manager.Close(t.Context())) }()
	shop := srv.Shop()
	require.NoError(t, manager.Put(t.Context(), shop.ID, login(t.Context(), t, srv, p)))
	client, err := stores.NewClient(manager.TokenSource(shop.ID), shotengai.WithTestServer(srv.URL), shotengai.WithLimiter(nil))
	require.NoError(t, err)
	srv.Advance(time.Hour)
	var calls sync.WaitGroup
	for range 20 {
		calls.Go(func() {
			store, err := client.Store.Get(t.Context())
			if assert.NoError(t, err) {
				assert.Equal(t, shop.ID, store.ID)
			}
		})
	}
	calls.Wait()
	assert.Equal(t, 1, refreshes(t, srv))
}

func refreshes(t *testing.T, srv *storestest.Server) (count int) {
	t.Helper()
	for _, r := range srv.Requests() {
		if r.Path == "/oauth2/token" && strings.Contains(string(r.Body), "grant_type=refresh_token") {
			count++
		}
	}
	return count
}

// TestManagerKeepsAGrantAlive: for months, with a call now and then and a timer, though a
// refresh token lives 35 days; when the owner un-links the app, a call reports it.
func TestManagerKeepsAGrantAlive(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := storestest.NewServer(storestest.WithOrders(0), storestest.InMemory())
		defer srv.Close()
		p := idProvider(t, srv)
		manager, err := oauth.NewManager(oauth.ManagerConfig{Provider: p, Store: oauth.NewMemoryStore(oauth.AllowVolatile())})
		require.NoError(t, err)
		defer func() { require.NoError(t, manager.Close(t.Context())) }()
		shop := srv.Shop()
		require.NoError(t, manager.Put(t.Context(), shop.ID, login(t.Context(), t, srv, p)))
		client, err := stores.NewClient(manager.TokenSource(shop.ID), srv.Options()...)
		require.NoError(t, err)
		for day := range 100 {
			<-time.After(24 * time.Hour)
			_, err := manager.RefreshDue(t.Context())
			require.NoError(t, err)
			if day%40 == 39 {
				_, err := client.Store.Get(t.Context())
				require.NoError(t, err)
			}
		}
		assert.Positive(t, refreshes(t, srv))
		shop.Unlink()
		_, err = client.Store.Get(t.Context())
		require.ErrorIs(t, err, shotengai.ErrReauthorize)
	})
}

func TestManagerRevokes(t *testing.T) {
	t.Parallel()
	srv := storestest.NewServer(storestest.WithOrders(0))
	defer srv.Close()
	p := idProvider(t, srv)
	manager, err := oauth.NewManager(oauth.ManagerConfig{Provider: p, Store: oauth.NewMemoryStore(oauth.AllowVolatile())})
	require.NoError(t, err)
	defer func() { require.NoError(t, manager.Close(t.Context())) }()
	grant := login(t.Context(), t, srv, p)
	require.NoError(t, manager.Put(t.Context(), "shop", grant))
	require.NoError(t, manager.Revoke(t.Context(), "shop"))
	client, err := stores.NewClient(static(grant.AccessToken.Reveal()), shotengai.WithTestServer(srv.URL))
	require.NoError(t, err)
	_, err = client.Store.Get(t.Context())
	require.ErrorIs(t, err, shotengai.ErrUnauthorized, "the access token has died with the refresh token")
}

// cutStore is a store on a line that can be cut.
type cutStore struct {
	*oauth.MemoryStore

	cut atomic.Bool
}

func (s *cutStore) Load(ctx context.Context, key oauth.Key) (oauth.Record, error) {
	if s.cut.Load() {
		return oauth.Record{}, errors.New("connection refused")
	}
	return s.MemoryStore.Load(ctx, key)
}

// TestNoTokenForNow: a call whose token cannot be had for now is neither sent nor repeated,
// and fails as if the platform were down.
func TestNoTokenForNow(t *testing.T) {
	t.Parallel()
	endpoint := func(status int, body string) func(*storestest.Server, *cutStore) {
		return func(srv *storestest.Server, _ *cutStore) {
			srv.Fail(-1, shotengaitest.Fault{Path: "/oauth2/token", Status: status, Body: body})
		}
	}
	for name, tt := range map[string]struct {
		fault     func(*storestest.Server, *cutStore)
		want      error
		refreshes int
	}{
		"the store is down":   {func(_ *storestest.Server, s *cutStore) { s.cut.Store(true) }, oauth.ErrStoreUnavailable, 0},
		"503":                 {endpoint(http.StatusServiceUnavailable, ""), oauth.ErrTemporary, 1},
		"429":                 {endpoint(http.StatusTooManyRequests, ""), shotengai.ErrRateLimited, 1},
		"400, and a kind one": {endpoint(http.StatusBadRequest, `{"error":"temporarily_unavailable"}`), oauth.ErrTemporary, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := storestest.NewServer()
			defer srv.Close()
			p := idProvider(t, srv)
			store := &cutStore{MemoryStore: oauth.NewMemoryStore()}
			manager, err := oauth.NewManager(oauth.ManagerConfig{Provider: p, Store: store, Sealer: oauth.NoSeal()})
			require.NoError(t, err)
			defer func() { require.NoError(t, manager.Close(t.Context())) }()
			grant := login(t.Context(), t, srv, p)
			grant.Expiry = time.Now() // so that the first call needs another token
			require.NoError(t, manager.Put(t.Context(), srv.Shop().ID, grant))
			client, err := stores.NewClient(manager.TokenSource(srv.Shop().ID), shotengai.WithTestServer(srv.URL))
			require.NoError(t, err)
			tt.fault(srv, store)
			before := len(srv.Requests())

			_, err = client.Store.Get(t.Context())
			require.ErrorIs(t, err, shotengai.ErrUnavailable)
			require.ErrorIs(t, err, tt.want)
			require.NotErrorIs(t, err, shotengai.ErrReauthorize)
			require.NotErrorIs(t, err, shotengai.ErrInvalid, "the token endpoint's refusal is not the call's")
			_, err = client.Inventories.AddQuantity(t.Context(), "v", 1)
			require.ErrorIs(t, err, shotengai.ErrUnavailable)
			require.NotErrorIs(t, err, shotengai.ErrOutcomeUnknown, "nothing was sent")
			assert.Equal(t, tt.refreshes, refreshes(t, srv), "asked once, not once per attempt")
			assert.Len(t, srv.Requests(), before+tt.refreshes)
		})
	}
}
